"""Departments are told of a rush: written into the outbox first, delivered by webhook and mail until it arrives."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zhiyin.act.channels import mail, webhook
from zhiyin.act.channels.answer import Answer
from zhiyin.app.rows import Rows
from zhiyin.core.clock import Clock, utc_now
from zhiyin.core.errors import ZhiyinError
from zhiyin.core.ids import content_id
from zhiyin.core.log import line
from zhiyin.core.words import Say
from zhiyin.predict.spike_words import sentence
from zhiyin.store.outbox import Outbox

if TYPE_CHECKING:
    from zhiyin.app.home import Home
    from zhiyin.core.settings_parts import DepartmentSettings
    from zhiyin.predict.spikes import Spike

__all__ = ["NO_DEPARTMENT", "Post", "deliver", "messages", "tell", "try_again", "undelivered"]

NO_DEPARTMENT = Say(
    "还没有写明要通知哪个部门：在 zhiyin.toml 里写一段 [[department]]。",
    "No department is named that could be told: write a [[department]] in zhiyin.toml.",
)
_QUIET_DAYS = 7
_TYPE = "io.zhiyin.demand.spike"
_SUBJECT = Say("需求激增：{place} {category}", "Demand spike: {place} {category}")
_log = logging.getLogger(__name__)


def tell(home: Home, spikes: Iterable[Spike], *, clock: Clock = utc_now) -> int:
    """Write messages about these rushes for the departments that they concern, each once; returns how many are new."""
    made = [row for spike in spikes for department in home.settings.department for row in messages(department, spike, at=clock())]
    if not made:
        return 0
    outbox = Outbox(home.ledger, clock)
    known = {str(row["message_id"]) for row in outbox.all()}
    return outbox.add({name: cell for name, cell in row.items() if name != "also"} for row in made if not known & set(row["also"].split()))


def messages(department: DepartmentSettings, spike: Spike, *, at: datetime) -> Iterator[dict[str, str]]:
    """The messages of one department about one rush: one a way; none where the channel or the category does not concern it.

    `also` are the ids that the same rush would have, had it been noticed in the week before.
    """
    if (department.places and spike.place not in department.places) or (
        department.categories and spike.category not in department.categories
    ):
        return
    words, subject = sentence(spike), _SUBJECT.fill(place=spike.place, category=spike.category)
    told = {
        "place": spike.place, "category": spike.category, "measure": spike.measure, "starts_on": spike.starts_on.isoformat(),
        "noticed_on": spike.noticed_on.isoformat(), "people": spike.people, "expected": round(spike.expected, 2),
        "times": round(spike.people / spike.expected, 1), "chance": spike.chance, "sentence": words._asdict(),
    }  # fmt: skip
    body = {
        "webhook": json.dumps({"type": _TYPE, "timestamp": at.isoformat(timespec="seconds"), "data": told}, ensure_ascii=False),
        "mail": f"{words.zh}\n\n{words.en}\n",
    }
    for way, address in (("webhook", department.webhook), ("mail", department.mail)):
        if address:
            # The live loop and the run may notice one rush on different days: what was told in the week before is not told again.
            days = [spike.noticed_on - timedelta(days=back) for back in range(_QUIET_DAYS + 1)]
            ids = [content_id("w", department.name, way, spike.place, spike.category, day.isoformat()) for day in days]
            yield {
                "message_id": ids[0], "department": department.name, "way": way, "subject": f"{subject.zh} / {subject.en}",
                "body": body[way], "also": " ".join(ids[1:]),
            }  # fmt: skip


def deliver(home: Home, *, clock: Clock = utc_now) -> Mapping[str, int]:
    """Try every message that is due once; what fails is tried again later."""
    outbox, found = Outbox(home.ledger, clock), {"sent": 0, "waiting": 0, "failed": 0}
    for row in outbox.due():
        answer = _delivered(home, row, clock)
        message_id = str(row["message_id"])
        if answer.arrived:
            outbox.arrived(message_id, answer=answer.said)
        else:
            outbox.failed(message_id, answer=answer.said, again=answer.again, after_seconds=answer.after_seconds)
        found["sent" if answer.arrived else "waiting" if answer.again else "failed"] += 1
        _log.info(line(stage="deliver", message=message_id, way=row["way"], answer=answer.said))
    return found


def try_again(home: Home) -> int:
    """Let what has failed be tried once more; returns how many messages that is."""
    return Outbox(home.ledger, utc_now).again()


class Post:
    """Delivers in a thread of its own, so that a slow department holds nothing up; one round at a time.

    Args:
        home: the workspace.
        clock: what time it is.
    """

    def __init__(self, home: Home, *, clock: Clock) -> None:
        self._home = home
        self._clock = clock
        self._round: threading.Thread | None = None

    def go(self) -> None:
        """Begin a round where something is due and no round is under way."""
        if (self._round is None or not self._round.is_alive()) and Outbox(self._home.ledger, self._clock).due():
            self._round = threading.Thread(target=self._deliver, name="post", daemon=True)
            self._round.start()

    def wait(self) -> None:
        """Until the round that is under way has ended."""
        if self._round is not None:
            self._round.join()

    def _deliver(self) -> None:
        try:
            deliver(self._home, clock=self._clock)
        except ZhiyinError as problem:  # a secret that is none, a ledger that somebody holds: what is due stays due
            _log.warning(line(stage="deliver", error=type(problem).__name__))


def undelivered(home: Home) -> Rows:
    """Every message to a department, the newest first, and what became of it; addresses stay in the settings."""
    shown = ("message_id", "department", "way", "subject", "made_at", "due_at", "tries", "state", "answer", "sent_at")
    rows = Outbox(home.ledger, utc_now).all()
    return Rows([{name: row[name] for name in shown} for row in rows], notes=[] if home.settings.department else [NO_DEPARTMENT])


def _delivered(home: Home, row: Mapping[str, object], clock: Clock) -> Answer:
    department = next((one for one in home.settings.department if one.name == row["department"]), None)
    address = "" if department is None else department.webhook if row["way"] == "webhook" else department.mail
    if department is None or not address:
        return Answer(False, False, "no address")
    message_id, body = str(row["message_id"]), str(row["body"])
    if row["way"] == "mail":
        alerts = home.settings.alerts
        if not alerts.mail_host:
            return Answer(False, True, "no mail_host")
        made = mail.letter(sender=alerts.mail_from, to=address, subject=str(row["subject"]), text=body, message_id=message_id)
        return mail.send(made, alerts)
    secret = department.secret.get_secret_value() if department.secret else ""
    told = webhook.headers(secret, message_id=message_id, seconds=int(clock().timestamp()), body=body.encode())
    return webhook.post(address, body.encode(), headers=told)
