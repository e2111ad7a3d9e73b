"""How does a chat or a call go? Who says what in which order, from the greeting to the way it ends."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from zhiyin.core.errors import NotFound, listed
from zhiyin.core.words import Say
from zhiyin.sandbox.texts.grammar import reply, say, speak
from zhiyin.sandbox.texts.pattern import compiled, drawn, expanded, mixed, sections
from zhiyin.sandbox.texts.topics import TOPICS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhiyin.sandbox.texts.pattern import Program

__all__ = ["ABOUT", "ENDS", "PURPOSES", "Turn", "courses", "dialogue"]


class Turn(NamedTuple):
    """What one side says before the other answers."""

    speaker: Literal["customer", "staff"]
    topic: str
    text: str


_COMPLAINTS = ("complaint_late", "complaint_quality", "complaint_attitude", "complaint_soldout")

# What a conversation is about, by its purpose: the topics that may stand for `?` in `_COURSES`, and what the staff answer for `!`.
ABOUT: Mapping[str, tuple[str, ...]] = {
    "chat_presale": ("ask_price", "ask_feature", "ask_stock", "ask_delivery", "compare", "life_event"),
    "chat_complaint": _COMPLAINTS,
    "chat_aftersale": ("ask_usage", "invoice", "refund", "ask_delivery", "renew", "cancel", "fraud_worry"),
    "call_sales": ("ask_price", "ask_feature", "compare", "ask_stock"),
    "call_complaint": _COMPLAINTS,
    "call_renewal": ("renew",),
}
_ANSWERS: Mapping[str, str] = {
    "ask_price": "staff_price",
    "ask_feature": "staff_feature",
    "ask_stock": "staff_stock",
    "ask_delivery": "staff_delivery",
    "compare": "staff_compare",
    "life_event": "staff_feature",
    "ask_usage": "staff_usage",
    "invoice": "staff_invoice",
    "refund": "staff_refund",
    "renew": "staff_renewed",
    "cancel": "staff_respect",
    "fraud_worry": "staff_reassure",
} | dict.fromkeys(_COMPLAINTS, "staff_apology")

# Purpose -> courses of the conversation, under the headings of how it ends.
_COURSES: Mapping[str, str] = {
    "chat_presale": """
@accept
greet staff_greet ? ! [bargain staff_offer |]buy_intent staff_close[ thanks staff_thanks| thanks|]
greet staff_greet ? ! [hesitate staff_followup |bargain staff_offer |]accept staff_close
[greet staff_greet |]? ! [hesitate staff_offer |]buy_intent staff_close[ okay|]
? ! buy_intent staff_close[ thanks staff_thanks|]
@hesitate
[greet staff_greet |]? ! [bargain staff_offer |]hesitate staff_followup[ okay| thanks|]
? ! hesitate[ staff_offer hesitate| staff_followup okay|]
@no_need
greet staff_greet ? ! [bargain staff_offer |]no_need staff_respect
? ! [hesitate staff_offer |]no_need[ staff_respect|]
@call_back
greet staff_greet ? ! call_back staff_later
? ! [hesitate staff_followup |]call_back[ staff_later|]
""",
    "chat_complaint": """
@settled
[greet staff_greet |]? staff_ask give_detail ! [refund |not_settled ]staff_refund settled[ staff_close|]
? ! [not_settled staff_refund |refund staff_refund ]okay staff_thanks
[greet staff_greet |]? ! give_detail staff_refund settled staff_thanks
@not_settled
[greet staff_greet |]? ! not_settled staff_refund not_settled[ staff_apology|]
? staff_ask give_detail ! not_settled[ staff_progress| staff_apology not_settled|]
[greet staff_greet |]? ! refund staff_refund not_settled[ staff_apology|]
""",
    "chat_aftersale": """
@settled
[greet staff_greet |]? ! [okay|thanks][ staff_close|]
greet staff_greet ? staff_ask give_detail ! [thanks staff_thanks|okay staff_close]
? staff_ask give_detail ! thanks[ staff_thanks|]
@not_settled
[greet staff_greet |]? ! not_settled staff_progress
? staff_ask give_detail ! not_settled[ staff_progress|]
""",
    "call_sales": """
