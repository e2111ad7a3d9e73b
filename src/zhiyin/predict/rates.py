"""How often did it happen to customers like this one? One column, and rates that few rows cannot push far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.learn.base import PredictorBase
from zhiyin.learn.frames import Floats
from zhiyin.learn.metrics import log_loss
from zhiyin.learn.reasons import logit
from zhiyin.predict.columns import Columns, read_columns
from zhiyin.predict.folds import FOLDS, folds_of

__all__ = ["RateModel", "rates_told"]

GROUPS = 10  # of about equal size, that numbers are cut into
WEIGHT = 20.0  # a group of this many rows stands half for itself, half for all


@dataclass
class RateModel(PredictorBase):
    """Cuts one column into groups; the rate of each is shrunken towards that of all. Of several columns it takes the one that tells most.

    References:
        Efron and Morris (1975), Data analysis using Stein's estimator: a rate of few rows is best told by that of all.
    """

    needs: tuple[str, ...] = ("days_since_order",)
    key: str = "customer_id"
    groups: int = GROUPS
    weight: float = WEIGHT
    folds: int = FOLDS

    explains: ClassVar[bool] = True
    accepts_missing: ClassVar[bool] = True

    @classmethod
    def example(cls) -> RateModel:
        """Of one column."""
        return cls(needs=("a",))

    def _fit(self, examples: pd.DataFrame) -> None:
        columns, _ = read_columns(examples, self.needs)
        labels = examples[self.label].to_numpy()
        fold = folds_of(examples, self.key, labels=labels, folds=self.folds)
        said = [(self._unseen_of(columns, examples, name, fold=fold), name) for name in columns.names]
        best = min(said, key=lambda one: (log_loss(labels, one[0]), one[1]), default=(np.full(len(labels), labels.mean()), ""))
        self._unseen, self.column_ = np.asarray(logit(best[0])), best[1]
        self.columns_ = columns._asdict()
        self.cuts_ = _cuts(columns, examples, self.column_, groups=self.groups)
        place, places = self._place(examples), len(self.cuts_) + 2
        self.all_ = float(labels.mean())
        self.happened_, self.rows_ = _counted(place, labels, places=places, prior=(self.all_, self.weight))

    def _unseen_of(self, columns: Columns, examples: pd.DataFrame, name: str, *, fold: npt.NDArray[np.int64]) -> Floats:
        """What one column alone would say about those who are left out."""
        labels = examples[self.label].to_numpy()
        cuts = _cuts(columns, examples, name, groups=self.groups)
        place = _grouped(columns, examples, name, cuts)
        found = np.empty(len(labels))
        for number in np.unique(fold):
            kept = fold != number if (fold != number).any() else fold == number
            happened, rows = _counted(place[kept], labels[kept], places=len(cuts) + 2, prior=(float(labels[kept].mean()), self.weight))
            found[fold == number] = (happened / rows)[place[fold == number]]
        return np.clip(found, 1e-6, 1 - 1e-6)

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        from scipy.special import betaincinv

        other = self.rows_ - self.happened_
        value = self.happened_ / (self.happened_ + other)
        low, high = betaincinv(self.happened_, other, 0.05), betaincinv(self.happened_, other, 0.95)
        of_groups = pd.DataFrame({"value": value, "low": np.minimum(low, value), "high": np.maximum(high, value)})
        return of_groups.iloc[self._place(rows)].reset_index(drop=True)

    def _reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        base = float(logit(self.all_))
        told = logit(self.happened_ / self.rows_)[self._place(rows)] - base
        return pd.DataFrame({"base": np.full(len(rows), base)} | ({self.column_: told} if self.column_ else {}))

    def _place(self, rows: pd.DataFrame) -> npt.NDArray[np.intp]:
        return _grouped(Columns(**self.columns_), rows, self.column_, self.cuts_)


def rates_told(early: pd.DataFrame, late: pd.DataFrame, *, name: str, label: str = "label") -> Floats:
    """What the rates of the groups of one column, learned from earlier rows, say of later ones: chances."""
    columns, _ = read_columns(early, (name,))
    if not columns.names:
        return np.full(len(late), float(early[label].mean()))
    cuts, labels = _cuts(columns, early, name, groups=GROUPS), early[label].to_numpy(dtype=np.float64)
    place = _grouped(columns, early, name, cuts)
    happened, rows = _counted(place, labels, places=len(cuts) + 2, prior=(float(labels.mean()), WEIGHT))
    return np.asarray((happened / rows)[_grouped(columns, late, name, cuts)])


def _cuts(columns: Columns, rows: pd.DataFrame, name: str, *, groups: int) -> npt.NDArray[Any]:
    """Where the groups of a column begin: numbers in groups of about equal size, kinds each by itself."""
    if not name:
        return np.empty(0)
    if name in columns.levels:
        return np.arange(len(columns.levels[name])) + 0.5
    known = columns.one(rows, name)
    known = known[~np.isnan(known)]
    return np.asarray(np.unique(np.quantile(known, np.linspace(0, 1, groups + 1)[1:-1]))) if len(known) else np.empty(0)


def _grouped(columns: Columns, rows: pd.DataFrame, name: str, cuts: Floats) -> npt.NDArray[np.intp]:
    """The group of each row; the last group is for what is not known."""
    if not name:
        return np.zeros(len(rows), dtype=np.intp)
    values = columns.one(rows, name)
    return np.where(np.isnan(values), len(cuts) + 1, np.searchsorted(cuts, values, side="left"))


def _counted(place: npt.NDArray[np.intp], labels: Floats, *, places: int, prior: tuple[float, float]) -> tuple[Any, Any]:
    """How often it happened in each group, and rows, both with those of the prior."""
    rate, weight = prior
    happened = np.bincount(place, weights=labels, minlength=places) + weight * rate
    return happened, np.bincount(place, minlength=places) + weight
