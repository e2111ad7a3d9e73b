"""Features of any unit on one scale, and a place for "not known"."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Scaling", "learn_scaling", "learn_step", "medians", "squeezed"]

Floats = npt.NDArray[np.float64]


class Scaling(NamedTuple):
    """How each feature is squeezed and centred; arrays of one number a feature."""

    step: Floats  # below this size a difference counts fully, above it only by its logarithm
    mean: Floats
    spread: Floats
    missing: Floats  # share of rows in which the feature was not known

    def columns(self, rows: pd.DataFrame) -> Floats:
        """Shape `(n_rows, 2 * n_features)`: the features, then whether each is missing; about 0 on average."""
        raw = rows.to_numpy(dtype=np.float64)
        unknown = np.isnan(raw)
        scaled = (squeezed(raw, self.step) - self.mean) / self.spread
        shown = (self.missing > 0) & (self.missing < 1)
        return np.hstack([np.where(unknown, 0.0, scaled), np.where(shown, unknown - self.missing, 0.0)])

    def together(self, parts: Floats) -> Floats:
        """The part of a feature and of its being missing, added up: shape `(n_rows, n_features)`."""
        features = len(self.step)
        return parts[:, :features] + parts[:, features:]


def learn_scaling(rows: pd.DataFrame) -> Scaling:
    """Read the scale of each feature from rows.

    Counts, days and money have long tails: twice as much is one step, whether from 2 to 4 or from 20 to 40.
    """
    raw = rows.to_numpy(dtype=np.float64)
    known = ~np.isnan(raw)
    step = np.asarray([learn_step(raw[known[:, column], column]) for column in range(raw.shape[1])])
    bent = np.where(known, squeezed(raw, step), 0.0)
    count = np.maximum(known.sum(axis=0), 1)
    mean = bent.sum(axis=0) / count
    spread = np.sqrt((np.where(known, bent - mean, 0.0) ** 2).sum(axis=0) / count)
    return Scaling(step, mean, np.where(spread > 1e-9, spread, 1.0), 1.0 - known.mean(axis=0))


def medians(columns: Floats) -> Floats:
    """The middle value of each column, 0 where none is known."""
    known = [values[~np.isnan(values)] for values in columns.T]
    return np.asarray([float(np.median(values)) if len(values) else 0.0 for values in known])


def squeezed(raw: Floats, step: Floats) -> Floats:
    """Sizes by their logarithm above `step`, as they are below; the sign stays."""
    return np.asarray(np.sign(raw) * np.log1p(np.abs(raw) / step))


def learn_step(values: Floats) -> float:
    """Below which size does a difference count fully? 1 for counts and shares; about a hundredth of the usual amount for money in minor units."""
    sizes = np.abs(values[values != 0])
    return max(1.0, float(np.median(sizes)) / 100.0) if len(sizes) else 1.0
