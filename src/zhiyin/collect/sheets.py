"""Excel files: the first sheet that holds anything, cell by cell as text."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from zhiyin.collect.opened import CHUNK, HEADER_ROWS, Block, Opened, block, checked_header, damaged, header_row
from zhiyin.core.errors import DataError
from zhiyin.core.words import Say

__all__ = ["open_sheet", "refuse_old_excel"]

MOST_DIGITS = 15  # Excel keeps 15 digits of a number; what is longer has lost its end

_DAMAGED = Say("Excel 文件损坏、被截断或有密码。", "The Excel file is damaged, cut off or has a password.")


def refuse_old_excel(path: Path, wanted: Sequence[str] = ()) -> Opened:
    """Say how to turn an .xls file into one that can be read.

    Raises:
        DataError: always.
    """
    raise DataError(
        Say("旧的 .xls 格式读不了。", "The old .xls format cannot be read."),
        got=path.name,
        fix=Say("在 Excel 里另存为 .xlsx 或 CSV。", "Save it as .xlsx or CSV in Excel."),
    )


def open_sheet(path: Path, wanted: Sequence[str] = ()) -> Opened:
    """An .xlsx file with its header found; `wanted` are column names that it must hold.

    Raises:
        DataError: when it is damaged, empty, or names a column twice.
    """
    first = [row for _, row in islice(_rows(path), HEADER_ROWS)]
    at = header_row(first, wanted) if first else 0
    header = checked_header(path, first[at] if first else [])

    def read(columns: Sequence[str]) -> Iterator[Block]:
        wanted_at = {name: header.index(name) for name in columns}
        return _chunks(islice(_rows(path), at + 1, None), wanted_at, len(header))

    return Opened(path, header, read)


def _chunks(rows: Iterator[tuple[int, list[str]]], columns: dict[str, int], width: int) -> Iterator[Block]:
    """The rows that hold anything; Excel writes no cells after the last one that is filled."""
    while chunk := list(islice(rows, CHUNK)):
        filled = [(number, row + [""] * (width - len(row))) for number, row in chunk if any(row)]
        yield block(columns, [row for _, row in filled], numbers=[number for number, _ in filled])


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that is not empty, as text."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    problems = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, EOFError, OSError, SyntaxError, zlib.error)
    try:
        with warnings.catch_warnings():  # styles and extensions that openpyxl leaves out do not matter here
            warnings.simplefilter("ignore", UserWarning)
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # exporters write a wrong used range
                begun = False
                for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                    begun = begun or any(cell is not None for cell in cells)
                    yield number, [_text(cell) for cell in cells]
                if begun:
                    return
        finally:
            book.close()
    except problems as wrong:
        raise damaged(path, _DAMAGED) from wrong


def _text(cell: Any) -> str:  # noqa: ANN401 - whatever a cell may hold
    """A cell as the text that a CSV export of it would show."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**MOST_DIGITS:
        return str(int(cell))
    if isinstance(cell, int | float):
        return str(cell) if abs(cell) < 10**MOST_DIGITS else f"{cell:.5E}"
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)
