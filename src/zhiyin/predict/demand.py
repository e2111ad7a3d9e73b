"""How much of each category will be sold, day by day and week by week?

Two ways stand side by side. *Usual*: the level of late times the weekday times what holidays do to the shop. *Forecaster*: the largest
categories as the engine continues them, by day or by week, with holidays and what is on offer; the others as usual. A third, repeating
the last week, is what both must beat. Departments and the shop are sums of categories, so children always sum to their parents.

Intervals hold 8 of 10: the forecaster's own, else from how loosely sales lay around what is usual at past origins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import TooLittleData
from zhiyin.core.words import Say
from zhiyin.predict.days_off import days_off
from zhiyin.predict.demand_engine import Engine, Grid, engine_ahead
from zhiyin.predict.usual import EIGHTY, Calendar, looked_back, loose, usual

__all__ = [
    "FORECASTER",
    "LAST_WEEK",
    "USUAL",
    "WAYS",
    "Ask",
    "Demand",
    "Level",
    "forecast_demand",
    "level_rows",
    "levels",
    "prices",
    "whole",
]

Floats = npt.NDArray[np.float64]
FORECASTER, USUAL, LAST_WEEK = "forecaster", "usual", "last_week"
WAYS = (FORECASTER, USUAL, LAST_WEEK)
_FEWEST_DAYS = 14  # of history
_STALE_DAYS = 28  # without any sale before the day asked about
_RECENT = 84  # days that say how large a series is
_PRICED = 56  # days that say what a piece brings
_ORIGINS = 3  # of the back-test
_JUDGED_DAYS = 28  # ahead, in the back-test


@dataclass(frozen=True)
class Ask:
    """What is asked.

    Args:
        at: first day to forecast; sales of earlier days are known.
        days: how many.
        budget_s: seconds of one core for the forecaster, 0 for none.
        country: whose holidays count, empty for none.
        seed: of all that is drawn.
        champion: the way in use, which stays unless the caller says otherwise; empty: the one that the back-test finds better.
    """

    at: date
    days: int = 28
    budget_s: float = 3.5
    country: str = ""
    seed: int = 7
    champion: str = ""


@dataclass(frozen=True)
class Demand:
    """What was sold and what will be, by category.

    Args:
        ask: what was asked.
        sold: pieces, a row a day from the first sale of the shop to the last, a column a category; empty before its first sale.
        calendar: what kind of days those are, and those up to the last one asked about.
        said: way -> pieces, a row a day asked about, a column a category.
        used: the way that is published.
        engine: what the forecaster said, where it was asked.
    """

    ask: Ask
    sold: pd.DataFrame
    calendar: Calendar
    said: Mapping[str, pd.DataFrame]
    used: str
    engine: Engine | None

    @property
    def value(self) -> pd.DataFrame:
        """What is published."""
        return self.said[self.used]


def forecast_demand(sales: pd.DataFrame, *, ask: Ask, offered: pd.DataFrame | None = None) -> Demand:
    """The demand for each category, by each way.

    Args:
        sales: series (category), at (day), value (pieces), money: a row a category and day with a sale; days without a row are zeros.
        ask: what is asked.
        offered: share on offer, a row a day (history and ahead), a column a category; those without one are never on offer.

    Raises:
        TooLittleData: without a sale, with less than two weeks of them, or when the last one is too long ago.
    """
    sold = _sold(sales, ask)
    last = sold.index[-1]
    days = pd.date_range(sold.index[0], pd.Timestamp(ask.at) + pd.Timedelta(days=ask.days - 1))
    kinds = np.array([one.kind for one in days_off((day.date() for day in days), ask.country)])
    calendar = Calendar(days.dayofweek.to_numpy().astype(np.int64), kinds)
    values = sold.to_numpy("float64")
    counts = usual(values, calendar)
    ahead = days[len(sold) :]
    size = sales[pd.to_datetime(sales["at"]) > last - pd.Timedelta(days=_RECENT)].groupby("series")["money"].sum()
    engine = _engine(sold, calendar, ask, offered=offered, size=size.reindex(sold.columns).fillna(0.0).to_numpy("float64"))
    ways = {USUAL: counts, LAST_WEEK: np.resize(np.nan_to_num(values[-7:]), counts.shape)}
    if engine is not None:
        ways = {FORECASTER: _spread(engine, counts)} | ways
    wanted = ahead >= pd.Timestamp(ask.at)
    said = {name: pd.DataFrame(each, index=ahead, columns=sold.columns)[wanted] for name, each in ways.items()}
    return Demand(ask, sold, calendar, said, _used(engine, values, calendar, ask, last), engine)


def _used(engine: Engine | None, values: Floats, calendar: Calendar, ask: Ask, last: pd.Timestamp) -> str:
    """The champion where it is there; else the forecaster where it did better at past origins."""
    if engine is None or ask.champion == USUAL:
        return USUAL
    if ask.champion == FORECASTER:
        return FORECASTER
    ahead = (pd.Timestamp(ask.at) - last).days - 1 + ask.days
    horizon = -(-ahead // engine.step) * engine.step
    return FORECASTER if engine.beats(looked_back(values, calendar, horizon=horizon, origins=engine.origins)) else USUAL


class Level(NamedTuple):
    """One level of the shop: its name, pieces sold (days x series), pieces said (days ahead x series), and the money they bring."""

    name: str
    sold: pd.DataFrame
    said: pd.DataFrame
    earned: pd.DataFrame


def levels(demand: Demand, sales: pd.DataFrame, *, shares: pd.DataFrame) -> list[Level]:
    """The whole shop, its departments where it has any, and its categories; on each, pieces and money sum to those of the shop.

    Args:
        demand: of the categories.
        sales: series (category), department, at, value, money (minor units).
        shares: which part of each category a department sells: a row a category, a column a department, rows that sum to one.
    """
    earned = demand.value * prices(demand, sales)
    found = [Level("total", *whole(demand), earned.sum(axis=1).to_frame(""))]
    if (sales["department"] != "").any():
        part = shares.reindex(demand.value.columns).fillna(0.0)
        told = sales.assign(at=pd.to_datetime(sales["at"]), value=sales["value"].clip(lower=0.0))
        wide = told.pivot_table(index="at", columns="department", values="value", aggfunc="sum", fill_value=0.0)
        sold = wide.reindex(demand.sold.index, columns=shares.columns, fill_value=0.0)
        found.append(Level("department", sold, demand.value @ part, earned @ part))
    return [*found, Level("category", demand.sold, demand.value, earned)]


def prices(demand: Demand, sales: pd.DataFrame) -> pd.Series:
    """What a piece of each category brought of late, in minor units; zero where none was sold."""
    late = sales[pd.to_datetime(sales["at"]) > demand.sold.index[-1] - pd.Timedelta(days=_PRICED)]
    pieces = demand.sold.tail(_PRICED).sum()
    return (late.groupby("series")["money"].sum().reindex(pieces.index).fillna(0.0) / pieces.where(pieces > 0)).fillna(0.0)


def whole(demand: Demand) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What was sold and what is said of the whole shop: one column, the sum of the categories."""
    return demand.sold.sum(axis=1).to_frame(""), demand.value.sum(axis=1).to_frame("")


