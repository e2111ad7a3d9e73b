"""Each change explained by those before it, and by those of a year ago: autoregression on differences, all series at once.

References:
    Hyndman and Khandakar (2008), Automatic time series forecasting (orders compared by AICc). Kolassa (2011), Combining
    exponential smoothing forecasts using Akaike weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhiyin.predict.forecasting.season import own_shape

__all__ = ["akaike", "autoregressed"]

Floats = npt.NDArray[np.float64]
_ORDERS = (0, 1, 2, 3, 5, 8)
_RIDGE = 0.02  # of the power of the changes, on the diagonal
_A_NUMBER = 8  # changes that each number learned must have
_FEWEST = 24  # changes below which it told less than any smoothing


@dataclass(frozen=True)
class _Kind:
    """Which changes before explain one, and whether there is a drift."""

    lags: tuple[int, ...]
    drift: bool


def autoregressed(whole: Floats, horizon: int, *, season: int, far: tuple[int, ...] = ()) -> Floats:
    """The forecasts `(n, horizon)`, orders mixed by how well they explain the changes for their size; NaN for short series.

    Args:
        whole: `(n, steps)` without gaps, NaN before the first value.
        horizon: steps ahead.
        season: steps of the season whose shape is taken out first, 1 for none.
        far: longer seasons, whose changes may explain those of today.
    """
    n, width = whole.shape
    shape = own_shape(whole, season) if season > 1 else np.zeros((n, 1))
    flat = whole - shape[:, np.arange(width) % season]
    changes = np.diff(flat, axis=1)
    tried = [_said(changes, horizon, kind) for kind in _kinds(changes.shape[1], far)]
    if not tried:
        return np.full((n, horizon), np.nan)
    share = akaike(np.stack([worth for _, worth in tried], axis=1))
    ahead = np.einsum("nk,knh->nh", share, np.stack([said for said, _ in tried])).cumsum(axis=1)
    ahead[np.isfinite(changes).sum(axis=1) < _FEWEST] = np.nan
    return np.asarray(flat[:, -1:] + ahead + shape[:, (width + np.arange(horizon)) % season])


def akaike(worth: Floats) -> Floats:
    """The share of each kind `(n, kinds)` by its information criterion."""
    share = np.exp(-(worth - worth.min(axis=1, keepdims=True)) / 2)
    return np.asarray(share / share.sum(axis=1, keepdims=True))


def _kinds(changes: int, far: tuple[int, ...]) -> list[_Kind]:
    longer = [(), *((season - 1, season, season + 1) for season in far)]
    lags = [(*range(1, order + 1), *more) for order in _ORDERS for more in longer]
    return [_Kind(each, drift) for each in lags if max(each, default=0) + _FEWEST <= changes for drift in (False, True)]


def _said(changes: Floats, horizon: int, kind: _Kind) -> tuple[Floats, Floats]:
    """The changes ahead and AICc; that is infinite where too little was seen for so many numbers."""
    n, width = changes.shape
    most = max([max(_ORDERS), *kind.lags]) if width > 2 * max(_ORDERS) else max(kind.lags, default=0)
    columns = [changes[:, most - lag : width - lag] for lag in kind.lags] + [np.ones((n, width - most))] * kind.drift
    rows = np.stack(columns, axis=2) if columns else np.empty((n, width - most, 0))
    usable = np.isfinite(changes[:, most:]) & np.isfinite(changes[:, : width - most])
    rows, target = np.where(usable[:, :, None], rows, 0.0), np.where(usable, changes[:, most:], 0.0)
    many, size, seen = usable.sum(axis=1), rows.shape[2], np.isfinite(changes).sum(axis=1)
    shares = _shares(rows, target, free=int(kind.drift))
    left = ((target - np.einsum("nti,ni->nt", rows, shares)) ** 2).sum(axis=1) / np.maximum(many, 1)
    worth = seen * np.log(np.maximum(left, 1e-12)) + 2 * (size + 1) * many / np.maximum(many - size - 2, 1)
    path = np.concatenate([np.nan_to_num(changes), np.zeros((n, horizon))], axis=1)
    for step in range(width, width + horizon):
        path[:, step] = shares[:, len(kind.lags) :].sum(axis=1)
        for place, lag in enumerate(kind.lags):
            path[:, step] += shares[:, place] * path[:, step - lag]
    return path[:, width:], np.where((many >= size * _A_NUMBER) | (size == 0), worth, np.inf)


def _shares(rows: Floats, target: Floats, *, free: int) -> Floats:
    """Least squares with a small ridge on all columns but the last `free` ones."""
    size = rows.shape[2]
    if not size:
        return np.zeros((len(rows), 0))
    power = np.einsum("nti,ntj->nij", rows, rows)
    held = np.diag([1.0] * (size - free) + [0.0] * free)
    power += (_RIDGE / size * np.trace(power, axis1=1, axis2=2) + 1e-9)[:, None, None] * held + 1e-12 * np.eye(size)
    return np.asarray(np.linalg.solve(power, np.einsum("nti,nt->ni", rows, target)[:, :, None])[:, :, 0])
