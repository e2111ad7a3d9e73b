"""Logistic regression: the first model that every question tries, with coefficients that can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.learn.base import PredictorBase
from zhiyin.learn.frames import Floats
from zhiyin.learn.reasons import expit
from zhiyin.predict.columns import Columns, read_columns
from zhiyin.predict.design import Design, learn_design
from zhiyin.predict.folds import FOLDS, folds_of
from zhiyin.predict.newton import best_fit
from zhiyin.predict.sums import Sums

Places = npt.NDArray[np.int64]

__all__ = ["WIDTH", "LogisticModel", "rows_a_key"]

WIDTH = 1.6448536269514722  # standard deviations from the middle to each end of a 90 % interval
SEARCHED = 6_000  # rows on which the freedom is looked for
FREEDOMS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


@dataclass
class LogisticModel(PredictorBase):
    """Adds up what speaks for it and against it; the sum is the log-odds.

    The interval is that of the coefficients (Laplace), widened where one customer stands there on several days.
    """

    needs: tuple[str, ...] = ()
    key: str = "customer_id"
    freedom: float = 0.0  # inverse of the ridge penalty; 0: found by leaving out a part of the customers at a time
    steps: int = 0  # steps that a number is cut into, to follow a curve
    folds: int = FOLDS
    seed: int = 0

    explains: ClassVar[bool] = True
    accepts_missing: ClassVar[bool] = True

    def _fit(self, examples: pd.DataFrame) -> None:
        columns, _ = read_columns(examples, self.needs)
        codes, labels = columns.codes(examples), examples[self.label].to_numpy()
        design = learn_design(codes, of_kinds=columns.of_kinds, steps=self.steps)
        matrix = np.hstack([design.matrix(codes), np.ones((len(codes), 1))])
        freedom, self._unseen = self._left_out(matrix, labels, folds_of(examples, self.key, labels=labels, folds=self.folds))
        weights, curvature = best_fit(matrix, labels, ridge=_ridge(matrix, freedom))
        self.columns_, self.design_, self.freedom_ = columns._asdict(), design._asdict(), freedom
        self.weights_, self.base_ = weights[:-1], float(weights[-1])
        self.doubt_ = np.linalg.inv(curvature) * rows_a_key(examples, self.key)

    def _left_out(self, matrix: Floats, labels: Floats, fold: Places) -> tuple[float, Floats | None]:
        """The freedom under which those who were left out are told best, and what was said about them."""
        parts = [number for number in np.unique(fold) if 0 < labels[fold != number].mean() < 1 and (fold == number).any()]
        if self.folds < 2 or len(parts) < 2:
            return self.freedom or FREEDOMS[2], None
        freedom = self.freedom or _freest(matrix, labels, fold, parts=parts)
        unseen = np.empty(len(labels))
        for number in parts:
            kept = fold != number
            weights, _ = best_fit(matrix[kept], labels[kept], ridge=_ridge(matrix, freedom))
            unseen[~kept] = matrix[~kept] @ weights
        return freedom, unseen

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        matrix = self._matrix(rows)
        log_odds = matrix @ self.weights_ + self.base_
        with_base = np.hstack([matrix, np.ones((len(matrix), 1))])
        reach = WIDTH * np.sqrt(np.einsum("ij,ij->i", with_base @ self.doubt_, with_base).clip(0.0))
        return pd.DataFrame({"value": expit(log_odds), "low": expit(log_odds - reach), "high": expit(log_odds + reach)})

    def _reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        parts = Design(**self.design_).together(self._matrix(rows) * self.weights_)
        return pd.DataFrame(parts, columns=Columns(**self.columns_).names).assign(base=self.base_)

    def sums(self, values: Mapping[str, object]) -> Sums:
        """What the model says of one row given by name, without a frame (see one.py)."""
        columns, design = Columns(**self.columns_), Design(**self.design_)
        matrix = design.matrix(columns.codes_of(values))
        with_base = np.append(matrix[0], 1.0)
        reach = WIDTH * float(np.sqrt(max(0.0, with_base @ self.doubt_ @ with_base)))
        parts = dict(zip(columns.names, design.together(matrix * self.weights_)[0].tolist(), strict=True))
        return Sums(float(matrix[0] @ self.weights_) + self.base_, reach, self.base_, parts)

    def coefficients(self) -> pd.DataFrame:
        """Columns feature, weight (log-odds a standard deviation along its line; of the strongest kind where it holds kinds), the strongest first."""
        self._must_have_learned()
        names, owner = Columns(**self.columns_).names, Design(**self.design_).owner
        strongest = [max(self.weights_[owner == place], key=abs, default=0.0) for place in range(len(names))]
        table = pd.DataFrame({"feature": names, "weight": strongest})
        return table.iloc[np.argsort(-np.abs(table["weight"]), kind="stable")].reset_index(drop=True)

    def _matrix(self, rows: pd.DataFrame) -> Floats:
        return Design(**self.design_).matrix(Columns(**self.columns_).codes(rows))


def _freest(matrix: Floats, labels: Floats, fold: Places, *, parts: Sequence[int]) -> float:
    """The freedom that does best for those who are left out; looked for on some of the rows, because the best one hardly depends on how many."""
    some = np.arange(0, len(labels), max(1, len(labels) // SEARCHED))
    matrix, labels, fold = matrix[some], labels[some], fold[some]
    losses = np.zeros(len(FREEDOMS))
    for number in parts:
        kept, weights = fold != number, None
        for place, freedom in enumerate(FREEDOMS):  # from stiff to free, each begins where the last one ended
            weights, _ = best_fit(matrix[kept], labels[kept], ridge=_ridge(matrix, freedom), weights=weights)
            log_odds = matrix[~kept] @ weights
            losses[place] += float((np.logaddexp(0.0, log_odds) - labels[~kept] * log_odds).sum())
    return FREEDOMS[int(np.argmin(losses))]


def _ridge(matrix: Floats, freedom: float) -> Floats:
    return np.append(np.full(matrix.shape[1] - 1, 1.0 / freedom), 1e-9)  # the base, in the last column, is free


def rows_a_key(examples: pd.DataFrame, key: str) -> float:
    """How many rows a customer has on average: they say less than as many rows of different customers."""
    return len(examples) / examples[key].nunique() if key in examples.columns else 1.0
