"""Why will next week differ from the last one? What the trend, the holidays and the offers of both weeks say, series by series."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from zhiyin.predict.days_off import HOLIDAY, days_off
from zhiyin.predict.demand import Demand, Level
from zhiyin.predict.demand_trend import trends
from zhiyin.predict.demand_words import Week, reason
from zhiyin.predict.usual import day_effects

__all__ = ["trend_rows"]


def trend_rows(level: Level, demand: Demand, *, offered: pd.DataFrame | None) -> pd.DataFrame:
    """Rows of table `demand_trend` of one level.

    Args:
        level: what was sold and what is said.
        demand: that it is made of.
        offered: share on offer, a row a day, a column a category.
    """
    found = trends(level.sold, at=demand.ask.at)
    effects = day_effects(demand.sold.to_numpy("float64"), demand.calendar)
    ahead = len(demand.calendar.kind) - len(level.said)
    holiday = float(effects[ahead : ahead + 7].mean() / effects[len(level.sold) - 7 : len(level.sold)].mean())
    name = _named([day.date() for day in level.said.index[:7]], demand.ask.country)
    more = _more(offered, level.sold.index[-7:], level.said.index[:7])
    expected = level.said.iloc[:7].sum()
    said = [
        reason(Week(float(expected[row.series]), row.last_week, row.now, row.growth, (holiday, name), float(more.get(row.series, 0.0))))
        for row in found.itertuples()
    ]
    return found.assign(level=level.name, reason_zh=[one.zh for one in said], reason_en=[one.en for one in said])


def _named(days: list[date], country: str) -> str:
    """The first holiday of the week."""
    return next((one.name for one in days_off(days, country) if one.kind == HOLIDAY), "")


def _more(offered: pd.DataFrame | None, last: pd.DatetimeIndex, ahead: pd.DatetimeIndex) -> pd.Series:
    """Share on offer of the week ahead, less that of the last one."""
    if offered is None or offered.empty:
        return pd.Series(dtype=np.float64)
    return offered.reindex(ahead).mean().fillna(0.0) - offered.reindex(last).mean().fillna(0.0)
