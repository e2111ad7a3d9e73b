"""Products as shares of their category."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from predict.shelves import AT, sales
from zhiyin.predict.demand import Ask, forecast_demand, levels
from zhiyin.predict.demand_products import department_shares, nearer_than_counts, product_days, product_rows, product_shares

WEEKS = pd.DataFrame(
    [(f"{name}{number}", name, where, week, 10.0 * number, 1000.0 * number)
     for name, where in (("茶", "饮品"), ("奶", "饮品"), ("米", "粮油")) for number in (1, 3) for week in range(12)],
    columns=["product_id", "category", "department", "week", "value", "money"],
)  # fmt: skip


def _demand():
    return forecast_demand(sales(), ask=Ask(AT, days=14, budget_s=0))


def test_the_shares_of_a_category_sum_to_one_and_steady_sales_are_tight():
    found = product_shares(WEEKS).set_index("product_id")
    assert found.loc["茶3", ["share", "earned", "loose"]].tolist() == pytest.approx([0.75, 0.75, 0.0])
    assert found.groupby("category")["share"].sum().tolist() == pytest.approx([1, 1, 1])


def test_weeks_that_vary_are_loose_and_returns_count_for_nothing():
    wild = WEEKS.assign(value=np.where(WEEKS["week"] % 2, 0.0, WEEKS["value"] * 2))
    assert product_shares(wild).set_index("product_id").loc["茶3", "loose"] > 10
    returned = WEEKS.assign(value=np.where(WEEKS["product_id"] == "茶1", -1.0, WEEKS["value"]))
    assert "茶1" not in set(product_shares(returned)["product_id"])


def test_products_sum_to_their_category_in_pieces_and_in_money():
    demand = _demand()
    category = levels(demand, sales(), shares=department_shares(WEEKS))[-1]
    rows = product_rows(product_shares(WEEKS), category, demand=demand)
    assert rows["value"].sum() == pytest.approx(demand.value.to_numpy().sum())
    assert rows["money"].sum() == pytest.approx(category.earned.to_numpy().sum(), abs=len(rows))
    assert set(rows["step"]) == {"week"}
    tea = rows[rows["series"] == "茶3"]
    assert tea["value"].tolist() == pytest.approx([52.5, 52.5], rel=0.05)


def test_departments_have_their_part_of_each_category():
    both = pd.concat([WEEKS, WEEKS[WEEKS["category"] == "茶"].assign(department="粮油")])
    found = department_shares(both)
    assert found.loc["茶"].to_dict() == pytest.approx({"饮品": 0.5, "粮油": 0.5})
    assert found.sum(axis=1).tolist() == pytest.approx([1, 1, 1])


def test_days_of_products_are_as_the_order_takes_them():
    days = product_days(product_shares(WEEKS), _demand(), products=["茶3"])
    assert list(days.columns) == ["series", "at", "value", "low", "high"]
    assert len(days) == 14
    assert days["value"].iloc[0] == pytest.approx(7.5, rel=0.05)


def _sold(values):
    days = pd.date_range(AT - timedelta(days=210), AT - timedelta(days=1))
    return pd.DataFrame({"奶1": values}, index=days)


def test_where_the_weekday_matters_shares_are_nearer_than_counts():
    demand = _demand()
    weekend = _sold(np.where(pd.date_range(AT - timedelta(days=210), periods=210).dayofweek >= 5, 20.0, 0.0))
    category = pd.Series({"奶1": "奶"})
    assert nearer_than_counts(weekend, category, demand=demand, cover=5, days=56)


def test_where_a_product_is_bought_unlike_its_category_counts_stay():
    demand = _demand()
    steady = _sold(6.0)
    assert not nearer_than_counts(steady, pd.Series({"奶1": "奶"}), demand=demand, cover=5, days=56)
    assert not nearer_than_counts(steady.tail(40), pd.Series({"奶1": "奶"}), demand=demand, cover=5, days=56)
