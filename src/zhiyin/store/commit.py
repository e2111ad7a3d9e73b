"""Which of these requests are new? Writes them, their ids and what was refused in one transaction, and says what came of each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import numpy as np
import sqlalchemy as sa

from zhiyin.core.clock import Clock
from zhiyin.store.inbox_rows import Receipt, Sent
from zhiyin.store.seen import DIGEST_BYTES, KEY_BYTES, Seen

__all__ = ["CONFLICT", "stamp", "unpacked", "write"]

CONFLICT = "id_conflict"
_PIECES = (64, 16, 4, 1)  # rows of one statement: each call of SQLite lets another thread run, and comes back up to 5 ms later
_BODY = "INSERT INTO body (body_id, source_id, form, received_at, bytes, accepted) VALUES "
_REFUSED = "INSERT INTO refused (source_id, body_id, place, stage, code, pointer, form, raw, received_at, at) VALUES "
_REPLAYED = "UPDATE refused SET replayed_at = ?, raw = NULL WHERE refused_id = ?"
_TALLY = (
    "UPDATE source SET received = received + ?, stored = stored + ?, duplicate = duplicate + ?, refused = refused + ? WHERE source_id = ?"
)


def _key_of(source: str, message_id: str) -> bytes:
    """The id of an event within its source, in 16 bytes."""
    return hashlib.blake2b(f"{source}\0{message_id}".encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


@dataclass
class _Judged:
    """What is written, as it comes together."""

    bodies: list[tuple[object, ...]] = field(default_factory=list)
    refused: list[tuple[object, ...]] = field(default_factory=list)
    records: list[bytes] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    tallies: dict[int, list[int]] = field(default_factory=dict)
    replayed: list[tuple[str, int]] = field(default_factory=list)


def write(connection: sa.Connection, group: Sequence[Sent], *, seen: Seen, clock: Clock) -> tuple[list[Receipt], int, bytes]:
    """Write requests; returns their receipts, and the run of new ids for `seen` to learn once it is committed."""
    raw: Any = connection.connection.dbapi_connection
    last = raw.execute("SELECT seq FROM sqlite_sequence WHERE name = 'body'").fetchone()
    sources = {name: _source_id(raw, name) for name in {sent.source for sent in group}}
    judged = _judge(group, sources, seen, (int(last[0]) if last else 0, stamp(clock())))
    run, records = 0, b"".join(judged.records)
    if records:
        run = int(raw.execute("INSERT INTO seen (records) VALUES (?)", (records,)).lastrowid)
    _insert_many(raw, _BODY, judged.bodies)
    _insert_many(raw, _REFUSED, judged.refused)
    for source, counted in judged.tallies.items():
        raw.execute(_TALLY, (*counted, source))
    for at, refused_id in judged.replayed:
        raw.execute(_REPLAYED, (at, refused_id))
    return judged.receipts, run, records


def _judge(group: Sequence[Sent], sources: dict[str, int], seen: Seen, start: tuple[int, str]) -> _Judged:
    """What is new, what was here before, what contradicts it; in the order of arrival, also within the group."""
    body_id, at = start
    judged, fresh = _Judged(), dict[bytes, bytes]()
    keys = [[_key_of(sent.source, item[0]) for item in sent.items] for sent in group]
    known = iter(seen.digests(list(chain.from_iterable(keys))))
    for sent, own in zip(group, keys, strict=True):
        new: list[int] = []
        duplicate: list[int] = []
        conflict: list[int] = []
        for key, (_, digest, place) in zip(own, sent.items, strict=True):
            before, short = next(known) or fresh.get(key), digest[:DIGEST_BYTES]
            if before is None:
                fresh[key] = short
                judged.records.append(key + short)
                new.append(place)
            else:
                (duplicate if before == short else conflict).append(place)
        keeps = bool(new or conflict)
        body_id += keeps
        receipt = Receipt(body_id if keeps else 0, len(new), tuple(duplicate), tuple(conflict), len(conflict) + len(sent.unfit))
        judged.receipts.append(receipt)
        _enter(judged, sent, (sources[sent.source], at, new), receipt)
    return judged


def _enter(judged: _Judged, sent: Sent, context: tuple[int, str, list[int]], receipt: Receipt) -> None:
    """The rows of one request."""
    source, at, new = context
    received_at = stamp(sent.received_at)
    if receipt.body_id:
        whole = not (receipt.refused or receipt.duplicate)
        places = None if whole else np.array(new, dtype="<u4").tobytes()
        judged.bodies.append((receipt.body_id, source, sent.form, received_at, sent.body, places))
    counted = judged.tallies.setdefault(source, [0, 0, 0, 0])
    counts = (receipt.stored, len(receipt.duplicate), receipt.refused)
    if sent.replays:
        if receipt.refused:
            return  # it stays refused, as it was
        judged.replayed.append((at, sent.replays))
        if not sent.counted:
            return
        counts = (counts[0], counts[1], -1)
    for place, count in enumerate((sum(counts), *counts)):
        counted[place] += count
    about = (sent.form, received_at, at)
    for place in receipt.conflict:
        judged.refused.append(_refusal((source, receipt.body_id, place, CONFLICT, "", None), about))
    for place, code, pointer, event in sent.unfit:
        judged.refused.append(_refusal((source, receipt.body_id or None, place, code, pointer, event), about))


def _refusal(what: tuple[object, ...], about: tuple[str, str, str]) -> tuple[object, ...]:
    source, body_id, place, code, pointer, raw = what
    form, received_at, at = about
    return (source, body_id, place, "door", code, pointer, form, raw, received_at, at)


def _source_id(raw: Any, name: str) -> int:  # noqa: ANN401 - sqlcipher3 has no types
    """The number of a source, a new one for a new name."""
    found = raw.execute("SELECT source_id FROM source WHERE name = ?", (name,)).fetchone()
    return int(found[0] if found else raw.execute("INSERT INTO source (name) VALUES (?)", (name,)).lastrowid)


def _insert_many(raw: Any, statement: str, rows: Sequence[tuple[object, ...]]) -> None:  # noqa: ANN401 - sqlcipher3 has no types
    """Insert rows with few statements of few texts."""
    at = 0
    for size in _PIECES:
        while len(rows) - at >= size:
            piece = rows[at : at + size]
            row = f"({', '.join('?' * len(piece[0]))})"
            raw.execute(statement + ", ".join([row] * size), list(chain.from_iterable(piece)))
            at += size


def unpacked(accepted: bytes | None) -> frozenset[int] | None:
    """The places that count; None: all."""
    return None if accepted is None else frozenset(np.frombuffer(accepted, dtype="<u4").tolist())


def stamp(at: datetime) -> str:
    """A time as it stands in the inbox."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
