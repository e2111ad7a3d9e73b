import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.core.errors import DataError
from zhiyin.core.words import Say
from zhiyin.learn.reasons import Contribution, Reasons, adds_up, expit, from_json, logit, sentences, to_json

WORDS = {
    "orders_84d": (
        Say("近84天买了{value}次。", "{value} orders in 84 days."),
        Say("近84天只买了{value}次。", "Only {value} orders in 84 days."),
    ),
    "days_since_order": (Say("{value}天前刚买过。", "Bought {value} days ago."), Say("已经{value}天没买。", "No order for {value} days.")),
    "city": (Say("住在{value}。", "Lives in {value}."), Say("住在{value}。", "Lives in {value}.")),
}
FINITE = st.floats(-50, 50)


def test_logit_and_expit_meet():
    assert logit([0.5, 0.75]).tolist() == pytest.approx([0.0, math.log(3)])
    assert expit([0.0, math.log(3)]).tolist() == pytest.approx([0.5, 0.75])
    assert logit([0.0, 1.0]).tolist() == [-math.inf, math.inf]
    assert expit([-1000.0, 1000.0]).tolist() == [0.0, 1.0]


@given(FINITE)
def test_expit_undoes_logit(log_odds):
    assert float(expit(-log_odds)) == pytest.approx(1 - float(expit(log_odds)), abs=1e-15)
    if abs(log_odds) < 15:
        assert float(logit(expit(log_odds))) == pytest.approx(log_odds, abs=1e-6)


@given(FINITE, st.dictionaries(st.text(max_size=5), FINITE, max_size=8))
def test_json_brings_every_digit_back(base, contributions):
    found = from_json(to_json(base, contributions, values={}))
    assert found.base == base
    assert {part.feature: part.amount for part in found.contributions} == contributions
    assert found.total == math.fsum([base, *contributions.values()])
    assert found.probability == pytest.approx(float(expit(found.total)))


def test_json_keeps_values_and_sentences_the_strongest_first():
    said = [Say("近84天买了3次。", "3 orders in 84 days.")]
    text = to_json(-1.0, {"small": 0.1, "big": -2.0}, values={"small": np.float64(3), "big": math.nan, "other": 1}, said=said)
    assert text == '{"base":-1.0,"parts":[["big",-2.0,null],["small",0.1,3.0]],"said":[["近84天买了3次。","3 orders in 84 days."]]}'
    assert from_json(text) == Reasons(-1.0, (Contribution("big", -2.0, None), Contribution("small", 0.1, 3.0)), tuple(said))


def test_json_takes_texts_and_flags():
    found = from_json(to_json(0.0, {"city": 0.2, "vip": 0.1}, values={"city": "上海", "vip": True}))
    assert [part.value for part in found.contributions] == ["上海", 1.0]


def test_what_is_no_number_is_refused():
    with pytest.raises(DataError, match=r"A reason holds a contribution that is no number. Got spend"):
        to_json(0.0, {"spend": math.nan, "orders": 1.0}, values={})
    with pytest.raises(DataError, match=r"Got base"):
        to_json(math.inf, {}, values={})


@pytest.mark.parametrize("text", ["", "[]", '{"base": 1}', '{"base": "x", "parts": []}', '{"base": 1, "parts": [1]}'])
def test_what_are_no_reasons_is_refused(text):
    with pytest.raises(DataError, match=r"These are not reasons"):
        from_json(text)


def test_sentences_say_the_strongest_in_plain_words():
    row = Reasons(
        -1.0, (Contribution("city", 0.3, "上海"), Contribution("days_since_order", -1.2, 61.7), Contribution("orders_84d", 0.9, 3.0))
    )
    assert sentences(row, WORDS, k=2) == [Say("已经62天没买。", "No order for 62 days."), Say("近84天买了3次。", "3 orders in 84 days.")]
    assert sentences(row, WORDS)[2] == Say("住在上海。", "Lives in 上海.")


def test_sentences_leave_out_what_is_small_or_has_no_words():
    row = Reasons(0.0, (Contribution("orders_84d", 0.01, 3.0), Contribution("secret", 3.0, 1.0)))
    assert sentences(row, WORDS) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.0, "3"), (1234.5, "1,234"), (0.3333, "0.33"), (0.00123, "0.0012"), (2.46, "2.5"), (None, "?"), ("上海", "上海"), (-12.3, "-12")],
)
def test_values_are_rounded_for_people(value, text):
    row = Reasons(0.0, (Contribution("city", 1.0, value),))
    assert sentences(row, WORDS) == [Say(f"住在{text}。", f"Lives in {text}.")]


def test_the_sum_is_shown_in_one_line():
    row = Reasons(-1.0, (Contribution("a", 1.5, 1.0), Contribution("b", -0.5, 1.0)))
    assert adds_up(row).zh == "起点 -1.00，有利因素 +1.50，不利因素 -0.50，合计 +0.00，即 50% 的可能。"
    assert adds_up(row).en == "Start -1.00, what speaks for it +1.50, what speaks against it -0.50, together +0.00: a chance of 50%."


def test_topics_stand_beside_the_parts_the_strongest_first():
    told = from_json(to_json(0.5, {"a": 1.0, "b": -2.0, "c": 0.5}, values={}, topics={"money": 0.5, "often": -1.0}))
    assert told.topics == (("often", -1.0), ("money", 0.5))
    assert told.base + sum(amount for _, amount in told.topics) == told.total
    assert from_json(to_json(0.5, {"a": 1.0}, values={})).topics == ()
