"""Columns that are known for the future too: a holiday, the weather, a price, a promotion."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Known", "read_known"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
_MOST_WORDS = 60  # levels that get a code of their own, the commonest first
_USUAL = 0.9  # share of the rows from which a level is the usual one, and all others are special


@dataclass(frozen=True)
class Known:
    """One column beside the series.

    Args:
        cells: `(n, steps)`, or `(1, steps)` when all series share it; codes for words.
        words: level -> code, the commonest first; empty for numbers.
        usual: the value of most rows when others are rare (no holiday, no promotion); NaN when nothing is.
    """

    cells: Floats
    words: dict[str, int]
    usual: float

    def at(self, series: Ints, column: Ints) -> Floats:
        """The values at these places; NaN before the first and after the last column."""
        width = self.cells.shape[1]
        found = self.cells[series if len(self.cells) > 1 else np.zeros_like(series), np.clip(column, 0, width - 1)]
        return np.where((column >= 0) & (column < width), found, np.float32(np.nan))

    def special(self) -> Known:
        """1 where the column is not as usual, 0 where it is."""
        flags = np.where(np.isnan(self.cells), np.nan, self.cells != self.usual).astype(np.float32)
        return Known(flags, {}, 0.0)

    def longer(self, ahead: Floats) -> Known:
        """With the cells of the steps ahead, `(n, horizon)`."""
        cells = np.broadcast_to(self.cells, (len(ahead), self.cells.shape[1])) if len(ahead) > len(self.cells) else self.cells
        return replace(self, cells=np.concatenate([cells, ahead], axis=1))

    def rows(self, chosen: npt.NDArray[np.intp]) -> Known:
        """Those of some of the series."""
        return replace(self, cells=self.cells[chosen]) if len(self.cells) > 1 else self

    def read(self, column: pd.Series) -> Floats:
        """The cells of other rows of the same column; words never seen before are NaN."""
        if self.words:
            return np.asarray(_as_words(column).map(self.words), dtype=np.float32)
        return _as_numbers(column)


def read_known(column: pd.Series, series: Ints, *, place: Ints, shape: tuple[int, int]) -> Known:
    """A known column laid out beside the series; of repeated rows the last one counts."""
    words: dict[str, int] = {}
    if not _is_number(column):
        commonest = _as_words(column).value_counts().index[:_MOST_WORDS]
        words = {str(level): code for code, level in enumerate(commonest)}
    numbers = Known(np.empty((1, 0), dtype=np.float32), words, np.nan).read(column)
    levels, counts = np.unique(numbers[~np.isnan(numbers)], return_counts=True)
    usual = float(levels[counts.argmax()]) if len(levels) > 1 and counts.max() >= _USUAL * counts.sum() else np.nan
    shared = _shared(numbers, place, shape[1]) if shape[0] > 1 else None
    if shared is not None:
        return Known(shared, words, usual)
    cells = np.full(shape, np.nan, dtype=np.float32)
    cells[series, place] = numbers
    return Known(cells, words, usual)


def _shared(numbers: Floats, place: Ints, width: int) -> Floats | None:
    """The one row that all series share, `(1, steps)`; None when two of them differ."""
    row = np.full(width, np.nan, dtype=np.float32)
    row[place] = numbers
    told = ~np.isnan(numbers)
    row[place[told]] = numbers[told]
    return row[None, :] if (row[place[told]] == numbers[told]).all() else None


def _is_number(column: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column))


def _as_words(column: pd.Series) -> pd.Series:
    return column.astype(object).where(column.notna(), "").astype(str)


def _as_numbers(column: pd.Series) -> Floats:
    read = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(read), read, np.nan).astype(np.float32)
