"""Models that learn three times, each time without a third of the customers: calibrated, and honest about doubt."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.learn.base import PredictorBase
from zhiyin.learn.reasons import expit
from zhiyin.predict.logistic import WIDTH
from zhiyin.predict.newton import best_fit

__all__ = ["THIRDS", "CrossedModel", "Floats", "platt"]

Floats = npt.NDArray[np.float64]
THIRDS = 3


class CrossedModel(PredictorBase):
    """The mean of models that each left out one third of the customers.

    What each says about those it never saw gives the calibration (an affine map of log-odds, so reasons scale exactly);
    how far they disagree gives the interval (delete-a-group jackknife). Write `_grow`, `_raw` and `_shares`.
    """

    explains: ClassVar[bool] = True
    accepts_missing: ClassVar[bool] = True
    order_matters: ClassVar[bool] = True
    folds: int = THIRDS  # 1: one model on all examples, not calibrated, no interval; enough to be ranked by
    parts_: list[Any]
    shift_: float
    slope_: float

    @abstractmethod
    def _grow(self, columns: Floats, labels: Floats) -> Any:  # noqa: ANN401 - a text or a dict of arrays
        """One part, as something that can be saved."""

    @abstractmethod
    def _raw(self, part: int, columns: Floats) -> Floats:
        """Log-odds by one part."""

    @abstractmethod
    def _shares(self, part: int, columns: Floats) -> Floats:
        """Contributions by one part, the base in the last column; each row sums to its log-odds."""

    def _fit(self, examples: pd.DataFrame) -> None:
        columns = examples[list(self.needs)].to_numpy(dtype=np.float64)
        labels = examples[self.label].to_numpy()
        fold = _fold(examples, self.key, folds=self.folds)
        grown = [number for number in range(self.folds) if (fold != number).any() and 0 < labels[fold != number].mean() < 1]
        if len(grown) < self.folds or self.folds < 2:  # too few of one kind to leave any out
            self.parts_, self.shift_, self.slope_ = [self._grow(columns, labels)], 0.0, 1.0
            return
        self.parts_ = [self._grow(columns[fold != number], labels[fold != number]) for number in grown]
        unseen = np.empty(len(labels))
        for number in grown:
            unseen[fold == number] = self._raw(number, columns[fold == number])
        self.shift_, self.slope_ = platt(unseen, labels)

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        columns = rows[list(self.needs)].to_numpy(dtype=np.float64)
        each = np.stack([self._raw(number, columns) for number in range(len(self.parts_))])
        log_odds = self.shift_ + self.slope_ * each.mean(axis=0)
        reach = WIDTH * abs(self.slope_) * np.sqrt((len(each) - 1) / len(each) * ((each - each.mean(axis=0)) ** 2).sum(axis=0))
        return pd.DataFrame({"value": expit(log_odds), "low": expit(log_odds - reach), "high": expit(log_odds + reach)})

    def _reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        columns = rows[list(self.needs)].to_numpy(dtype=np.float64)
        shares = np.mean([self._shares(number, columns) for number in range(len(self.parts_))], axis=0) * self.slope_
        return pd.DataFrame(shares[:, :-1], columns=list(self.needs)).assign(base=shares[:, -1] + self.shift_)


def platt(log_odds: Floats, labels: Floats) -> tuple[float, float]:
    """Shift and slope that bring log-odds to what happened; a weak prior holds the slope at about 1.

    References:
        Platt (1999), Probabilistic outputs for support vector machines.
    """
    weights, _ = best_fit(np.column_stack([np.ones_like(log_odds), log_odds]), labels, ridge=np.array([1e-6, 1.0]), start=log_odds)
    return float(weights[0]), 1.0 + float(weights[1])


def _fold(examples: pd.DataFrame, key: str, *, folds: int) -> npt.NDArray[np.int64]:
    """The part a row is in: all rows of one customer in the same, whatever their order."""
    if key not in examples.columns:
        return np.arange(len(examples)) % folds
    names, place = np.unique(examples[key].to_numpy().astype(str), return_inverse=True)
    drawn = [hashlib.blake2b(name.encode(), digest_size=4).digest() for name in names]
    return np.asarray([int.from_bytes(part, "big") % folds for part in drawn], dtype=np.int64)[place]
