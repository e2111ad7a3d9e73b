"""What was said: chats of the messenger, recorded calls, mails and reviews, each as its system exports it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from email.policy import SMTP
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from zhiyin.sandbox.exports.office import Office
from zhiyin.sandbox.exports.part import Part, lines, table
from zhiyin.sandbox.happened import OUTCOMES, TALKS, Day
from zhiyin.sandbox.names import address_of, masked_nick
from zhiyin.sandbox.picks import Picks
from zhiyin.sandbox.places import CITIES
from zhiyin.sandbox.texts.dialogues import ENDS, Turn, dialogue
from zhiyin.sandbox.texts.letters import mail, review
from zhiyin.sandbox.texts.personas import PERSONAS
from zhiyin.sandbox.texts.topics import TOPICS

__all__ = ["Heard", "talks"]

# What each kind of talk is about, as `texts` calls it.
_PURPOSES = {"chat_life": "chat_presale/life_event"}
_LETTERS = {"mail_order": "order_question", "mail_complaint": "complaint", "mail_quote": "quotation"}
_ENDS = dict(zip(OUTCOMES, ("accept", "no_need", "call_back", "refuse_contact"), strict=True))
_ENGLISH = 40  # one firm in so many writes English
_HERE = timezone(timedelta(hours=8))
_STAFF = ("客服小鹿", "客服小禾", "客服阿宁", "客服小满")


class _Said(NamedTuple):
    """One conversation: who, when, about what, in which mood; `draw` decides about the words."""

    number: int
    person: int
    kind: str
    second: int
    draw: int
    stars: int
    mood: int
    outcome: str
    rep: int
    slots: Mapping[str, str]
    product_id: str


class Heard(NamedTuple):
    """What the truth knows of a message."""

    system: str
    message_id: str
    person: int
    topic: str
    sentiment: int


def talks(office: Office, day: Day) -> tuple[list[Part], list[Heard]]:
    """The texts of one day, and what is truly meant by those of customers."""
    found = _Day(office, day)
    for one in _conversations(office, day):
        found.tell(one)
    return list(found.parts()), found.heard


def _conversations(office: Office, day: Day) -> Iterator[_Said]:
    ground, written = office.ground, office.written
    rows = day.rows("talks")
    draws = ground.chance.words("words", rows["person"] + rows["second"] * ground.people.n, day=day.number)
    names = written.name.take(pa.array(rows["person"].astype(np.int64))).to_pylist()
    columns = (rows[name].tolist() for name in ("person", "talk", "product", "category", "second", "stars", "mood", "rep", "outcome"))
    for turn, (cells, draw, name) in enumerate(zip(zip(*columns, strict=True), draws.tolist(), names, strict=True)):
        person, talk, product, category, second, stars, mood, rep, outcome = cells
        good = ground.scenario.goods[product]
        slots = {
            "product": good.name,
            "category": ground.scenario.categories[category] if TALKS[talk] == "chat_life" else good.category,
            "feature": good.features[draw % len(good.features)] if good.features else "",
            "price": str(good.price // 100),
            "days": str(2 + draw % 6),
            "city": CITIES[int(ground.people.city[person])].name,
            "name": address_of(name, woman=bool(ground.people.woman[person])),
            "rep": "小" + written.reps[rep].as_py()[0],
            "shop": ground.scenario.shops[draw % len(ground.scenario.shops)] if ground.scenario.shops else "",
            "life": ground.scenario.life[stars].words if TALKS[talk] == "chat_life" else "",
        }
        yield _Said(turn, person, TALKS[talk], second, draw, stars, mood, OUTCOMES[outcome], rep, slots, good.product_id)


class _Day:
    """The texts of one day, system by system."""

    def __init__(self, office: Office, day: Day) -> None:
        self.ground, self.written, self.day = office.ground, office.written, day
        self.chats: list[tuple[str, ...]] = []
        self.calls: list[str] = []
        self.mails: list[bytes] = []
        self.reviews: list[tuple[str, ...]] = []
        self.heard: list[Heard] = []

    def tell(self, one: _Said) -> None:
        """Put one conversation into words."""
        if one.kind == "review":
            self._review(one)
        elif one.kind in _LETTERS:
            self._mail(one)
        elif one.kind.startswith("chat"):
            self._chat(one)
        else:
            self._call(one)

    def parts(self) -> Iterator[Part]:
        """The rows of the files."""
        label = self.day.month
        columns = ("消息时间", "会话编号", "消息编号", "发送方", "发送人", "外部联系人", "客户昵称", "消息类型", "消息内容")
        yield _rows(f"企业微信_聊天记录_{label}.csv", columns, sorted(self.chats), encoding="utf-8-sig")
        yield lines(f"通话录音转写_{label}.jsonl", pa.array(self.calls, pa.string()))
        yield Part(f"客服邮箱_{label}.mbox", b"", b"".join(self.mails), len(self.mails))
        of_reviews = ("评价时间", "评价编号", "买家昵称", "商品编码", "商品名称", "评分", "评价内容")
        yield _rows(f"商品评价_{label}.csv", of_reviews, sorted(self.reviews), encoding="gb18030")

    def _turns(self, one: _Said) -> tuple[Turn, ...]:
        persona = PERSONAS[int(self.ground.people.persona[one.person])]
        purpose = _PURPOSES.get(one.kind, one.kind)
        ends = _ENDS[one.outcome] if one.kind in ("call_sales", "call_renewal") else ""
        ends = ends if ends in ENDS[one.kind if one.kind in ENDS else "chat_presale"] else ""
        if one.kind.endswith("complaint"):
            purpose += "/complaint_quality" if one.stars == 1 else "/complaint_late"
        return dialogue(purpose, persona=persona, scenario=self.ground.scenario.name, draw=one.draw, slots=one.slots, ends=ends)

    def _chat(self, one: _Said) -> None:
        number = f"S{self.day.number:04d}{one.number:07d}"
        nick = self.written.key("tmall")[one.person].as_py()[:6]
        staff = _STAFF[one.draw % len(_STAFF)]
        second = one.second
        picks = Picks(one.draw, "chat")
        for place, turn in enumerate(self._turns(one)):
            theirs = turn.speaker == "customer"
            second = min(second + 4 + len(turn.text) // 2 + picks.below(40), 86_399)
            told = (self._at(second), number, f"{number}{place:03d}", "客户" if theirs else "员工", nick if theirs else staff)
            self.chats.append((*told, f"wm{one.person * 7 + 100_003:010x}", nick, "文本", turn.text.replace("\n", " ")))
            if theirs:
                self._hear("wecom", f"{number}{place:03d}", one, turn.topic)

    def _call(self, one: _Said) -> None:
        number = f"CALL{self.day.number:04d}{one.number:07d}"
        picks, at, turns = Picks(one.draw, "voice"), 600, []
        woman = bool(self.ground.people.woman[one.person])
        angry = one.mood < 0
        for place, turn in enumerate(self._turns(one)):
            theirs = turn.speaker == "customer"
            speed = 4200 + picks.below(900) + (900 if theirs and angry else 0)  # characters in 1 000 seconds
            lasts = 400 + len(turn.text) * 1_000_000 // speed
            voice = {
                "speaker": "customer" if theirs else "agent",
                "start_ms": at,
                "end_ms": at + lasts,
                "text": turn.text,
                "pitch_hz": (205 if (woman if theirs else one.rep % 2) else 120) + picks.below(30) + (35 if theirs and angry else 0),
                "energy_db": -30 + picks.below(6) + (8 if theirs and angry else 0),
                "chars_per_s": round(speed / 1000, 1),
                "asr_confidence": round(0.99 - picks.below(14) / 100, 2),
            }
            turns.append(voice)
            at += lasts + 180 + picks.below(700)
            if theirs:
                self._hear("calls", f"{number}-{place}", one, turn.topic)
        head = {
            "call_id": number,
            "customer": self.written.key("crm")[one.person].as_py(),
            "agent": self.written.reps[one.rep].as_py() if one.kind != "call_complaint" else _STAFF[one.draw % len(_STAFF)],
            "direction": "in" if one.kind == "call_complaint" else "out",
            "started_at": self._at(one.second),
            "seconds": at // 1000,
            "turns": turns,
        }
        self.calls.append(json.dumps(head, ensure_ascii=False))

    def _mail(self, one: _Said) -> None:
        persona = PERSONAS[int(self.ground.people.persona[one.person])]
        english = bool(self.ground.people.firm[one.person]) and one.person % _ENGLISH == 0
        letter = mail(
            _LETTERS[one.kind], persona=persona, scenario=self.ground.scenario.name, draw=one.draw,
            slots=one.slots, language="en" if english else "zh",
        )  # fmt: skip
        sender = self.written.email[one.person].as_py() or f"u{one.person * 7919 + 100_003}@mail.example"
        sent = datetime(self.day.on.year, self.day.on.month, self.day.on.day, tzinfo=_HERE) + timedelta(seconds=one.second)
        number = f"{self.day.number:04d}{one.number:07d}@mail.example"
        message = EmailMessage(policy=SMTP.clone(linesep="\n"))
        message["From"], message["To"], message["Subject"] = sender, "service@zhiyin.example", letter.subject
        message["Date"], message["Message-ID"] = sent.strftime("%a, %d %b %Y %H:%M:%S +0800"), f"<{number}>"
        message.set_content(letter.body, cte="base64")
        stamp = sent.astimezone(UTC).strftime("%a %b %d %H:%M:%S %Y")
        self.mails.append(f"From {sender} {stamp}\n".encode() + message.as_bytes() + b"\n")
        self._hear("mail", number, one, _LETTERS[one.kind])

    def _review(self, one: _Said) -> None:
        persona = PERSONAS[int(self.ground.people.persona[one.person])]
        text = review(max(1, min(5, one.stars)), persona=persona, scenario=self.ground.scenario.name, draw=one.draw, slots=one.slots)
        number = f"PJ{self.day.number:04d}{one.number:07d}"
        nick = masked_nick(self.written.key("tmall")[one.person].as_py())
        told = (self._at(one.second), number, nick, one.product_id, one.slots["product"], str(one.stars), text.replace("\n", " "))
        self.reviews.append(told)
        self.heard.append(Heard("review", number, one.person, "review", one.mood))

    def _hear(self, system: str, message: str, one: _Said, topic: str) -> None:
        self.heard.append(Heard(system, message, one.person, topic, TOPICS[topic].sentiment if topic in TOPICS else one.mood))

    def _at(self, second: int) -> str:
        return f"{self.day.on.isoformat()} {second // 3600:02d}:{second % 3600 // 60:02d}:{second % 60:02d}"


def _rows(file: str, names: tuple[str, ...], rows: list[tuple[str, ...]], *, encoding: str) -> Part:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return table(file, {name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)}, encoding=encoding)
