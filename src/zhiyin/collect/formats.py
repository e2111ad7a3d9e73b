"""Which reader opens which file: by its ending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from zhiyin.collect.lines import open_lines, open_parquet
from zhiyin.collect.opened import Opened
from zhiyin.collect.sheets import open_sheet, refuse_old_excel
from zhiyin.collect.text import open_text
from zhiyin.core.errors import DataError, listed
from zhiyin.core.words import Say

__all__ = ["FORMATS", "open_file", "refuse_missing"]

FORMATS: dict[str, Callable[[Path, Sequence[str]], Opened]] = {
    ".csv": open_text,
    ".tsv": open_text,
    ".txt": open_text,
    ".xlsx": open_sheet,
    ".xlsm": open_sheet,
    ".xls": refuse_old_excel,
    ".jsonl": open_lines,
    ".ndjson": open_lines,
    ".parquet": open_parquet,
}


def open_file(path: Path, wanted: Sequence[str] = ()) -> Opened:
    """Open one file by its ending; `wanted` are column names that its header must hold.

    Raises:
        DataError: when there is no such file, its ending is unknown, or it cannot be read.
    """
    refuse_missing(path)
    if path.suffix.lower() not in FORMATS:
        raise DataError(
            Say("不认识这种文件。", "This kind of file is not known."),
            got=path.name,
            fix=Say(f"导出成其中一种：{listed(FORMATS)}。", f"Export it as one of {listed(FORMATS)}."),
        )
    return FORMATS[path.suffix.lower()](path, wanted)


_NOTHING_THERE = Say("核对路径；那个文件夹里没有数据文件。", "Check the path; that folder has no data file.")
_ONE_OF_IT = Say('写明其中的文件，例如 "订单.csv" 或 "订单*.csv"。', 'Name a file in it, for example "orders.csv" or "orders*.csv".')


def refuse_missing(path: Path) -> None:
    """Say so when a file is not there.

    Raises:
        DataError: lists the data files of the folder.
    """
    if not path.is_file():
        if path.is_dir():
            raise DataError(Say("这是文件夹，不是文件。", "This is a folder, no file."), got=path.name, fix=_ONE_OF_IT)
        there = sorted(other.name for other in path.parent.glob("*") if other.suffix.lower() in FORMATS)
        raise DataError(
            Say("找不到这个文件。", "There is no such file."),
            got=path.name,
            fix=Say(f"文件夹里有：{listed(there)}。", f"The folder has: {listed(there)}.") if there else _NOTHING_THERE,
        )
