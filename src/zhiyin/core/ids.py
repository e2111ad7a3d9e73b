"""Ids that say nothing about a person and are the same tomorrow."""

from __future__ import annotations

import base64
import hashlib
import hmac

__all__ = ["content_id", "keyed_id"]


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


def _short(digest: bytes) -> str:
    return base64.b32encode(digest)[:12].decode().lower()
