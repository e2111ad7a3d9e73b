"""What kind of thing does each column of a table hold: a number, a day, a kind, or nothing to learn from?

Nothing here looks at what is to be predicted, so a table is read once for all models and all folds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from zhiyin.core.words import Say
from zhiyin.learn.frames import Floats

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Columns", "read_columns"]


NUMBER, DAY, DAY_FIRST, KIND = "number", "day", "day_first", "kind"  # day_first: 31-12-2026
MOST_LEVELS = 200  # kinds beyond the most frequent ones share a place: those are too rare to learn from
SPOKEN = 0.95  # share of texts that must read as a number or a day
FEW_ROWS = 50  # below, numbers that all differ are no sign of an id
FEW_TEXTS = 20  # below, texts that all differ are no sign of an id
DENSE = 3  # ids are given one after the other: the span of a column of ids is at most so many times its rows
MOSTLY_OWN = 0.5  # share of texts that stand there once, beyond which a text names its row
FIRST_DAY = "2000-01-01"
_A_DAY = r"\d{1,4}[-/.年]\d{1,2}"
_ENDS_IN_YEAR = r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"
_ID = re.compile(r"(?i:(^|[ _\-.])(id|ids|uuid|guid|key|no|code)$|(num|number)$)|[a-z]I[dD]$|编号$|单号$|号$|号码$")


class Columns(NamedTuple):
    """How to read each column; plain values only, so that it is saved with the model that uses it."""

    kinds: dict[str, str]  # column -> number, day or kind, in the order of the models
    levels: dict[str, list[str]]  # column of kinds -> its kinds, the most frequent first

    @property
    def names(self) -> list[str]:
        """The columns that are read."""
        return list(self.kinds)

    @property
    def of_kinds(self) -> list[int]:
        """Places of the columns that hold kinds."""
        return [place for place, kind in enumerate(self.kinds.values()) if kind == KIND]

    def without(self, names: Collection[str]) -> Columns:
        """The same without some columns."""
        kinds = {name: kind for name, kind in self.kinds.items() if name not in names}
        return Columns(kinds, {name: levels for name, levels in self.levels.items() if name in kinds})

    def codes(self, rows: pd.DataFrame) -> Floats:
        """One number a cell, shape `(n_rows, n_columns)`: numbers, days since 2000, and the place of a kind.

        An empty cell is NaN; a kind that was never seen has the place after the last one.
        """
        read = [self.one(rows, name) for name in self.kinds]
        return np.column_stack(read) if read else np.empty((len(rows), 0))

    def codes_of(self, values: Mapping[str, object]) -> Floats:
        """The same of one row given by name, shape `(1, n_columns)`: a frame of one row takes a hundred times as long."""
        return np.asarray([[self._code(name, values.get(name)) for name in self.kinds]], dtype=np.float64)

    def _code(self, name: str, value: object) -> float:
        if value is None or value != value:  # noqa: PLR0124 - NaN and NaT
            return np.nan
        match self.kinds[name]:
            case "number" if isinstance(value, int | float | np.number | np.bool_):
                return float(value) if np.isfinite(value) else np.nan
            case "kind":
                levels = self.levels[name]
                return float(levels.index(str(value))) if str(value) in levels else float(len(levels))
        import pandas as pd

        return float(self.one(pd.DataFrame({name: [value]}), name)[0])

    def one(self, rows: pd.DataFrame, name: str) -> Floats:
        """The numbers of one column."""
        values = rows[name]
        match self.kinds[name]:
            case "number":
                return _numbers(values)
            case "day" | "day_first":
                return _days(values, dayfirst=self.kinds[name] == DAY_FIRST)
        return _places(values, self.levels[name])


def read_columns(rows: pd.DataFrame, names: Sequence[str]) -> tuple[Columns, dict[str, Say]]:
    """How to read these columns, and those that say nothing, each with the reason why it is left aside."""
    kinds: dict[str, str] = {}
    levels: dict[str, list[str]] = {}
    aside: dict[str, Say] = {}
    for name in names:
        values = rows[name]
        kind = _kind(values)
        reason = _nothing_in(name, values, kind)
        if reason is not None:
            aside[name] = reason
            continue
        kinds[name] = kind
        if kind == KIND:
            levels[name] = _levels(values)
    return Columns(kinds, levels), aside


def _kind(values: pd.Series) -> str:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values.dtype):
        return NUMBER
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return DAY
    known = values.dropna()
    if known.map(type).isin([bool, int, float]).all() and len(known):
        return NUMBER
    texts = known.astype(str)
    if len(texts) and pd.to_numeric(texts, errors="coerce").notna().mean() >= SPOKEN:
        return NUMBER
    return _kind_of_days(texts) or KIND


def _kind_of_days(texts: pd.Series) -> str:
    """How dates are written, empty where the texts are none; a few are looked at, because reading a long column takes seconds."""
    some = texts.iloc[:: max(1, len(texts) // 200)]
    if not len(some) or some.str.contains(_A_DAY).mean() < SPOKEN:
        return ""
    kind = DAY_FIRST if some.str.match(_ENDS_IN_YEAR).mean() >= SPOKEN else DAY
    return kind if np.isfinite(_days(some, dayfirst=kind == DAY_FIRST)).mean() >= SPOKEN else ""


def _nothing_in(name: str, values: pd.Series, kind: str) -> Say | None:
    """Why a column is left aside, None where it is not."""
    known = values.dropna()
    if known.empty:
        return Say("全部为空", "empty in every row")
    distinct = int(known.nunique() if kind == NUMBER and known.dtype.kind in "iufb" else known.astype(str).nunique())
    if distinct == 1 and len(known) == len(values):
        return Say("所有行都一样", "the same in every row")
    if kind == KIND and (
        (distinct == len(known) and distinct >= FEW_TEXTS) or (distinct > MOST_LEVELS and distinct > MOSTLY_OWN * len(known))
    ):
        return Say("几乎每行都不同，像编号或自由文本", "different in nearly every row: an id or free text")
    if kind == NUMBER and _numbers_rows(name, known, distinct):
        return Say("像编号：每行一个号", "looks like an id: a number of its own for every row")
    return None


def _numbers_rows(name: str, known: pd.Series, distinct: int) -> bool:
    """Whether whole numbers only number the rows: all different, and close together or called an id."""
    if distinct < len(known) or len(known) < FEW_ROWS:
        return False
    numbers = _numbers(known)
    if not np.array_equal(numbers, np.round(numbers)):
        return False
    return bool(np.ptp(numbers) < DENSE * len(numbers) or _ID.search(name))


def _levels(values: pd.Series) -> list[str]:
    counts = values.dropna().astype(str).value_counts()
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))  # by the alphabet where equally frequent
    return [str(level) for level, _ in ordered[:MOST_LEVELS]]


def _numbers(values: pd.Series) -> Floats:
    import pandas as pd

    found = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(np.where(np.isinf(found), np.nan, found))


def _days(values: pd.Series, *, dayfirst: bool) -> Floats:
    import pandas as pd

    found = pd.to_datetime(values, errors="coerce", format="mixed", dayfirst=dayfirst, utc=True)
    days = (found - pd.Timestamp(FIRST_DAY, tz="UTC")) / pd.Timedelta(days=1)
    return np.asarray(days.to_numpy(dtype=np.float64))


def _places(values: pd.Series, levels: Sequence[str]) -> Floats:
    import pandas as pd

    empty = values.isna().to_numpy()
    found = pd.Categorical(values.where(~empty, "").astype(str), categories=list(levels)).codes.astype(np.float64)
    return np.asarray(np.where(empty, np.nan, np.where(found < 0, float(len(levels)), found)))
