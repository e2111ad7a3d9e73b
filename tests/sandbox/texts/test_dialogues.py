from __future__ import annotations

from itertools import pairwise, product

import pytest

from zhiyin.core.errors import NotFound
from zhiyin.sandbox.texts.dialogues import ABOUT, ENDS, PURPOSES, courses, dialogue
from zhiyin.sandbox.texts.pattern import mixed
from zhiyin.sandbox.texts.personas import PERSONAS
from zhiyin.sandbox.texts.topics import SCENARIOS, TOPICS

ALL = [(purpose, end) for purpose in PURPOSES for end in ENDS[purpose]]


@pytest.mark.parametrize(("purpose", "end"), ALL)
def test_a_conversation_goes_to_its_end(purpose: str, end: str, slots: dict[str, str]) -> None:
    for persona, scenario, draw in product(PERSONAS, SCENARIOS, range(6)):
        turns = dialogue(purpose, persona=persona, scenario=scenario, draw=mixed(draw), slots=slots, ends=end)
        assert 3 <= len(turns) <= 14
        assert all(turn.speaker == TOPICS[turn.topic].who for turn in turns)
        assert all(one.speaker != two.speaker for one, two in pairwise(turns)), [turn.topic for turn in turns]
        assert all(turn.text.strip() and "{" not in turn.text for turn in turns)
        if purpose == "call_sales":
            assert end in {turn.topic for turn in turns if turn.speaker == "customer"}


def test_the_courses_are_those_of_the_topics() -> None:
    for purpose in PURPOSES:
        words = {word for course in courses(purpose) for word in course.split()}
        assert words - set(TOPICS) <= {"?", "!"}
        assert len(courses(purpose)) == len(set(courses(purpose)))


def test_what_it_is_about_can_be_chosen(slots: dict[str, str]) -> None:
    for purpose in PURPOSES:
        for about in ABOUT[purpose]:
            turns = dialogue(f"{purpose}/{about}", persona="plain", scenario="appliances", draw=5, slots=slots)
            others = set(ABOUT[purpose]) - {about}
            assert not others & {turn.topic for turn in turns} - {"refund"}


def test_the_same_draw_is_the_same_conversation(slots: dict[str, str]) -> None:
    def told(draw: int) -> object:
        return dialogue("chat_complaint", persona="angry", scenario="saas", draw=draw, slots=slots)

    assert told(3) == told(3)
    assert len({told(mixed(draw)) for draw in range(200)}) > 195


def test_nobody_greets_twice_in_a_chat(slots: dict[str, str]) -> None:
    for draw in range(300):
        turns = dialogue("chat_presale", persona="plain", scenario="appliances", draw=mixed(draw), slots=slots)
        later = [turn.text for turn in turns[1:] if turn.speaker == "customer"]
        assert not [text for text in later if text.startswith(("你好", "您好", "请问", "打扰"))]


@pytest.mark.parametrize(
    ("purpose", "ends", "message"),
    [
        ("chat_weather", "", "No conversation has this purpose"),
        ("chat_complaint/ask_price", "", "No conversation has this about"),
        ("call_sales", "settled", "No conversation has this ends"),
    ],
)
def test_an_unknown_name_is_told(purpose: str, ends: str, message: str) -> None:
    with pytest.raises(NotFound, match=message):
        dialogue(purpose, persona="plain", scenario="saas", draw=1, slots={}, ends=ends)
