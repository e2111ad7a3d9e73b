"""Logistic regression: the first model that every question tries, with coefficients that can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from zhiyin.learn.base import PredictorBase
from zhiyin.learn.reasons import expit
from zhiyin.predict.newton import best_fit
from zhiyin.predict.scaling import Scaling, learn_scaling

__all__ = ["WIDTH", "LogisticModel", "rows_a_key"]

WIDTH = 1.6448536269514722  # standard deviations from the middle to each end of a 90 % interval


@dataclass
class LogisticModel(PredictorBase):
    """Adds up what speaks for it and against it; the sum is the log-odds.

    The interval is that of the coefficients (Laplace), widened where one customer stands there on several days.
    """

    needs: tuple[str, ...] = ()
    key: str = "customer_id"
    freedom: float = 0.05  # inverse of the ridge penalty: .02 to .05 were best on Complete Journey

    explains: ClassVar[bool] = True
    accepts_missing: ClassVar[bool] = True

    def _fit(self, examples: pd.DataFrame) -> None:
        scaling = learn_scaling(examples[list(self.needs)])
        columns, labels = scaling.columns(examples[list(self.needs)]), examples[self.label].to_numpy()
        used = np.append(columns.any(axis=0), True)  # most features are never missing: their second column is empty
        ridge = np.where(np.arange(len(used)) < columns.shape[1], 1.0 / self.freedom, 1e-9)[used]  # the base, in the last column, is free
        found, curvature = best_fit(np.hstack([columns, np.ones((len(columns), 1))])[:, used], labels, ridge=ridge)
        weights, doubt = np.zeros(len(used)), np.zeros((len(used), len(used)))
        weights[used], doubt[np.ix_(used, used)] = found, np.linalg.inv(curvature)
        self.scaling_ = scaling._asdict()
        self.weights_, self.base_ = weights[:-1], float(weights[-1])
        self.doubt_ = doubt * rows_a_key(examples, self.key)

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        columns = self._scaling().columns(rows[list(self.needs)])
        log_odds = columns @ self.weights_ + self.base_
        with_base = np.hstack([columns, np.ones((len(columns), 1))])
        reach = WIDTH * np.sqrt(np.einsum("ij,jk,ik->i", with_base, self.doubt_, with_base, optimize=True).clip(0.0))
        return pd.DataFrame({"value": expit(log_odds), "low": expit(log_odds - reach), "high": expit(log_odds + reach)})

    def _reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        scaling = self._scaling()
        parts = scaling.together(scaling.columns(rows[list(self.needs)]) * self.weights_)
        return pd.DataFrame(parts, columns=list(self.needs)).assign(base=self.base_)

    def coefficients(self) -> pd.DataFrame:
        """Columns feature, weight (log-odds a standard deviation), the strongest first."""
        self._must_have_learned()
        weights = self.weights_[: len(self.needs)]
        table = pd.DataFrame({"feature": list(self.needs), "weight": weights})
        return table.iloc[np.argsort(-np.abs(weights), kind="stable")].reset_index(drop=True)

    def _scaling(self) -> Scaling:
        return Scaling(**self.scaling_)


def rows_a_key(examples: pd.DataFrame, key: str) -> float:
    """How many rows a customer has on average: they say less than as many rows of different customers."""
    return len(examples) / examples[key].nunique() if key in examples.columns else 1.0
