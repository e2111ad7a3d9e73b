"""What every model checks about the rows it is given, once and for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from zhiyin.core.errors import DataError, MissingColumns, TooLittleData, UsageError, listed
from zhiyin.core.words import Say

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Floats", "between", "broken", "coded", "complete", "days_of", "finite", "needed", "not_empty", "plain_rows"]

HAIR = 1e-9  # what rounding may do to a bound

Floats = npt.NDArray[np.float64]


def needed(frame: pd.DataFrame, columns: Iterable[str], *, who: str) -> None:
    """Refuse what is no frame, names a column twice, or lacks a column.

    Raises:
        UsageError: when `frame` is no DataFrame.
        DataError: when a column stands there twice.
        MissingColumns: naming those that are missing and listing those that exist.
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise UsageError(
            Say(f"{who} 需要一张 pandas 表。", f"{who} takes a pandas DataFrame."),
            got=type(frame).__name__,
            fix=Say("先转换成 DataFrame。", "Make it a DataFrame first."),
        )
    if not frame.columns.is_unique:
        raise DataError(
            Say("有重名的列。", "A column stands there twice."),
            got=listed(frame.columns[frame.columns.duplicated()]),
            fix=Say("改名或去掉重复的列。", "Rename or drop the second one."),
        )
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise MissingColumns(
            Say(f"{who} 缺少列：{'、'.join(missing)}。", f"{who} needs {', '.join(missing)}."),
            got=listed(frame.columns) or "-",
            fix=Say("补上这些列；现有的表见 `zhiyin tables`。", "Add them; `zhiyin tables` shows what exists."),
        )


def not_empty(frame: pd.DataFrame, *, who: str) -> None:
    """Refuse to learn from nothing.

    Raises:
        TooLittleData: when there are no rows.
    """
    if not len(frame):
        raise TooLittleData(
            Say(f"{who} 没有可学习的样本。", f"{who} has nothing to learn from."),
            got=0,
            fix=Say("导入更多历史数据。", "Import more history."),
        )


def complete(frame: pd.DataFrame, columns: Iterable[str], *, who: str) -> None:
    """Refuse empty cells in columns that must be filled.

    Raises:
        DataError: naming the columns and how many cells are empty.
    """
    empty = {column: int(frame[column].isna().sum()) for column in columns}
    if any(empty.values()):
        raise DataError(
            Say(f"{who} 的这些列有空值。", f"{who} met empty cells."),
            got=listed(f"{column}: {count}" for column, count in empty.items() if count),
            fix=Say("补上空值，或去掉这些行。", "Fill them, or drop these rows."),
        )


def coded(values: pd.Series) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]:
    """Each value as its place among the sorted distinct ones, and those; -1 where the cell is empty.

    `pd.factorize(sort=True)` leaves categories in whatever order they came.
    """
    import pandas as pd

    codes, found = pd.factorize(values)
    names = np.asarray(found)
    order = np.argsort(names, kind="stable")
    place = np.full(len(order) + 1, -1, np.int64)
    place[order] = np.arange(len(order))
    return place[codes], names[order]


def plain_rows(frame: pd.DataFrame, columns: Sequence[str], *, who: str, accepts_missing: bool = False) -> pd.DataFrame:
    """A new frame of these columns only, numbers as float64, index from 0; the given frame is not touched.

    Raises:
        MissingColumns: when a column is missing.
        DataError: when a number is infinite, or empty where the model does not accept that.
    """
    import pandas as pd

    needed(frame, columns, who=who)
    plain = {column: _plain(frame[column]) for column in columns}
    for column, values in plain.items():
        if values.dtype.kind == "f" and np.isinf(values).any():
            raise DataError(
                Say(f"{who} 遇到无穷大的数。", f"{who} met an infinite number."),
                got=f"{column}: {int(np.isinf(values).sum())}",
                fix=Say("检查这一列的计算，例如除以零。", "Check how the column is computed, a division by zero for example."),
            )
    rows = pd.DataFrame(plain, index=pd.RangeIndex(len(frame)), columns=list(columns))
    if not accepts_missing:
        complete(rows, columns, who=who)
    return rows


def days_of(values: pd.Series) -> npt.NDArray[np.datetime64]:
    """Days, given as timestamps, dates or ISO texts, at midnight.

    Raises:
        DataError: when they are none.
    """
    import pandas as pd

    try:
        return np.asarray(pd.to_datetime(values, format="ISO8601").dt.normalize().to_numpy(), dtype="datetime64[ns]")
    except (ValueError, TypeError) as wrong:
        raise DataError(
            Say("日期看不懂。", "These are not days."),
            got=f"{values.name} ({values.dtype})",
            fix=Say("写成 2026-11-21 这样。", "Write them like 2026-11-21."),
        ) from wrong


def finite(numbers: npt.ArrayLike, *, who: str, rows: int) -> Floats:
    """What a model gave back, as floats: one finite number a row.

    Raises:
        DataError: when there are too few, too many, or some are no numbers.
    """
    values = np.asarray(numbers, dtype=np.float64)
    if values.shape != (rows,):
        raise broken(who, f"{values.shape} / ({rows},)")
    if not np.isfinite(values).all():
        raise broken(who, f"NaN: {int((~np.isfinite(values)).sum())}")
    return values


def between(values: Floats, *, low: Floats | float, high: Floats | float, who: str) -> Floats:
    """The values, after each was found between `low` and `high`; what rounding did at the edges is put right.

    Raises:
        DataError: when a value lies outside.
    """
    hair = HAIR * np.maximum(1.0, np.abs(values))
    outside = (values < low - hair) | (values > high + hair)
    if outside.any():
        raise broken(who, f"outside of its bounds: {int(outside.sum())}")
    return np.asarray(np.clip(values, low, high))


def broken(who: str, got: object) -> DataError:
    """The error for a model that gave back what its verb does not allow."""
    return DataError(
        Say(f"模型 {who} 给出了不合约定的结果。", f"The model {who} gave back what its verb does not allow."),
        got=got,
        fix=Say("修正这个模型，或换用另一个。", "Correct the model, or use another one."),
    )


def _plain(values: pd.Series) -> npt.NDArray[np.generic]:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values.dtype):  # flags included
        return np.asarray(values.to_numpy(dtype=np.float64, na_value=np.nan))
    return np.asarray(values.to_numpy())
