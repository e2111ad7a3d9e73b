"""What do pairs whose truth is known teach beyond what the tables taught by themselves?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from zhiyin.unify.linking.alike import MISSING

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

__all__ = ["Lesson", "taught"]

_FEWEST = 20  # labels of each kind: fewer say nothing about ten fields
_FOLDS = 5


class Lesson(NamedTuple):
    """How the log-odds follow from what each field says: `intercept + said @ weights + missing @ absent`."""

    intercept: float
    weights: np.ndarray
    absent: np.ndarray

    def odds(self, said: np.ndarray, levels: np.ndarray) -> np.ndarray:
        """The log-odds of pairs."""
        odds: np.ndarray = self.intercept + said @ self.weights + (levels == MISSING) @ self.absent
        return odds


def taught(said: np.ndarray, levels: np.ndarray, *, odds: np.ndarray, label: np.ndarray) -> Lesson | None:
    """A lesson, when it tells labelled pairs apart better than what was known without them.

    Args:
        said: what each field says for each labelled pair, `(pairs, fields)`.
        levels: how alike the fields are.
        odds: the log-odds of the pairs without the labels.
        label: 1 the same, 0 not.
    """
    if min(label.sum(), len(label) - label.sum()) < _FEWEST:
        return None
    rows = np.hstack([said, levels == MISSING]).astype("float64")
    fold = np.argsort(np.lexsort((odds, label)), kind="stable") % _FOLDS  # each fold has pairs of every kind
    told = np.empty(len(label))
    for number in range(_FOLDS):
        away = fold == number
        told[away] = _fitted(rows[~away], label[~away]).decision_function(rows[away])
    if _loss(told, label) >= _loss(odds, label):
        return None
    model = _fitted(rows, label)
    weights = model.coef_[0]
    return Lesson(float(model.intercept_[0]), weights[: said.shape[1]], weights[said.shape[1] :])


def _fitted(rows: np.ndarray, label: np.ndarray) -> LogisticRegression:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=1000).fit(rows, label)


def _loss(odds: np.ndarray, label: np.ndarray) -> float:
    """Mean log loss."""
    return float(np.logaddexp(0, np.where(label == 1, -odds, odds)).mean())
