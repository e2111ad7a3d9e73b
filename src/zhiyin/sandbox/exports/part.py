"""A piece of an export: rows of one file, as its system writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhiyin.sandbox.chance import Ids

__all__ = ["Part", "clock", "lines", "money", "picked", "plain", "table", "times", "worded"]


class Part(NamedTuple):
    """Rows to put at the end of `file`; `header` opens it when it is new."""

    file: str
    header: bytes
    body: bytes
    rows: int


_SIXTY = tuple(f"{number:02d}" for number in range(60))
# Every second of a day as text.
_CLOCK, _TILL_CLOCK = (
    pa.array([f"{hour}{of_hour}" for hour in hours for of_hour in [f":{minute}:{second}" for minute in _SIXTY for second in _SIXTY]])
    for hours in (_SIXTY[:24], range(24))
)


def table(file: str, columns: Mapping[str, pa.Array], *, encoding: str = "utf-8", tab: str = ",") -> Part:
    """A CSV file; a column is quoted where one of its values must be."""
    cells = [_quoted(column, tab) for column in columns.values()]
    rows = pc.binary_join_element_wise(*cells, tab).to_pylist()
    header = (tab.join(columns) + "\n").encode(encoding)
    body = "\n".join([*rows, ""]) if rows else ""
    return Part(file, header, body.encode(encoding.removesuffix("-sig"), "replace"), len(rows))


def _quoted(column: pa.Array, tab: str) -> pa.Array:
    marks = (tab, '"', "\n")
    text = column.buffers()[2]  # of all rows, and of more where the column is a slice
    if text is None or not any(mark.encode() in memory for memory in (text.to_pybytes(),) for mark in marks):
        return column
    if not any(pc.any(pc.match_substring(column, mark)).as_py() for mark in marks):
        return column
    return pc.binary_join_element_wise('"', pc.replace_substring(column, '"', '""'), '"', "")


def lines(file: str, rows: pa.Array) -> Part:
    """A file of JSON objects, one a line."""
    text = "\n".join(rows.to_pylist())
    return Part(file, b"", f"{text}\n".encode() if len(rows) else b"", len(rows))


def times(on: date, second: Ids) -> pa.Array:
    """Times of a day: 2026-10-01 09:05:33."""
    return pc.binary_join_element_wise(on.isoformat(), _CLOCK.take(pa.array(second)), " ")


def clock(on: date, second: Ids) -> pa.Array:
    """Times of a day as tills and Excel write them: 2026/10/1 9:05:33."""
    return pc.binary_join_element_wise(f"{on.year}/{on.month}/{on.day}", _TILL_CLOCK.take(pa.array(second)), " ")


def money(fen: Ids) -> pa.Array:
    """Money of fen as text: 129.90."""
    whole, rest = np.divmod(np.abs(fen), 100)
    digits = pc.binary_join_element_wise(plain(whole), _CENTS.take(pa.array(rest)), ".")
    return pc.if_else(pa.array(fen < 0), pc.binary_join_element_wise("-", digits, ""), digits)


_CENTS = pa.array([f"{cent:02d}" for cent in range(100)])


def plain(numbers: Ids) -> pa.Array:
    """Whole numbers as text."""
    return pa.array(np.ascontiguousarray(numbers)).cast(pa.string())


def picked(words: Sequence[str] | pa.Array, places: Ids) -> pa.Array:
    """The word of each place; a negative place is no word."""
    wanted = pa.array(np.ascontiguousarray(places), mask=np.asarray(places) < 0)
    found = (words if isinstance(words, pa.Array | pa.ChunkedArray) else pa.array(list(words), pa.string())).take(wanted)
    return pc.fill_null(found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found, "")


def worded(template: str, **parts: pa.Array) -> pa.Array:
    """The text of a template for each row; `<name>` stands for a part."""
    found: list[pa.Array | str] = []
    rest = template
    while rest:
        before, _, after = rest.partition("<")
        found.append(before)
        name, _, rest = after.partition(">")
        if name:
            found.append(parts[name])
    return pc.binary_join_element_wise(*found, "")
