"""Each series by itself, by the classical methods: exponential smoothing, theta, complex smoothing, several seasons.

References:
    Petropoulos and Svetunkov (2020), A simple combination of univariate models: sixth in the M4 competition.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["WAYS", "continued", "seconds"]

Floats = npt.NDArray[np.float64]
WAYS = ("ces", "theta", "ets", "mstl")  # the cheapest first
_LATEST = 260  # steps that are learned from, at least eight seasons: older ones gained nothing on the weekly series of M4
_FEWEST = 5  # steps below which no way has anything to say
_LONGEST_SEASON = 24  # of a way with one season; exponential smoothing knows no longer one
_WILDEST = 4.0  # ranges of the past beyond its ends that a forecast may lie
# Seconds for a hundred steps of a series, with and without a season (one core, November 2026).
_COSTS = {"theta": (0.020, 0.010), "ces": (0.012, 0.005), "ets": (0.150, 0.030), "mstl": (0.090, 0.090)}


def continued(name: str, values: Floats, *, horizon: int, seasons: tuple[int, ...]) -> Floats:
    """The forecasts of one way for every series, `(n, horizon)`; NaN where a series is too short for it or it ran away.

    Args:
        name: one of `WAYS`.
        values: `(n, steps)` without gaps, NaN before the first value.
        horizon: steps ahead.
        seasons: the shortest first.
    """
    latest = values[:, -_looked_at(name, seasons) :].astype(np.float64)
    many = np.isfinite(latest).sum(axis=1)
    found = np.full((len(values), horizon), np.nan)
    still = (many > 0) & (np.nanmax(latest, axis=1, initial=-np.inf) == np.nanmin(latest, axis=1, initial=np.inf))
    found[still] = latest[still, -1:]
    for usable, inside in _by_length(many, seasons):
        rows = np.flatnonzero(inside & ~still)
        if len(rows) and (usable or name != "mstl"):
            found[rows] = _tame(_asked(_way(name, usable), latest[rows], horizon), latest[rows])
    return found


def seconds(name: str, length: int, *, seasons: tuple[int, ...]) -> float:
    """About how long one series takes; fixed figures, so that the same table is always treated alike."""
    return _COSTS[name][0 if seasons else 1] * min(length, _looked_at(name, seasons)) / 100


def _looked_at(name: str, seasons: tuple[int, ...]) -> int:
    """Steps that a way learns from; of a season that the way does not know, eight say nothing."""
    known = seasons if name == "mstl" else [season for season in seasons if season <= _LONGEST_SEASON]
    return max(_LATEST, 8 * max(known, default=1))


def _by_length(many: npt.NDArray[np.int64], seasons: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], npt.NDArray[np.bool_]]]:
    """The seasons that series hold twice, and which series those are."""
    for count in range(len(seasons) + 1):
        at_least = 2 * seasons[count - 1] + 1 if count else _FEWEST
        below = 2 * seasons[count] + 1 if count < len(seasons) else np.inf
        yield seasons[:count], (many >= max(at_least, _FEWEST)) & (many < below)


def _asked(way: object, latest: Floats, horizon: int) -> Floats:
    """The library refuses odd series in many ways; its own stand-in answers NaN then, and other ways stand in here."""
    from statsforecast import StatsForecast
    from statsforecast.models import NaNModel

    row, step = np.nonzero(np.isfinite(latest))
    table = pd.DataFrame({"unique_id": row, "ds": step, "y": latest[row, step]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # how an optimiser stopped says nothing to a reader: the back-test judges
        said = StatsForecast(models=[way], freq=1, n_jobs=1, fallback_model=NaNModel()).forecast(df=table, h=horizon)
    column = next(name for name in said.columns if name not in ("unique_id", "ds"))
    return np.asarray(said[column], dtype=np.float64).reshape(len(latest), horizon)


def _tame(forecast: Floats, latest: Floats) -> Floats:
    """A forecast far outside of all that was seen is no forecast."""
    low, high = np.nanmin(latest, axis=1, keepdims=True), np.nanmax(latest, axis=1, keepdims=True)
    room = _WILDEST * (high - low)
    inside = np.isfinite(forecast) & (forecast >= low - room) & (forecast <= high + room)
    return np.where(inside.all(axis=1, keepdims=True), forecast, np.nan)


def _way(name: str, seasons: tuple[int, ...]) -> object:
    from statsforecast.models import MSTL, AutoCES, AutoETS, DynamicOptimizedTheta

    season = seasons[0] if seasons and seasons[0] <= _LONGEST_SEASON else 1
    match name:
        case "ets":
            return AutoETS(season_length=season)
        case "theta":
            return DynamicOptimizedTheta(season_length=season)
        case "ces":
            return AutoCES(season_length=season)
    return MSTL(season_length=list(seasons), trend_forecaster=DynamicOptimizedTheta(season_length=1))
