"""What will a series do that has hardly begun? What those like it do, at the level of its own few values."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zhiyin.predict.forecasting.panel import Panel

__all__ = ["FEW", "borrowed"]

Floats = npt.NDArray[np.float64]
FEW = 3  # values from which a series speaks for itself
_FEWEST_ALIKE = 3  # series from which those alike say more than all


def borrowed(panel: Panel, level: Floats) -> Floats:
    """The level forecasts `(n, horizon)`, those of newcomers mixed with the middle one of the series like them.

    Alike are series with the same known columns, of those that never change within a series (a city, a kind of shop); without
    such columns, or with too few alike, all. A newcomer's own values count one each, the others together one.
    """
    many = np.isfinite(panel.values).sum(axis=1)
    old = many >= FEW
    if old.all() or not old.any():
        return level
    kinds, found = _kinds(panel), level.copy()
    for row in np.flatnonzero(~old):
        alike = old & (kinds == kinds[row])
        alike = alike if alike.sum() >= _FEWEST_ALIKE else old
        found[row] = (many[row] * level[row] + np.median(level[alike], axis=0)) / (many[row] + 1)
    return found


def _kinds(panel: Panel) -> npt.NDArray[np.int64]:
    """The number of the kind of each series: same values of all columns that never change."""
    told = []
    for column in panel.known.values():
        if len(column.cells) == len(panel.names):
            cells = np.where(np.isnan(column.cells), -np.inf, column.cells)
            highest = cells.max(axis=1)
            if (np.nan_to_num(column.cells, nan=0.0) == np.where(np.isnan(column.cells), 0.0, highest[:, None])).all():
                told.append(highest)
    if not told:
        return np.zeros(len(panel.names), dtype=np.int64)
    return np.unique(np.stack(told, axis=1), axis=0, return_inverse=True)[1].ravel()
