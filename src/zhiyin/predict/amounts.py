"""How much will it be? A line and trees together, with an interval that held on rows left out."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from zhiyin.learn.base import PredictorBase
from zhiyin.learn.frames import Floats
from zhiyin.learn.verbs import Unit
from zhiyin.predict.boosters import Boosters, boosters_of, grown, parameters, printed, whole
from zhiyin.predict.columns import Columns, read_columns
from zhiyin.predict.design import Design, learn_design
from zhiyin.predict.folds import FOLDS, folds_of

__all__ = ["AmountModel"]

PENALTIES = (0.1, 1.0, 10.0, 100.0, 1000.0)  # of the ridge, in squared units of a standardised column
STEPS = 8
BINS = 10  # of about equal size by what is said: how far off it was differs between small and large amounts
SHARES = (0.05, 0.95)
FEWEST = 20  # rows in a bin: fewer do not tell a twentieth


@dataclass
class AmountModel(PredictorBase):
    """A ridge regression with steps and boosted trees, weighed on rows left out; reasons add up to the amount.

    The interval is that of one case, not of the mean: nine of ten rows left out lay within it (split conformal, by size of the amount).

    References:
        Lei et al. (2018), Distribution-free predictive inference for regression.
    """

    needs: tuple[str, ...] = ()
    key: str = "customer_id"
    trees: int = 3000
    folds: int = FOLDS
    threads: int = 1
    seed: int = 0

    unit: ClassVar[Unit] = "money"  # type: ignore[assignment]
    explains: ClassVar[bool] = True
    accepts_missing: ClassVar[bool] = True
    order_matters: ClassVar[bool] = True

    @classmethod
    def example(cls) -> AmountModel:
        """Small, for the contract checks."""
        return cls(needs=("a", "b"), trees=20)

    def _fit(self, examples: pd.DataFrame) -> None:
        columns, _ = read_columns(examples, self.needs)
        codes, amounts = columns.codes(examples), examples[self.label].to_numpy()
        design = learn_design(codes, of_kinds=columns.of_kinds, steps=STEPS)
        self.columns_, self.design_ = columns._asdict(), design._asdict()
        fold = folds_of(examples, self.key, labels=amounts, folds=self.folds)
        numbers = [number for number in range(self.folds) if 0 < (fold == number).sum() < len(fold)]
        matrix = design.matrix(codes)
        self.middle_ = float(amounts.mean())
        lines, line_said = _lines(matrix, amounts, fold)
        self.parts_ = self._grown(codes, amounts, fold, numbers) if len(numbers) > 1 else []
        said = [line_said]
        if self.parts_:
            said.append(np.select([fold == number for number in numbers], list(Boosters(self.parts_).raw(codes))))
        self.weights_ = _weights(np.column_stack(said), amounts, middle=self.middle_)
        self.line_ = lines
        unseen = self.middle_ + (np.column_stack(said) - self.middle_) @ self.weights_
        self.edges_, self.off_ = _off(unseen, amounts)
        self._unseen = unseen

    def _grown(self, codes: Floats, amounts: Floats, fold: Any, numbers: list[int]) -> list[str]:  # noqa: ANN401
        settings = parameters("wide", rows=len(amounts), seed=self.seed) | {"objective": "regression"}
        of_kinds = Columns(**self.columns_).of_kinds

        def one(number: int) -> str:
            out = fold == number
            watched = codes[out], amounts[out]
            text, _ = grown(codes[~out], amounts[~out], settings=settings, of_kinds=of_kinds, most=self.trees, aside=watched)
            return text

        with ThreadPoolExecutor(self.threads) as side_by_side:
            return list(side_by_side.map(one, numbers))

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        value = self._value(rows)
        off = self.off_[np.searchsorted(self.edges_, value, side="left")]
        return pd.DataFrame({"value": value, "low": value + np.minimum(off[:, 0], 0.0), "high": value + np.maximum(off[:, 1], 0.0)})

    def _value(self, rows: pd.DataFrame) -> Floats:
        codes = Columns(**self.columns_).codes(rows)
        said = [Design(**self.design_).matrix(codes) @ self.line_]
        if self.parts_:
            said.append(boosters_of(self, self.parts_).raw(codes).mean(axis=0) - self.middle_)
        return np.asarray(self.middle_ + np.column_stack(said) @ self.weights_)

    def _reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        columns, design = Columns(**self.columns_), Design(**self.design_)
        codes = columns.codes(rows)
        parts = design.together(design.matrix(codes) * self.line_) * self.weights_[0]
        base = np.full(len(rows), self.middle_)
        if self.parts_:
            shares = boosters_of(self, self.parts_).shares(codes)
            parts = parts + shares[:, :-1] * self.weights_[1]
            base = base + (shares[:, -1] - self.middle_) * self.weights_[1]
        return pd.DataFrame(parts, columns=columns.names).assign(base=base)

    def _state(self) -> Mapping[str, object]:
        kept = ("columns_", "design_", "middle_", "line_", "weights_", "edges_", "off_")
        return {name: getattr(self, name) for name in kept} | printed(self.parts_)

    def _restore(self, state: Mapping[str, Any]) -> None:
        vars(self).update({name: value for name, value in state.items() if name != "prints"} | {"parts_": whole(state, who="AmountModel")})


def _lines(matrix: Floats, amounts: Floats, fold: Any) -> tuple[Floats, Floats]:  # noqa: ANN401
    """Weights of a ridge regression around the mean, and what it says of rows left out, with the penalty that is best for those."""
    said = np.full((len(PENALTIES), len(amounts)), amounts.mean())
    for number in np.unique(fold) if len(np.unique(fold)) > 1 else ():
        kept = fold != number
        mean = amounts[kept].mean()
        for place, penalty in enumerate(PENALTIES):
            said[place, ~kept] = mean + matrix[~kept] @ _ridge(matrix[kept], amounts[kept] - mean, penalty)
    best = int(np.argmin(((said - amounts) ** 2).sum(axis=1)))
    return _ridge(matrix, amounts - amounts.mean(), PENALTIES[best]), said[best]


def _ridge(matrix: Floats, amounts: Floats, penalty: float) -> Floats:
    curvature = matrix.T @ matrix
    curvature[np.diag_indices_from(curvature)] += penalty
    return np.asarray(np.linalg.solve(curvature, matrix.T @ amounts))


def _weights(said: Floats, amounts: Floats, *, middle: float) -> Floats:
    """Weights, none below zero, by which the parts come nearest to rows left out."""
    from scipy.optimize import nnls

    found, _ = nnls(said - middle, amounts - middle)
    return np.asarray(found)


def _off(said: Floats, amounts: Floats) -> tuple[Floats, Floats]:
    """Edges of bins by what was said, and by how much the truth lay below and above in each, shape `(n_bins, 2)`."""
    bins = max(1, min(BINS, len(said) // FEWEST))
    edges = np.unique(np.quantile(said, np.linspace(0, 1, bins + 1)[1:-1]))
    place = np.searchsorted(edges, said, side="left")
    off = [np.quantile((amounts - said)[place == number], SHARES) for number in range(len(edges) + 1) if (place == number).any()]
    return edges[: len(off) - 1], np.stack(off)
