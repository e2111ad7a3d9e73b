"""What does a request bring: its body within limits, and the write key it names?"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any
from urllib.parse import parse_qs

from litestar import Request

from zhiyin.app.serving import Receipt
from zhiyin.core.errors import DataError, TooLarge
from zhiyin.core.words import Say

__all__ = ["Incoming", "body_of", "is_strict", "key_in_headers", "key_of", "refuse_packed", "settled"]

Incoming = Request[Any, Any, Any]


async def body_of(request: Incoming, *, most: int) -> bytes:
    """The body as it came.

    Raises:
        TooLarge: as soon as more than `most` bytes have come.
        DataError: when it is packed in a way that we do not open.
    """
    refuse_packed(request)
    said = request.headers.get("content-length", "")
    if said.isdigit() and int(said) > most:
        raise _too_large(most)
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise _too_large(most)
        pieces.append(piece)
    return b"".join(pieces)


def refuse_packed(request: Incoming) -> None:
    """Refuse a body that is packed in another way than gzip.

    Raises:
        DataError: names the way.
    """
    packed = request.headers.get("content-encoding", "identity").strip().lower()
    if packed not in ("identity", "gzip", ""):
        raise DataError(
            Say("不支持这种压缩方式。", "This way of packing is not known."),
            got=packed[:40],
            fix=Say("用 gzip，或不压缩。", "Use gzip, or none."),
        )


def key_in_headers(request: Incoming) -> str:
    """The key in the headers: Basic with the key as user, or Bearer; empty where there is none."""
    scheme, _, told = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(told.strip() + "===").decode("utf-8", "replace").partition(":")[0]
        except (binascii.Error, ValueError):
            return told
    if scheme.lower() == "bearer":
        return told.strip()
    return ""


def key_of(request: Incoming) -> str:
    """The write key in the headers, else as `token` or `writeKey` in the address."""
    if told := key_in_headers(request):
        return told
    asked = parse_qs(request.scope["query_string"].decode("latin-1"), max_num_fields=64) if request.scope["query_string"] else {}
    return next((asked[name][0] for name in ("writeKey", "token") if name in asked), "")


def is_strict(request: Incoming) -> bool:
    """Whether the sender asked for what came of each event: `?strict=1`, or the header `X-Zhiyin-Strict: 1`."""
    asked: Mapping[str, str] = request.query_params
    return asked.get("strict", "") in ("1", "true") or request.headers.get("x-zhiyin-strict", "") in ("1", "true")


def settled(kept: Future[Receipt]) -> asyncio.Future[Receipt]:
    """The receipt, to be awaited; the inbox answers in the thread of this loop, so nothing needs to be woken."""
    waiter: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()

    def settle(done: Future[Receipt]) -> None:
        if waiter.cancelled():
            return
        wrong = done.exception()
        if wrong is not None:
            waiter.set_exception(wrong)
        else:
            waiter.set_result(done.result())

    kept.add_done_callback(settle)
    return waiter


def _too_large(most: int) -> TooLarge:
    return TooLarge(
        Say("请求太大。", "The request is too large."),
        got=f"> {most} B",
        fix=Say("把事件分成几个请求发送。", "Send the events in several requests."),
    )
