"""CSV and TSV files: which encoding, which delimiter, and rows that are whole."""

from __future__ import annotations

import codecs
import contextlib
import csv
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from zhiyin.collect.batch import Unread
from zhiyin.collect.opened import CHUNK, HEADER_ROWS, Block, Opened, block, checked_header, damaged, header_row
from zhiyin.core.files import disk_errors
from zhiyin.core.words import Say

__all__ = ["cut_off", "encoding_of", "ends_with_newline", "open_text", "raw_row"]

PIECE = 1 << 20
DELIMITERS = (",", "\t", ";", "|", "，")
# GB18030 decodes almost any bytes. Of the foreign characters in Chinese text 99.4 % and more are in GB2312 (measured on six
# public sets); of UTF-8 read as GB18030 33 to 46 %, of Latin-1 read as GB18030 none.
CHINESE_SHARE = 0.6

_NOT_TEXT = Say("文件不是文本，或编码无法识别。", "The file is not text, or its encoding is not known.")
_AS_UTF8 = Say("另存为 UTF-8 编码的 CSV；本次没有导入任何一行。", "Save it as CSV in UTF-8; no row of it was taken.")
_CUT = Say("文件在中途被截断。", "The file was cut off.")
_QUOTES = Say("引号不成对，行无法分开。", "Quotes do not match, so the rows cannot be told apart.")


class _Text(NamedTuple):
    """A file of delimited text."""

    path: Path
    encoding: str
    delimiter: str


def encoding_of(path: Path) -> str:
    """The encoding that reads the whole file: UTF-8 (with or without BOM), UTF-16 with BOM, or GB18030.

    Raises:
        DataError: when none does; names the line of the first byte that is not text.
    """
    with disk_errors(path.name), path.open("rb") as file:
        start = file.read(4)
    first = "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    line, cut = _first_wrong(path, first)
    if not line:
        return first
    if not cut and first == "utf-8-sig" and not _first_wrong(path, "gb18030")[0] and _chinese(path):
        return "gb18030"
    raise damaged(path, _CUT, line=line) if cut else damaged(path, _NOT_TEXT, line=line, fix=_AS_UTF8)


def open_text(path: Path, wanted: Sequence[str] = ()) -> Opened:
    """A CSV or TSV file with its header found; `wanted` are column names that it must hold.

    Raises:
        DataError: when it is empty, no text, names a column twice, or its rows cannot be told apart.
    """
    encoding = encoding_of(path)
    text = _Text(path, encoding, _delimiter(path, encoding))
    first = list(islice(_records(text), HEADER_ROWS))
    at = header_row(first, wanted) if first else 0
    header = checked_header(path, first[at] if first else [])

    def read(columns: Sequence[str]) -> Iterator[Block]:
        return _chunks(text, {name: header.index(name) for name in columns}, begin=at + 1, width=len(header))

    return Opened(path, header, read)


def cut_off(path: Path, line: int) -> Exception:
    """The error for a file whose last row is not whole."""
    return damaged(path, _CUT, line=line)


def ends_with_newline(path: Path) -> bool:
    """Is the last row closed? If not, the file may have been cut off there."""
    with disk_errors(path.name), path.open("rb") as file:
        file.seek(max(path.stat().st_size - 2, 0))
        return any(byte in b"\r\n" for byte in file.read())


def raw_row(cells: object) -> bytes:
    """A row as the vault keeps it: JSON, UTF-8."""
    return json.dumps(cells, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")


def _first_wrong(path: Path, encoding: str) -> tuple[int, bool]:
    """Line of the first bytes that are not text of this encoding (0: none), and whether the file just ends within a character."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with disk_errors(path.name), path.open("rb") as file:
        while True:
            piece = file.read(PIECE)
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as wrong:
                return line + wrong.object[: wrong.start].count(b"\n"), not piece
            if "\0" in text:  # NUL is no character of any table: binary, or UTF-16 without its mark
                return line + text[: text.index("\0")].count("\n"), False
            if not piece:
                return 0, False
            line += text.count("\n")


def _chinese(path: Path) -> bool:
    """Is the text that GB18030 gives really Chinese?"""
    decoder = codecs.getincrementaldecoder("gb18030")()
    with disk_errors(path.name), path.open("rb") as file:
        text = decoder.decode(file.read(4 * PIECE))
    foreign = "".join(character for character in text if ord(character) > 127)
    return len(foreign.encode("gb2312", "ignore")) / 2 >= CHINESE_SHARE * len(foreign)


def _delimiter(path: Path, encoding: str) -> str:
    """The delimiter that cuts most of the first rows into the same, largest number of cells."""
    with disk_errors(path.name), path.open(encoding=encoding, newline="") as file:
        lines = file.read(64 * 1024).splitlines(keepends=True)[:50]

    def score(delimiter: str) -> float:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        usual = max(widths, key=lambda width: (widths.count(width), width), default=1)
        return (usual - 1) * widths.count(usual) / max(len(widths), 1)

    return max(DELIMITERS, key=score)


def _records(text: _Text) -> Iterator[list[str]]:
    """Every record; a quote that is never closed, or closed within a cell, refuses the file with the line of that record."""
    try:
        with disk_errors(text.path.name), text.path.open(encoding=text.encoding, newline="") as file:
            yield from csv.reader(file, delimiter=text.delimiter, strict=True)
    except csv.Error as wrong:
        raise damaged(text.path, _CUT if "unexpected end" in str(wrong) else _QUOTES, line=_lines(text)[-1]) from wrong


def _lines(text: _Text) -> list[int]:
    """The line on which each record begins, and the line after the last record that can be read."""
    begun = [1]
    with text.path.open(encoding=text.encoding, newline="") as file, contextlib.suppress(csv.Error):
        reader = csv.reader(file, delimiter=text.delimiter, strict=True)
        for _ in reader:
            begun.append(reader.line_num + 1)  # one by one: those before an error are kept
    return begun


def _chunks(text: _Text, columns: dict[str, int], *, begin: int, width: int) -> Iterator[Block]:
    """The records as blocks; one with too few or too many cells is set aside, at a cut end the file is refused."""
    records = islice(_records(text), begin, None)
    last: list[str] = []
    while chunk := list(islice(records, CHUNK)):
        numbers: Sequence[int] = range(begin + 1, begin + 1 + len(chunk))
        begin, last = begin + len(chunk), chunk[-1]
        unread: list[Unread] = []
        if set(map(len, chunk)) != {width} or not all(map(any, chunk)):
            said = [(at, row) for at, row in zip(numbers, chunk, strict=True) if "".join(row).strip()]
            unread = [Unread(at, "ragged_row", raw_row(row)) for at, row in said if not _fits(row, width)]
            numbers, chunk = [at for at, row in said if _fits(row, width)], [row for _, row in said if _fits(row, width)]
        yield block(columns, chunk, numbers=numbers, unread=unread)
    if any(last) and not _fits(last, width) and not ends_with_newline(text.path):
        raise cut_off(text.path, _lines(text)[-2])


def _fits(row: list[str], width: int) -> bool:
    """Has the row a cell for every column, and more only where they are empty?"""
    return len(row) >= width and not any(row[width:])
