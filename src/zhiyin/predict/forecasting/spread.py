"""Between which two values will 8 of 10 fall? Learned from the errors at past origins.

A small model says how large an error to expect on such a row; the share of it that 8 of 10 stay within is taken from rows
it has not seen, for each side by itself.

References:
    Romano, Patterson and Candès (2019), Conformalized quantile regression. Barber et al. (2021), Predictive inference with
    the jackknife+ (its cross-validated form).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["LEVEL", "Spread", "learn_spread"]

Floats = npt.NDArray[np.float64]
LEVEL = 0.8  # share of the values that fall between low and high
_FEWEST = 300  # errors below which all rows are taken to err alike
_MOST = 60_000
_FOLDS = 4
_ROUNDS = 80
_SHARED = 0.15  # that much wider for one origin, next to nothing for three: all series share the surprises of one
_ONE_SIDED = 0.35  # of what the sides differ by: one origin errs to one side in all series, and the next one may to the other
_TREE = {
    "objective": "quantile",
    "alpha": LEVEL,
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.6,
    "lambda_l2": 5.0,
}


@dataclass
class Spread:
    """How far low and high lie from the value, on the scale of the errors: `factors` times what the model expects."""

    model: object | None
    usual: float
    factors: tuple[float, float]

    def bounds(self, features: pd.DataFrame) -> tuple[Floats, Floats]:
        """What to add to each value to get low and high: the first is at most 0, the second at least 0."""
        width = _said(self.model, features, self.usual)
        return self.factors[0] * width, self.factors[1] * width


def learn_spread(features: pd.DataFrame, errors: Floats, *, folds: npt.NDArray[np.int64], origins: int, seed: int) -> Spread:
    """The spread of errors made at past origins.

    Args:
        features: what was known of each row.
        errors: value less forecast, on a scale where rows can be compared.
        folds: rows of one fold are judged by a model of the others (a series, or a stretch of time, is in one fold).
        origins: how many past origins the errors come from: all series share the surprises of one.
        seed: of the drawn rows.
    """
    if not len(errors):
        return Spread(None, 0.0, (0.0, 0.0))
    if len(errors) > _MOST:
        picked = np.sort(np.random.default_rng(seed).choice(len(errors), _MOST, replace=False))
        features, errors, folds = features.iloc[picked], errors[picked], folds[picked]
    size = np.abs(errors)
    usual = float(max(np.quantile(size, LEVEL), 1e-9))
    parts = folds % _FOLDS if len(np.unique(folds)) >= _FOLDS else folds
    learnable = len(errors) >= _FEWEST and len(np.unique(parts)) > 1 and size.max() > 0
    width = np.full(len(errors), usual)
    if learnable:
        for part in np.unique(parts):
            inside = parts == part
            width[inside] = _said(_taught(features[~inside], size[~inside], seed), features[inside], usual)
    model = _taught(features, size, seed) if learnable else None
    low, high = _factors(errors / width)
    wider = 1 + _SHARED / origins**2
    return Spread(model, usual, (low * wider, high * wider))


def _factors(shares: Floats) -> tuple[float, float]:
    """The two quantiles, one step outwards for the rows that are still to come, most of the way to one for both sides."""
    tail = (1 - LEVEL) / 2 * (1 - 1 / (len(shares) + 1))
    low, high = np.quantile(shares, [tail, 1 - tail])
    both = float(np.quantile(np.abs(shares), 1 - 2 * tail))
    return -both + _ONE_SIDED * min(float(low) + both, both), both + _ONE_SIDED * max(float(high) - both, -both)


def _taught(features: pd.DataFrame, size: Floats, seed: int) -> object:
    import lightgbm

    settings = _TREE | {"seed": seed, "num_threads": 1, "verbose": -1, "deterministic": True, "force_row_wise": True}
    return lightgbm.train(settings, lightgbm.Dataset(features, size), _ROUNDS)


def _said(model: object | None, features: pd.DataFrame, usual: float) -> Floats:
    if model is None:
        return np.full(len(features), usual)
    return np.maximum(np.asarray(model.predict(features, num_threads=1), dtype=np.float64), usual / 50)  # type: ignore[attr-defined]
