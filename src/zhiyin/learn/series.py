"""Models that continue a series of days."""

from __future__ import annotations

from abc import abstractmethod
from typing import final

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import DataError, UsageError, listed
from zhiyin.core.words import Say
from zhiyin.learn import examples as invented
from zhiyin.learn.frames import between, complete, days_of, finite, needed, not_empty, plain_rows
from zhiyin.learn.life import ModelBase

__all__ = ["ForecasterBase"]


class ForecasterBase(ModelBase):
    """Continues each series for `horizon` steps of `every` days. Write `_fit` and `_forecast`.

    `needs` are columns known for the future too (a holiday, a price): they stand in the examples and in `future`.
    """

    verb = "forecast"
    horizon: int = 28
    every: int = 1
    last_series_: npt.NDArray[np.generic]
    last_days_: npt.NDArray[np.datetime64]

    _kept = ("examples_", "outcomes_", "last_series_", "last_days_")

    @final
    def forecast(self, future: pd.DataFrame | None = None) -> pd.DataFrame:
        """Columns series, on, value, low, high: `horizon` steps after the last day of each series, series by series.

        Args:
            future: series, on and the needed columns for these days; only for a model that needs some.

        Raises:
            NotFitted: before `fit`.
            MissingColumns: when a needed column is missing.
            DataError: when `future` leaves out a day, or the model gave back what it must not.
        """
        self._must_have_learned()
        grid = self._grid()
        if self.needs:
            grid = self._with_future(grid, future)
        given = self._forecast(grid.copy())
        who = type(self).__name__
        parts = [given[name] for name in ("value", "low", "high")] if isinstance(given, pd.DataFrame) else [given] * 3
        value, low, high = (finite(part, who=who, rows=len(grid)) for part in parts)
        low, high = between(low, low=-np.inf, high=value, who=who), between(high, low=value, high=np.inf, who=who)
        return pd.DataFrame({"series": grid["series"], "on": grid["on"], "value": value, "low": low, "high": high})

    def example_rows(self, rows: int, *, seed: int) -> pd.DataFrame:
        """Two series with a week in them."""
        return invented.weekly(self.needs, rows=rows, seed=seed, every=self.every)

    def example_future(self, *, seed: int) -> pd.DataFrame | None:
        """The needed columns for the days ahead; None for a model that needs none."""
        if not self.needs:
            return None
        rng = np.random.default_rng(seed)
        return self._grid().assign(**{name: rng.normal(size=len(self._grid())).round(3) for name in self.needs})

    @abstractmethod
    def _forecast(self, grid: pd.DataFrame) -> npt.ArrayLike | pd.DataFrame:
        """The values, or a frame with value, low and high, for the rows of `grid`: series, on and the needed columns."""

    def _checked(self, examples: pd.DataFrame) -> pd.DataFrame:
        who = type(self).__name__
        needed(examples, ("series", "on", "value", *self.needs), who=who)
        not_empty(examples, who=who)
        if self.horizon < 1 or self.every < 1:
            raise UsageError(
                Say("预测步数和间隔都至少为 1。", "Horizon and step must be at least 1."),
                got=f"horizon {self.horizon}, every {self.every}",
                fix=Say("设为 1 或更大。", "Set them to 1 or more."),
            )
        complete(examples, ("series", "on"), who=who)
        taught = plain_rows(examples, ("value", *self.needs), who=who, accepts_missing=self.accepts_missing)
        complete(taught, ("value",), who=who)
        taught.insert(0, "series", examples["series"].astype(str).to_numpy())
        taught.insert(1, "on", days_of(examples["on"]))
        taught = taught.sort_values(["series", "on"], kind="stable", ignore_index=True)
        self._must_be_regular(taught)
        return taught

    def _must_be_regular(self, taught: pd.DataFrame) -> None:
        steps = taught.groupby("series")["on"].diff().dropna()
        odd = taught.loc[steps.index[steps != pd.Timedelta(days=self.every)], "series"].unique()
        if len(odd):
            raise DataError(
                Say("序列里有缺失或重复的日子。", "A series leaves out a day, or has one twice."),
                got=listed(odd),
                fix=Say(
                    f"每 {self.every} 天正好一行；没有销量的日子写 0。",
                    f"Give exactly one row every {self.every} day(s); write 0 where nothing was sold.",
                ),
            )

    def _learn(self, examples: pd.DataFrame) -> None:
        last = examples.groupby("series")["on"].max()
        self.outcomes_ = len(examples)
        self.last_series_, self.last_days_ = last.index.to_numpy().astype(str), last.to_numpy().astype("datetime64[D]")
        self._fit(examples)

    def _grid(self) -> pd.DataFrame:
        ahead = np.arange(1, self.horizon + 1) * self.every
        days = (self.last_days_[:, None] + ahead[None, :]).ravel().astype("datetime64[ns]")
        return pd.DataFrame({"series": np.repeat(self.last_series_, self.horizon).astype(object), "on": days})

    def _with_future(self, grid: pd.DataFrame, future: pd.DataFrame | None) -> pd.DataFrame:
        who = type(self).__name__
        given = pd.DataFrame() if future is None else future
        needed(given, ("series", "on", *self.needs), who=who)
        known = plain_rows(given, self.needs, who=who, accepts_missing=self.accepts_missing)
        known.insert(0, "series", given["series"].astype(str).to_numpy())
        known.insert(1, "on", days_of(given["on"]))
        joined = grid.merge(known.drop_duplicates(["series", "on"]), on=["series", "on"], how="left", indicator=True)
        absent = int((joined["_merge"] == "left_only").sum())
        if absent:
            raise DataError(
                Say("未来的数据缺了几天。", "The future leaves out some days."),
                got=absent,
                fix=Say(f"给出每个序列之后 {self.horizon} 步的数据。", f"Give the {self.horizon} steps after each series."),
            )
        return joined.drop(columns="_merge")
