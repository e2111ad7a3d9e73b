"""Two minds are better than one: the mean log-odds of several models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from zhiyin.learn.base import PredictorBase
from zhiyin.learn.reasons import expit, logit
from zhiyin.predict.making import new_model

__all__ = ["BlendModel"]

EDGE = 1e-12  # probabilities are kept off 0 and 1, where log-odds end


@dataclass
class BlendModel(PredictorBase):
    """Averages log-odds, so reasons average exactly and no part can shout the others down."""

    needs: tuple[str, ...] = ()
    key: str = "customer_id"
    parts: tuple[str, ...] = ("logistic", "boosting")
    threads: int = 1
    seed: int = 0

    explains: ClassVar[bool] = True
    accepts_missing: ClassVar[bool] = True
    order_matters: ClassVar[bool] = True

    @classmethod
    def example(cls) -> BlendModel:
        """Of quick parts, for the contract checks."""
        return cls(needs=("a", "b"), parts=("logistic", "tree"))

    def _fit(self, examples: pd.DataFrame) -> None:
        self.models_ = [self._part(name).fit(examples) for name in self.parts]

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        said = [model.predict(rows)[["value", "low", "high"]].clip(EDGE, 1 - EDGE) for model in self.models_]
        return pd.DataFrame({name: expit(np.mean([logit(part[name]) for part in said], axis=0)) for name in ("value", "low", "high")})

    def _reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        parts = [model.reasons(rows).drop(columns=self.key) for model in self.models_]
        return sum(part.reindex(columns=["base", *self.needs], fill_value=0.0) for part in parts) / len(parts)

    def _part(self, name: str) -> PredictorBase:
        return new_model(name, needs=self.needs, key=self.key, threads=self.threads, seed=self.seed)
