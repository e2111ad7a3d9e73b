"""What was said beside what came, and which way is in use after it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from zhiyin.predict.demand import FORECASTER, LAST_WEEK, USUAL
from zhiyin.predict.demand_judged import crowned, errors, in_money, judged_weeks, said_weeks, shop_weeks

FIRST = date(2026, 6, 1)
DAYS = pd.date_range(FIRST, periods=28)


def _said():
    wide = pd.DataFrame({"茶": 10.0, "奶": 2.0}, index=DAYS)
    ways = {FORECASTER: wide * 1.1, USUAL: wide * 1.5, LAST_WEEK: wide * 2}
    return said_weeks(ways, used=USUAL).assign(level="category", at_on=FIRST)


def test_whole_weeks_of_each_way_are_kept():
    kept = _said()
    assert len(kept) == 3 * 4 * 2
    assert kept.groupby("way")["used"].all().to_dict() == {FORECASTER: False, USUAL: True, LAST_WEEK: False}
    assert kept[(kept["way"] == USUAL) & (kept["series"] == "茶")]["value"].tolist() == pytest.approx([105.0] * 4)
    assert sorted(kept["on"].unique()) == [FIRST + timedelta(days=7 * week) for week in range(4)]


def test_weeks_that_are_over_are_judged_by_what_came():
    sold = pd.DataFrame({"茶": 10.0}, index=DAYS[:20])
    judged = judged_weeks(_said(), sold)
    assert sorted(judged["on"].unique()) == [FIRST, FIRST + timedelta(days=7)]
    assert judged.set_index("series")["came"].groupby(level=0).first().to_dict() == {"奶": 0.0, "茶": 70.0}
    table = errors(judged).set_index("way")
    assert table["wape"].to_dict() == pytest.approx({FORECASTER: (7 + 15.4) / 70, USUAL: (35 + 21) / 70, LAST_WEEK: (70 + 28) / 70})
    assert table["used"].to_dict() == {FORECASTER: False, USUAL: True, LAST_WEEK: False}


def test_nothing_that_is_over_is_nothing_judged():
    sold = pd.DataFrame({"茶": 10.0}, index=DAYS[:5])
    assert judged_weeks(_said(), sold).empty
    assert judged_weeks(_said(), sold.iloc[:0]).empty
    assert errors(judged_weeks(_said(), sold).assign(came=[])).empty


def _judged(weeks, ours, theirs):
    rows = [
        (FIRST + timedelta(days=7 * week), way, 10 + off + (week % 2), 10.0)
        for week in range(weeks)
        for way, off in ((FORECASTER, ours), (USUAL, theirs))
    ]
    return pd.DataFrame(rows, columns=["on", "way", "value", "came"])


def test_another_way_takes_over_only_when_it_was_nearer_often_enough():
    better = crowned(_judged(8, 1, 5), champion=USUAL, seed=7)
    assert better.way == FORECASTER
    assert better.said.zh == "需求预测改用预测器：过去 8 周里误差比平时水平小 73%。"
    assert "73% nearer than the usual level" in better.said.en
    assert crowned(_judged(8, 1, 5), champion=FORECASTER, seed=7) == (FORECASTER, None)
    assert crowned(_judged(3, 1, 5), champion=USUAL, seed=7) == (USUAL, None)
    assert crowned(_judged(8, 1, 1), champion=USUAL, seed=7) == (USUAL, None)


def test_without_a_rival_the_champion_stays():
    one = _judged(8, 1, 5)
    assert crowned(one[one["way"] == USUAL], champion=USUAL, seed=7) == (USUAL, None)
    assert crowned(one.iloc[:0], champion=USUAL, seed=7) == (USUAL, None)
    assert np.isfinite(one["value"]).all()


def test_categories_are_judged_in_money_where_there_are_prices():
    judged = judged_weeks(_said(), pd.DataFrame({"茶": 10.0, "奶": 2.0}, index=DAYS))
    paid = in_money(judged, pd.Series({"茶": 1.0, "奶": 100.0}))
    assert paid[paid["series"] == "奶"]["came"].tolist() == [1400.0] * 12
    assert in_money(judged, pd.Series({"茶": 0.0})) is judged
    shop = shop_weeks(paid)
    assert set(shop["level"]) == {"total"}
    assert shop[shop["way"] == USUAL]["value"].tolist() == pytest.approx([1.5 * 1470] * 4)
