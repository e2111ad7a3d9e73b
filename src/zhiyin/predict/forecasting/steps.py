"""When is the next one? Times of a table as whole steps, and back: counted steps, days, hours, months, quarters, years."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import DataError, TooLittleData
from zhiyin.core.words import Say

__all__ = ["Steps", "read_steps"]

Ints = npt.NDArray[np.int64]
_HOUR, _DAY = 3_600, 86_400
_MONTHS = {1: (28, 31), 3: (89, 92), 12: (364, 367)}  # months a step -> days between two neighbours
_SEASONS = {
    "hour": (24, 168),
    "half hour": (48, 336),
    "quarter hour": (96, 672),
    "day": (7,),
    "week": (52,),
    "month": (12,),
    "quarter": (4,),
}
_CALLED = {1_800: "half hour", 900: "quarter hour", _HOUR: "hour", _DAY: "day", 7 * _DAY: "week"}
_FEWEST_FILLED = 0.01  # share of the steps between first and last that must have a row


@dataclass(frozen=True)
class Steps:
    """How far apart the rows of a table are.

    Args:
        unit: `step` (whole numbers), `month`, `quarter`, `year`, or `hour`, `day`, `week` and other fixed spans (`span`).
        size: whole numbers, months or seconds from one step to the next.
        first: the number, the second or the month that step 0 stands for.
        day: day of the month that rows of months bear; 31 for the last one.
    """

    unit: str
    size: int
    first: int
    day: int = 1

    @property
    def dated(self) -> bool:
        """Whether the steps lie on a calendar."""
        return self.unit != "step"

    @property
    def seasons(self) -> tuple[int, ...]:
        """The seasons that a calendar of this step knows, the shortest first; empty for counted steps and years."""
        return _SEASONS.get(self.unit, ())

    @property
    def a_day(self) -> int:
        """Steps of one day; 0 where a step is a day or longer."""
        spans = self.unit == "span" or self.unit in _CALLED.values()
        return _DAY // self.size if spans and self.size < _DAY else 0

    def ordinals(self, at: pd.Series) -> Ints:
        """Which step each time is in."""
        if not self.dated:
            return np.asarray((pd.to_numeric(at).to_numpy(dtype=np.int64) - self.first) // self.size)
        days = _dates(at)
        if self.unit in ("month", "quarter", "year"):
            return np.asarray(((days.dt.year * 12 + days.dt.month - 1).to_numpy(dtype=np.int64) - self.first) // self.size)
        return np.asarray((_seconds(days) - self.first) // self.size)

    def times(self, ordinals: Ints) -> npt.NDArray[np.generic]:
        """The times of these steps, as the table has them: whole numbers, or `datetime64[ns]`."""
        if not self.dated:
            return np.asarray(ordinals * self.size + self.first)
        if self.unit in ("month", "quarter", "year"):
            months = (ordinals * self.size + self.first - 1970 * 12).astype("datetime64[M]")
            last = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64)
            return np.asarray((months.astype("datetime64[D]") + np.minimum(last, self.day) - 1).astype("datetime64[ns]"))
        return np.asarray((ordinals * self.size + self.first).astype("datetime64[s]").astype("datetime64[ns]"))


def read_steps(at: pd.Series, series: Ints) -> Steps:
    """How far apart the rows are, from the distances within the series.

    Args:
        at: whole numbers, dates or times, none of them empty.
        series: number of the series of each row.

    Raises:
        DataError: when the times cannot be read, or lie too irregularly to be steps.
    """
    if pd.api.types.is_numeric_dtype(at) and not pd.api.types.is_bool_dtype(at):
        return _counted(at, series)
    days = _dates(at)
    seconds = _seconds(days)
    gaps = _gaps(seconds, series)
    if not len(gaps):
        return (
            Steps("day", _DAY, int(seconds.min()) // _DAY * _DAY)
            if not (seconds % _DAY).any()
            else Steps("hour", _HOUR, int(seconds.min()))
        )
    usual = int(np.median(gaps))
    for months, (least, most) in _MONTHS.items():
        if least * _DAY <= usual <= most * _DAY and (day := _day_of_month(days)):
            first = int((days.dt.year * 12 + days.dt.month - 1).min())
            return Steps({1: "month", 3: "quarter", 12: "year"}[months], months, first, day)
    spans, counts = np.unique(gaps, return_counts=True)
    size = int(spans[counts.argmax()])
    steps = Steps(_CALLED.get(size, "span"), size, int(seconds.min()) // min(size, _DAY) * min(size, _DAY))
    _must_be_regular(steps, seconds, series)
    return steps


def _counted(at: pd.Series, series: Ints) -> Steps:
    numbers = at.to_numpy(dtype=np.float64)
    if not np.isfinite(numbers).all() or (numbers != np.round(numbers)).any():
        raise DataError(
            Say("列 at 的数字必须是整数步。", "The numbers of the column at must be whole steps."),
            got=str(at.dtype),
            fix=Say("给出 1、2、3 这样的步数，或日期。", "Give steps like 1, 2, 3, or dates."),
        )
    whole = numbers.astype(np.int64)
    gaps = _gaps(whole, series)
    return Steps("step", int(np.gcd.reduce(gaps)) if len(gaps) else 1, int(whole.min()))


def _dates(at: pd.Series) -> pd.Series:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # mixed ways of writing a date are slow to read, not wrong
            days = pd.to_datetime(at.astype(str) if isinstance(at.dtype, pd.PeriodDtype) else at)
    except (ValueError, TypeError) as wrong:
        raise DataError(
            Say("列 at 里有读不懂的时间。", "The column at holds times that cannot be read."),
            got=type(wrong).__name__,
            fix=Say("写成 2026-11-22 或 2026-11-22 08:00，或整数步。", "Write 2026-11-22 or 2026-11-22 08:00, or whole steps."),
        ) from wrong
    return days.dt.tz_localize(None) if getattr(days.dt, "tz", None) is not None else days


def _seconds(days: pd.Series) -> Ints:
    return np.asarray(days.to_numpy().astype("datetime64[s]").astype(np.int64))


def _gaps(numbers: Ints, series: Ints) -> Ints:
    """Distances between neighbours of one series, without those of zero."""
    order = np.lexsort((numbers, series))
    gaps = np.diff(numbers[order])[np.diff(series[order]) == 0]
    return np.asarray(gaps[gaps > 0])


def _day_of_month(days: pd.Series) -> int:
    """The day of the month that all rows bear, 31 for the last one of each; 0 when they differ."""
    if days.dt.is_month_end.all():
        return 31
    found = days.dt.day.unique()
    return int(found[0]) if len(found) == 1 else 0


def _must_be_regular(steps: Steps, seconds: Ints, series: Ints) -> None:
    """Too few of the steps have a row: single sales, not a series of sums."""
    ordinals = (seconds - steps.first) // steps.size
    bounds = pd.Series(ordinals).groupby(series).agg(["min", "max"])
    places = series * (int(ordinals.max()) + 1) + ordinals - int(ordinals.min())
    filled = len(pd.unique(places)) / float((bounds["max"] - bounds["min"] + 1).sum())
    if filled < _FEWEST_FILLED:
        raise TooLittleData(
            Say("时间不规则，没有共同的步长。", "The times are irregular: there is no common step."),
            got=f"{steps.size} s, {filled:.2%}",
            fix=Say("先按天、周或月汇总，再来预测。", "Sum up by day, week or month first."),
        )
