"""How often did it happen to customers like this one? One column, and rates that few rows cannot push far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.learn.base import PredictorBase
from zhiyin.learn.reasons import logit

__all__ = ["RateModel"]


@dataclass
class RateModel(PredictorBase):
    """Cuts one column into groups of about equal size; the rate of each is shrunken towards that of all."""

    needs: tuple[str, ...] = ("days_since_order",)
    key: str = "customer_id"
    groups: int = 10
    weight: float = 20.0  # a group of this many rows stands half for itself, half for all

    explains: ClassVar[bool] = True
    accepts_missing: ClassVar[bool] = True

    @classmethod
    def example(cls) -> RateModel:
        """Of one column."""
        return cls(needs=("a",))

    def _fit(self, examples: pd.DataFrame) -> None:
        values, labels = examples[self.needs[0]].to_numpy(), examples[self.label].to_numpy()
        known = values[~np.isnan(values)]
        cuts = np.quantile(known, np.linspace(0, 1, self.groups + 1)[1:-1]) if len(known) else np.empty(0)
        self.cuts_ = np.unique(cuts)
        place, places = self._place(values), len(self.cuts_) + 2
        rows = np.bincount(place, minlength=places)
        self.all_ = float(labels.mean())
        self.happened_ = np.bincount(place, weights=labels, minlength=places) + self.weight * self.all_
        self.rows_ = rows + self.weight

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        from scipy.special import betaincinv

        place = self._place(rows[self.needs[0]].to_numpy())
        happened, other = self.happened_[place], (self.rows_ - self.happened_)[place]
        value = happened / (happened + other)
        low, high = betaincinv(happened, other, 0.05), betaincinv(happened, other, 0.95)
        return pd.DataFrame({"value": value, "low": np.minimum(low, value), "high": np.maximum(high, value)})

    def _reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        place, base = self._place(rows[self.needs[0]].to_numpy()), float(logit(self.all_))
        return pd.DataFrame({"base": base, self.needs[0]: logit(self.happened_ / self.rows_)[place] - base})

    def _place(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
        """The group of each value; the last group is for what is not known."""
        found = np.searchsorted(self.cuts_, values, side="left")
        return np.where(np.isnan(values), len(self.cuts_) + 1, found)
