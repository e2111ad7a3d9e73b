from __future__ import annotations

import hashlib
import re
from itertools import product

import pytest

from zhiyin.core.errors import NotFound
from zhiyin.sandbox.texts.grammar import can_say, reply, say, shapes, speak
from zhiyin.sandbox.texts.pattern import mixed
from zhiyin.sandbox.texts.personas import PERSONAS
from zhiyin.sandbox.texts.topics import ENGLISH_TOPICS, SCENARIOS, TOPICS

CASES = list(product(TOPICS, PERSONAS, SCENARIOS))
LEFT_OVER = re.compile(r"[{}\[\]<>|@]|，$|，，|，[。？！]")
IDENTIFIER = re.compile(r"\d{7,}|\S@\S|https?:|www\.")


@pytest.mark.parametrize("topic", TOPICS)
def test_everybody_can_say_it_everywhere(topic: str, slots: dict[str, str]) -> None:
    for persona, scenario, draw in product(PERSONAS, SCENARIOS, range(8)):
        for known in (slots, {}):
            for voice in (say, reply, speak):
                text = voice(topic, persona=persona, scenario=scenario, draw=mixed(draw), slots=known)
                assert text.strip(), (topic, persona, scenario, draw)
                assert not LEFT_OVER.search(text), text
                assert not IDENTIFIER.search(text), text


def test_the_same_draw_says_the_same_on_every_machine(slots: dict[str, str]) -> None:
    said = [say(topic, persona=persona, scenario=scenario, draw=7, slots=slots) for topic, persona, scenario in CASES]
    again = [say(topic, persona=persona, scenario=scenario, draw=7, slots=slots) for topic, persona, scenario in CASES]
    other = [say(topic, persona=persona, scenario=scenario, draw=8, slots=slots) for topic, persona, scenario in CASES]
    turned = [say(topic, persona=p, scenario=s, draw=7, slots=dict(reversed(slots.items()))) for topic, p, s in CASES]
    assert said == again == turned
    assert sum(one != two for one, two in zip(said, other, strict=True)) > len(CASES) * 0.8


def test_other_draws_say_it_in_other_words(slots: dict[str, str]) -> None:
    said = {say("ask_price", persona="plain", scenario="appliances", draw=mixed(draw), slots=slots) for draw in range(2000)}
    assert len(said) > 1000


def test_there_are_thousands_of_shapes() -> None:
    found = shapes()
    assert tuple(found) == tuple(TOPICS)
    assert min(found.values()) >= 20
    assert sum(found.values()) > 10_000
    assert sum(shapes("en").values()) > 400


def test_slots_are_filled(slots: dict[str, str]) -> None:
    said = [say("ask_feature", persona="plain", scenario="appliances", draw=mixed(draw), slots=slots) for draw in range(300)]
    assert any("静音风扇" in text for text in said)
    assert any("太吵了" in text for text in said), "who wishes for silence says what the noise is like"
    assert not any("太吵了" in say("ask_feature", persona="plain", scenario="saas", draw=mixed(d), slots={}) for d in range(300))


def test_a_value_with_braces_is_said_as_it_stands() -> None:
    assert any("{x}" in say("ask_price", persona="busy", scenario="saas", draw=d, slots={"product": "{x}"}) for d in range(20))


def _typed(persona: str, slots: dict[str, str]) -> list[str]:
    return [say("ask_delivery", persona=persona, scenario="appliances", draw=mixed(draw), slots=slots) for draw in range(400)]


def test_personas_differ(slots: dict[str, str]) -> None:
    length = {persona: sum(map(len, _typed(persona, slots))) for persona in PERSONAS}
    assert length["busy"] == min(length.values())
    assert length["elderly"] > length["plain"]
    assert sum("？？" in text for text in _typed("angry", slots)) > 10 * sum("？？" in text for text in _typed("plain", slots))


def test_towns_are_heard(slots: dict[str, str]) -> None:
    def told(city: str) -> str:
        return "".join(_typed("elderly", slots | {"city": city}))

    assert "啥子" in told("成都")
    assert "啥子" not in told("北京")
    assert "几时" in told("广州")
    assert "啥子" in "".join(_typed("elderly", slots | {"city": "北京", "dialect": "chuanyu"}))


def test_traditional_characters(slots: dict[str, str]) -> None:
    text = "".join(_typed("plain", slots | {"script": "hant"}))
    assert "發貨" in text
    assert "发货" not in text


def test_a_call_has_no_pictures_and_no_slips(slots: dict[str, str]) -> None:
    said = "".join(speak("praise", persona=p, scenario="saas", draw=mixed(d), slots=slots) for p in PERSONAS for d in range(300))
    assert not set(said) & set("😊😄😭❤👍🌹～…")
    assert "好" in said


def test_english_is_spoken_on_some_topics(slots: dict[str, str]) -> None:
    english = slots | {"product": "fan X2", "category": "fans", "feature": "quiet", "city": "Chengdu", "name": "Ms Wang"}
    english |= {"rep": "Li", "shop": "East Gate", "life": "we moved", "other": "the other shop"}
    assert set(ENGLISH_TOPICS) >= {"ask_price", "complaint_late", "refund", "thanks", "staff_apology"}
    for topic, persona in product(ENGLISH_TOPICS, PERSONAS):
        text = say(topic, persona=persona, scenario="saas", draw=3, slots=english, language="en")
        assert text.isascii(), text
    assert can_say("ask_price", english, scenario="saas", language="en")
    assert not can_say("okay", english, scenario="saas", language="en")
    with pytest.raises(NotFound, match="No sentence on this topic in this language"):
        say("okay", persona="plain", scenario="saas", draw=3, slots=english, language="en")


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"topic": "weather"}, "no topic of this name"), ({"persona": "shy"}, "no persona"), ({"scenario": "zoo"}, "no scenario")],
)
def test_an_unknown_name_is_told_with_those_that_exist(changed: dict[str, str], message: str) -> None:
    asked = {"topic": "greet", "persona": "plain", "scenario": "saas"} | changed
    topic = asked.pop("topic")
    with pytest.raises(NotFound, match=message) as told:
        say(topic, **asked, draw=1, slots={})
    assert "Choose one of" in str(told.value)


def test_the_words_of_a_release_stay(slots: dict[str, str]) -> None:
    said = "\n".join(say(topic, persona=p, scenario=s, draw=11, slots=slots) for topic, p, s in CASES)
    assert hashlib.sha256(said.encode()).hexdigest()[:16] == "03bdc24fe8e5c794"
