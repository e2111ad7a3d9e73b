"""Are orders, customers and revenue of each month the same as in the books of an invented company?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from zhiyin.improve.rows import local_days, need
from zhiyin.improve.truth import Judged
from zhiyin.learn.card import Interval

__all__ = ["KPIS", "kpi_differences", "kpi_equal"]

KPIS = ("orders", "customers", "revenue_cny")
_KEY = ["month", "system"]
_HALF_A_FEN = 0.005


def kpi_differences(orders: pd.DataFrame, books: pd.DataFrame) -> pd.DataFrame:
    """Each figure of each month and system as the workspace counts it, beside the books.

    An order counts in the month in which a line of it was paid for: what is sent back, on whatever day, takes no order away. A customer
    counts by the record in the system, with such an order: whom wrong links join is another question. Revenue is all money of the month, returns deducted.

    Args:
        orders: record_id, source, order_id, ordered_on, amount (yuan, sum of the lines of that day),
            paid (whether a line of that day was paid for).
        books: month (2026-10), system, orders, customers, revenue_cny.

    Returns:
        month, system, kpi, ours, books, difference: one row per figure of every month and system that either knows.
    """
    need(orders, ("record_id", "source", "order_id", "ordered_on", "amount", "paid"), what="order_line")
    need(books, (*_KEY, *KPIS), what="kpi.csv")
    dated = orders.assign(month=local_days(orders["ordered_on"]).dt.strftime("%Y-%m"), system=orders["source"])
    paid = dated[dated["paid"].astype(bool)].groupby(_KEY)
    ours = pd.DataFrame(
        {
            "orders": paid["order_id"].nunique(),
            "customers": paid["record_id"].nunique(),
            "revenue_cny": dated.groupby(_KEY)["amount"].sum(),
        }
    )
    both = ours.reset_index().melt(_KEY, var_name="kpi", value_name="ours")
    told = books[[*_KEY, *KPIS]].melt(_KEY, var_name="kpi", value_name="books")
    rows = both.merge(told, on=[*_KEY, "kpi"], how="outer").fillna({"ours": 0.0, "books": 0.0})
    rows = rows.astype({"ours": "float64", "books": "float64"})
    return rows.assign(difference=(rows["ours"] - rows["books"]).round(2)).sort_values([*_KEY, "kpi"], ignore_index=True)


def kpi_equal(differences: pd.DataFrame) -> Iterator[Judged]:
    """How many figures are equal, of how many compared; by how much the worst is off.

    Args:
        differences: answer of `kpi_differences`.
    """
    for name in KPIS:
        off = differences.loc[differences["kpi"].eq(name), "difference"].abs().to_numpy("float64")
        equal = int((off < _HALF_A_FEN).sum())
        figure = Interval(float(equal) if len(off) else float("nan"), float("nan"), float("nan"))
        yield Judged("kpi", f"{name}_equal", figure, "count", n=len(off), more={"largest": float(np.max(off, initial=0.0))})
