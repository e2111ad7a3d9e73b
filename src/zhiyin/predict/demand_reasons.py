"""Why will next week differ from the last one? What the trend, the holidays and the offers of both weeks say, series by series."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from zhiyin.predict.days_off import HOLIDAY, days_off
from zhiyin.predict.demand import Demand
from zhiyin.predict.demand_words import Week, reason
from zhiyin.predict.usual import day_effects

__all__ = ["with_reasons"]


def with_reasons(
    trends: pd.DataFrame, sold: pd.DataFrame, said: pd.DataFrame, *, demand: Demand, offered: pd.DataFrame | None
) -> pd.DataFrame:
    """The trends with reason_zh and reason_en.

    Args:
        trends: a row a series, with last_week and now.
        sold: pieces, a row a day of history, a column a series.
        said: pieces, a row a day asked about.
        demand: of the categories.
        offered: share on offer, a row a day, a column a category.
    """
    effects = day_effects(demand.sold.to_numpy("float64"), demand.calendar)
    ahead = len(demand.calendar.kind) - len(said)
    next_week, last_week = slice(ahead, ahead + 7), slice(len(sold) - 7, len(sold))
    holiday = float(effects[next_week].mean() / effects[last_week].mean())
    name = _named([day.date() for day in said.index[:7]], demand.ask.country)
    expected = said.iloc[:7].sum()
    more = _more(offered, sold.index[-7:], said.index[:7])
    found = []
    for row in trends.itertuples():
        week = Week(float(expected[row.series]), row.last_week, row.now, holiday, name, float(more.get(row.series, 0.0)))
        found.append(reason(week))
    return trends.assign(reason_zh=[one.zh for one in found], reason_en=[one.en for one in found])


def _named(days: list[date], country: str) -> str:
    """The first holiday of the week."""
    return next((one.name for one in days_off(days, country) if one.kind == HOLIDAY), "")


def _more(offered: pd.DataFrame | None, last: pd.DatetimeIndex, ahead: pd.DatetimeIndex) -> pd.Series:
    """Share on offer of the week ahead, less that of the last one."""
    if offered is None or offered.empty:
        return pd.Series(dtype=np.float64)
    return offered.reindex(ahead).mean().fillna(0.0) - offered.reindex(last).mean().fillna(0.0)
