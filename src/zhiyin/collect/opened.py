"""What a file looks like once it is open: its header, its first rows, and a way to read chosen columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from zhiyin.collect.batch import BATCH_ROWS, SOURCE_ROW
from zhiyin.core.errors import DataError, listed
from zhiyin.core.fields import KINDS
from zhiyin.core.words import Say

if TYPE_CHECKING:
    import pyarrow as pa

    from zhiyin.collect.batch import Unread

__all__ = ["CHUNK", "HEADER_ROWS", "Block", "Opened", "block", "checked_header", "damaged", "gathered", "header_row"]

HEADER_ROWS = 20  # exports put titles and filters above the header: it is looked for in the first rows
CHUNK = 20_000  # rows turned into columns at a time: Python lists of 200 000 rows need half a GB

_KNOWN = {header for fields in KINDS.values() for field in fields.values() for header in field.headers}


class Block(NamedTuple):
    """Rows under the file's own column names, with `source_row`, and rows that could not be split."""

    columns: pa.Table
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True)
class Opened:
    """A file with its header; `read(columns)` gives blocks of those columns from the first row on."""

    path: Path
    header: tuple[str, ...]
    read: Callable[[Sequence[str]], Iterator[Block]]


_AGAIN = Say("重新导出或下载这个文件；本次没有导入任何一行。", "Export or download the file again; no row of it was taken.")


def damaged(path: Path, why: Say, *, line: int = 0, fix: Say = _AGAIN) -> DataError:
    """The error for a file that is refused whole; `line` is the line at fault where one is known."""
    return DataError(why, got=f"{path.name}, line {line}" if line else path.name, fix=fix)


def checked_header(path: Path, cells: Sequence[str]) -> tuple[str, ...]:
    """The column names without blanks around them.

    Raises:
        DataError: when two columns have the same name, or there is no name at all.
    """
    names = tuple(cell.strip().removeprefix("\ufeff").strip() for cell in cells)
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise DataError(
            Say("表头里有重复的列名。", "Two columns have the same name."),
            got=f"{path.name}: {listed(twice)}",
            fix=Say("给每一列一个不同的名字。", "Give every column a name of its own."),
        )
    if not any(names):
        raise DataError(Say("文件是空的。", "The file is empty."), got=path.name, fix=Say("导出至少一行数据。", "Export at least one row."))
    return names


def header_row(rows: Sequence[Sequence[str]], wanted: Sequence[str]) -> int:
    """Index of the row that is the header: the one with most wanted names, then with most headers that are known.

    Where no name is known it is the first row that fills the usual number of cells with different texts.
    """
    named = [[cell.strip() for cell in row if cell.strip()] for row in rows[:HEADER_ROWS]]
    known = [(sum(name in names for name in wanted), sum(name.lower() in _KNOWN for name in names)) for names in named]
    if any(map(any, known)):
        return known.index(max(known))
    widths = [len(row) for row, names in zip(rows, named, strict=False) if names]
    usual = max(widths, key=widths.count, default=0)
    return next((at for at, names in enumerate(named) if len(set(names)) == usual), 0)


def block(
    columns: Mapping[str, int], rows: Sequence[Sequence[str | None]], *, numbers: Sequence[int], unread: Iterable[Unread] = ()
) -> Block:
    """Rows of text as a block: `columns` says which cell holds which column, `numbers` which rows of the file they are."""
    import pyarrow as pa

    cells = [pa.array([row[at] for row in rows], pa.string()) for at in columns.values()]
    return Block(pa.table([*cells, pa.array(numbers, pa.int64())], names=[*columns, SOURCE_ROW]), tuple(unread))


def gathered(blocks: Iterable[Block], columns: Sequence[str]) -> Iterator[Block]:
    """Small blocks joined to blocks of about `BATCH_ROWS` rows; an empty one where there is none."""
    import pyarrow as pa

    held: list[Block] = []
    one = None
    for one in blocks:
        held.append(one)
        if sum(part.columns.num_rows + len(part.unread) for part in held) >= BATCH_ROWS:
            yield Block(pa.concat_tables([part.columns for part in held]), tuple(row for part in held for row in part.unread))
            held = []
    if one is None:
        yield block(dict.fromkeys(columns, 0), [], numbers=[])
    if held:
        yield Block(pa.concat_tables([part.columns for part in held]), tuple(row for part in held for row in part.unread))
