"""Ids that say nothing about a person and are the same tomorrow."""

from __future__ import annotations

import hashlib
import hmac

__all__ = ["content_id", "drawn", "keyed_id"]


def content_id(prefix: str, *parts: str | bytes) -> str:
    """An id from content: the same parts give the same id on any machine (60 bits)."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode()
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return prefix + _short(digest.digest())


def keyed_id(key: bytes, prefix: str, *parts: str) -> str:
    """An id that cannot be guessed back without `key` (HMAC-SHA256, 60 bits): what stands in for a person."""
    raw = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return prefix + _short(hmac.digest(key, raw, "sha256"))


def drawn(said: str) -> float:
    """A draw from 0 to 1 that the text decides: the same on every day and machine (the first 64 bits of its SHA-256)."""
    return int.from_bytes(hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()[:8]) / 2.0**64


# Two letters of Base32 at a time: `base64.b32encode` is written in Python and takes seven times as long, ids are made by the million.
_PAIRS = [first + second for first in "abcdefghijklmnopqrstuvwxyz234567" for second in "abcdefghijklmnopqrstuvwxyz234567"]


def _short(digest: bytes) -> str:
    """The first 60 bits in Base32, small letters."""
    bits = int.from_bytes(digest[:8], "big")
    return "".join([_PAIRS[bits >> at & 1023] for at in (54, 44, 34, 24, 14, 4)])
