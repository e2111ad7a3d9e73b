"""What was known at an origin about a step ahead: one row of features for (series, origin, step).

All history features look back from the origin, so one model answers every step of the horizon without feeding its own
answers back, and the rows of the past are made exactly as those of the future.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.predict.forecasting.known import Known
from zhiyin.predict.forecasting.panel import Panel

__all__ = ["Asked", "Made", "RowMaker"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
_YEAR = {"hour": 8_736, "day": 364, "week": 52}  # whole weeks, so that Saturdays meet Saturdays
_CALMEST = 1e-3  # spread that a level is taken to have at least, on the model's scale
_YEARLY, _DOZEN = 52, 12
_PHASES = 4  # latest values of the same hour of the day, day of the week...


@dataclass(frozen=True)
class Asked:
    """Rows to be made: the series, the column of the origin (the latest value known), the column asked about."""

    series: Ints
    origin: Ints
    column: Ints

    def part(self, rows: slice | Ints) -> Asked:
        """Some of the rows."""
        return Asked(self.series[rows], self.origin[rows], self.column[rows])

    def __len__(self) -> int:
        return len(self.series)


@dataclass(frozen=True)
class Made:
    """Rows of features, all measured from `level` in units of `spread`, and the two themselves."""

    features: pd.DataFrame
    level: Floats
    spread: Floats


class RowMaker:
    """Features of any (series, origin, step) of a panel whose values were put on the model's scale.

    Args:
        panel: names, times and known columns; those may reach into the future.
        scaled: `(n, steps)`, the values on the model's scale, NaN where missing.
        seasons: steps of each season, the shortest first.
        absolute: whether a unit of the scale is the same in all series and at all times. Else the level is no feature: in
            units of the mean of the whole series, later values too, it tells at a past origin what will come.
        plain: whether differences from the level are told as they are, not in units of the latest spread: after weeks of zeros
            one sale would be worth thousands of ordinary errors to a model of the mean.
    """

    def __init__(self, panel: Panel, scaled: Floats, *, seasons: tuple[int, ...], absolute: bool = False, plain: bool = False) -> None:
        self._panel, self._scaled, self._seasons, self._absolute, self._plain = panel, scaled, seasons, absolute, plain
        self._windows = _windows(seasons, panel.length)
        self._sums = _Sums(scaled, 1)
        self._by_season = {season: _Sums(scaled, season) for season in self._all_seasons()}
        self._special = {name: column.special() for name, column in panel.known.items() if not np.isnan(column.usual)}
        self._days = _DaysOf(panel, self._special)

    @property
    def words(self) -> frozenset[str]:
        """Features that are codes of words."""
        return frozenset(f"known_{name}" for name, column in self._panel.known.items() if column.words)

    def knowing(self, known: dict[str, Known]) -> RowMaker:
        """The same maker with other known columns, those of the steps ahead added."""
        other = copy(self)
        other._panel = replace(self._panel, known=known)
        other._special = {name: column.special() for name, column in known.items() if not np.isnan(column.usual)}
        other._days = _DaysOf(other._panel, other._special)
        return other

    @property
    def window(self) -> int:
        """Steps over which the level is taken that all features are measured from: a week of hours, two of days, else about a dozen.

        Longer ones lose series that wander: 208 steps instead of 12 cost a quarter of the error on the weekly series of M4.
        """
        longest = max(self._seasons, default=1)
        wanted = (
            longest
            if longest > _YEARLY
            else -(-_DOZEN // self._seasons[0]) * self._seasons[0]
            if longest <= _DOZEN and self._seasons
            else _DOZEN
        )
        return max(min(wanted if self._seasons else _DOZEN // 2, self._panel.length // 2), 1)

    def level(self, asked: Asked) -> Floats:
        """The mean of the latest steps before the origin; of a longer time where those are empty."""
        level = self._sums.mean(asked.series, asked.origin, many=self.window)
        for window in (*self._windows, self._panel.length):
            level = np.where(np.isnan(level), self._sums.mean(asked.series, asked.origin, many=window), level)
        return np.nan_to_num(level)

    def make(self, asked: Asked) -> Made:
        """The rows, so that one model of them answers for small and large, calm and wild series alike."""
        level = self.level(asked)
        moved = np.maximum(np.nan_to_num(self._sums.spread(asked.series, asked.origin, many=self.window), nan=1.0), _CALMEST)
        spread = np.ones_like(moved) if self._plain else moved
        far = self._levels(asked, level)
        for season in self._seasons:
            far |= self._phases(asked, level, season)
        far |= self._year_ago(asked, level)
        found = {"step": (asked.column - asked.origin).astype(np.float32), "wild": moved / np.maximum(np.abs(level), _CALMEST)}
        found |= {"level": level} if self._absolute else {}
        found |= {name: part / spread for name, part in far.items()}
        found["filled"] = self._sums.count(asked.series, asked.origin, many=self.window) / np.float32(self.window)
        found |= self._known(asked) | self._days.features(asked)
        return Made(pd.DataFrame(found, copy=False), level, spread)

    def _all_seasons(self) -> tuple[int, ...]:
        return self._seasons or (1,)

    def _levels(self, asked: Asked, level: Floats) -> dict[str, Floats]:
        found = {"latest": self._at(asked.series, asked.origin) - level}
        for window in self._windows:
            mean = self._sums.mean(asked.series, asked.origin, many=window)
            before = self._sums.mean(asked.series, asked.origin - window, many=window)
            found |= {f"mean_{window}": mean - level, f"rise_{window}": mean - before}
        return found

    def _phases(self, asked: Asked, level: Floats, season: int) -> dict[str, Floats]:
        """The latest values at the same place of the season, and means over more of them."""
        latest = asked.column - season * -((asked.origin - asked.column) // season)
        found = {f"same_{season}_{back}": self._at(asked.series, latest - season * back) - level for back in range(_PHASES)}
        sums = self._by_season[season]
        for many in (_PHASES, 3 * _PHASES):
            found[f"same_{season}_mean_{many}"] = sums.mean(asked.series, latest, many=many) - level
        return found

    def _year_ago(self, asked: Asked, level: Floats) -> dict[str, Floats]:
        """What the same days of last year were against the level of that time."""
        year = _YEAR.get(self._panel.steps.unit, 0)
        if not year or self._panel.length < year + 2 * self.window:
            return {}
        back = year * -((asked.origin - asked.column) // year)
        then, week = asked.column - back, max(self._all_seasons())
        base = self._sums.mean(asked.series, asked.origin - back, many=self.window)
        around = self._sums.mean(asked.series, np.minimum(then + week // 2, asked.origin), many=week)  # never beyond the origin
        return {"year_ago": self._at(asked.series, then) - base, "year_ago_around": around - base, "year_ago_rise": around - level}

    def _known(self, asked: Asked) -> dict[str, Floats]:
        found = {}
        season = max(self._all_seasons())
        latest = asked.column - season * -((asked.origin - asked.column) // season)
        for name, column in self._panel.known.items():
            now = column.at(asked.series, asked.column)
            found[f"known_{name}"] = now
            if name in self._special:
                found[f"{name}_then"] = self._special[name].at(asked.series, latest)
            elif not column.words:
                found[f"known_{name}_change"] = now - column.at(asked.series, latest)
        return found

    def _at(self, series: Ints, column: Ints) -> Floats:
        width = self._scaled.shape[1]
        found = self._scaled[series, np.clip(column, 0, width - 1)]
        return np.where((column >= 0) & (column < width), found, np.float32(np.nan))


class _Sums:
    """Running sums along every `stride`-th column: means of any window in one subtraction."""

    def __init__(self, scaled: Floats, stride: int) -> None:
        n, width = scaled.shape
        padded = -(-width // stride) * stride
        seen = np.zeros((n, padded), dtype=np.float64)
        seen[:, :width] = np.where(np.isnan(scaled), 0.0, scaled)
        self._stride, self._width = stride, width
        self._sum = _running(seen, stride)
        self._square = _running(seen**2, stride) if stride == 1 else self._sum
        seen[:, :width] = ~np.isnan(scaled)
        self._count = _running(seen, stride).astype(np.float32)

    def count(self, series: Ints, column: Ints, *, many: int) -> Floats:
        return self._between(self._count, series, column, many).astype(np.float32)

    def mean(self, series: Ints, column: Ints, *, many: int) -> Floats:
        """Over `many` columns, `stride` apart, ending in `column`; NaN where all are empty."""
        count = self._between(self._count, series, column, many)
        total = self._between(self._sum, series, column, many)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)

    def spread(self, series: Ints, column: Ints, *, many: int) -> Floats:
        """The standard deviation over the same columns (stride 1 only)."""
        count = self._between(self._count, series, column, many)
        total, square = (self._between(sums, series, column, many) for sums in (self._sum, self._square))
        variance = square / np.maximum(count, 1) - (total / np.maximum(count, 1)) ** 2
        return np.where(count > 1, np.sqrt(np.maximum(variance, 0)), np.nan).astype(np.float32)

    def _between(self, sums: npt.NDArray[np.floating], series: Ints, column: Ints, many: int) -> npt.NDArray[np.float64]:
        late = column - np.maximum(0, -((self._width - 1 - column) // self._stride)) * self._stride
        early = column - many * self._stride
        upper = np.where(late >= 0, sums[series, np.clip(late, 0, None)], 0.0)
        return upper - np.where(early >= 0, sums[series, np.clip(np.minimum(early, late), 0, None)], 0.0)


def _running(cells: npt.NDArray[np.float64], stride: int) -> npt.NDArray[np.float64]:
    n, width = cells.shape
    return cells.reshape(n, width // stride, stride).cumsum(axis=1).reshape(n, width)


def _windows(seasons: tuple[int, ...], length: int) -> tuple[int, ...]:
    """Windows for levels: a few steps, some seasons, some more, many."""
    longest = max(seasons, default=1)
    wanted = {3, 6, _DOZEN, *seasons} | ({longest, 4 * longest, _DOZEN * longest} if longest > 1 else set())
    return tuple(sorted(window for window in wanted if window <= length // 2)) or (1,)


class _DaysOf:
    """What the calendar says about a step: hour, day of the week, of the month, of the year; special days and their neighbours."""

    def __init__(self, panel: Panel, special: dict[str, Known]) -> None:
        self._panel, self._width = panel, max([panel.length, *(column.cells.shape[1] for column in panel.known.values())])
        self._tables = self._calendar() if panel.steps.dated else {}
        self._special = {name: self._a_day(flags) for name, flags in special.items()}

    def features(self, asked: Asked) -> dict[str, Floats]:
        column = np.clip(asked.column, 0, self._longest - 1) if self._tables else asked.column
        found = {name: table[column] for name, table in self._tables.items()}
        a_day = max(self._panel.steps.a_day, 1)
        for name, flags in self._special.items():
            found[f"{name}_day"] = flags.at(asked.series, asked.column)
            for days in (-2, -1, 1, 2):
                found[f"{name}_day_{days:+d}"] = flags.at(asked.series, asked.column + days * a_day)
        return found

    @property
    def _longest(self) -> int:
        return len(next(iter(self._tables.values())))

    def _calendar(self) -> dict[str, Floats]:
        panel = self._panel
        ordinals = panel.last[0] - panel.length + 1 + np.arange(panel.length + _AHEAD)
        days = pd.DatetimeIndex(panel.steps.times(ordinals))
        parts: dict[str, npt.ArrayLike] = {"month": days.month, "day_of_year": days.dayofyear}
        if panel.steps.unit not in ("month", "quarter", "year"):
            parts |= {"weekday": days.dayofweek, "day_of_month": days.day}
        if panel.steps.a_day:
            minutes = days.hour * 60 + days.minute
            parts |= {"hour": minutes / 60, "hour_of_week": days.dayofweek * 24 + minutes / 60}
        return {name: np.asarray(part, dtype=np.float32) for name, part in parts.items() if len(set(np.asarray(part))) > 1}

    def _a_day(self, flags: Known) -> Known:
        """Whether any step of the day is special: some tables tell a holiday in its first hour only."""
        a_day = self._panel.steps.a_day
        if not a_day:
            return flags
        panel = self._panel
        width = flags.cells.shape[1]
        ordinals = panel.last[0] - panel.length + 1 + np.arange(width)
        first = panel.steps.times(ordinals[:1])[0].astype("datetime64[s]").astype(np.int64) % 86_400 // panel.steps.size
        day = (np.arange(width) + first) // a_day
        starts = np.flatnonzero(np.diff(day, prepend=-1))
        most = np.maximum.reduceat(np.nan_to_num(flags.cells), starts, axis=1)
        return Known(most[:, day - day[0]], {}, 0.0)


_AHEAD = 20_000  # steps of calendar beyond the newest one
