"""Each change explained by those before it: autoregression on differences, all series at once.

References:
    Hyndman and Khandakar (2008), Automatic time series forecasting (orders chosen by AICc).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zhiyin.predict.forecasting.season import own_shape

__all__ = ["autoregressed"]

Floats = npt.NDArray[np.float64]
_ORDERS = (0, 1, 2, 3, 5, 8)
_RIDGE = 0.02  # of the power of the changes, on the diagonal
_A_PARAMETER = 8  # changes that each number learned must have


def autoregressed(whole: Floats, horizon: int, *, season: int) -> Floats:
    """The forecasts `(n, horizon)` of the order, with or without drift, that explains the changes best for its size.

    Args:
        whole: `(n, steps)` without gaps, NaN before the first value.
        horizon: steps ahead.
        season: steps of the season, 1 for none.
    """
    n, width = whole.shape
    shape = own_shape(whole, season) if season > 1 else np.zeros((n, 1))
    flat = whole - shape[:, np.arange(width) % season]
    changes = np.diff(flat, axis=1)
    best = np.full(n, np.inf)
    ahead = np.zeros((n, horizon))
    for order in _ORDERS:
        if order + 2 > changes.shape[1]:
            break
        for drift in (False, True):
            said, worth = _of_order(changes, horizon, order, drift)
            better = worth < best
            best = np.where(better, worth, best)
            ahead[better] = said[better]
    return np.asarray(flat[:, -1:] + ahead.cumsum(axis=1) + shape[:, (width + np.arange(horizon)) % season])


def _of_order(changes: Floats, horizon: int, order: int, drift: bool) -> tuple[Floats, Floats]:
    """The changes ahead and AICc; infinite where too little was seen for the order."""
    n, width = changes.shape
    most = min(max(_ORDERS), width - 2)
    lags = [changes[:, most - lag : width - lag] for lag in range(1, order + 1)]
    columns = np.stack([*lags, *([np.ones((n, width - most))] if drift else [])], axis=2) if order or drift else np.empty((n, width - most, 0))
    truth = changes[:, most:]
    usable = np.isfinite(truth) & np.isfinite(changes[:, : width - most])
    columns, target = np.where(usable[:, :, None], columns, 0.0), np.where(usable, truth, 0.0)
    many, size = usable.sum(axis=1), columns.shape[2]
    shares = np.zeros((n, size))
    if size:
        power = np.einsum("nti,ntj->nij", columns, columns)
        power += (_RIDGE * np.trace(power, axis1=1, axis2=2)[:, None, None] / size + 1e-9) * np.diag([1.0] * order + [0.0] * drift)
        power += 1e-12 * np.eye(size)
        shares = np.linalg.solve(power, np.einsum("nti,nt->ni", columns, target)[:, :, None])[:, :, 0]
    left = ((target - np.einsum("nti,ni->nt", columns, shares)) ** 2).sum(axis=1)
    worth = many * np.log(np.maximum(left / np.maximum(many, 1), 1e-12)) + 2 * (size + 1) * many / np.maximum(many - size - 2, 1)
    past = np.nan_to_num(changes[:, width - order :])[:, ::-1] if order else np.empty((n, 0))
    said = np.zeros((n, horizon))
    for step in range(horizon):
        said[:, step] = (past * shares[:, :order]).sum(axis=1) + (shares[:, order] if drift else 0.0)
        if order:
            past = np.concatenate([said[:, step : step + 1], past[:, :-1]], axis=1)
    return said, np.where(many >= max(size * _A_PARAMETER, 1), worth, np.inf)
