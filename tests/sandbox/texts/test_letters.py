from __future__ import annotations

import re
from itertools import product

import pytest

from zhiyin.core.errors import NotFound
from zhiyin.sandbox.texts.letters import MAIL_TOPICS, SIDES, mail, parts, review
from zhiyin.sandbox.texts.pattern import mixed, sections
from zhiyin.sandbox.texts.personas import PERSONAS
from zhiyin.sandbox.texts.topics import SCENARIOS
from zhiyin.sandbox.texts.words.reviews import ASPECTS

LEFT_OVER = re.compile(r"[{}\[\]<>|@]|\d{7,}")


@pytest.mark.parametrize(("topic", "language"), list(product(MAIL_TOPICS, ("zh", "en"))))
def test_a_mail_is_whole(topic: str, language: str, slots: dict[str, str]) -> None:
    for persona, scenario, draw in product(PERSONAS, SCENARIOS, range(6)):
        for known in (slots, {}):
            letter = mail(topic, persona=persona, scenario=scenario, draw=mixed(draw), slots=known, language=language)
            assert letter.subject.strip()
            assert len(letter.body) > 10
            assert "\n" not in letter.subject
            assert not LEFT_OVER.search(letter.subject + letter.body)
    assert letter == mail(topic, persona=persona, scenario=scenario, draw=mixed(draw), slots=known, language=language)


def test_who_is_in_a_hurry_writes_less(slots: dict[str, str]) -> None:
    def length(persona: str) -> int:
        return sum(len(mail("complaint", persona=persona, scenario="saas", draw=mixed(d), slots=slots).body) for d in range(50))

    assert length("busy") < length("plain") < length("elderly")


@pytest.mark.parametrize("stars", range(1, 6))
def test_a_review_is_said(stars: int, slots: dict[str, str]) -> None:
    for persona, scenario, draw in product(PERSONAS, SCENARIOS, range(10)):
        for known in (slots, {}):
            text = review(stars, persona=persona, scenario=scenario, draw=mixed(draw), slots=known)
            assert text.strip()
            assert not LEFT_OVER.search(text), text
    assert len({review(stars, persona="warm", scenario="saas", draw=mixed(d), slots=slots) for d in range(300)}) > 280


def test_stars_and_words_agree() -> None:
    def said(stars: int, word: str) -> int:
        return sum(word in review(stars, persona="function", scenario="restaurant", draw=mixed(d), slots={}) for d in range(600))

    assert said(5, "食材新鲜") > 0 == said(1, "食材新鲜")
    assert said(1, "上来都凉了") > 0 == said(5, "上来都凉了")
    assert said(3, "食材新鲜") > 0 < said(3, "上来都凉了")


def test_every_side_has_its_good_and_its_bad() -> None:
    headings = {heading for heading, _ in sections(ASPECTS)}
    assert headings == {f"{scenario}/{side}/{sign}" for scenario in SCENARIOS for side in SIDES[scenario] for sign in "+-"}
    assert {"物流", "客服", "质量", "价格", "外观", "噪音"} == set(SIDES["appliances"])


def test_the_parts_are_counted() -> None:
    assert sum(parts().values()) > 900
    assert sum(parts("en").values()) > 80


def test_what_is_not_there_is_told() -> None:
    with pytest.raises(NotFound, match="no such topic"):
        mail("love", persona="plain", scenario="saas", draw=1, slots={})
    with pytest.raises(NotFound, match="no such stars"):
        review(6, persona="plain", scenario="saas", draw=1, slots={})
