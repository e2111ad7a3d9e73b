"""Models that learn several times, each time without a part of the customers: calibrated, and honest about doubt."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from zhiyin.learn.base import PredictorBase
from zhiyin.learn.frames import Floats
from zhiyin.learn.reasons import expit
from zhiyin.predict.columns import Columns, read_columns
from zhiyin.predict.folds import FOLDS, folds_of
from zhiyin.predict.logistic import WIDTH
from zhiyin.predict.newton import best_fit
from zhiyin.predict.sums import Sums

__all__ = ["CrossedModel", "platt"]


class CrossedModel(PredictorBase):
    """The mean of models that each left out one part of the customers.

    What each says about those it never saw gives the calibration (an affine map of log-odds, so reasons scale exactly);
    how far they disagree gives the interval (delete-a-group jackknife). Write `_grow`, `_raw` and `_shares`.
    """

    explains: ClassVar[bool] = True
    accepts_missing: ClassVar[bool] = True
    order_matters: ClassVar[bool] = True
    threads: int = 1  # parts that grow side by side
    folds: int = FOLDS  # 1: one model on all examples, not calibrated, no interval; enough to be ranked by
    columns_: dict[str, Any]
    parts_: list[Any]
    shift_: float
    slope_: float

    @abstractmethod
    def _grow(self, codes: Floats, labels: Floats, *, aside: tuple[Floats, Floats] | None) -> Any:  # noqa: ANN401 - a text or a dict of arrays
        """One part, as something that can be saved; `aside` are rows and labels that it may be watched on, to stop in time."""

    @abstractmethod
    def _raw(self, codes: Floats) -> Floats:
        """Log-odds by each part, shape `(n_parts, n_rows)`."""

    @abstractmethod
    def _shares(self, codes: Floats) -> Floats:
        """Mean contributions of the parts, the base in the last column; each row sums to its log-odds."""

    def _learned(self, parts: list[Any]) -> list[Any]:
        """What is kept of the parts; the rest of what `_grow` gave may be noted elsewhere."""
        return parts

    def _fit(self, examples: pd.DataFrame) -> None:
        columns, _ = read_columns(examples, self.needs)
        self.columns_ = columns._asdict()
        codes, labels = columns.codes(examples), examples[self.label].to_numpy()
        fold = folds_of(examples, self.key, labels=labels, folds=self.folds)
        if self.folds < 2 or any(not 0 < labels[fold != number].mean() < 1 for number in range(self.folds) if (fold != number).any()):
            self.parts_ = self._learned([self._grow(codes, labels, aside=None)])
            self.shift_, self.slope_, self._unseen = 0.0, 1.0, None
            return
        numbers = [number for number in range(self.folds) if (fold == number).any()]

        def grown(number: int) -> Any:  # noqa: ANN401
            kept, out = fold != number, fold == number
            return self._grow(codes[kept], labels[kept], aside=(codes[out], labels[out]))

        with ThreadPoolExecutor(self.threads) as side_by_side:
            self.parts_ = self._learned(list(side_by_side.map(grown, numbers)))
        said = self._raw(codes)
        unseen = np.select([fold == number for number in numbers], list(said))
        self.shift_, self.slope_ = platt(unseen, labels)
        self._unseen = self.shift_ + self.slope_ * unseen

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        each = self._raw(self._columns().codes(rows))
        log_odds = self.shift_ + self.slope_ * each.mean(axis=0)
        reach = WIDTH * abs(self.slope_) * np.sqrt((len(each) - 1) / len(each) * ((each - each.mean(axis=0)) ** 2).sum(axis=0))
        return pd.DataFrame({"value": expit(log_odds), "low": expit(log_odds - reach), "high": expit(log_odds + reach)})

    def _reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        columns = self._columns()
        shares = self._shares(columns.codes(rows)) * self.slope_
        return pd.DataFrame(shares[:, :-1], columns=columns.names).assign(base=shares[:, -1] + self.shift_)

    def sums(self, values: Mapping[str, object]) -> Sums:
        """What the model says of one row given by name, without a frame (see one.py)."""
        codes = self._columns().codes_of(values)
        each, shares = self._raw(codes)[:, 0], self._shares(codes)[0] * self.slope_
        reach = WIDTH * abs(self.slope_) * np.sqrt((len(each) - 1) / len(each) * ((each - each.mean()) ** 2).sum())
        parts = dict(zip(self._columns().names, shares[:-1].tolist(), strict=True))
        return Sums(self.shift_ + self.slope_ * float(each.mean()), float(reach), float(shares[-1] + self.shift_), parts)

    def _columns(self) -> Columns:
        return Columns(**self.columns_)


def platt(log_odds: Floats, labels: Floats) -> tuple[float, float]:
    """Shift and slope that bring log-odds to what happened; a weak prior holds the slope at about 1.

    References:
        Platt (1999), Probabilistic outputs for support vector machines.
    """
    weights, _ = best_fit(np.column_stack([np.ones_like(log_odds), log_odds]), labels, ridge=np.array([1e-6, 1.0]), start=log_odds)
    return float(weights[0]), 1.0 + float(weights[1])
