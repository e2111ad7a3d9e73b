"""Decision tree and random forest: rules that can be drawn, and the mean of many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.learn.base import PredictorBase
from zhiyin.learn.frames import Floats
from zhiyin.learn.reasons import expit, logit
from zhiyin.predict.columns import Columns, read_columns
from zhiyin.predict.crossed import CrossedModel
from zhiyin.predict.folds import FOLDS
from zhiyin.predict.scaling import medians

__all__ = ["ForestModel", "TreeModel"]

SHRINK = 10.0  # a leaf of this many rows stands half for itself, half for all
Arrays = dict[str, Any]


@dataclass
class TreeModel(PredictorBase):
    """One decision tree: a few questions in a row, and the rate at the end of the path."""

    needs: tuple[str, ...] = ()
    key: str = "customer_id"
    depth: int = 5
    least: int = 50  # rows in a leaf
    seed: int = 0

    explains: ClassVar[bool] = True
    accepts_missing: ClassVar[bool] = True
    order_matters: ClassVar[bool] = True

    def _fit(self, examples: pd.DataFrame) -> None:
        from sklearn.tree import DecisionTreeClassifier

        columns, _ = read_columns(examples, self.needs)
        self.columns_ = columns._asdict()
        codes = columns.codes(examples)
        self.middle_ = medians(codes)
        least = min(self.least, max(2, len(examples) // 10))
        tree = DecisionTreeClassifier(max_depth=self.depth, min_samples_leaf=least, random_state=self.seed)
        tree.fit(_filled(codes, self.middle_), examples[self.label].to_numpy())
        self.tree_ = _arrays(tree.tree_, share=float(examples[self.label].mean()))

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        from scipy.special import betaincinv

        leaf = _path(self.tree_, self._codes(rows))[:, -1]
        value, count = expit(self.tree_["log_odds"][leaf]), self.tree_["rows"][leaf] + SHRINK
        low, high = (betaincinv(value * count, (1 - value) * count, share) for share in (0.05, 0.95))
        return pd.DataFrame({"value": value, "low": np.minimum(low, value), "high": np.maximum(high, value)})

    def _reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        shares = _walked(self.tree_, self._codes(rows))
        return pd.DataFrame(shares[:, :-1], columns=Columns(**self.columns_).names).assign(base=shares[:, -1])

    def _codes(self, rows: pd.DataFrame) -> Floats:
        return _filled(Columns(**self.columns_).codes(rows), self.middle_)


@dataclass
class ForestModel(CrossedModel):
    """Random forest: trees on drawn rows and drawn features; their log-odds are averaged."""

    needs: tuple[str, ...] = ()
    key: str = "customer_id"
    trees: int = 40
    depth: int = 8
    least: int = 20
    folds: int = FOLDS
    threads: int = 1
    seed: int = 0

    @classmethod
    def example(cls) -> ForestModel:
        """Small, for the contract checks."""
        return cls(needs=("a", "b"), trees=4)

    def _grow(self, codes: Floats, labels: Floats, *, aside: tuple[Floats, Floats] | None) -> Arrays:
        from sklearn.ensemble import RandomForestClassifier

        middle = medians(codes)
        least = min(self.least, max(2, len(labels) // 20))
        forest = RandomForestClassifier(self.trees, max_depth=self.depth, min_samples_leaf=least, random_state=self.seed, n_jobs=1)
        forest.fit(_filled(codes, middle), labels)
        grown = [_arrays(tree.tree_, share=float(labels.mean())) for tree in forest.estimators_]
        return {"middle": middle, "trees": grown}

    def _raw(self, codes: Floats) -> Floats:
        return np.stack([np.mean(self._of_trees(part, codes, _log_odds), axis=0) for part in self.parts_])

    def _shares(self, codes: Floats) -> Floats:
        each = [np.mean(self._of_trees(part, codes, _walked), axis=0) for part in self.parts_]
        return np.asarray(np.mean(each, axis=0))

    def _of_trees(self, part: Arrays, codes: Floats, asked: Callable[[Arrays, Floats], Floats]) -> list[Floats]:
        filled = _filled(codes, part["middle"])
        return [asked(tree, filled) for tree in part["trees"]]


def _filled(columns: Floats, middle: Floats) -> Floats:
    # trees compare in single precision: the same rounding here keeps every row on the path it was grown on
    return np.where(np.isnan(columns), middle, columns).astype(np.float32).astype(np.float64)


def _arrays(tree: Any, *, share: float) -> Arrays:  # noqa: ANN401 - sklearn has no types
    """The tree as plain arrays; the rate of each node is shrunken towards that of all rows."""
    rows = np.asarray(tree.weighted_n_node_samples, dtype=np.float64)
    happened = np.asarray(tree.value, dtype=np.float64)[:, 0, -1] * rows
    return {
        "left": np.asarray(tree.children_left),
        "right": np.asarray(tree.children_right),
        "feature": np.asarray(tree.feature),
        "threshold": np.asarray(tree.threshold),
        "rows": rows,
        "log_odds": logit((happened + SHRINK * share) / (rows + SHRINK)),
        "depth": int(tree.max_depth),
    }


def _path(tree: Arrays, columns: Floats) -> npt.NDArray[np.intp]:
    """The nodes that each row passes, shape `(n_rows, depth + 1)`; a leaf is repeated."""
    node = np.zeros(len(columns), dtype=np.intp)
    passed = [node]
    for _ in range(tree["depth"]):
        inner = tree["left"][node] >= 0
        goes_left = columns[np.arange(len(columns)), np.where(inner, tree["feature"][node], 0)] <= tree["threshold"][node]
        node = np.where(inner, np.where(goes_left, tree["left"][node], tree["right"][node]), node)
        passed.append(node)
    return np.column_stack(passed)


def _log_odds(tree: Arrays, columns: Floats) -> Floats:
    return np.asarray(tree["log_odds"][_path(tree, columns)[:, -1]])


def _walked(tree: Arrays, columns: Floats) -> Floats:
    """What each question on the path adds to the log-odds; the root is the base, in the last column."""
    passed, features = _path(tree, columns), columns.shape[1]
    shares = np.zeros((len(columns), features + 1))
    shares[:, -1] = tree["log_odds"][0]
    rows = np.arange(len(columns))
    for before, after in zip(passed.T[:-1], passed.T[1:], strict=True):
        asked = np.where(tree["feature"][before] >= 0, tree["feature"][before], features)
        shares[rows, asked] += tree["log_odds"][after] - tree["log_odds"][before]
    return shares
