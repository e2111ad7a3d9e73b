"""How much of each product? Its share of the category of late, times what is said of the category: products sum to their category."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.predict.demand import Demand, Level
from zhiyin.predict.usual import EIGHTY, HALF_LIFE, usual

__all__ = ["WEEKS", "department_shares", "nearer_than_counts", "product_days", "product_rows", "product_shares"]

Floats = npt.NDArray[np.float64]
WEEKS = 12  # that tell the share of a product and how much its weeks vary
_FEW = 7.0  # weeks of the usual looseness that a product's own is mixed with
_ORIGINS = 4  # of the back-test


def product_shares(weeks: pd.DataFrame) -> pd.DataFrame:
    """Product_id, category, share (of the category's pieces), earned (of its money), loose (variance of a week by its mean).

    Args:
        weeks: product_id, category, week (0 is the latest), value (pieces), money: a row a product and week with a sale.
    """
    told = weeks.assign(value=weeks["value"].clip(lower=0.0), aged=0.5 ** (weeks["week"] * 7 / HALF_LIFE))
    told = told.assign(money=told["aged"] * told["money"].clip(lower=0.0), aged=told["aged"] * told["value"], square=told["value"] ** 2)
    found = told.groupby(["product_id", "category"], as_index=False)[["value", "aged", "square", "money"]].sum()
    found = found[found["value"] > 0]
    mean = found["value"] / WEEKS
    own = ((found["square"] - WEEKS * mean**2) / (WEEKS - 1) / mean).clip(lower=0.0)
    middle = float(own.median()) if len(own) else 1.0
    return pd.DataFrame(
        {
            "product_id": found["product_id"],
            "category": found["category"],
            "share": found["aged"] / found.groupby("category")["aged"].transform("sum"),
            "loose": ((WEEKS - 1) * own + _FEW * middle) / (WEEKS - 1 + _FEW),
            "earned": found["money"] / found.groupby("category")["money"].transform("sum").clip(lower=1e-9),
        }
    ).reset_index(drop=True)


def department_shares(weeks: pd.DataFrame) -> pd.DataFrame:
    """Which part of each category a department sells: a row a category, a column a department, rows that sum to one."""
    told = weeks.assign(value=weeks["value"].clip(lower=0.0) * 0.5 ** (weeks["week"] * 7 / HALF_LIFE))
    wide = told.pivot_table(index="category", columns="department", values="value", aggfunc="sum", fill_value=0.0)
    sums = wide.sum(axis=1)
    return wide[sums > 0].div(sums[sums > 0], axis=0)


def product_rows(shares: pd.DataFrame, categories: Level, *, demand: Demand) -> pd.DataFrame:
    """Rows of table `forecast` of products, week by week.

    Args:
        shares: as `product_shares` tells them.
        categories: the level above.
        demand: that it is made of.
    """
    kept = shares[shares["category"].isin(demand.value.columns)]
    weeks = len(demand.value) // 7
    place = demand.value.columns.get_indexer(kept["category"])
    value, money = (
        each.iloc[: 7 * weeks].to_numpy().reshape(weeks, 7, -1).sum(axis=1)[:, place] * kept[share].to_numpy()
        for each, share in ((categories.said, "share"), (categories.earned, "earned"))
    )
    width = EIGHTY * np.sqrt(kept["loose"].to_numpy() * value)
    days = demand.value.index[: 7 * weeks : 7].date
    return pd.DataFrame(
        {
            "on": np.repeat(days, len(kept)),
            "value": value.ravel(),
            "low": np.maximum(value - width, 0.0).ravel(),
            "high": (value + width).ravel(),
            "level": "product",
            "series": np.tile(kept["product_id"].to_numpy(dtype=object), weeks),
            "step": "week",
            "at_on": demand.ask.at,
            "money": np.rint(money).astype("int64").ravel(),
            "basis": demand.used,
        }
    )


def product_days(shares: pd.DataFrame, demand: Demand, *, products: list[str]) -> pd.DataFrame:
    """Series, at, value, low and high of pieces a day, as `predict.stock.reorder` takes them.

    The interval of a day tells the variance that days of a week have together, so that those of several days add up to that of their sum.
    """
    kept = shares[shares["product_id"].isin(products) & shares["category"].isin(demand.value.columns)]
    value = demand.value[kept["category"]].to_numpy() * kept["share"].to_numpy()
    width = EIGHTY * np.sqrt(kept["loose"].to_numpy() * value)
    return pd.DataFrame(
        {
            "series": np.tile(kept["product_id"].to_numpy(dtype=object), len(value)),
            "at": np.repeat(demand.value.index, len(kept)),
            "value": value.ravel(),
            "low": (value - width).ravel(),
            "high": (value + width).ravel(),
        }
    )


def nearer_than_counts(sold: pd.DataFrame, category_of: pd.Series, *, demand: Demand, cover: int, days: int) -> bool:
    """Whether shares of categories were nearer than the counts of late to what was sold of products while an order had to last.

    Args:
        sold: pieces, a row a day of the history, a column a product.
        category_of: product -> category.
        demand: of the categories.
        cover: days that an order must last.
        days: of sales that the counts rest on.
    """
    whole, missed = demand.sold.to_numpy("float64"), np.zeros(2)
    place = demand.sold.columns.get_indexer(category_of.reindex(sold.columns))
    own = sold.to_numpy("float64")
    for back in range(1, _ORIGINS + 1):
        start = len(own) - cover * back
        if start < days:
            break
        came = own[start : start + cover].sum(axis=0)
        counts = own[start - days : start].mean(axis=0) * cover
        shares = _shared(own[:start], whole[:start], place) * usual(whole[:start], demand.calendar.part(0, start + cover))[:, place].sum(
            axis=0
        )
        missed += [np.abs(shares - came)[place >= 0].sum(), np.abs(counts - came)[place >= 0].sum()]
    return bool(missed[0] < missed[1])


def _shared(own: Floats, whole: Floats, place: npt.NDArray[np.intp]) -> Floats:
    aged = 0.5 ** (np.arange(len(own))[::-1] / HALF_LIFE)
    return (aged @ own) / np.maximum((aged @ np.nan_to_num(whole))[place], 1e-12)
