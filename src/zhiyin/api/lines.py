"""Many events as lines of JSON: read as they come, kept piece by piece, answered once at the end."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

from litestar import Response, post
from litestar.datastructures import State

from zhiyin.api import answers
from zhiyin.api.arriving import Incoming, is_strict, key_of, refuse_packed, settled
from zhiyin.app.serving import Receipt, Serving, Taken, verdicts
from zhiyin.core.errors import Busy, DataError, TooLarge
from zhiyin.core.words import Say

__all__ = ["lines"]

_PIECE_BYTES, _PIECE_LINES = 400_000, 1000
_MOST_LINE = 1_000_000  # a longer line ends the upload: without a line end it would grow without end
_UNDER_WAY = 4  # pieces that wait for the disk; the sender waits for them
_PAUSE_SECONDS = 0.05
_GZIP = b"\x1f\x8b"


@dataclass
class _Upload:
    """What came of the lines so far."""

    stored: int = 0
    duplicate: int = 0
    refused: int = 0
    results: list[dict[str, Any]] = field(default_factory=list)

    def add(self, taken: Taken, receipt: Receipt, *, first: int) -> None:
        """Count a piece whose first line has the number `first`."""
        self.stored += receipt.stored
        self.duplicate += len(receipt.duplicate)
        self.refused += receipt.refused
        rows = ({"line": first + one.place, "result": one.result, "reason": one.reason} for one in verdicts(taken, receipt))
        self.results += [row for row in rows if row["result"] == "refused"]

    def answer(self, *, strict: bool) -> dict[str, object]:
        """The counts; in strict mode each refused line as well."""
        counts = {"received": self.stored + self.duplicate + self.refused, "stored": self.stored, "duplicate": self.duplicate}
        told = {"success": not (strict and self.refused), **counts, "refused": self.refused}
        return told | ({"results": self.results} if strict else {})


@post("/v1/lines", status_code=200)
async def lines(request: Incoming, state: State) -> Response[bytes]:
    """One event a line: Segment messages with `type`, 神策 events or CloudEvents; gzip or not, of any length."""
    serving: Serving = state["serving"]
    source = serving.source_of(key_of(request))
    if source is None:
        return answers.unknown_key()
    refuse_packed(request)
    upload, waiting = _Upload(), list[tuple[Taken, asyncio.Future[Receipt], int]]()
    async for first, piece in _pieces(request):
        taken = serving.look("lines", piece, headers={})
        waiting.append((taken, await _kept(serving, source, taken), first))
        if len(waiting) >= _UNDER_WAY:
            done, future, number = waiting.pop(0)
            upload.add(done, await future, first=number)
    for done, future, number in waiting:
        upload.add(done, await future, first=number)
    return answers.answer(upload.answer(strict=is_strict(request)))


async def _kept(serving: Serving, source: str, taken: Taken) -> asyncio.Future[Receipt]:
    """Put a piece into the inbox; while it has no room, the sender waits."""
    while True:
        try:
            return settled(serving.keep(source, taken))
        except Busy:
            if not serving.is_open():
                raise
            await asyncio.sleep(_PAUSE_SECONDS)


async def _pieces(request: Incoming) -> AsyncIterator[tuple[int, bytes]]:
    """Whole lines in pieces, each with the number of its first line (from 1)."""
    rest, first = b"", 1
    async for text in _unpacked(request):
        rest += text
        while len(rest) >= _PIECE_BYTES:
            end = rest.rfind(b"\n", 0, _PIECE_BYTES) + 1 or rest.find(b"\n") + 1
            if not end:
                _refuse_endless(rest, first)
                break
            for number, piece in _cut(rest[:end], first):
                yield number, piece
            first, rest = first + rest.count(b"\n", 0, end), rest[end:]
    for number, piece in _cut(rest, first):
        yield number, piece


def _cut(text: bytes, first: int) -> list[tuple[int, bytes]]:
    """Pieces of at most so many lines as one request may hold."""
    rows = text.split(b"\n")
    return [
        (first + at, b"\n".join(rows[at : at + _PIECE_LINES]))
        for at in range(0, len(rows), _PIECE_LINES)
        if any(rows[at : at + _PIECE_LINES])
    ]


async def _unpacked(request: Incoming) -> AsyncIterator[bytes]:
    """The text of a body, unpacked bit by bit where it is gzip."""
    begin, unpack = b"", None
    async for chunk in request.stream():
        begin += chunk
        if len(begin) < len(_GZIP):
            continue
        if unpack is None:
            unpack = _Gzip() if begin.startswith(_GZIP) else _Plain()
        for text in unpack.texts(begin):
            yield text
        begin = b""
    if unpack is not None:
        unpack.end()
    elif begin:
        yield begin


class _Plain:
    """A body that is not packed."""

    def texts(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk

    def end(self) -> None:
        """Nothing can be missing."""


class _Gzip:
    """A body of gzip, in one part or several."""

    def __init__(self) -> None:
        self._part = zlib.decompressobj(wbits=31)
        self._whole = False

    def texts(self, chunk: bytes) -> Iterator[bytes]:
        """Texts of at most one piece each."""
        while chunk:
            self._whole = False
            try:
                yield self._part.decompress(chunk, _PIECE_BYTES)
            except zlib.error as wrong:
                raise _damaged() from wrong
            chunk = self._part.unconsumed_tail
            if self._part.eof:
                chunk, self._part, self._whole = self._part.unused_data, zlib.decompressobj(wbits=31), True

    def end(self) -> None:
        """Refuse a body whose last part is cut off."""
        if not self._whole:
            raise _damaged()


def _damaged() -> DataError:
    return DataError(
        Say("gzip 数据损坏或不完整。", "The gzip data are damaged or cut off."),
        got="/v1/lines",
        fix=Say("重发整个文件；已收到的事件不会重复。", "Send the whole file again; what was stored is not stored twice."),
    )


def _refuse_endless(rest: bytes, first: int) -> None:
    if len(rest) > _MOST_LINE:
        raise TooLarge(
            Say("这一行太长。", "A line is too long."),
            got=f"line {first} > {_MOST_LINE} B",
            fix=Say("一行一个事件，用换行分开。", "Write one event a line, with line ends between them."),
        )
