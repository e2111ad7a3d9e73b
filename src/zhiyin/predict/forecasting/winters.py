"""Level, damped trend and season by exponential smoothing, all series at once.

References:
    Gardner and McKenzie (1985), Forecasting trends in time series. Winters (1960), Forecasting sales by exponentially weighted
    moving averages. Hyndman et al. (2008), Forecasting with exponential smoothing.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

from zhiyin.predict.forecasting.autoreg import akaike
from zhiyin.predict.forecasting.season import own_shape

__all__ = ["winters"]

Floats = npt.NDArray[np.float64]
_LEVELS = (0.03, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1.0)  # of the newest error that the level takes
_TRENDS = (0.0, 0.03, 0.1, 0.25)  # of that, what the trend takes
_SEASONS = (0.0, 0.1, 0.3)  # of what the level leaves, what the season takes
_DAMPED = (0.0, 0.8, 0.9, 0.98)  # of the trend that goes on each step; 0 for no trend
_STARTS = 10  # steps that level and trend begin with
_CELLS = 4_000_000  # of a state at once


def winters(whole: Floats, horizon: int, *, season: int) -> Floats:
    """The forecasts `(n, horizon)` with the constants that erred least one step ahead.

    Args:
        whole: `(n, steps)` without gaps, NaN before the first value.
        horizon: steps ahead.
        season: steps of the season, 1 for none.
    """
    grid = _grid(season)
    chunk = max(_CELLS // (len(grid) * season), 1)
    parts = [_smoothed(whole[start : start + chunk], horizon, season, grid) for start in range(0, len(whole), chunk)]
    return np.concatenate(parts) if parts else np.empty((0, horizon))


def _grid(season: int) -> Floats:
    """Rows of level, trend, season, damping."""
    found = [
        (level, trend * level, seasonal * (1 - level), damped)
        for level, trend, seasonal, damped in product(_LEVELS, _TRENDS, _SEASONS if season > 1 else (0.0,), _DAMPED)
        if damped or not trend
    ]
    return np.asarray(found)


def _smoothed(whole: Floats, horizon: int, season: int, grid: Floats) -> Floats:
    n, width = whole.shape
    shape = own_shape(whole, season) if season > 1 else np.zeros((n, 1))
    flat = whole - shape[:, np.arange(width) % season]
    level0, slope0 = _start(flat)
    takes_level, takes_trend, takes_season, damped = (grid[:, place].astype(np.float32) for place in range(4))
    level = np.repeat(level0[:, None], len(grid), axis=1).astype(np.float32)
    slope = slope0[:, None].astype(np.float32) * (damped > 0)
    seasons = np.repeat(shape.T[:, :, None], len(grid), axis=2).astype(np.float32)
    wrong = np.zeros((n, len(grid)))
    for column in range(width):
        truth = whole[:, column].astype(np.float32)[:, None]
        seen = np.isfinite(truth)
        phase = seasons[column % season]
        onward = damped * slope
        error = np.where(seen, truth - (level + onward + phase), 0).astype(np.float32)
        wrong += error.astype(np.float64) ** 2
        level = np.where(seen, level + onward + takes_level * error, level)
        slope = np.where(seen, onward + takes_trend * error, slope)
        if season > 1:
            phase += takes_season * error
    many = np.isfinite(whole).sum(axis=1)[:, None]
    used = 2 + 2.0 * (damped > 0) + (grid[:, 2] > 0)
    worth = many * np.log(np.maximum(wrong / np.maximum(many, 1), 1e-12)) + 2 * used * many / np.maximum(many - used - 1, 1)
    ahead = np.arange(1, horizon + 1)
    row, said, best = np.arange(n), np.zeros((n, horizon)), np.full((n, len(_DAMPED)), np.inf)
    kinds = []
    for place, damping in enumerate(_DAMPED):
        inside = np.flatnonzero(grid[:, 3] == damping)
        chosen = inside[worth[:, inside].argmin(axis=1)]
        best[:, place] = worth[row, chosen]
        fading = np.cumsum(damping**ahead)
        forecast = level[row, chosen][:, None] + slope[row, chosen][:, None].astype(np.float64) * fading
        kinds.append(forecast + seasons[(width + ahead - 1) % season][:, row, chosen].T)
    share = akaike(best)
    for place, forecast in enumerate(kinds):
        said += share[:, place, None] * forecast
    return said


def _start(flat: Floats) -> tuple[Floats, Floats]:
    """Level and slope before the first value, from a line through the first ones."""
    seen = np.isfinite(flat)
    place = seen.cumsum(axis=1)
    early = seen & (place <= _STARTS)
    many = np.maximum(early.sum(axis=1), 1)
    value = np.where(early, flat, 0.0)
    middle, mean = np.where(early, place, 0).sum(axis=1) / many, value.sum(axis=1) / many
    away = np.where(early, place - middle[:, None], 0.0)
    slope = (away * value).sum(axis=1) / np.maximum((away**2).sum(axis=1), 1e-12)
    return mean - slope * middle, slope
