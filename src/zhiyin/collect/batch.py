"""What every connector gives: a batch of rows as the source wrote them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["BATCH_ROWS", "SOURCE_ROW", "RawBatch", "Unread"]

BATCH_ROWS = 122_880  # rows of one batch at most: a row group of DuckDB, so that each is written once; 60 MB of text in eleven columns
SOURCE_ROW = "source_row"


class Unread(NamedTuple):
    """A row that could not even be split into its columns: where, why (a code of unify), and its text as JSON."""

    source_row: int
    code: str
    raw: bytes


@dataclass(frozen=True)
class RawBatch:
    """Rows of one kind, raw, under the names of `core/fields.py`.

    `columns` holds text or typed columns and `source_row` (int64, strictly increasing over all batches of a source; the
    header is row 1; several files are counted as if laid end to end). `dropped` counts the values of columns that
    nobody declared; they never leave the connector. `unread` are rows that could not be split into columns.
    """

    kind: str
    columns: pa.Table
    dropped: dict[str, int] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
    file: str = ""
