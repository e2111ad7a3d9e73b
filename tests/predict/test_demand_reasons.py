"""Why the next week differs, from the calendar and the offers of both weeks."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from zhiyin.predict.demand import Ask, Level, forecast_demand
from zhiyin.predict.demand_reasons import trend_rows

AT = date(2026, 9, 28)  # the week of the national holiday, which moved the shop a year ago too
OFF = {date(2025, 10, 1) + timedelta(days=day) for day in range(8)}


def _rows(offered=None, **week):
    days = [AT - timedelta(days=back) for back in range(420, 0, -1)]
    sales = pd.DataFrame({"series": "零食", "at": days, "value": [30 if day in OFF else 10 for day in days], "money": 1.0})
    demand = forecast_demand(sales, ask=Ask(AT, days=14, budget_s=0, country=week.get("country", "CN")))
    level = Level("category", demand.sold, demand.value * week.get("times", 1), demand.value)
    return trend_rows(level, demand, offered=offered).iloc[0]


def test_a_holiday_that_moves_the_shop_is_named():
    row = _rows()
    assert (row["level"], row["series"], row["reason_zh"], row["reason_en"]) == ("category", "零食", "国庆节", "the holidays")


def test_without_a_calendar_nothing_is_explained_where_nothing_changes():
    assert _rows(country="")["reason_zh"] == ""


def test_what_is_on_offer_explains_more():
    days = pd.date_range(AT - timedelta(days=30), AT + timedelta(days=13))
    offered = pd.DataFrame({"零食": [0.5 if day.date() >= AT else 0.0 for day in days]}, index=days)
    assert _rows(offered, country="", times=1.3)["reason_zh"] == "活动多了"
