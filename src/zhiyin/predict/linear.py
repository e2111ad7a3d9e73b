"""Linear regression: how much, or how many days, as a sum that can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from zhiyin.learn.base import PredictorBase
from zhiyin.learn.frames import Floats
from zhiyin.learn.verbs import Unit
from zhiyin.predict.columns import Columns, read_columns
from zhiyin.predict.design import Design, learn_design
from zhiyin.predict.logistic import WIDTH, rows_a_key

__all__ = ["LinearModel"]


@dataclass
class LinearModel(PredictorBase):
    """Ridge regression on scaled features; the interval is that of the mean, not of one customer's luck."""

    needs: tuple[str, ...] = ()
    key: str = "customer_id"
    penalty: float = 1.0

    unit: ClassVar[Unit] = "money"  # type: ignore[assignment]
    explains: ClassVar[bool] = True
    accepts_missing: ClassVar[bool] = True

    def _fit(self, examples: pd.DataFrame) -> None:
        columns, _ = read_columns(examples, self.needs)
        codes, amounts = columns.codes(examples), examples[self.label].to_numpy()
        design = learn_design(codes, of_kinds=columns.of_kinds)
        with_base = np.hstack([design.matrix(codes), np.ones((len(codes), 1))])
        curvature = with_base.T @ with_base
        curvature[np.diag_indices_from(curvature)] += np.append(np.full(with_base.shape[1] - 1, self.penalty), 1e-9)
        inverse = np.linalg.pinv(curvature, hermitian=True)
        found = inverse @ with_base.T @ amounts
        noise = float(np.mean((amounts - with_base @ found) ** 2))
        self.columns_, self.design_ = columns._asdict(), design._asdict()
        self.weights_, self.base_ = found[:-1], float(found[-1])
        self.doubt_ = inverse * noise * rows_a_key(examples, self.key)

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        matrix = self._matrix(rows)
        value = matrix @ self.weights_ + self.base_
        with_base = np.hstack([matrix, np.ones((len(matrix), 1))])
        reach = WIDTH * np.sqrt(np.einsum("ij,jk,ik->i", with_base, self.doubt_, with_base, optimize=True).clip(0.0))
        return pd.DataFrame({"value": value, "low": value - reach, "high": value + reach})

    def _reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        parts = Design(**self.design_).together(self._matrix(rows) * self.weights_)
        return pd.DataFrame(parts, columns=Columns(**self.columns_).names).assign(base=self.base_)

    def _matrix(self, rows: pd.DataFrame) -> Floats:
        return Design(**self.design_).matrix(Columns(**self.columns_).codes(rows))
