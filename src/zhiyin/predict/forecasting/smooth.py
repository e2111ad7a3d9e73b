"""The cheapest good forecast: every series at once, a level, half of its trend and a season, in numpy.

The season of a series is shrunken to that of all series, so that a series of three weeks borrows the shape of the others
at its own level (on a calendar, where their steps mean the same).

References:
    Assimakopoulos and Nikolopoulos (2000), The theta model. Hyndman and Billah (2003), Unmasking the theta method.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["filled", "repeated", "smoothed"]

Floats = npt.NDArray[np.floating]
_ALPHAS = np.asarray([0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9])
_CYCLES = 8  # latest seasons that the shape is taken from
_BORROWED = 1.0  # seasons of the pool that count beside those of the series itself
_FEWEST_FOR_TREND = 6  # values: two or three make a line of any mishap
_LONGEST = 1_000  # steps that level and trend are learned from


def filled(values: Floats, season: int) -> npt.NDArray[np.float64]:
    """Gaps closed from the same place of the seasons before and after, else by a line; what lies before the first value stays empty."""
    whole = values.astype(np.float64)
    first = np.isfinite(whole).argmax(axis=1)
    if season > 1:
        whole = _between(_by_phase(whole, season))
        whole = whole.reshape(len(values), -1)[:, : values.shape[1]]
    place = np.arange(values.shape[1])
    for row in np.flatnonzero(np.isnan(whole).any(axis=1)):
        seen = np.isfinite(whole[row])
        whole[row] = np.interp(place, place[seen], whole[row][seen]) if seen.any() else 0.0
    whole[place[None, :] < first[:, None]] = np.nan
    return whole


def repeated(values: Floats, horizon: int, *, season: int) -> npt.NDArray[np.float64]:
    """The value of a season earlier, again and again: what every other way must beat."""
    whole = filled(values, season)
    season = season if season <= whole.shape[1] else 1
    latest = whole[:, -season:]
    seen = np.isfinite(latest)
    latest = np.where(seen, latest, np.nansum(latest, axis=1, keepdims=True) / np.maximum(seen.sum(axis=1, keepdims=True), 1))
    return np.tile(latest, -(-horizon // season))[:, :horizon]


def smoothed(values: Floats, horizon: int, *, season: int, pooled: bool, trend: bool = True) -> npt.NDArray[np.float64]:
    """Level by exponential smoothing with the constant that did best, half the linear trend, season added back.

    Args:
        values: `(n, steps)`, gaps NaN.
        horizon: steps ahead.
        season: steps of the season, 1 for none.
        pooled: whether the places of the season mean the same in all series.
        trend: whether half of the linear trend goes on.
    """
    whole = filled(values[:, -_LONGEST * max(season // 24, 1) :], season)
    shape = _shape(whole, season, pooled=pooled) if season > 1 else np.zeros((len(whole), 1))
    phase = np.arange(whole.shape[1]) % shape.shape[1]
    flat = whole - shape[:, phase]
    ahead = _theta(flat[:, -_LONGEST:], horizon) if trend else _level(flat[:, -_LONGEST:])[0][:, None] * np.ones(horizon)
    return ahead + shape[:, (whole.shape[1] + np.arange(horizon)) % shape.shape[1]]


def _by_phase(whole: npt.NDArray[np.float64], season: int) -> npt.NDArray[np.float64]:
    n, width = whole.shape
    padded = np.full((n, -(-width // season) * season), np.nan)
    padded[:, :width] = whole
    return padded.reshape(n, -1, season)


def _between(cycles: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Empty cells as the mean of the nearest cycles before and after that have one."""
    before, after = _carried(cycles), _carried(cycles[:, ::-1])[:, ::-1]
    both = np.where(np.isnan(before), after, np.where(np.isnan(after), before, (before + after) / 2))
    return np.where(np.isnan(cycles), both, cycles)


def _carried(cycles: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    place = np.where(np.isnan(cycles), 0, np.arange(cycles.shape[1])[None, :, None])
    return np.take_along_axis(cycles, np.maximum.accumulate(place, axis=1), axis=1)


def _shape(whole: npt.NDArray[np.float64], season: int, *, pooled: bool) -> npt.NDArray[np.float64]:
    """How far each place of the season lies from the level of its cycle, `(n, season)`, shrunken to the pool."""
    cycles = _by_phase(whole, season)
    counts = np.isfinite(cycles).sum(axis=2, keepdims=True)
    level = np.nansum(cycles, axis=2, keepdims=True) / np.maximum(counts, 1)
    far = np.where(counts == season, cycles - level, np.nan)[:, -_CYCLES - 1 :]
    many = np.isfinite(far).sum(axis=1)
    own = np.nansum(far, axis=1)
    size = np.maximum(np.nansum(np.abs(whole), axis=1) / np.maximum(np.isfinite(whole).sum(axis=1), 1), 1e-12)[:, None]
    prior = np.zeros(season)
    if pooled and len(whole) > 1:
        told = many > 0
        prior = np.where(told, own / np.maximum(many, 1) / size, 0).sum(axis=0) / np.maximum(told.sum(axis=0), 1)
    shape: npt.NDArray[np.float64] = (own + _BORROWED * prior * size) / (many + _BORROWED)
    shape -= shape.mean(axis=1, keepdims=True)
    return shape


def _level(flat: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The level after the last step, and the smoothing constant, of the one that erred least one step ahead."""
    level = np.full((len(flat), len(_ALPHAS)), np.nan)
    wrong = np.zeros_like(level)
    for column in flat.T:
        error = column[:, None] - level
        fresh = np.isnan(error)
        wrong += np.where(fresh, 0.0, error**2)
        level = np.where(fresh, np.where(np.isnan(level), column[:, None], level), level + _ALPHAS * np.where(fresh, 0.0, error))
    best = wrong.argmin(axis=1)
    return np.nan_to_num(level[np.arange(len(flat)), best]), _ALPHAS[best]


def _theta(flat: npt.NDArray[np.float64], horizon: int) -> npt.NDArray[np.float64]:
    level, alpha = _level(flat)
    seen = np.isfinite(flat)
    many = seen.sum(axis=1)
    place = np.where(seen, np.arange(flat.shape[1]), 0.0)
    middle = place.sum(axis=1) / np.maximum(many, 1)
    away = np.where(seen, place - middle[:, None], 0.0)
    slope = (away * np.nan_to_num(flat)).sum(axis=1) / np.maximum((away**2).sum(axis=1), 1e-12)
    slope = np.where(many >= _FEWEST_FOR_TREND, slope, 0.0)
    late = (1 - (1 - alpha) ** many) / alpha
    ahead: npt.NDArray[np.float64] = level[:, None] + (slope / 2)[:, None] * (np.arange(horizon)[None, :] + late[:, None])
    return ahead
