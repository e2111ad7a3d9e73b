"""Who may send events or ask for recommendations, and whose customer ids do they speak of? Keys: shown once, kept as digests.

A write key can only send and may stand in a web page. A read key can only ask, for anybody: it belongs on a server of the shop, never
in a page. Both belong to a source: ids that a write key of this name sends are those that its read key asks for.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa

from zhiyin.core.clock import utc_now
from zhiyin.core.errors import NotFound, UsageError, listed
from zhiyin.core.words import Say
from zhiyin.store.ledger import Ledger, write_key

__all__ = ["PREFIX", "READ_PREFIX", "Keyring", "WriteKey", "add_key", "keys_of", "revoke", "systems"]

PREFIX, READ_PREFIX = "zyw_", "zyr_"
_BYTES = 24
_HINT = 6  # characters of a key that a list shows, to tell two of one name apart
_NAME = re.compile(r"[\w.-]{1,64}")
_FRESH_SECONDS = 1.0  # how long a revoked key may still be taken


class WriteKey(NamedTuple):
    """A key as a list shows it."""

    name: str
    system: str
    hint: str
    made_at: str
    revoked_at: str | None
    kind: str


def add_key(ledger: Ledger, name: str, *, system: str, reads: bool = False) -> str:
    """A new key for the source called `name`; it is shown here and never again.

    Args:
        ledger: where its digest is kept.
        name: of the source: the site, app or server that sends.
        system: whose customer ids the events speak of, as `system` of a [[source]]; empty: that of the name's other keys, else the name.
        reads: whether it asks for recommendations; else it sends events.

    Raises:
        UsageError: when the name or the system cannot be one, or the name belongs to another system.
    """
    system = system or systems(ledger).get(name, name)
    for said in (name, system):
        if not _NAME.fullmatch(said):
            raise UsageError(
                Say("名字只能有字母、数字、点、横线和下划线。", "A name has letters, digits, dots, dashes and underscores."),
                got=said[:80],
                fix=Say("写成 shop-web 这样。", "Write it like shop-web."),
            )
    known = systems(ledger).get(name, system)
    if known != system:
        raise UsageError(
            Say("这个名字已属于另一个系统。", "This name belongs to another system."),
            got=f"{name}: {known}",
            fix=Say("换一个名字，或用同一个 --system。", "Take another name, or the same --system."),
        )
    key = (READ_PREFIX if reads else PREFIX) + secrets.token_urlsafe(_BYTES)
    row = {"digest": _digest(key), "name": name, "system": system, "hint": key[: len(PREFIX) + _HINT], "made_at": _now()}
    row["kind"] = "read" if reads else "write"
    with ledger.begin() as connection:
        connection.execute(sa.insert(write_key).values(**row))
    return key


def keys_of(ledger: Ledger) -> list[WriteKey]:
    """Every key that was ever made, oldest first."""
    columns = [write_key.c[name] for name in WriteKey._fields]
    with ledger.read() as connection:
        return [WriteKey(*row) for row in connection.execute(sa.select(*columns).order_by(write_key.c.made_at))]


def revoke(ledger: Ledger, name: str) -> int:
    """Take back the keys of a name, or the one key whose beginning is said; returns how many.

    Raises:
        NotFound: when no key that counts is called like this.
    """
    counts = write_key.c.revoked_at.is_(None)
    with ledger.begin() as connection:
        wanted = sa.and_(counts, sa.or_(write_key.c.name == name, write_key.c.hint == name[: len(PREFIX) + _HINT]))
        done = connection.execute(sa.update(write_key).where(wanted).values(revoked_at=_now())).rowcount
    if not done:
        known = {key.name for key in keys_of(ledger) if not key.revoked_at}
        raise NotFound(
            Say("没有这个写入密钥。", "There is no such write key."),
            got=name if not name.startswith((PREFIX, READ_PREFIX)) else name[: len(PREFIX) + _HINT],
            fix=Say(f"现有：{listed(sorted(known))}。", f"Those that count: {listed(sorted(known))}."),
        )
    return int(done)


def systems(ledger: Ledger) -> Mapping[str, str]:
    """Source -> the system whose customer ids its events speak of."""
    return {key.name: key.system for key in keys_of(ledger)}


class Keyring:
    """The keys that count now, read anew once a second."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._names: Mapping[str, tuple[str, str]] = {}
        self._read_at = float("-inf")

    def source_of(self, key: str) -> str | None:
        """The source that a write key belongs to; None for a key that is unknown, reads only or was taken back."""
        return self._source(key, "write")

    def reader_of(self, key: str) -> str | None:
        """The source that a read key belongs to; None for every other key."""
        return self._source(key, "read")

    def _source(self, key: str, kind: str) -> str | None:
        if time.monotonic() - self._read_at > _FRESH_SECONDS:
            columns = (write_key.c.digest, write_key.c.name, write_key.c.kind)
            with self._ledger.read() as connection:
                found = connection.execute(sa.select(*columns).where(write_key.c.revoked_at.is_(None)))
                self._names = {row.digest: (row.name, row.kind) for row in found}
            self._read_at = time.monotonic()
        name, own = self._names.get(_digest(key), ("", ""))
        return name if own == kind else None


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> str:
    return utc_now().isoformat(timespec="seconds")