def level_rows(level: Level, demand: Demand) -> pd.DataFrame:
    """Rows of table `forecast` of one level: each day, and each whole week from the first day on.

    Args:
        level: what was sold and what is said.
        demand: that it is made of.
    """
    sold = level.sold.to_numpy("float64")
    past = looked_back(sold, demand.calendar, horizon=_JUDGED_DAYS, origins=_ORIGINS)
    if not len(past.said):  # hardly begun: what would have been said of the second week, after the first
        past = looked_back(sold, demand.calendar, horizon=7, origins=1)
    own = demand.engine if level.name == "category" and demand.used == FORECASTER else None
    names = level.said.columns.to_numpy(dtype=object)
    chosen = set(names[own.chosen]) if own else set()
    parts = []
    for step, days in (("day", 1), ("week", 7)):
        many = len(level.said) // days
        value, money = (each.iloc[: days * many].to_numpy().reshape(many, days, -1).sum(axis=1) for each in (level.said, level.earned))
        said = own if own and own.step == days else None
        rows = _rows(value, level.said.index[: days * many : days], loose(past, days=days), own=said)
        parts.append(rows.assign(series=np.tile(names, many), step=step, money=np.rint(money).astype("int64").ravel()))
    both = pd.concat(parts, ignore_index=True).assign(level=level.name, at_on=demand.ask.at, basis=demand.used)
    if level.name == "category":
        both["basis"] = [FORECASTER if name in chosen else USUAL for name in both["series"]]
    return both


