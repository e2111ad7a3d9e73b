"""Business figures beside the books."""

from __future__ import annotations

import math

import pandas as pd

from zhiyin.improve.truth_kpi import kpi_differences, kpi_equal

ORDERS = pd.DataFrame(
    [
        ("ann", "shop", "1", "2026-09-30", 100.0, True),
        ("ann", "shop", "2", "2026-10-01", 40.0, True),
        ("bob", "shop", "3", "2026-10-02", 60.5, True),
        ("bob", "shop", "3", "2026-10-09", -60.5, False),  # sent back: the money goes, the order stays
        ("ann", "till", "1", "2026-10-03", 9.0, True),
    ],
    columns=["record_id", "source", "order_id", "ordered_on", "amount", "paid"],
)


def _books(**changed) -> pd.DataFrame:
    rows = {
        "month": ["2026-09", "2026-10", "2026-10"],
        "system": ["shop", "shop", "till"],
        "orders": [1, 2, 1],
        "customers": [1, 2, 1],
        "revenue_cny": [100.0, 40.0, 9.0],
    }
    return pd.DataFrame({**rows, **changed})


def test_equal_books_differ_in_nothing():
    rows = kpi_differences(ORDERS, _books())
    assert (len(rows), rows["difference"].abs().sum()) == (9, 0.0)
    assert [(row.measure, row.figure.value, row.n, row.more["largest"]) for row in kpi_equal(rows)] == [
        ("orders_equal", 3.0, 3, 0.0),
        ("customers_equal", 3.0, 3, 0.0),
        ("revenue_cny_equal", 3.0, 3, 0.0),
    ]


def test_what_is_sent_back_on_the_same_day_is_an_order_without_money():
    same = ORDERS.iloc[[2]].assign(amount=0.0)
    books = _books().head(1).assign(month="2026-10", revenue_cny=0.0)
    assert kpi_differences(same, books)["difference"].abs().sum() == 0.0


def test_a_difference_is_named_with_month_system_and_size():
    rows = kpi_differences(ORDERS, _books(revenue_cny=[100.0, 40.01, 19.0]))
    wrong = rows[rows["difference"] != 0]
    assert wrong[["month", "system", "kpi", "ours", "books", "difference"]].to_numpy().tolist() == [
        ["2026-10", "shop", "revenue_cny", 40.0, 40.01, -0.01],
        ["2026-10", "till", "revenue_cny", 9.0, 19.0, -10.0],
    ]
    found = {row.measure: row for row in kpi_equal(rows)}
    assert (found["revenue_cny_equal"].figure.value, found["revenue_cny_equal"].more["largest"]) == (1.0, 10.0)
    assert found["orders_equal"].figure.value == 3.0


def test_a_month_that_one_side_lacks_is_compared_with_nothing():
    rows = kpi_differences(ORDERS.head(1), _books())
    assert rows.loc[rows["difference"] != 0, "month"].unique().tolist() == ["2026-10"]
    empty = kpi_differences(ORDERS.head(0), _books().head(0))
    assert all(math.isnan(row.figure.value) for row in kpi_equal(empty))
