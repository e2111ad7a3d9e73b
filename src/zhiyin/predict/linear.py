"""Linear regression: how much, or how many days, as a sum that can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from zhiyin.learn.base import PredictorBase
from zhiyin.learn.verbs import Unit
from zhiyin.predict.logistic import WIDTH, rows_a_key
from zhiyin.predict.scaling import Scaling, learn_scaling

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
        scaling = learn_scaling(examples[list(self.needs)])
        columns, amounts = scaling.columns(examples[list(self.needs)]), examples[self.label].to_numpy()
        with_base = np.hstack([columns, np.ones((len(columns), 1))])
        curvature = with_base.T @ with_base
        curvature[np.diag_indices_from(curvature)] += np.append(np.full(columns.shape[1], self.penalty), 1e-9)
        inverse = np.linalg.pinv(curvature, hermitian=True)
        found = inverse @ with_base.T @ amounts
        noise = float(np.mean((amounts - with_base @ found) ** 2))
        self.scaling_, self.weights_, self.base_ = scaling._asdict(), found[:-1], float(found[-1])
        self.doubt_ = inverse * noise * rows_a_key(examples, self.key)

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        columns = Scaling(**self.scaling_).columns(rows[list(self.needs)])
        value = columns @ self.weights_ + self.base_
        with_base = np.hstack([columns, np.ones((len(columns), 1))])
        reach = WIDTH * np.sqrt(np.einsum("ij,jk,ik->i", with_base, self.doubt_, with_base, optimize=True).clip(0.0))
        return pd.DataFrame({"value": value, "low": value - reach, "high": value + reach})

    def _reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        scaling = Scaling(**self.scaling_)
        parts = scaling.together(scaling.columns(rows[list(self.needs)]) * self.weights_)
        return pd.DataFrame(parts, columns=list(self.needs)).assign(base=self.base_)
