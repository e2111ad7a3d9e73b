"""The order of the list against true effects, and recommendations against what was bought."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from zhiyin.improve.truth_gain import gain_area, gain_share, offer_scores, uplift_scores

GAINS = [10.0, 4.0, 0.0, -2.0]


def test_the_best_order_scores_one_its_reverse_minus_one_and_none_zero():
    assert gain_area([4, 3, 2, 1], GAINS) == pytest.approx(1.0)
    assert gain_area([1, 2, 3, 4], GAINS) == pytest.approx(-1.0)
    assert gain_area([5, 5, 5, 5], GAINS) == pytest.approx(0.0)
    random = np.random.default_rng(1)
    gains = random.normal(size=5_000)
    assert abs(gain_area(random.normal(size=5_000), gains)) < 0.05
    assert math.isnan(gain_area([2, 1], [3.0, 3.0]))
    assert math.isnan(gain_area([], []))


def test_the_share_of_the_best_gain_at_the_size_of_the_list():
    assert gain_share([4, 3, 2, 1], GAINS, k=2) == 1.0
    assert gain_share([1, 2, 3, 4], GAINS, k=2) == pytest.approx(-2 / 14)
    assert gain_share([4, 3, 2, 1], GAINS, k=4) == pytest.approx(12 / 14)  # calling who is put off costs
    assert gain_share([4, 3, 2, 1], GAINS, k=9) == pytest.approx(12 / 14)
    assert gain_share([1, 1, 1, 1], GAINS, k=1) == pytest.approx(3 / 10)  # equals share: 12 / 4 of 10
    assert math.isnan(gain_share([2, 1], [-1.0, -2.0], k=1))


def _steps(**columns) -> pd.DataFrame:
    made = {"gain": [4.0, 3, 2, 1], "probability": [0.1, 0.2, 0.3, 0.4], "listed": [True, False, False, True]}
    return pd.DataFrame({**made, "effect": [0.3, 0.1, 0.0, -0.1], "gain_cny": GAINS, **columns})


def test_a_list_beside_the_truth():
    found = {row.measure: row for row in uplift_scores(_steps())}
    assert (found["effect_area"].figure.value, found["effect_area"].baseline) == (pytest.approx(1.0), pytest.approx(-1.0))
    assert (found["gain_area"].figure.value, found["gain_area"].baseline) == (pytest.approx(1.0), pytest.approx(-1.0))
    at_list = found["gain_at_list"]
    assert (at_list.figure.value, at_list.baseline) == (1.0, pytest.approx(-2 / 14))
    assert at_list.more["k"] == 2
    assert at_list.more["random"] == pytest.approx(6 / 14)  # two at random bring 2 x 12 / 4
    assert found["gain_of_list"].figure.value == pytest.approx(8 / 14)
    off = found["put_off_listed"]
    assert (off.figure.value, off.baseline, off.n) == (1.0, 0.5, 2)


def test_an_empty_list_is_no_list_of_nothing_wrong():
    found = {row.measure: row for row in uplift_scores(_steps(listed=[False] * 4))}
    assert all(math.isnan(found[name].figure.value) for name in ("gain_at_list", "gain_of_list", "put_off_listed"))
    nobody = {row.measure: row for row in uplift_scores(_steps().head(0))}
    assert all(math.isnan(row.figure.value) for row in nobody.values())


def _pairs(text: str) -> pd.DataFrame:
    """Pairs from `customer:products`, a product a letter."""
    rows = [(part.split(":")[0], product) for part in text.split() for product in part.split(":")[1]]
    return pd.DataFrame(rows, columns=["customer_id", "product_id"])


def _lists(text: str, kind: str) -> pd.DataFrame:
    rows = _pairs(text)
    return rows.assign(kind=kind, rank=rows.groupby("customer_id").cumcount() + 1)


def test_what_is_bought_again_and_what_is_new_are_judged_apart():
    before, bought = _pairs("ann:ab bob:a cy:b"), _pairs("ann:abz bob:z")
    lists = pd.concat([_lists("ann:b bob:a", "repeat"), _lists("ann:yz bob:y", "new")])
    found = {row.measure: row for row in offer_scores(lists, bought, before=before, k=1)}
    assert found["repeat_hit_at_1"].figure.value == 1.0
    assert found["repeat_recall_at_1"].figure.value == 0.5  # ann: b of a and b
    assert found["repeat_recall_at_1"].baseline == 0.5
    assert found["repeat_hit_at_1"].n == 1
    assert found["new_hit_at_1"].figure.value == 0.0  # z is second, and nobody bought it before
    wide = {row.measure: row for row in offer_scores(lists, bought, before=before, k=2)}
    assert (wide["new_hit_at_2"].figure.value, wide["new_recall_at_2"].figure.value, wide["new_hit_at_2"].baseline) == (0.5, 0.5, 0.0)


def test_where_nothing_is_bought_nothing_is_judged():
    found = list(offer_scores(_lists("ann:a", "repeat"), _pairs(""), before=_pairs("ann:a")))
    assert [row.n for row in found] == [0] * 4
    assert all(math.isnan(row.figure.value) for row in found)
