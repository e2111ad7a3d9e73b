"""JSON Lines and Parquet files: rows that carry their column names and types."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from zhiyin.collect.batch import BATCH_ROWS, SOURCE_ROW, Unread
from zhiyin.collect.opened import CHUNK, Block, Opened, block, checked_header, damaged
from zhiyin.collect.text import cut_off, encoding_of, ends_with_newline
from zhiyin.core.errors import DataError
from zhiyin.core.files import disk_errors
from zhiyin.core.words import Say

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["open_lines", "open_parquet"]

HEADER_LINES = 1000  # a JSON file has no header: its columns are the names seen in the first lines

_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)  # made once: `json.loads` with arguments makes one a line
_DAMAGED = Say("Parquet 文件损坏或被截断。", "The Parquet file is damaged or cut off.")


def open_lines(path: Path, wanted: Sequence[str] = ()) -> Opened:
    """A JSONL file; its columns are the keys of the first 1000 lines, nested ones with a dot: `user.id`.

    Raises:
        DataError: when it is empty, no text, or its last line is not whole.
    """
    encoding = encoding_of(path)
    names: dict[str, None] = {}
    for row in islice(_objects(path, encoding), HEADER_LINES):
        names.update(dict.fromkeys(row.cells or {}))
    header = checked_header(path, list(names) or [""])

    def read(columns: Sequence[str]) -> Iterator[Block]:
        return _chunks(_objects(path, encoding), columns)

    return Opened(path, header, read)


def open_parquet(path: Path, wanted: Sequence[str] = ()) -> Opened:
    """A Parquet file, read in batches with its types.

    Raises:
        DataError: when it is damaged, or a column that is asked for holds lists or structures.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError) as wrong:
        raise damaged(path, _DAMAGED) from wrong
    header = checked_header(path, schema.names)

    def read(columns: Sequence[str]) -> Iterator[Block]:
        _refuse_nested(path, schema, columns)
        done = 0
        try:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=list(columns)):
                    numbers = pa.array(np.arange(done + 1, done + batch.num_rows + 1))
                    yield Block(pa.table([*batch.select(list(columns)).columns, numbers], names=[*columns, SOURCE_ROW]))
                    done += batch.num_rows
        except (pa.ArrowException, OSError) as wrong:
            raise damaged(path, _DAMAGED) from wrong

    return Opened(path, header, read)


class _Line(NamedTuple):
    """One line of a JSON file: its number, its cells (None when it is no JSON object), its text."""

    number: int
    cells: dict[str, str] | None
    text: str


def _objects(path: Path, encoding: str) -> Iterator[_Line]:
    """The lines that hold anything; a last line that is neither whole nor closed refuses the file."""
    broken = 0
    with disk_errors(path.name), path.open(encoding=encoding, newline="\n") as file:
        for number, text in enumerate(file, start=1):
            if text.strip():
                cells = _cells(text)
                broken = 0 if cells is not None else number
                yield _Line(number, cells, text)
    if broken and not ends_with_newline(path):
        raise cut_off(path, broken)


def _cells(text: str) -> dict[str, str] | None:
    """The object of a line with nested names joined by dots, numbers as they were written; None when it is none."""
    try:
        found = _DECODER.decode(text)
        return _flat("", found) if isinstance(found, dict) else None
    except (ValueError, RecursionError):
        return None


def _flat(prefix: str, found: dict[str, object]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, value in found.items():
        if isinstance(value, str):
            # Half of a surrogate pair is no character; looking whether there is one costs less than writing all anew.
            cells[prefix + name] = value if value.isascii() else value.encode("utf-8", "replace").decode()
        elif isinstance(value, dict):
            cells.update(_flat(f"{prefix}{name}.", value))
        elif isinstance(value, bool):
            cells[prefix + name] = "true" if value else "false"
        elif value is not None:
            cells[prefix + name] = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
    return cells


def _chunks(lines: Iterator[_Line], columns: Sequence[str]) -> Iterator[Block]:
    while chunk := list(islice(lines, CHUNK)):
        whole = [(line.number, line.cells) for line in chunk if line.cells is not None]
        rows = [[cells.get(name) for name in columns] for _, cells in whole]
        unread = [
            Unread(line.number, "unreadable_row", line.text.strip().encode("utf-8", "replace")) for line in chunk if line.cells is None
        ]
        yield block({name: at for at, name in enumerate(columns)}, rows, numbers=[number for number, _ in whole], unread=unread)


def _refuse_nested(path: Path, schema: pa.Schema, columns: Sequence[str]) -> None:
    import pyarrow as pa

    nested = [name for name in columns if pa.types.is_nested(schema.field(name).type)]
    if nested:
        raise DataError(
            Say("这些列里是列表或结构，不是单个值。", "These columns hold lists or structures, not single values."),
            got=f"{path.name}: {', '.join(nested)}",
            fix=Say(
                "展开成单独的列，或从 [source.columns] 里去掉。",
                "Spread them over columns of their own, or leave them out of [source.columns].",
            ),
        )
