"""Answers of the Python door: plain rows that become a frame when asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from zhiyin.core.words import Say

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Rows"]


class Rows(list[dict[str, object]]):
    """A list of rows, each a dict; `frame()` gives a pandas frame (which takes a second to import the first time).

    Args:
        rows: the rows.
        notes: what a reader should know about all of them.
    """

    def __init__(self, rows: Iterable[Mapping[str, object]] = (), *, notes: Iterable[Say] = ()) -> None:
        super().__init__(dict(row) for row in rows)
        self.notes = tuple(notes)

    def frame(self) -> pd.DataFrame:
        """The rows as a pandas frame."""
        import pandas as pd

        return pd.DataFrame(list(self))