def _rows(value: Floats, days: pd.DatetimeIndex, looseness: Floats, *, own: Engine | None) -> pd.DataFrame:
    """Value, low and high, row by row of the days; the forecaster's ends where it spoke of this step, as far from the value as it said."""
    width = EIGHTY * np.sqrt(looseness * value)
    low, high = np.maximum(value - width, 0.0), value + width
    if own is not None:
        steps = slice(len(own.value) - len(value), None) if own.step == 1 else slice(0, len(value))
        low[:, own.chosen] = np.minimum(own.low[steps], value[:, own.chosen]).clip(min=0.0)
        high[:, own.chosen] = np.maximum(own.high[steps], value[:, own.chosen])
    return pd.DataFrame({"on": np.repeat(days.date, value.shape[1]), "value": value.ravel(), "low": low.ravel(), "high": high.ravel()})


def _sold(sales: pd.DataFrame, ask: Ask) -> pd.DataFrame:
    """Days of the shop x categories, zeros where nothing was sold, empty before the first sale of a category."""
    told = sales.assign(at=pd.to_datetime(sales["at"]))
    told = told[(told["at"] < pd.Timestamp(ask.at)) & np.isfinite(told["value"].astype("float64"))]
    told = told.assign(value=told["value"].astype("float64").clip(lower=0.0))
    first, last = told.loc[told["value"] > 0, "at"].min(), told.loc[told["value"] > 0, "at"].max()
    _refuse_little(first, last, ask)
    wide = told.pivot_table(index="at", columns="series", values="value", aggfunc="sum")
    wide = wide.reindex(pd.date_range(first, last))
    wide = wide.loc[:, wide.fillna(0.0).sum() > 0]
    begun = wide.fillna(0.0).cumsum() > 0
    return wide.fillna(0.0).where(begun)


def _refuse_little(first: pd.Timestamp, last: pd.Timestamp, ask: Ask) -> None:
    fix = Say("先导入订单，再运行。", "Import orders, then run again.")
    if pd.isna(first):
        raise TooLittleData(Say("还没有销售记录，无法预测需求。", "Nothing was sold yet: demand cannot be forecast."), fix=fix)
    if (last - first).days + 1 < _FEWEST_DAYS:
        raise TooLittleData(
            Say("销售记录不到两周，无法预测需求。", "There are less than two weeks of sales: demand cannot be forecast."),
            got=f"{first.date()} - {last.date()}",
            fix=fix,
        )
    if (pd.Timestamp(ask.at) - last).days > _STALE_DAYS:
        raise TooLittleData(
            Say("最后一笔销售已过去四周以上，无法预测需求。", "The last sale is more than four weeks ago: demand cannot be forecast."),
            got=str(last.date()),
            fix=fix,
        )


def _engine(sold: pd.DataFrame, calendar: Calendar, ask: Ask, *, offered: pd.DataFrame | None, size: Floats) -> Engine | None:
    if ask.budget_s <= 0:
        return None
    days = pd.date_range(sold.index[0], periods=len(calendar.kind))
    share = pd.DataFrame(0.0, index=days, columns=sold.columns) if offered is None else offered.reindex(days, columns=sold.columns)
    grid = Grid(sold.index[0], sold.to_numpy("float64"), calendar.kind, share.fillna(0.0).to_numpy("float64"))
    return engine_ahead(grid, size=size, ahead=len(calendar.kind) - len(sold), budget_s=ask.budget_s, seed=ask.seed)


def _spread(engine: Engine, counts: Floats) -> Floats:
    """The forecaster's steps as days: a week is spread as is usual; the other series stay as usual."""
    found = counts.copy()
    whole = np.zeros((len(engine.value) * engine.step, len(engine.chosen)))
    whole[: len(counts)] = counts[:, engine.chosen]
    if engine.step * len(engine.value) > len(counts):  # the last week reaches beyond what was asked: as the one before
        rest = len(whole) - len(counts)
        whole[len(counts) :] = whole[len(counts) - engine.step : len(counts) - engine.step + rest]
    sums = whole.reshape(len(engine.value), engine.step, -1).sum(axis=1)
    factor = np.where(sums > 0, engine.value / np.maximum(sums, 1e-12), 0.0)
    found[:, engine.chosen] = (whole * np.repeat(factor, engine.step, axis=0))[: len(counts)]
    return found
