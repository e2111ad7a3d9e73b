"""How does somebody say something? One topic in the voice of one persona, the same words for the same draw on every machine."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from zhiyin.core.errors import NotFound, listed
from zhiyin.core.words import Say
from zhiyin.sandbox.texts.habits import DIALECTS, in_dialect, slipped, traditional
from zhiyin.sandbox.texts.pattern import compiled, drawn, expanded, mixed, sections, with_slots
from zhiyin.sandbox.texts.personas import PERSONAS, PLACES, VOICES, why
from zhiyin.sandbox.texts.topics import SCENARIOS, SLOTS, TOPICS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from zhiyin.sandbox.texts.pattern import Program
    from zhiyin.sandbox.texts.personas import Voice

__all__ = ["COMPANY_WORDS", "Language", "Medium", "can_say", "filled", "reply", "say", "shapes", "speak", "typed"]

Language = Literal["zh", "en"]
Medium = Literal["chat", "reply", "call"]  # the first line of a chat, a later one, a sentence of a call

# What each kind of company is told by another word: its goods, what one does with them.
_P = "{product}|{product}|你们那个{product}|<it>"
COMPANY_WORDS: Mapping[str, Mapping[str, str]] = {
    "appliances": {"p": _P, "it": "这款|这个|这台|你们这款", "buy": "买|入手|下单"},
    "saas": {"p": _P, "it": "这个版本|这套系统|你们系统|这个套餐", "buy": "买|开通|采购"},
    "restaurant": {"p": _P, "it": "这道菜|这个套餐|你们这个菜|这个菜", "buy": "点|订|买"},
    "finance": {"p": _P, "it": "这款产品|这个产品|这款|你们这个产品", "buy": "买|申购|买入"},
}

_BITS = {name: 1 << place for place, name in enumerate(SLOTS)}
_FEATURE, _WHY = _BITS["feature"], _BITS["why"]
_PARTICLES = frozenset("吗呢啊呀吧啦嘛哈么呗咯哟哦")
_SOFT = frozenset("呀呢啦吧哈呗")
_STOPS = "？！。?!"
_UNSPOKEN = str.maketrans({letter: None for letter in "～…🙏🌹👍😊😄😭😡❤\ufe0f"})
_HELLO = ("好", "在吗", "在嘛", "请问", "嗨", "哈喽", "hi", "打扰", "同志", "咨询", "姑娘", "小伙子")
_GREETINGS = (
    "你好",
    "您好",
    "在吗",
    "请问",
    "我想问",
    "麻烦问",
    "同志",
    "姑娘",
    "哎",
    "唉",
    "说真",
    "说起来",
    "我跟你",
    "跟你",
    "不好意思",
)


class _Bucket(NamedTuple):
    """All that can be said on a topic by a persona when certain slots are known."""

    programs: tuple[Program, ...]
    openers: tuple[str, ...]
    endings: tuple[str, ...]


def say(topic: str, *, persona: str, scenario: str, draw: int, slots: Mapping[str, str], language: Language = "zh") -> str:
    """One line of a chat, as it is typed.

    Args:
        topic: one of `TOPICS`; in English one of `ENGLISH_TOPICS`.
        persona: one of `PERSONAS`; the staff speak in their own voice, whoever the customer is.
        scenario: one of `SCENARIOS`.
        draw: 64 random bits; all choices follow from them.
        slots: what fills the patterns, of `SLOTS`; a pattern whose slot is missing or empty is not chosen. A `city` of `PLACES` may
            be heard, `dialect` (of `DIALECTS`) as well; `script` "hant" is typed in Traditional characters.
        language: "zh" or "en".
    """
    return _line(topic, (persona, scenario, "chat", language), draw, slots)


def reply(topic: str, *, persona: str, scenario: str, draw: int, slots: Mapping[str, str], language: Language = "zh") -> str:
    """One line in the middle of a chat, which nobody begins with a greeting; see `say`."""
    return _line(topic, (persona, scenario, "reply", language), draw, slots)


def speak(topic: str, *, persona: str, scenario: str, draw: int, slots: Mapping[str, str], language: Language = "zh") -> str:
    """One sentence of a call, as it is written down: without slips of the fingers and pictures; see `say`."""
    text, seed = _sentence(topic, (persona, scenario, "call", language), mixed(int(draw)), slots)
    if language == "zh":
        if TOPICS[topic].who == "customer":
            text = _in_town(text, VOICES[persona], seed, slots)
        text = text.translate(_UNSPOKEN)
        text = text if text[-1] in _STOPS else text + ("？" if text[-1] in "吗呢么" else "。")
    return text.format_map(filled(slots, seed))


def _line(topic: str, voice: tuple[str, str, Medium, Language], draw: int, slots: Mapping[str, str]) -> str:
    """A typed line."""
    text, seed = _sentence(topic, voice, mixed(int(draw)), slots)
    if voice[3] == "en":
        return (text.lower() if voice[0] == "busy" else text).format_map(filled(slots, seed))
    if TOPICS[topic].who == "customer":
        text = typed(text, voice[0], draw=seed, slots=slots)
    text = text.format_map(filled(slots, seed) if "{why}" in text else slots)
    return traditional(text) if slots.get("script") == "hant" else text


def can_say(topic: str, slots: Mapping[str, str], *, scenario: str, medium: Medium = "chat", language: Language = "zh") -> bool:
    """Is there a sentence on the topic for which these slots are enough?"""
    return bool(_bucket(topic, ("plain", scenario, medium, language), _mask(slots)).programs)


def filled(slots: Mapping[str, str], draw: int) -> Mapping[str, str]:
    """The slots with {why}, what somebody complains of who wishes for {feature}."""
    complaints = why(slots["feature"]) if slots.get("feature") else ()
    return {**slots, "why": complaints[draw % len(complaints)]} if complaints else slots


def shapes(language: Language = "zh") -> dict[str, int]:
    """How many different sentences are there before the slots are filled? By topic, in the order of `TOPICS`; habits not counted."""
    return {topic: len(set(_every(topic, language))) for topic in TOPICS}


def _every(topic: str, language: Language) -> Iterator[str]:
    block = TOPICS[topic].block if language == "zh" else TOPICS[topic].english
    for heading, pattern in sections(block):
        for scenario in (heading,) if heading in SCENARIOS else SCENARIOS:
            yield from (text.rstrip("，") for text in expanded(compiled(pattern, COMPANY_WORDS[scenario])))


def _sentence(topic: str, voice: tuple[str, str, Medium, Language], seed: int, slots: Mapping[str, str]) -> tuple[str, int]:
    """A sentence whose slots are open, and what is left of the draw."""
    programs, openers, endings = _bucket(topic, voice, _mask(slots))
    if not programs:
        raise _unsayable(topic, slots)
    text, seed = drawn(programs, seed)
    if text[-1] == "，":
        text = text[:-1]
    state = seed >> 24
    if openers:
        state, at = divmod(state, len(openers))
        opener = openers[at]
        if opener and ("问" not in opener or text[-1] == "？") and not text.startswith(_GREETINGS):
            text = opener + text
    if endings:
        text = _ended(text, endings[state % len(endings)])
    return text, seed


def _ended(text: str, ending: str) -> str:
    """A sentence with something after it, without two stops or two particles in a row."""
    if not ending:
        return text
    bare = text.rstrip(_STOPS)
    if ending in _SOFT and bare[-1] in _PARTICLES:
        return text
    return bare + ending


def typed(text: str, persona: str, *, draw: int, slots: Mapping[str, str]) -> str:
    """A sentence whose slots are open, with the habits of whoever types it."""
    voice = VOICES[persona]
    comma = voice.commas[(draw & 0xFF) % len(voice.commas)]
    if comma != "，":
        text = text.replace("，", comma) if comma in (" ", "  ", "") else text.replace("，", comma, 1)
    if text[-1] == "？":
        text = (text[:-1] + voice.asks[(draw >> 8 & 0xFF) % len(voice.asks)]) or text
    text = _in_town(text, voice, draw, slots)
    if voice.slips and (draw >> 32 & 0xFFFF) % voice.slips == 0:
        text = slipped(text, draw >> 48)
    return text


def _in_town(text: str, voice: Voice, seed: int, slots: Mapping[str, str]) -> str:
    """A sentence in the words of the town, every now and then."""
    if voice.dialect and (seed >> 16 & 0xFFFF) % voice.dialect == 0:
        dialect = slots.get("dialect") or PLACES.get(slots.get("city", ""), "")
        if dialect in DIALECTS:
            return in_dialect(text, dialect)
    return text


def _mask(slots: Mapping[str, str]) -> int:
    """Which slots are known, a bit each."""
    mask = 0
    for name, value in slots.items():
        if value and name in _BITS:
            mask |= _BITS[name]
    return mask | _WHY if mask & _FEATURE and why(slots["feature"]) else mask


@cache
def _bucket(topic: str, voice: tuple[str, str, Medium, Language], mask: int) -> _Bucket:
    persona, scenario, medium, language = voice
    _checked(topic, persona, scenario)
    subject = TOPICS[topic]
    wanted = {
        "": 1,
        scenario: 2,
        persona: 3,
        "call" if medium == "call" else "chat": 1,
    }  # who speaks in a way of their own does so more often than not
    lines = sections(subject.block if language == "zh" else subject.english)
    known = tuple(name for name, bit in _BITS.items() if mask & bit)
    programs: list[Program] = []
    longer: list[Program] = []
    for heading, pattern in lines:
        program = with_slots(_program(pattern, scenario), known) if heading in wanted else None
        if program is not None:
            fits = not VOICES[persona].longest or _shortest(program) <= VOICES[persona].longest or subject.who == "staff"
            (programs if fits else longer).extend([program] * wanted[heading])
    if subject.who == "staff" or language == "en":
        return _Bucket(tuple(programs or longer), (), ())
    openers, endings = (_around(side.get(subject.manner, ""), known) for side in (VOICES[persona].openers, VOICES[persona].endings))
    if medium != "chat":
        openers = tuple(words for words in openers if not any(word in words for word in _HELLO)) + ("",) * len(openers)
        endings += ("",) * len(endings)
    return _Bucket(tuple(programs or longer), openers, endings)


@cache
def _program(pattern: str, scenario: str) -> Program:
    """A line in the words of a company: most are asked for by many voices."""
    return compiled(pattern, COMPANY_WORDS[scenario])


def _around(words: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """What may stand before or after a sentence, as far as its slots are known."""
    left = with_slots((tuple(words.split("|")),), known) if words else None
    return () if left is None else left[0] if isinstance(left[0], tuple) else (left[0],)


def _shortest(program: Program) -> int:
    return sum(len(part) if isinstance(part, str) else min(map(len, part)) for part in program)


def _checked(topic: str, persona: str, scenario: str) -> None:
    for what, name, known in (("topic", topic, tuple(TOPICS)), ("persona", persona, PERSONAS), ("scenario", scenario, SCENARIOS)):
        if name not in known:
            raise NotFound(
                Say(f"没有叫这个名字的 {what}。", f"There is no {what} of this name."),
                got=name,
                fix=Say(f"选一个：{listed(known, most=99)}。", f"Choose one of: {listed(known, most=99)}."),
            )


def _unsayable(topic: str, slots: Mapping[str, str]) -> NotFound:
    return NotFound(
        Say("这个主题在这种语言里没有一句话用得上这些词。", "No sentence on this topic in this language gets along with these slots."),
        got=f"{topic}; {listed(name for name, value in slots.items() if value)}",
        fix=Say("多给几个词，或者换一种语言。", "Fill more slots, or choose the other language."),
    )
