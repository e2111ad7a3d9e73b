from __future__ import annotations

import pytest

from zhiyin.sandbox.texts.pattern import compiled, expanded, sections, slots_in
from zhiyin.sandbox.texts.personas import PERSONAS
from zhiyin.sandbox.texts.topics import ENGLISH_TOPICS, SCENARIOS, SLOTS, TOPICS, WORDS

ANY = dict.fromkeys(("p", "it", "buy"), "x")


def test_every_block_is_a_topic_and_every_topic_has_its_feeling() -> None:
    assert set(WORDS) == set(TOPICS)
    assert set(ENGLISH_TOPICS) <= set(TOPICS)
    feelings = {name: topic.sentiment for name, topic in TOPICS.items()}
    assert set(feelings.values()) == {-1, 0, 1}
    assert all(feelings[name] == -1 for name in TOPICS if name.startswith("complaint"))
    assert feelings["praise"] == feelings["thanks"] == feelings["accept"] == 1
    assert all(topic.sentiment == 0 for topic in TOPICS.values() if topic.who == "staff")
    assert all((topic.who == "staff") == name.startswith("staff_") for name, topic in TOPICS.items())


@pytest.mark.parametrize("topic", TOPICS)
def test_headings_and_slots_are_known(topic: str) -> None:
    for block in (TOPICS[topic].block, TOPICS[topic].english):
        for heading, pattern in sections(block):
            assert heading in ("", "chat", "call", *SCENARIOS, *PERSONAS), heading
            assert pattern.count("[") == pattern.count("]"), pattern
            for text in expanded(compiled(pattern, ANY)):
                assert set(slots_in(text)) <= set(SLOTS), pattern
                assert text.strip("，")


@pytest.mark.parametrize("topic", TOPICS)
def test_nothing_is_written_twice(topic: str) -> None:
    lines = list(sections(TOPICS[topic].block))
    assert len(lines) == len(set(lines))
