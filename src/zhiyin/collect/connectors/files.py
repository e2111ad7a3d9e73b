"""Files that shops and CRMs export: CSV, TSV, Excel, JSON Lines and Parquet, read in batches."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from zhiyin.collect.batch import SOURCE_ROW, RawBatch
from zhiyin.collect.carry import Carried
from zhiyin.collect.formats import open_file
from zhiyin.collect.guards import without_guards
from zhiyin.collect.mapping import columns_of, declared
from zhiyin.collect.opened import Block, Opened, gathered
from zhiyin.core.errors import SettingsError
from zhiyin.core.words import Say

if TYPE_CHECKING:
    import pyarrow as pa

    from zhiyin.core.settings import SourceSettings

__all__ = ["paths", "rows"]


def rows(source: SourceSettings, folder: Path) -> Iterator[RawBatch]:
    """Read the files of a source, batch by batch, under the names of its fields.

    Raises:
        DataError: when a file is missing, empty, damaged or cut off; then no row of the source counts.
        MissingColumns: when a file lacks a mapped column.
        SettingsError: when the mapping names a field that its kind does not have.
    """
    wanted = declared(source)
    done = 0
    for path in paths(source, folder):
        opened = open_file(path, tuple(wanted.values()))
        columns = columns_of(source, opened)
        carried = Carried(source.kind, tuple(columns))
        last = 0
        names = tuple(dict.fromkeys(columns.values()))
        for block in gathered(opened.read(names), names):
            last = max(last, _last_row(block))
            yield _batch(source.kind, opened, columns, block, carried=carried, offset=done)
        done += last


def paths(source: SourceSettings, folder: Path) -> list[Path]:
    """The files of a source, by name; where the pattern fits none, the pattern itself.

    Raises:
        SettingsError: when the source names no file.
    """
    pattern = str(folder / source.file)
    exact = Path(pattern)
    found = [exact] if exact.is_file() else sorted(Path(name) for name in glob.glob(pattern, recursive=True) if Path(name).is_file())
    if not source.file:
        raise SettingsError(
            Say("这个来源没有写明文件。", "This source names no file."),
            got=f"source.{source.name}.file",
            fix=Say('写上 file = "订单.csv" 或 "订单*.csv"。', 'Write file = "orders.csv" or "orders*.csv".'),
        )
    return found or [exact]


def _last_row(block: Block) -> int:
    numbers = block.columns[SOURCE_ROW]
    ends = [numbers[-1].as_py()] if len(numbers) else []
    return max([*ends, *(row.source_row for row in block.unread)], default=0)


def _batch(kind: str, opened: Opened, columns: dict[str, str], block: Block, *, carried: Carried, offset: int) -> RawBatch:
    import pyarrow as pa
    import pyarrow.compute as pc

    fields = {field: without_guards(block.columns[column]) for field, column in columns.items()}
    numbers = pc.add(block.columns[SOURCE_ROW], offset)
    table: pa.Table = pa.table({**fields, SOURCE_ROW: numbers})
    ignored = [name for name in opened.header if name and name not in columns.values()]
    return RawBatch(
        kind=kind,
        columns=carried.down(table),
        dropped=dict.fromkeys(ignored, table.num_rows),
        unread=tuple(row._replace(source_row=row.source_row + offset) for row in block.unread),
        file=opened.path.name,
    )