@accept
answer_phone staff_call listen staff_offer [? ! |bargain staff_offer |hesitate staff_followup |]accept staff_close[ thanks|]
answer_phone staff_call listen staff_offer ? ! [hesitate staff_followup |bargain staff_offer |]accept staff_close
@no_need
answer_phone staff_call no_need staff_respect
answer_phone staff_call listen staff_offer [hesitate staff_followup |? ! |]no_need staff_respect
@call_back
answer_phone staff_call call_back staff_later
answer_phone staff_call listen staff_offer [? ! |]call_back staff_later[ okay|]
@refuse_contact
answer_phone staff_call refuse_contact staff_removed
answer_phone staff_call [no_need staff_offer |listen staff_offer ]refuse_contact staff_removed
""",
    "call_complaint": """
@settled
staff_greet ? staff_ask give_detail ! [not_settled |refund ]staff_refund settled staff_thanks
staff_greet ? ! [not_settled |refund ]staff_refund okay staff_close
@not_settled
staff_greet ? ! not_settled staff_refund not_settled staff_apology
staff_greet ? staff_ask give_detail ! not_settled staff_progress[ not_settled|]
""",
    "call_renewal": """
@accept
answer_phone staff_call listen staff_renew [bargain staff_offer |hesitate staff_offer |]? staff_close
answer_phone staff_call listen staff_renew ? staff_renewed[ thanks|]
@hesitate
answer_phone staff_call listen staff_renew [bargain staff_offer |]hesitate staff_followup[ okay|]
@cancel
answer_phone staff_call listen staff_renew [hesitate staff_offer |]not_renew staff_respect
@no_need
answer_phone staff_call [listen staff_renew |]no_need staff_respect
@call_back
answer_phone staff_call [listen staff_renew |]call_back staff_later
@refuse_contact
answer_phone staff_call [listen staff_renew |]refuse_contact staff_removed
""",
}

PURPOSES = tuple(_COURSES)

# How a conversation may end, by its purpose.
ENDS: Mapping[str, tuple[str, ...]] = {
    purpose: tuple(dict.fromkeys(heading for heading, _ in sections(block))) for purpose, block in _COURSES.items()
}
_TRIES = 4  # how often another sentence is drawn so that nobody says the same twice


def dialogue(purpose: str, *, persona: str, scenario: str, draw: int, slots: Mapping[str, str], ends: str = "") -> tuple[Turn, ...]:
    """A whole chat or call.

    Args:
        purpose: one of `PURPOSES`; after a slash what it is about, one of `ABOUT`: "chat_complaint/complaint_late".
        persona: of the customer, see `grammar.say`.
        scenario: see `grammar.say`.
        draw: 64 random bits; everything follows from them.
        slots: see `grammar.say`.
        ends: one of `ENDS` of the purpose; empty: it is drawn.
    """
    kind, _, about = purpose.partition("/")
    _checked(kind, about, ends)
    seed = mixed(draw ^ 0x5DEECE66D)
    subject = about or ABOUT[kind][seed % len(ABOUT[kind])]
    end = ends or ENDS[kind][(seed >> 8) % len(ENDS[kind])]
    course, _ = drawn(_courses(kind, end), mixed(seed))
    begins = True
    turns: list[Turn] = []
    heard: list[str] = []
    for place, word in enumerate(course.split()):
        topic = subject if word == "?" else _ANSWERS[subject] if word == "!" else word
        voice = speak if kind.startswith("call") else say if begins else reply
        for attempt in range(_TRIES):
            bits = mixed(seed + place * _TRIES + attempt)
            text = voice(topic, persona=persona, scenario=scenario, draw=bits, slots=slots)
            if text not in heard:
                break
        begins = False
        heard.append(text)
        turns.append(Turn(TOPICS[topic].who, topic, text))
    return tuple(turns)


def courses(purpose: str) -> tuple[str, ...]:
    """Every order of topics that a conversation of this purpose may take, `?` and `!` for what it is about."""
    return tuple(dict.fromkeys(course for end in ENDS[purpose] for program in _courses(purpose, end) for course in expanded(program)))


@cache
def _courses(purpose: str, end: str) -> tuple[Program, ...]:
    return tuple(compiled(line, {}) for heading, line in sections(_COURSES[purpose]) if heading == end)


def _checked(purpose: str, about: str, ends: str) -> None:
    asked = [("purpose", purpose, PURPOSES)]
    if purpose in _COURSES:
        asked += [("about", about or ABOUT[purpose][0], ABOUT[purpose]), ("ends", ends or ENDS[purpose][0], ENDS[purpose])]
    for what, name, known in asked:
        if name not in known:
            raise NotFound(
                Say(f"对话没有这样的 {what}。", f"No conversation has this {what}."),
                got=name,
                fix=Say(f"选一个：{listed(known, most=99)}。", f"Choose one of: {listed(known, most=99)}."),
            )
