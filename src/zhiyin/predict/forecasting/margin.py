"""How far from the forecast may the value be, on this row?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.predict.forecasting.backtest import Plan, Trial
from zhiyin.predict.forecasting.known import Known
from zhiyin.predict.forecasting.rows import Asked
from zhiyin.predict.forecasting.scale import errors_of_repeating
from zhiyin.predict.forecasting.spread import Spread, learn_spread
from zhiyin.predict.forecasting.view import View

__all__ = ["Margin", "learn_margin"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_NORMAL = 1.2816 * 1.2533  # 80 % of a normal error, from its mean size
_BLOCKS = 4  # stretches of time that one series alone is cut into


@dataclass(frozen=True)
class Margin:
    """Low and high around a forecast, from the errors of the back-test.

    Args:
        view: the scale on which errors are compared.
        unit: `(n,)`, how far each series moves in a season, on that scale.
        spread: what was learned; None where there was nothing to test on: then a random walk is assumed.
    """

    view: View
    unit: Floats
    spread: Spread | None

    def bounds(self, said: dict[str, Floats], value: Floats, *, asked: Asked, known: dict[str, Known]) -> tuple[Floats, Floats]:
        """Low and high of each row; never on the wrong side of the value."""
        middle = self.view.scale.put(value, asked.series).astype(np.float64)
        if self.spread is None:
            steps = np.sqrt((asked.column - asked.origin).astype(np.float64))
            under, over = -_NORMAL * steps, _NORMAL * steps
        else:
            under, over = self.spread.bounds(self._features(said, middle, asked, known))
        unit = self.unit[asked.series]
        low = self.view.scale.back(middle + under * unit, asked.series)
        high = self.view.scale.back(middle + over * unit, asked.series)
        return np.minimum(low, value), np.maximum(high, value)

    def _features(self, said: dict[str, Floats], middle: Floats, asked: Asked, known: dict[str, Known]) -> pd.DataFrame:
        made = self.view.knowing(known).make(asked)
        unit = self.unit[asked.series]
        ways = np.stack([self.view.scale.put(each, asked.series) for each in said.values()])
        found = made.features.assign(unit=unit, calm=made.spread / unit, move=(middle - made.level) / unit)
        return found.assign(disagreement=(np.nanmax(ways, axis=0) - np.nanmin(ways, axis=0)) / unit)


def learn_margin(view: View, plan: Plan, *, trial: Trial, mixed: Floats, used: tuple[str, ...]) -> Margin:
    """The margin from what the blend `(origins, judged series, horizon)` missed at past origins."""
    unit = errors_of_repeating(view.scaled, min(plan.seasons, default=1))
    guess = Margin(view, unit, None)
    if not np.isfinite(trial.actual).any():
        return guess
    features, errors, folds = [], [], []
    for place, back in enumerate(plan.backs):
        then = replace(guess, unit=errors_of_repeating(view.scaled[:, : view.panel.length - back], min(plan.seasons, default=1)))
        kept = np.isfinite(trial.actual[place]).ravel()
        asked = view.grid(plan.judged, plan.horizon, back=back).part(np.flatnonzero(kept))
        said = {name: trial.said[name][place].ravel()[kept] for name in used}
        middle = view.scale.put(mixed[place].ravel()[kept], asked.series).astype(np.float64)
        actual = view.scale.put(trial.actual[place].ravel()[kept], asked.series)
        features.append(then._features(said, middle, asked, {}))
        errors.append((actual - middle) / then.unit[asked.series])
        folds.append(_folds(asked, place, plan))
    rows = pd.concat(features, ignore_index=True)
    return Margin(
        view, unit, learn_spread(rows, np.concatenate(errors), folds=np.concatenate(folds), origins=len(plan.backs), seed=plan.seed)
    )


def _folds(asked: Asked, place: int, plan: Plan) -> Ints:
    """Many series: each is in one fold with all its errors. Few: stretches of time, those of one origin in a row."""
    if len(plan.judged) >= 4 * _BLOCKS:
        return np.searchsorted(plan.judged, asked.series)
    return place * _BLOCKS + (asked.column - asked.origin - 1) * _BLOCKS // plan.horizon
