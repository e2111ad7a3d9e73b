"""How often does it sell at all, and how much when it does? For series of mostly zeros, all at once.

References:
    Croston (1972), Forecasting and stock control for intermittent demands. Teunter, Syntetos and Babai (2011), Intermittent
    demand: linking forecasting to inventory obsolescence (the chance of a sale fades on days without one).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["seldom"]

Floats = npt.NDArray[np.float64]
_CHANCES = np.asarray([0.005, 0.01, 0.02, 0.04, 0.08, 0.15])  # of the newest step that the chance of a sale takes
_SIZES = np.asarray([0.02, 0.05, 0.15])  # of the newest sale that the size takes
_LEAST = 0.01  # of the mean place, what a place is taken to sell at least
_WEIGHT = 5.0  # steps of the average chance that a series begins with


def seldom(values: npt.NDArray[np.floating], horizon: int, *, season: int) -> Floats:
    """The forecasts `(n, horizon)`: chance times size, with the constants that erred least by their squares.

    The season, of the chance and of the size, is that of all series together: one that hardly sells has no shape of its own.

    Args:
        values: `(n, steps)`, NaN where there is no row; NaN comes back for a series with a value below zero.
        horizon: steps ahead.
        season: steps of the season, 1 for none.
    """
    mean = np.nansum(values, axis=1) / np.maximum(np.isfinite(values).sum(axis=1), 1)
    told: npt.NDArray[np.bool_] = np.isfinite(values)
    often = _by_place(values > 0, told, season)
    much = _by_place(values / np.where(mean > 0, mean, 1.0)[:, None], told, season) / often
    phase = np.arange(values.shape[1] + horizon) % season
    chance, size = _learned(values.astype(np.float64), often[phase], much[phase])
    ahead = phase[values.shape[1] :]
    said = np.minimum(chance[:, None] * often[ahead], 1.0) * size[:, None] * much[ahead]
    return np.where(np.any(values < 0, axis=1, keepdims=True), np.nan, said)


def _by_place(cells: npt.NDArray[np.generic], told: npt.NDArray[np.bool_], season: int) -> Floats:
    """The mean of all series at each place of the season, against that of the mean place."""
    total = np.where(told, cells, 0.0).astype(np.float64)
    places = [total[:, place::season].sum() / max(int(told[:, place::season].sum()), 1) for place in range(season)]
    mean = float(np.mean(places))
    return np.maximum(np.asarray(places) / mean, _LEAST) if mean > 0 else np.ones(season)


def _learned(values: Floats, often: Floats, much: Floats) -> tuple[Floats, Floats]:
    """Chance and size after the last step, by the pair of constants that did best; both as of the mean place of the season."""
    seen, sold = np.isfinite(values), values > 0
    many = np.maximum(seen.sum(axis=1), 1)
    overall = sold.sum() / max(int(seen.sum()), 1)
    chance = np.repeat(((sold.sum(axis=1) + _WEIGHT * overall) / (many + _WEIGHT))[:, None], len(_CHANCES), axis=1)
    sizes = np.where(sold, values, 0.0) / much[: values.shape[1]]
    size = np.repeat((sizes.sum(axis=1) / np.maximum(sold.sum(axis=1), 1))[:, None], len(_SIZES), axis=1)
    wrong = np.zeros((len(values), len(_CHANCES), len(_SIZES)))
    for column in range(values.shape[1]):
        here, sale = seen[:, column, None], sold[:, column, None]
        likely = np.minimum(chance * often[column], 1.0)
        missed = np.where(here, values[:, column, None], 0.0)[:, :, None] - likely[:, :, None] * size[:, None, :] * much[column]
        wrong += np.where(here[:, :, None], missed**2, 0.0)
        chance += np.where(here, _CHANCES * (sale - likely), 0.0)
        size += np.where(sale, _SIZES * (sizes[:, column, None] - size), 0.0)
    best = wrong.reshape(len(values), -1).argmin(axis=1)
    row = np.arange(len(values))
    return chance[row, best // len(_SIZES)], size[row, best % len(_SIZES)]
