import math

import numpy as np
import pandas as pd
import pytest

from zhiyin.core.settings import FairnessSettings
from zhiyin.learn.card import Gap, Interval
from zhiyin.learn.fairness import OTHERS, Limits, breach, grouped, is_protected, judged, prices, sentence, wilson

PROTECTED = FairnessSettings().protected


@pytest.mark.parametrize(
    "name", ["gender", "Gender", "customer_age", "AgeBand", "MaritalStatus", "birth_date", "性别", "客户年龄", "婚姻状况"]
)
def test_names_that_tell_what_must_not_count_are_known(name):
    assert is_protected(name, PROTECTED)


@pytest.mark.parametrize("name", ["page", "average_ticket", "pages_28d", "tenure_days", "packages", "城市", "orders_28d"])
def test_names_that_only_look_alike_are_not(name):
    assert not is_protected(name, PROTECTED)


def test_ages_stand_in_tens_and_days_of_birth_in_decades():
    ages = pd.Series([str(age) for age in range(20, 50)])
    assert grouped(ages).tolist() == ["20-29"] * 10 + ["30-39"] * 10 + ["40-49"] * 10
    assert grouped(pd.Series(["1987-03-01", "1991/1/2", None])).tolist() == ["1980s", "1990s", None]
    assert grouped(pd.Series(["f", " m ", "", None])).tolist() == ["f", "m", None, None]


def test_many_small_kinds_stand_together():
    kinds = pd.Series([f"k{number:02}" for number in range(20) for _ in range(20 - number)])
    assert grouped(kinds).nunique() == 13
    assert (grouped(kinds) == OTHERS).sum() == sum(range(1, 9))


def people(picked_of_b, *, n=100):
    """Half a, half b; the model says .9 to `picked_of_b` of b, and to as many of a that a third of all is picked."""
    a, b = n, n
    said = np.full(a + b, 0.1)
    said[: 60 - picked_of_b] = 0.9
    said[a : a + picked_of_b] = 0.9
    groups = pd.DataFrame({"gender": ["a"] * a + ["b"] * b})
    return said, groups


def test_a_group_that_is_picked_half_as_often_is_seen():
    said, groups = people(10)
    treated = judged(np.tile([1, 0], 100), said, groups=groups, keys=np.arange(200), share=0.3, smallest=10)
    rates = {group.group: group.picked.value for group in treated.groups}
    assert rates == pytest.approx({"a": 0.5, "b": 0.1})
    worst = breach(treated.gaps, Limits())
    assert (worst.group, worst.beside) == ("b", "a")
    assert worst.ratio.value == pytest.approx(0.2)
    assert worst.ratio.low < 0.2 < worst.ratio.high < 0.8


def test_a_difference_that_may_be_luck_blocks_nothing():
    said = np.array([0.9, 0.9, 0.1, 0.1, 0.9, 0.1, 0.1, 0.1] * 2)
    groups = pd.DataFrame({"gender": ["a", "a", "a", "a", "b", "b", "b", "b"] * 2})
    treated = judged(np.tile([1, 0], 8), said, groups=groups, keys=np.arange(16), share=6 / 16, smallest=2)
    assert min(gap.ratio.value for gap in treated.gaps) == 0.5
    assert breach(treated.gaps, Limits()) is None


def test_the_same_customer_on_ten_days_is_one_customer():
    said, groups = people(10)
    many = pd.concat([groups] * 10, ignore_index=True)
    once = judged(np.tile([1, 0], 100), said, groups=groups, keys=np.arange(200), share=0.3, smallest=10)
    often = judged(np.tile([1, 0], 1000), np.tile(said, 10), groups=many, keys=np.tile(np.arange(200), 10), share=0.3, smallest=10)
    for one, other in zip(once.gaps, often.gaps, strict=True):
        assert one.difference == pytest.approx(other.difference)


def test_groups_that_are_too_small_are_not_shown():
    groups = pd.DataFrame({"religion": ["x"] * 30 + ["y"] * 30 + ["z"] * 4})
    shown = judged(np.tile([1, 0], 32), np.linspace(0, 1, 64), groups=groups, keys=np.arange(64), share=0.5, smallest=10)
    assert {group.group for group in shown.groups} == {"x", "y"}
    together = judged(np.tile([1, 0], 32), np.linspace(0, 1, 64), groups=groups, keys=np.arange(64), share=0.5, smallest=4)
    assert {group.group for group in together.groups} == {"x", "y", "z"}


def test_an_attribute_with_one_group_and_unknown_people_say_nothing():
    groups = pd.DataFrame({"gender": ["a"] * 20 + [None] * 10 + [float("nan")] * 10})
    assert judged(np.tile([1, 0], 20), np.linspace(0, 1, 40), groups=groups, keys=np.arange(40), share=0.5, smallest=2) == ((), ())


def test_wilson_is_that_of_the_textbook():
    assert wilson(0.1, 100) == pytest.approx((0.1, 0.0552, 0.1744), abs=1e-4)  # Wilson (1927); 10 of 100
    assert wilson(0.0, 10).low == pytest.approx(0)
    assert math.isnan(wilson(0.5, 0).low)


def test_nobody_picked_at_all_is_no_breach():
    groups = pd.DataFrame({"gender": ["a", "b"] * 50})
    treated = judged(np.zeros(100), np.full(100, 0.1), groups=groups, keys=np.arange(100), share=0.2, smallest=10)
    assert breach(treated.gaps, Limits()) is None
    assert all(math.isnan(group.found.value) for group in treated.groups)


def test_a_breach_is_said_in_one_sentence():
    gap = Gap("selection", "gender", "f", "m", Interval(0.5, 0.4, 0.6), Interval(-0.2, -0.3, -0.1))
    assert sentence(gap, Limits()).en == "Customers with gender f are picked 50% as often as m (40% - 60%), below the limit of 80%."
    assert "性别" not in sentence(gap, Limits()).zh
    assert sentence(gap._replace(measure="opportunity"), Limits()).zh == (
        "同样会发生的客户里，gender为「f」的被找到的比例比「m」低 20%（10% - 30%），超过 10% 的上限。"
    )


def test_who_spends_more_and_gets_more_is_not_favoured():
    """Women of this shop are in the upper tier, whose discount is 20 %: within each tier all get the same."""
    tiers = np.array(["low"] * 60 + ["high"] * 60)
    groups = pd.DataFrame({"gender": (["m"] * 50 + ["f"] * 10) + (["m"] * 10 + ["f"] * 50)})
    given = np.where(tiers == "high", 0.2, 0.05) + np.tile([0.01, -0.01], 60)
    gaps = {gap.group: gap for gap in prices(given, tiers, groups=groups, smallest=10)}
    assert gaps["f"].difference.value == pytest.approx(0, abs=1e-9)
    dear = prices(given + 0.1 * (groups["gender"] == "m"), tiers, groups=groups, smallest=10)
    assert {gap.group: round(gap.difference.value, 3) for gap in dear} == {"f": -0.1, "m": 0.1}
    assert all(gap.difference.low < gap.difference.value < gap.difference.high for gap in dear)


def test_nobody_to_compare_with_gives_no_price_gap():
    groups = pd.DataFrame({"gender": ["m"] * 10 + ["f"] * 10})
    assert prices(np.zeros(20), ["a"] * 10 + ["b"] * 10, groups=groups, smallest=5) == ()
