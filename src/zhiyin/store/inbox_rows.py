"""What is put into the inbox, and what comes out of it: requests, receipts, refusals, counts; and the tables they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

__all__ = ["MIGRATIONS", "Body", "Counts", "Receipt", "Refusal", "Sent"]


class Sent(NamedTuple):
    """One request: its body as it came, which events it holds (id, digest, place), and which cannot be taken (place, code, pointer, bytes).

    `replays` names the refusal that this request brings back: it is moved in the counts, not counted again. One that a later stage
    refused was stored, and is not `counted` among the refused.
    """

    source: str
    form: str
    body: bytes
    received_at: datetime
    items: Sequence[tuple[str, bytes, int]]
    unfit: Sequence[tuple[int, str, str, bytes]] = ()
    replays: int = 0
    counted: bool = True


class Receipt(NamedTuple):
    """What came of a request, after it is on the disk: how many were stored, and the places of the others."""

    body_id: int
    stored: int
    duplicate: tuple[int, ...]
    conflict: tuple[int, ...]
    refused: int  # with the conflicts


class Body(NamedTuple):
    """A request in the inbox; `places` are those of the events that count, None: all."""

    body_id: int
    source: str
    form: str
    received_at: datetime
    bytes: bytes
    places: frozenset[int] | None


class Refusal(NamedTuple):
    """An event that was not taken, or of which a later stage could make nothing."""

    refused_id: int
    source: str
    body_id: int | None
    place: int
    stage: str  # door, meaning, projection
    code: str
    pointer: str
    form: str
    raw: bytes | None  # None: it stands in the body
    received_at: datetime
    at: datetime
    replayed_at: datetime | None


class Counts(NamedTuple):
    """Of one source: received = stored + duplicate + refused. `unused` of the stored could not be used by a later stage."""

    source: str
    received: int
    stored: int
    duplicate: int
    refused: int
    unused: int


MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE source (source_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, received INTEGER NOT NULL DEFAULT 0,"
        " stored INTEGER NOT NULL DEFAULT 0, duplicate INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0)",
        # AUTOINCREMENT: a number is never given twice, also when all bodies have expired; readers go on from the last one.
        "CREATE TABLE body (body_id INTEGER PRIMARY KEY AUTOINCREMENT, source_id INTEGER NOT NULL REFERENCES source,"
        " form TEXT NOT NULL, received_at TEXT NOT NULL, bytes BLOB NOT NULL, accepted BLOB)",
        # 16 bytes of the id and 8 of the digest an event: see store/seen.py.
        "CREATE TABLE seen (run INTEGER PRIMARY KEY AUTOINCREMENT, records BLOB NOT NULL)",
        "CREATE TABLE refused (refused_id INTEGER PRIMARY KEY AUTOINCREMENT, source_id INTEGER NOT NULL REFERENCES source,"
        " body_id INTEGER, place INTEGER NOT NULL, stage TEXT NOT NULL, code TEXT NOT NULL, pointer TEXT NOT NULL,"
        " form TEXT NOT NULL, raw BLOB, received_at TEXT NOT NULL, at TEXT NOT NULL, replay_at TEXT, replayed_at TEXT)",
        # A later stage that reads a body again refuses the same events again.
        "CREATE UNIQUE INDEX refused_once ON refused (body_id, place, stage) WHERE stage <> 'door'",
        "CREATE INDEX refused_open ON refused (replay_at) WHERE replay_at IS NOT NULL AND replayed_at IS NULL",
    ),
)
