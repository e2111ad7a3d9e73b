"""What is to be predicted: did it happen, or how much? Read from the column itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from zhiyin.core.errors import DataError, MissingColumns, TooLittleData, UsageError, listed
from zhiyin.core.words import Say
from zhiyin.learn.frames import Floats

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Target", "read_target"]

YES = ("yes", "y", "true", "t", "1", "1.0", "是", "有", "会", "对", "已", "成功")
FEW_NUMBERS = 2  # different numbers beyond which the target is an amount


class Target(NamedTuple):
    """The column, and the value that counts as "it happened"; empty for an amount."""

    name: str
    happened: str

    @property
    def is_amount(self) -> bool:
        """Whether a number is predicted, not a chance."""
        return not self.happened

    def labels(self, values: pd.Series) -> Floats:
        """0 or 1 for each cell, or the number; every cell must hold one."""
        if self.is_amount:
            return np.asarray(values.to_numpy(dtype=np.float64))
        return np.asarray((_texts(values) == self.happened).to_numpy(dtype=np.float64))


def read_target(frame: pd.DataFrame, name: str, *, positive: object = None) -> Target:
    """What a column asks.

    Args:
        frame: rows whose `name` is filled.
        name: the column.
        positive: the value that counts as "it happened"; found by itself for 1, true, yes, 是, otherwise the rarer of two.

    Raises:
        MissingColumns: when there is no such column.
        TooLittleData: when it is empty, or says the same in every row.
        DataError: when it holds more than two kinds, or an infinite number.
        UsageError: when `positive` never occurs.
    """
    if name not in frame.columns:
        raise MissingColumns(
            Say(f"没有目标列 {name}。", f"There is no target column {name}."),
            got=listed(frame.columns),
            fix=Say("写出要预测的列名。", "Name the column that is to be predicted."),
        )
    known = frame[name].dropna()
    counts = _texts(known).value_counts()
    if positive is not None:
        return Target(name, _chosen(name, positive, counts))
    if len(counts) < 2:
        raise TooLittleData(
            Say(
                f"目标列 {name} 只有一种值，没有可区分的。",
                f"Every row of the target {name} says the same: there is nothing to tell apart.",
            ),
            got=f"{len(known)} rows, {len(counts)} value(s)",
            fix=Say("加入另一种结果的行。", "Add rows in which it turned out otherwise."),
        )
    if len(counts) == FEW_NUMBERS:
        yes = [value for value in counts.index if value.strip().lower() in YES]
        return Target(name, yes[0] if len(yes) == 1 else min(counts.index, key=lambda value: (counts[value], value)))
    return _amount(name, known)


def _chosen(name: str, positive: object, counts: pd.Series) -> str:
    found = str(positive)
    if found not in counts.index:
        raise UsageError(
            Say(f"{name} 里没有这个值。", f"{name} never has this value."),
            got=found,
            fix=Say(f"有的值：{listed(counts.index)}。", f"It has: {listed(counts.index)}."),
        )
    if len(counts) < 2:
        raise TooLittleData(
            Say(
                f"目标列 {name} 只有一种值，没有可区分的。",
                f"Every row of the target {name} says the same: there is nothing to tell apart.",
            ),
            got=f"{int(counts.sum())} rows, 1 value",
            fix=Say("加入另一种结果的行。", "Add rows in which it turned out otherwise."),
        )
    return found


def _amount(name: str, known: pd.Series) -> Target:
    import pandas as pd

    numbers = pd.to_numeric(known, errors="coerce")
    if numbers.isna().any():
        kinds = _texts(known).value_counts()
        raise DataError(
            Say(f"目标列 {name} 有多于两种的文字。", f"The target {name} holds more than two kinds."),
            got=listed(kinds.index),
            fix=Say(
                "用 wishes=Wishes(positive=…) 指出哪一种算发生。", "Say with wishes=Wishes(positive=…) which one counts as having happened."
            ),
        )
    if np.isinf(numbers.to_numpy(dtype=np.float64)).any():
        raise DataError(
            Say(f"目标列 {name} 里有无穷大。", f"The target {name} holds an infinite number."),
            got=int(np.isinf(numbers.to_numpy(dtype=np.float64)).sum()),
            fix=Say("改正或去掉这些行。", "Correct these rows, or drop them."),
        )
    return Target(name, "")


def _texts(values: pd.Series) -> pd.Series:
    """Cells as text; 1, 1.0 and True of different columns stay what they are written as, but a whole float reads as a whole number."""
    import pandas as pd

    if pd.api.types.is_float_dtype(values.dtype) and (values.dropna() % 1 == 0).all():
        return values.astype("Int64").astype(str)
    return values.astype(str)
