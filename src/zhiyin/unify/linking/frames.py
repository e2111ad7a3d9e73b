"""Which column of a strange table is what, and what do its cells say?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from zhiyin.core.errors import DataError, MissingColumns, TooLittleData, UsageError, listed
from zhiyin.core.words import Say
from zhiyin.unify.linking.kinds import Kind, kind_of
from zhiyin.unify.linking.normal import said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Column", "Sides", "sides"]


class Column(NamedTuple):
    """One column that both tables have.

    `name` and `right` are its names in the two tables; `filled` is the share of rows that say something, `distinct` the
    number of different values, `words` the mean number of words of a value (Chinese characters count half a word each).
    """

    name: str
    right: str
    kind: Kind
    filled: float
    distinct: int
    words: float


class Sides(NamedTuple):
    """Two tables made comparable, or one that is compared with itself (`right` is None).

    `left` and `right` hold the common columns under the names of the left table, every cell a normalised text or None
    (see `normal.said`), in the order of the rows as they came; `left_id` and `right_id` the ids as they came.
    """

    columns: tuple[Column, ...]
    left: pd.DataFrame
    left_id: np.ndarray
    right: pd.DataFrame | None
    right_id: np.ndarray | None

    def of(self, *kinds: Kind) -> tuple[Column, ...]:
        """The columns of these kinds, in the order of the left table."""
        return tuple(column for column in self.columns if column.kind in kinds)


def sides(left: pd.DataFrame, right: pd.DataFrame | None = None, *, kinds: Mapping[str, Kind] | None = None) -> Sides:
    """Two tables made comparable, or one to be compared with itself.

    The id is the column called `id`, otherwise the first one; it names rows and is never evidence.

    Args:
        left: one table.
        right: the other one, or None.
        kinds: the columns to compare and what they are; None: those that both have, and what they look like.

    Raises:
        UsageError: when something else than a frame is given.
        TooLittleData: when a frame has no rows.
        DataError: when an id is missing or stands in two rows.
        MissingColumns: when there is no column to compare, or one of `kinds` is not there.
    """
    left_rows, left_id = _rows(left, "left")
    right_rows, right_id = (None, None) if right is None else _rows(right, "right")
    names = [(name, name) for name in left_rows.columns] if right_rows is None else _common(left_rows.columns, right_rows.columns)
    if kinds is not None:
        names = _asked(names, kinds)
    if not names:
        raise MissingColumns(
            Say("没有可以比较的列", "There is no column to compare."),
            got=_told(left_rows, right_rows),
            fix=Say("让两张表里意思相同的列用同一个列名", "Give columns that mean the same the same name in both tables."),
        )
    ours = pd.DataFrame({name: said(left_rows[name]) for name, _ in names})
    theirs = None if right_rows is None else pd.DataFrame({name: said(right_rows[other]) for name, other in names})
    both = [ours] if theirs is None else [ours, theirs]
    columns = tuple(_column(name, other, both, kind=None if kinds is None else kinds[name]) for name, other in names)
    columns = tuple(column for column in columns if column.filled > 0 or kinds is not None)
    if not columns:
        raise MissingColumns(
            Say("可以比较的列全是空的", "All columns that could be compared are empty."),
            got=listed(name for name, _ in names),
            fix=Say("检查这些列是否读对了", "Check whether these columns were read correctly."),
        )
    kept = [column.name for column in columns]
    return Sides(columns, ours[kept], left_id, None if theirs is None else theirs[kept], right_id)


def _asked(names: list[tuple[str, str]], kinds: Mapping[str, Kind]) -> list[tuple[str, str]]:
    missing = [name for name in kinds if name not in dict(names)]
    if missing:
        raise MissingColumns(
            Say(f"缺少学习时用过的列 {'、'.join(missing)}", f"Columns that were learned from are missing: {', '.join(missing)}."),
            got=listed(name for name, _ in names),
            fix=Say("给出学习时的那些列", "Give the columns of the tables that were learned from."),
        )
    return [(name, other) for name, other in names if name in kinds]


def _rows(frame: pd.DataFrame, side: str) -> tuple[pd.DataFrame, np.ndarray]:
    """The columns but the id, and the id."""
    if not isinstance(frame, pd.DataFrame):
        raise UsageError(
            Say(f"{side} 不是数据表", f"{side} is no data frame."),
            got=type(frame).__name__,
            fix=Say("传入 pandas 的 DataFrame", "Pass a pandas DataFrame."),
        )
    if frame.empty:
        raise TooLittleData(
            Say(f"{side} 没有数据", f"{side} has nothing in it."),
            got=f"{len(frame)} x {len(frame.columns)}",
            fix=Say("传入至少一行、一列 id 和一列内容", "Pass at least one row, an id column and one column to compare."),
        )
    names = [str(name) for name in frame.columns]
    if len(set(names)) < len(names):
        raise DataError(
            Say(f"{side} 有重名的列", f"{side} has two columns of the same name."),
            got=listed(sorted({name for name in names if names.count(name) > 1})),
            fix=Say("给每一列一个不同的名字", "Give every column a name of its own."),
        )
    rows = frame.set_axis(names, axis=1).reset_index(drop=True)
    key = next((name for name in names if name.strip().lower() == "id"), names[0])
    ids = rows[key]
    if ids.isna().any() or ids.duplicated().any():
        raise DataError(
            Say(f"{side} 的列 {key} 应当是每行不同的 id", f"The column {key} of {side} must hold an id of its own in every row."),
            got=f"{int(ids.isna().sum())} missing, {int(ids.dropna().duplicated().sum())} repeated",
            fix=Say("把 id 放在第一列，或把它命名为 id", "Put the id into the first column, or call it id."),
        )
    return rows.drop(columns=key), ids.to_numpy()


def _common(left: Sequence[str], right: Sequence[str]) -> list[tuple[str, str]]:
    """Columns of the same name, whatever its case and punctuation, in the order of the left table."""
    known = {_plain(name): name for name in reversed(right)}
    return [(name, known[_plain(name)]) for name in left if _plain(name) in known]


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _told(left: pd.DataFrame, right: pd.DataFrame | None) -> str:
    return listed(left.columns) + ("" if right is None else f" | {listed(right.columns)}")


def _column(name: str, other: str, frames: list[pd.DataFrame], *, kind: Kind | None) -> Column:
    cells = pd.concat([frame[name] for frame in frames], ignore_index=True)
    told = cells.dropna()
    counts = told.value_counts(sort=False)
    kind = kind or kind_of(name, counts)
    words = 0.0 if counts.empty else float(np.average(_words(counts.index), weights=counts.to_numpy()))
    return Column(name, other, kind, len(told) / max(len(cells), 1), len(counts), words)


def _words(values: pd.Index) -> np.ndarray:
    text = values.to_series().astype(str)
    words: np.ndarray = (text.str.count(r"[^\s一-鿿]+") + text.str.count("[一-鿿]") / 2).to_numpy()
    return words
