"""Small models that the tests of this room put into the registry."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from zhiyin.learn.base import PredictorBase, RecommenderBase


@dataclass
class Mean(PredictorBase):
    """The mean of the labels."""

    needs: tuple[str, ...] = ()
    seed: int = 0

    def _fit(self, examples):
        self.mean_ = float(examples[self.label].mean())
        self.table_ = np.arange(50.0)

    def _predict(self, rows):
        return np.full(len(rows), self.mean_)


@dataclass
class Last(RecommenderBase):
    """What a customer had last, once more."""

    def _fit(self, interactions):
        last = interactions.groupby(self.key)[self.item].last()
        self.item_ = dict(zip(last.index, last, strict=True))

    def _recommend(self, customers, k):
        return pd.DataFrame({self.key: customers, self.item: [self.item_[one] for one in customers], "score": 1.0})
