"""What does a request bring: its body within limits, and the write key it names?"""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import parse_qs

from litestar import Request

from zhiyin.core.errors import DataError, TooLarge
from zhiyin.core.words import Say

__all__ = ["Incoming", "body_of", "key_of", "refuse_packed"]

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


def key_of(request: Incoming) -> str:
    """The write key in the headers or the address: Basic with the key as user, Bearer, or `token` / `writeKey` in the query."""
    scheme, _, told = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(told.strip() + "===").decode("utf-8", "replace").partition(":")[0]
        except (binascii.Error, ValueError):
            return told
    if scheme.lower() == "bearer":
        return told.strip()
    asked = parse_qs(request.scope["query_string"].decode("latin-1"), max_num_fields=64) if request.scope["query_string"] else {}
    return next((asked[name][0] for name in ("writeKey", "token") if name in asked), "")


def _too_large(most: int) -> TooLarge:
    return TooLarge(
        Say("请求太大。", "The request is too large."),
        got=f"> {most} B",
        fix=Say("把事件分成几个请求发送。", "Send the events in several requests."),
    )
