"""What do customers write at leisure: a mail, a review with its stars?"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from zhiyin.core.errors import NotFound, listed
from zhiyin.core.words import Say
from zhiyin.sandbox.texts.grammar import typed
from zhiyin.sandbox.texts.habits import traditional
from zhiyin.sandbox.texts.pattern import compiled, drawn, expanded, mixed, sections, slots_in, with_slots
from zhiyin.sandbox.texts.topics import SCENARIOS
from zhiyin.sandbox.texts.words.letters import LETTERS, LETTERS_EN
from zhiyin.sandbox.texts.words.reviews import ASPECTS, CLOSINGS, LEADS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhiyin.sandbox.texts.grammar import Language
    from zhiyin.sandbox.texts.pattern import Program

__all__ = ["MAIL_TOPICS", "SIDES", "Letter", "mail", "parts", "review"]

# What a mail is about -> how content the writer is.
MAIL_TOPICS: Mapping[str, int] = {"order_question": 0, "complaint": -1, "quotation": 0, "renewal": 0, "invoice": 0}

# Kind of company -> the sides of the matter that its reviews speak of.
SIDES: Mapping[str, tuple[str, ...]] = {
    scenario: tuple(dict.fromkeys(heading.split("/")[1] for heading, _ in sections(ASPECTS) if heading.startswith(f"{scenario}/")))
    for scenario in SCENARIOS
}
_BUT = ("，但是", "，就是", "，不过", "，可惜", "。只是", "，唯一的问题是")
_YET = ("，好在", "，还好", "，唯一的优点是", "。不过", "，至少")


class Letter(NamedTuple):
    """A mail without its addresses."""

    subject: str
    body: str


def mail(topic: str, *, persona: str, scenario: str, draw: int, slots: Mapping[str, str], language: Language = "zh") -> Letter:
    """A mail to the company.

    Args:
        topic: one of `MAIL_TOPICS`; "quotation" is what firms ask for.
        persona: see `grammar.say`; who is in a hurry leaves out how one begins, who is old writes in two paragraphs.
        scenario: see `grammar.say`.
        draw: 64 random bits.
        slots: see `grammar.say`.
        language: "zh" or "en".
    """
    if topic not in MAIL_TOPICS:
        raise _unknown("topic", topic, tuple(MAIL_TOPICS))
    known = tuple(sorted(name for name, value in slots.items() if value))
    wanted = ["subject", "open", "body", "ask", "close"]
    if persona == "busy":
        wanted = ["subject", "body", "ask"]
    elif persona in ("elderly", "function"):
        wanted.insert(3, "body")
    seed = mixed(int(draw) ^ 0x2545F491)
    said: list[str] = []
    for part in wanted:
        text, seed = drawn(_part(topic, part, scenario, language, known), seed)
        if text not in said:
            said.append(text)
    if language == "zh":
        said[1:] = [
            typed(text, persona, draw=mixed(seed + at), slots=slots) if persona == "elderly" else text for at, text in enumerate(said[1:])
        ]
    whole = "\n".join(said).format_map(slots)
    subject, _, body = (traditional(whole) if slots.get("script") == "hant" else whole).partition("\n")
    return Letter(subject, body)


def review(stars: int, *, persona: str, scenario: str, draw: int, slots: Mapping[str, str]) -> str:
    """A review of one to five stars, about several sides of the matter; three stars always hold good and bad."""
    if stars not in range(1, 6):
        raise _unknown("stars", str(stars), tuple("12345"))
    known = tuple(sorted(name for name, value in slots.items() if value))
    seed = mixed(int(draw) ^ 0x9E3779B1)
    good, bad = _split(stars, persona, seed)
    seed = mixed(seed)
    sides = _shuffled(SIDES[scenario], seed)
    seed = mixed(seed)
    lead, seed = drawn(_stage(LEADS, str(stars), known), seed)
    text = lead
    first = good if stars >= 3 else bad
    for at in range(good + bad):
        liked = (at < first) == (stars >= 3)
        said, seed = drawn(_stage(ASPECTS, f"{scenario}/{sides[at % len(sides)]}/{'+' if liked else '-'}", known), seed)
        words = (_BUT if stars >= 3 else _YET) if at == first else ("，", "，", "。")
        text += words[seed % len(words)] + said
        seed = mixed(seed)
    closing, seed = drawn(_stage(CLOSINGS, str(stars), known), seed)
    if persona != "busy" and seed & 3:
        text += ("，", "。")[seed >> 2 & 1] + closing
    text = typed(text, persona, draw=mixed(seed), slots=slots).format_map(slots)
    return traditional(text) if slots.get("script") == "hant" else text


def parts(language: Language = "zh") -> dict[str, int]:
    """How many different sentences do mails and reviews choose from, before slots? By block, in the order of the blocks."""
    blocks = LETTERS if language == "zh" else LETTERS_EN
    found = {topic: _count(block) for topic, block in blocks.items()}
    return found | {"review": _count(LEADS) + _count(CLOSINGS) + _count(ASPECTS)} if language == "zh" else found


def _count(block: str) -> int:
    return len({text for _, pattern in sections(block) for text in expanded(compiled(pattern, {}))})


def _split(stars: int, persona: str, seed: int) -> tuple[int, int]:
    """How many good and bad sides a review has; the side that counts for its stars comes first."""
    most = 1 if persona == "busy" else 3 if persona in ("elderly", "function", "warm") else 2
    main = 1 + seed % most
    other = seed >> 8 & 1
    if stars == 3:
        return main, 1 + (seed >> 9) % most
    if stars == 4:
        return main, other
    if stars == 2:
        return other, main
    return (main, 0) if stars == 5 else (0, main)


def _shuffled(sides: tuple[str, ...], seed: int) -> list[str]:
    """The sides in an order that follows from the seed."""
    left = list(sides)
    order = []
    while left:
        seed, at = divmod(seed, len(left))
        order.append(left.pop(at))
    return order


@cache
def _part(topic: str, part: str, scenario: str, language: Language, known: tuple[str, ...]) -> tuple[Program, ...]:
    """The lines for one part of a letter: what is said in this kind of company as often as what is said everywhere."""
    block = (LETTERS if language == "zh" else LETTERS_EN)[topic]
    weight = {part: 1, f"{part}.{scenario}": 3}
    lines = [(heading, compiled(pattern, {})) for heading, pattern in sections(block) if heading in weight]
    left = [(with_slots(program, known), weight[heading]) for heading, program in lines]
    fitting = tuple(program for program, times in left if program is not None for _ in range(times))
    return fitting or tuple(_plain(program) for _, program in lines)


@cache
def _stage(block: str, heading: str, known: tuple[str, ...]) -> tuple[Program, ...]:
    """The lines under a heading, as far as the slots are known."""
    lines = [compiled(pattern, {}) for under, pattern in sections(block) if under == heading]
    return tuple(program for program in (with_slots(line, known) for line in lines) if program is not None)


def _plain(program: Program) -> Program:
    """A program without its slots: what is left when nothing is known."""
    texts = ((part,) if isinstance(part, str) else part for part in program)
    return tuple(_emptied(text[0]) for text in texts)


def _emptied(text: str) -> str:
    for name in slots_in(text):
        text = text.replace("{" + name + "}", "")
    return text


def _unknown(what: str, name: str, known: tuple[str, ...]) -> NotFound:
    return NotFound(
        Say(f"没有这样的 {what}。", f"There is no such {what}."),
        got=name,
        fix=Say(f"选一个：{listed(known)}。", f"Choose one of: {listed(known)}."),
    )
