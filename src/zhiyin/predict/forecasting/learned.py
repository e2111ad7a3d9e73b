"""Boosted trees over all series at once: what usually follows such a past on such a day?

References:
    Makridakis, Spiliotis and Assimakopoulos (2022), The M5 accuracy competition (its winners were global LightGBM models).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from zhiyin.predict.forecasting.known import Known
from zhiyin.predict.forecasting.panel import Panel
from zhiyin.predict.forecasting.rows import Asked
from zhiyin.predict.forecasting.view import View

if TYPE_CHECKING:
    import lightgbm as lgb

__all__ = ["FEWEST", "Trees", "drawn", "grown"]

Floats = npt.NDArray[np.float64]
FEWEST = 400  # rows below which trees learn nothing worth a look
_MOST_ROWS = 200_000  # rows drawn to learn from: twice as many gained less than a hundredth of the error
_CHUNK = 200_000  # rows made at once
_DRAWS = 4  # rows of one value at most, each at another distance from its origin
_ROUNDS = 350
_FEW_ROWS = 60_000  # rows below which smaller trees, learning slower, told a little better
_TREE = {
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
}
_SMALL_TREE = {"learning_rate": 0.03, "num_leaves": 15}
_MEAN_TREE = {"num_leaves": 15, "min_data_in_leaf": 200}  # single sales are mostly chance


@dataclass(frozen=True)
class Trees:
    """One model for all series and all steps of the horizon, on one scale."""

    view: View
    booster: lgb.Booster

    def said(self, asked: Asked, *, known: dict[str, Known] | None = None) -> Floats:
        """The answers, as the table has its values.

        Args:
            asked: rows of the view.
            known: the known columns with the steps ahead.
        """
        maker, parts = self.view.knowing(known or {}), []
        for start in range(0, len(asked), _CHUNK):
            part = asked.part(slice(start, start + _CHUNK))
            made = maker.make(part)
            far = self.booster.predict(made.features, num_threads=1)
            parts.append(self.view.scale.back(far * made.spread + made.level, part.series))
        return np.concatenate(parts) if parts else np.empty(0)


def grown(view: View, asked: Asked, *, seed: int, mean: bool, slow: bool = False) -> Trees:
    """Trees that learned from these rows of the past.

    Args:
        view: the panel on the scale of the model.
        asked: rows whose values are known.
        seed: of the trees.
        mean: whether to aim at the mean; else at the middle, which is nearer to most values.
        slow: whether to learn half as fast, from twice as many rounds.
    """
    import lightgbm

    made = view.maker.make(asked)
    far = (view.scaled[asked.series, asked.column] - made.level) / made.spread
    words = [name for name in made.features if name in view.maker.words]
    data = lightgbm.Dataset(made.features, far, categorical_feature=words)
    settings: dict[str, Any] = (
        _TREE
        | (_MEAN_TREE if mean else _SMALL_TREE if len(asked) < _FEW_ROWS else {})
        | {"objective": "l2" if mean else "l1", "seed": seed, "num_threads": 1, "verbose": -1}
    )
    if slow:
        settings["learning_rate"] /= 2
    return Trees(view, lightgbm.train(settings | {"deterministic": True, "force_row_wise": True}, data, _ROUNDS * (1 + slow)))


def drawn(panel: Panel, horizon: int, *, before: int, least: int, rng: np.random.Generator) -> Asked:
    """Rows of the past to learn from: any value, seen from an origin 1 to `horizon` steps earlier.

    Args:
        panel: the series.
        horizon: steps ahead.
        before: only values in columns below this one.
        least: steps that must lie between the first value of a series and the origin.
        rng: draws values and distances.
    """
    seen = np.isfinite(panel.values[:, :before])
    series, column = (found.astype(np.int64) for found in np.nonzero(seen))
    if not len(series):
        return Asked(series, series, series)
    first = seen.argmax(axis=1)
    times = min(max(_MOST_ROWS // len(series), 1), _DRAWS, horizon)
    if len(series) > 2 * _MOST_ROWS:
        picked = rng.choice(len(series), 2 * _MOST_ROWS, replace=False)
        series, column = series[picked], column[picked]
    series, column = np.tile(series, times), np.tile(column, times)
    origin = column - rng.integers(1, horizon + 1, len(column))
    known = np.flatnonzero(origin >= first[series] + least)
    known = rng.choice(known, _MOST_ROWS, replace=False) if len(known) > _MOST_ROWS else known
    known.sort()
    return Asked(series[known], origin[known], column[known])
