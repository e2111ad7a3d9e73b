"""How far does each place of the season lie from the level, in one series alone?

References:
    Miller and Williams (2003), Shrinkage estimators of time series seasonal factors and their effect on forecasting accuracy.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["around", "own_shape"]

Floats = npt.NDArray[np.float64]
_CYCLES = 8  # latest seasons that the shape is taken from
_LATER = 0.85  # weight of a cycle against the next one: shapes wander


def own_shape(whole: Floats, season: int) -> Floats:
    """The shape `(n, season)` by place of the column (column % season), shrunken by how little it rises above chance; 0 where a series is too short.

    Args:
        whole: `(n, steps)` without gaps, NaN before the first value.
        season: steps of the season, above 1.
    """
    n, width = whole.shape
    far = whole - around(whole, season)
    cycles = -(-width // season)
    cells = np.full((n, cycles * season), np.nan)
    cells[:, cycles * season - width :] = far  # the last cycle is whole
    cells = cells.reshape(n, cycles, season)[:, -_CYCLES:]
    weight = np.isfinite(cells) * (_LATER ** np.arange(cells.shape[1])[::-1])[None, :, None]
    total = weight.sum(axis=1)
    shape = (np.nan_to_num(cells) * weight).sum(axis=1) / np.maximum(total, 1e-12)
    chance = (np.where(np.isfinite(cells), cells - shape[:, None, :], 0.0) ** 2 * weight).sum(axis=1) / np.maximum(total, 1e-12)
    many = total**2 / np.maximum((weight**2).sum(axis=1), 1e-12)
    error = chance / np.maximum(many - 1, 0.5)
    shape -= shape.mean(axis=1, keepdims=True)
    power = (shape**2).sum(axis=1)
    kept = 1 - max(season - 3, 1) / season * error.sum(axis=1) / np.maximum(power, 1e-12)
    kept = np.where((total > 0).all(axis=1) & (many.min(axis=1) > 1), np.clip(kept, 0.0, 1.0), 0.0)
    shape *= kept[:, None]
    return np.roll(shape, width % season, axis=1)


def around(whole: Floats, season: int) -> Floats:
    """The mean of one whole season about each step; NaN where it would reach beyond the ends."""
    n, width = whole.shape
    found = np.full((n, width), np.nan)
    half = season // 2
    if width < season + 1:
        return found
    seen = np.isfinite(whole)
    sums = np.concatenate([np.zeros((n, 1)), np.where(seen, whole, 0.0).cumsum(axis=1)], axis=1)
    first = np.where(seen.any(axis=1), seen.argmax(axis=1), width)
    if season % 2:
        middle = np.arange(half, width - half)
        found[:, middle] = (sums[:, middle + half + 1] - sums[:, middle - half]) / season
    else:
        middle = np.arange(half, width - half)
        early, late = sums[:, middle + half] - sums[:, middle - half], sums[:, middle + half + 1] - sums[:, middle - half + 1]
        found[:, middle] = (early + late) / (2 * season)
    return np.where(np.arange(width)[None, :] - half >= first[:, None], found, np.nan)
