"""What a table of series says, as one row of steps a series: the newest step last, gaps empty."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import DataError, MissingColumns, TooLittleData, listed
from zhiyin.core.words import Say
from zhiyin.predict.forecasting.known import Known, read_known
from zhiyin.predict.forecasting.steps import Steps, read_steps

__all__ = ["ID_COLUMNS", "Panel", "read_panel"]

ID_COLUMNS = ("series", "at", "value")
MOST_CELLS = 60_000_000  # of the panel (240 MB a column): 30 000 daily series of five years
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Panel:
    """Series side by side.

    Args:
        names: what each series is called, `(n,)`.
        values: `(n, steps)`, NaN where there is no row.
        last: the ordinal of the last column of each series, `(n,)`: on a calendar the newest time of the whole table,
            for counted steps the end of the series itself.
        steps: what an ordinal means.
        known: columns that are known for the future too, by name.
        notes: what was done to the table, for people.
    """

    names: npt.NDArray[np.object_]
    values: Floats
    last: Ints
    steps: Steps
    known: dict[str, Known] = field(default_factory=dict)
    notes: tuple[Say, ...] = ()

    @property
    def length(self) -> int:
        """Steps from the first column to the last."""
        return int(self.values.shape[1])

    def until(self, steps_back: int) -> Panel:
        """What was known that many steps ago; the known columns stay whole (they say what was known of the steps ahead)."""
        return replace(self, values=self.values[:, : self.length - steps_back], last=self.last - steps_back)

    def latest(self, most: int) -> Panel:
        """The latest columns only."""
        cut = max(self.length - most, 0)
        known = {name: replace(column, cells=column.cells[:, cut:]) for name, column in self.known.items()}
        return replace(self, values=self.values[:, cut:], known=known) if cut else self

    def rows(self, chosen: npt.NDArray[np.intp]) -> Panel:
        """Some of the series only."""
        known = {name: column.rows(chosen) for name, column in self.known.items()}
        return replace(self, names=self.names[chosen], values=self.values[chosen], last=self.last[chosen], known=known)


def read_panel(table: pd.DataFrame) -> Panel:
    """The panel of a table with the columns series, at, value and any known-future columns.

    Rows of the same series and time are averaged; values that are not finite count as missing. Both are noted.

    Raises:
        MissingColumns: when series, at or value is not there.
        TooLittleData: without a single value.
        DataError: when values are no numbers, or times cannot be read.
    """
    _must_have(table)
    notes: list[Say] = []
    value = _numbers(table["value"])
    bad = int((~np.isfinite(value)).sum())
    if bad:
        notes.append(Say(f"{bad:,} 行没有有效的数值，当作缺失。", f"Rows without a finite value, taken as missing: {bad:,}."))
    kept = table["series"].notna().to_numpy() & table["at"].notna().to_numpy()
    if not kept.all():
        lost = int((~kept).sum())
        notes.append(Say(f"{lost:,} 行没有序列名或时间，未使用。", f"Rows without a series or a time, not used: {lost:,}."))
        table, value = table[kept], value[kept]
    if not np.isfinite(value).any():
        raise TooLittleData(
            Say("一个有效的数值也没有。", "There is not a single finite value."),
            got=f"{len(table)} / 0",
            fix=Say("给出至少一行有数值的数据。", "Give at least one row with a value."),
        )
    series, names = pd.factorize(table["series"], sort=True)
    steps = read_steps(table["at"], series)
    ordinals = steps.ordinals(table["at"])
    return _laid_out(table, value, _Places(series, ordinals, np.asarray(names, dtype=object), steps), notes)


@dataclass(frozen=True)
class _Places:
    """Where each row of the table stands."""

    series: Ints
    ordinals: Ints
    names: npt.NDArray[np.object_]
    steps: Steps


def _laid_out(table: pd.DataFrame, value: npt.NDArray[np.float64], places: _Places, notes: list[Say]) -> Panel:
    seen = np.isfinite(value)
    n = len(places.names)
    ends = np.full(n, np.iinfo(np.int64).min)
    np.maximum.at(ends, places.series[seen], places.ordinals[seen])
    empty = ends == np.iinfo(np.int64).min
    ends[empty] = ends[~empty].max()
    if places.steps.dated:
        ends[:] = ends.max()
    back = ends[places.series] - places.ordinals  # 0 is the last column; below zero lies the future
    width = min(int(back[seen].max()) + 1, max(MOST_CELLS // n, 1))
    if (back[seen] >= width).any():
        notes.append(Say(f"只使用最近 {width:,} 步。", f"Only the latest {width:,} steps are used."))
    inside = (back >= 0) & (back < width)
    values, twice = _averaged(places.series[inside & seen], width - 1 - back[inside & seen], value[inside & seen], (n, width))
    if twice:
        said = Say(
            f"{twice:,} 行与另一行的序列和时间相同，取平均；要求和请先汇总。",
            f"Rows with the series and time of another one, averaged: {twice:,}. Sum them up first if they are parts.",
        )
        notes.append(said)
    notes += _about_gaps(values)
    columns = [name for name in table.columns if name not in ID_COLUMNS and not pd.api.types.is_datetime64_any_dtype(table[name])]
    known = {
        str(name): read_known(table[name][inside], places.series[inside], place=width - 1 - back[inside], shape=(n, width))
        for name in columns
    }
    return Panel(places.names, values, ends, places.steps, known, tuple(notes))


def _averaged(series: Ints, column: Ints, value: npt.NDArray[np.float64], shape: tuple[int, int]) -> tuple[Floats, int]:
    cell = series * shape[1] + column
    values = np.full(shape[0] * shape[1], np.nan, dtype=np.float32)
    values[cell] = value
    order = np.argsort(cell, kind="stable")
    repeated = np.diff(cell[order]) == 0
    twice = int(repeated.sum())
    if twice:
        where, place = np.unique(cell, return_inverse=True)
        values[where] = np.bincount(place, weights=value) / np.bincount(place)
    return values.reshape(shape), twice


def _about_gaps(values: Floats) -> list[Say]:
    """How many steps between the first and the last value of a series have no row."""
    seen = np.isfinite(values)
    first, last = seen.argmax(axis=1), values.shape[1] - seen[:, ::-1].argmax(axis=1)
    inside = int((last - first)[seen.any(axis=1)].sum())
    gaps = inside - int(seen.sum())
    if not gaps:
        return []
    return [
        Say(
            f"序列中间有 {gaps / inside:.1%} 的时间没有行：当作未知，不当作 0。",
            f"{gaps / inside:.1%} of the steps within the series have no row: they count as unknown, not as zero.",
        )
    ]


def _must_have(table: pd.DataFrame) -> None:
    missing = [name for name in ID_COLUMNS if name not in getattr(table, "columns", ())]
    if missing:
        raise MissingColumns(
            Say(f"序列表缺少列：{'、'.join(missing)}。", f"The series lack the columns {', '.join(missing)}."),
            got=listed(getattr(table, "columns", ())) or type(table).__name__,
            fix=Say("给出 series、at、value 三列，每行一个时间。", "Give the columns series, at and value, one row a time."),
        )
    if not len(table):
        raise TooLittleData(
            Say("序列表是空的。", "The table of series has no rows."), got=0, fix=Say("给出至少一行。", "Give at least one row.")
        )


def _numbers(value: pd.Series) -> npt.NDArray[np.float64]:
    read = np.asarray(pd.to_numeric(value, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan))
    words = int((np.isnan(read) & value.notna().to_numpy()).sum())
    if words:
        raise DataError(
            Say("列 value 里有不是数字的值。", "The column value holds what is no number."),
            got=f"{words:,}",
            fix=Say("去掉单位和文字，只留数字。", "Leave numbers only, without units and words."),
        )
    return read
