"""On which scale do the values of a table behave alike, small series and large ones?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Scale", "errors_of_repeating", "read_scale"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Scale:
    """Values in units of their own series, as logarithms where errors grow with the value.

    Args:
        unit: of each series, `(n,)`.
        log: whether `log(1 + value / unit)` is taken.
    """

    unit: npt.NDArray[np.float64]
    log: bool

    def put(self, values: npt.NDArray[np.floating], series: Ints) -> Floats:
        """On the scale."""
        shares = values / self._units(values, series)
        return (np.log1p(np.maximum(shares, 0)) if self.log else shares).astype(np.float32)

    def back(self, scaled: npt.NDArray[np.floating], series: Ints) -> npt.NDArray[np.float64]:
        """As the table has them. Logarithms are cut at 80: a runaway stays a number."""
        shares = np.expm1(np.minimum(np.asarray(scaled, dtype=np.float64), 80.0)) if self.log else np.asarray(scaled, dtype=np.float64)
        return np.maximum(shares * self._units(shares, series), 0.0) if self.log else shares * self._units(shares, series)

    def _units(self, values: npt.NDArray[np.floating], series: Ints) -> npt.NDArray[np.float64]:
        unit = self.unit[series]
        return unit[:, None] if values.ndim == 2 else unit


def read_scale(values: Floats, *, log: bool) -> Scale:
    """The scale of a panel. Counts keep a unit of 1 under the logarithm; other values take a tenth of their middle one."""
    size = np.nansum(np.abs(values), axis=1, dtype=np.float64) / np.maximum(np.isfinite(values).sum(axis=1), 1)
    size = np.where(size > 0, size, 1.0)
    whole = not np.nan_to_num(values % 1).any()
    return Scale(np.ones_like(size) if log and whole else size / 10 if log else size, log)


def errors_of_repeating(values: Floats, season: int) -> npt.NDArray[np.float64]:
    """Mean absolute change over a season of each series, what MASE divides by; of a step where there is no season; else 1."""
    found = np.full(len(values), np.nan)
    for lag in (season, 1):
        if values.shape[1] > lag:
            change = np.abs(values[:, lag:] - values[:, :-lag])
            many = np.isfinite(change).sum(axis=1)
            mean = np.nansum(change, axis=1, dtype=np.float64) / np.maximum(many, 1)
            found = np.where(np.isnan(found) & (mean > 0), mean, found)
    return np.where(np.isnan(found), 1.0, found)
