"""The demand of a shop whose future can be seen by eye."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from predict.shelves import AT, sales
from zhiyin.core.errors import TooLittleData
from zhiyin.predict.demand import FORECASTER, LAST_WEEK, USUAL, Ask, forecast_demand, level_rows, levels, whole

PLAIN = Ask(AT, days=14, budget_s=0)
SHARES = pd.DataFrame({"饮品": [1.0, 0.75, 0.0], "粮油": [0.0, 0.25, 1.0]}, index=["茶", "奶", "米"])


def test_what_repeats_goes_on():
    demand = forecast_demand(sales(), ask=PLAIN)
    assert demand.used == USUAL
    assert list(demand.value.index[:1]) == [pd.Timestamp(AT)]
    assert demand.value["茶"].tolist() == pytest.approx([10.0] * 14, rel=0.05)
    assert demand.value["奶"].iloc[:5].sum() < 3 < 30 < demand.value["奶"].iloc[5:7].sum()
    assert demand.value["米"].sum() == pytest.approx(70, rel=0.05)
    assert demand.said[LAST_WEEK]["奶"].tolist() == [0, 0, 0, 0, 0, 20, 20] * 2


def test_children_sum_to_their_parents_in_pieces_and_in_money():
    demand = forecast_demand(sales(noise=3), ask=PLAIN)
    total, department, category = levels(demand, sales(noise=3), shares=SHARES)
    for name in ("said", "earned"):
        summed = [getattr(level, name).sum(axis=1) for level in (total, department, category)]
        assert summed[0].tolist() == pytest.approx(summed[1].tolist())
        assert summed[0].tolist() == pytest.approx(summed[2].tolist())
    assert category.earned["茶"].iloc[0] == pytest.approx(100 * category.said["茶"].iloc[0])


def test_rows_are_days_and_whole_weeks_with_an_interval():
    demand = forecast_demand(sales(noise=3), ask=replace(PLAIN, days=10))
    rows = level_rows(levels(demand, sales(noise=3), shares=SHARES)[-1], demand)
    tea = rows[rows["series"] == "茶"].sort_values(["step", "on"])
    assert tea["step"].value_counts().to_dict() == {"day": 10, "week": 1}
    assert ((rows["low"] <= rows["value"]) & (rows["value"] <= rows["high"]) & (rows["low"] >= 0)).all()
    week = tea[tea["step"] == "week"].iloc[0]
    assert week["value"] == pytest.approx(tea[tea["step"] == "day"]["value"].iloc[:7].sum())
    assert week["high"] - week["low"] < (tea[tea["step"] == "day"]["high"] - tea[tea["step"] == "day"]["low"]).iloc[:7].sum()
    assert (week["on"], week["money"], week["basis"], week["at_on"]) == (AT, pytest.approx(7000, rel=0.1), USUAL, AT)


def test_a_shop_without_departments_has_two_levels():
    told = sales().assign(department="")
    assert [level.name for level in levels(forecast_demand(told, ask=PLAIN), told, shares=SHARES)] == ["total", "category"]


def test_the_forecaster_is_used_where_it_did_better_or_is_the_champion():
    told = sales(noise=4)
    asked = replace(PLAIN, budget_s=3.5)
    demand = forecast_demand(told, ask=asked)
    assert set(demand.said) == {FORECASTER, USUAL, LAST_WEEK}
    assert demand.engine is not None
    assert demand.said[FORECASTER]["茶"].mean() == pytest.approx(10, rel=0.2)
    assert forecast_demand(told, ask=replace(asked, champion=USUAL)).used == USUAL
    kept = forecast_demand(told, ask=replace(asked, champion=FORECASTER))
    assert kept.used == FORECASTER
    rows = level_rows(levels(kept, told, shares=SHARES)[-1], kept)
    assert set(rows["basis"]) == {FORECASTER}
    assert ((rows["low"] <= rows["value"]) & (rows["value"] <= rows["high"])).all()
    again = forecast_demand(told, ask=asked)
    pd.testing.assert_frame_equal(again.value, demand.value)


def test_days_between_the_last_sale_and_the_day_are_unknown():
    told = sales()
    late = told[told["at"] < AT - timedelta(days=5)]
    demand = forecast_demand(late, ask=PLAIN)
    assert demand.value.index[0] == pd.Timestamp(AT)
    assert demand.value["茶"].iloc[0] == pytest.approx(10, rel=0.05)
    assert whole(demand)[0].index[-1].date() == AT - timedelta(days=6)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (sales().iloc[:0], "Nothing was sold yet"),
        (sales().assign(value=0.0), "Nothing was sold yet"),
        (sales().iloc[-1:], "less than two weeks of sales"),
        (sales(days=9), "less than two weeks of sales"),
        (sales().head(100), "more than four weeks ago"),
        (sales().assign(at=AT + timedelta(days=1)), "Nothing was sold yet"),
    ],
)
def test_too_little_is_said_in_a_sentence(rows, said):
    with pytest.raises(TooLittleData, match=said):
        forecast_demand(rows, ask=PLAIN)


def test_two_weeks_of_one_product_are_enough():
    told = sales(days=15)
    told = told[told["series"] == "茶"]
    demand = forecast_demand(told, ask=PLAIN)
    rows = level_rows(levels(demand, told.assign(department=""), shares=SHARES)[-1], demand)
    assert demand.value["茶"].tolist() == pytest.approx([10.0] * 14)
    assert rows["high"].notna().all()
