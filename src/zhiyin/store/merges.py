"""Which records were found, or said, to be one person, when and by whom? A log that is only added to.

A finding (link, left_fits, right_fits, review, conflict, none) is what comparing two records gave; a decision (merge, unmerge) is what a person said of
them. Of each pair the last finding and the last decision count, so that taking one back is one more row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zhiyin.core.clock import Clock
from zhiyin.store.ledger import Ledger, merge, note

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CURSOR", "DECISIONS", "FINDINGS", "Entry", "MergeLog"]

CURSOR = "merge"  # the row of `cursor` that says up to where in the log a generation tells who is who

FINDINGS = ("link", "left_fits", "right_fits", "review", "conflict", "none")
DECISIONS = ("merge", "unmerge")
_WEIGHED = "identity_weighed"  # the note that remembers it
_JOINING = ("link", "left_fits", "right_fits", "merge")
_BOTH = ("left_record", "right_record")
_PIECE = 50_000  # rows of one statement
_LAST = (
    "SELECT left_record, right_record, kind, bits, findings, seq FROM (SELECT left_record, right_record, kind, bits, findings, max(seq) AS seq"
    " FROM merge WHERE kind IN ('link', 'left_fits', 'right_fits', 'review', 'conflict', 'none') {where} GROUP BY left_record, right_record)"
)
_NAMED = "left_record IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True)
class Entry:
    """One row of the log; the two records in the order of their ids.

    Args:
        kind: one of FINDINGS or DECISIONS.
        left_record: the smaller id.
        right_record: the greater id.
        bits: what the findings say together, 0 for a decision.
        findings: `comparison.level:bits`, with blanks between.
        seq: its number in the log, 0 before it is there.
        at: when, ISO 8601 in UTC.
        by: who decided; empty for a finding.
        reason: why.
    """

    kind: str
    left_record: str
    right_record: str
    bits: float = 0.0
    findings: str = ""
    seq: int = 0
    at: str = ""
    by: str = ""
    reason: str = ""


class MergeLog:
    """The log in the ledger.

    Args:
        ledger: where it is kept.
        clock: what time it is.
    """

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def decide(self, entry: Entry) -> int:
        """Append what a person said of two records; returns its number."""
        with self._ledger.begin() as connection:
            row = {**_row(entry), "at": self._now()}
            return int(connection.execute(sa.insert(merge).values(row)).inserted_primary_key[0])  # type: ignore[index]  # there is one

    def found(self, rows: pd.DataFrame, keys: Mapping[str, int], *, weighed: str) -> int:
        """Append findings (kind, left_record, right_record, bits, findings) and mark what was compared, in one transaction.

        Args:
            rows: one row a pair.
            keys: record -> how many link keys it had when it was compared.
            weighed: what the weights of all findings rest on, see `weighed`.

        Returns:
            How many rows were appended.
        """
        at = self._now()
        told = zip(*(rows[name].tolist() for name in ("kind", *_BOTH, "bits", "findings")), strict=True)
        with self._ledger.begin() as connection:
            insert = "INSERT INTO merge (kind, left_record, right_record, bits, findings, at, by, reason) VALUES (?, ?, ?, ?, ?, ?, '', '')"
            for piece in _pieces([(*row, at) for row in told]):
                connection.exec_driver_sql(insert, piece)
            for piece in _pieces(list(keys.items())):
                connection.exec_driver_sql("INSERT OR REPLACE INTO linked (record_id, keys) VALUES (?, ?)", piece)
            connection.execute(sa.delete(note).where(note.c.name == _WEIGHED))
            connection.execute(sa.insert(note).values(name=_WEIGHED, value=weighed, at=at))
        return len(rows)

    def weighed(self) -> str:
        """What the weights of all findings rest on: the size of the company and the settings, as text; empty before the first."""
        with self._ledger.read() as connection:
            return str(connection.execute(sa.select(note.c.value).where(note.c.name == _WEIGHED)).scalar() or "")

    def compared(self, records: Sequence[str] | None = None) -> dict[str, int]:
        """Record -> how many keys it had when it was compared last; all that were ever compared where none are named."""
        with self._ledger.read() as connection:
            if records is None:
                return {str(name): int(keys) for name, keys in connection.exec_driver_sql("SELECT record_id, keys FROM linked")}
            found = connection.exec_driver_sql(
                "SELECT record_id, keys FROM linked WHERE record_id IN (SELECT value FROM json_each(?))", (_json(records),)
            )
            return {str(name): int(keys) for name, keys in found}

    def findings(self, records: Sequence[str] | None = None) -> pd.DataFrame:
        """The last finding of each pair: left_record, right_record, kind, bits, findings, seq; of pairs within `records` where they are named."""
        import pandas as pd

        with self._ledger.read() as connection:
            if records is None:
                rows = connection.exec_driver_sql(_LAST.format(where="")).all()
            else:
                where = f"AND {_NAMED} AND {_NAMED.replace('left', 'right')}"
                rows = connection.exec_driver_sql(_LAST.format(where=where), (_json(records),) * 2).all()
        return pd.DataFrame([tuple(row) for row in rows], columns=[*_BOTH, "kind", "bits", "findings", "seq"])

    def joins(self, records: Sequence[str]) -> list[Entry]:
        """The findings that join records with each other, oldest first: of each pair the last."""
        where = f"AND {_NAMED} AND {_NAMED.replace('left', 'right')}"
        with self._ledger.read() as connection:
            rows = connection.exec_driver_sql(_LAST.format(where=where), (_json(records),) * 2).all()
        found = [Entry(kind, left, right, bits, findings, seq) for left, right, kind, bits, findings, seq in rows if kind in _JOINING]
        return sorted(found, key=lambda entry: entry.seq)

    def decisions(self, records: Sequence[str] | None = None) -> list[Entry]:
        """What people said, oldest first; of pairs within `records` where they are named."""
        asked = sa.select(merge).where(merge.c.kind.in_(DECISIONS)).order_by(merge.c.seq)
        wanted = None if records is None else set(records)
        return [one for one in self._entries(asked) if wanted is None or {one.left_record, one.right_record} <= wanted]

    def open_pairs(self) -> list[Entry]:
        """The pairs whose last finding left them to a person, the likeliest first."""
        with self._ledger.read() as connection:
            rows = connection.exec_driver_sql(_LAST.format(where="") + " WHERE kind = 'review' ORDER BY bits DESC, seq").all()
        return [Entry(kind, left, right, bits, findings, seq) for left, right, kind, bits, findings, seq in rows]

    def of_pair(self, one: str, other: str) -> list[Entry]:
        """All entries about two records, oldest first."""
        left, right = sorted((one, other))
        named = (merge.c.left_record == left) & (merge.c.right_record == right)
        return self._entries(sa.select(merge).where(named).order_by(merge.c.seq))

    def entry(self, seq: int) -> Entry | None:
        """One entry by its number."""
        return next(iter(self._entries(sa.select(merge).where(merge.c.seq == seq))), None)

    def touched_since(self, seq: int) -> set[str]:
        """The records that entries after `seq` name."""
        with self._ledger.read() as connection:
            rows = connection.execute(sa.select(merge.c.left_record, merge.c.right_record).where(merge.c.seq > seq)).all()
        return {record for row in rows for record in row}

    def last(self) -> int:
        """The number of the last entry, 0 before the first."""
        with self._ledger.read() as connection:
            return int(connection.execute(sa.select(sa.func.max(merge.c.seq))).scalar() or 0)

    def reached(self, records: Iterable[str]) -> set[str]:
        """The records that links and merges lead to from `records`, over however many steps; with `records` themselves."""
        known, edge = set(records), list(records)
        with self._ledger.read() as connection:
            while edge:
                beside = {other for piece in _pieces(edge) for other in _neighbours(connection, piece)}
                edge = sorted(beside - known)
                known |= beside
        return known

    def _entries(self, asked: sa.Select[Any]) -> list[Entry]:
        with self._ledger.read() as connection:
            return [Entry(**row) for row in connection.execute(asked).mappings()]

    def _now(self) -> str:
        return self._clock().isoformat(timespec="microseconds")


def _neighbours(connection: sa.Connection, records: list[str]) -> Iterator[str]:
    """Who is joined with one of the records by the last finding, or was joined by a person and not parted since."""
    last: dict[tuple[str, str, bool], tuple[int, str]] = {}
    for side in _BOTH:
        query = f"SELECT left_record, right_record, kind, seq FROM merge WHERE {side} IN (SELECT value FROM json_each(?))"
        for left, right, kind, seq in connection.exec_driver_sql(query, (_json(records),)):
            place = (left, right, kind in DECISIONS)
            last[place] = max(last.get(place, (0, "")), (seq, kind))
    yield from (record for (left, right, _), (_, kind) in last.items() if kind in _JOINING for record in (left, right))


def _row(entry: Entry) -> dict[str, object]:
    left, right = sorted((entry.left_record, entry.right_record))
    return {"kind": entry.kind, "left_record": left, "right_record": right, "bits": entry.bits, "findings": entry.findings, "by": entry.by, "reason": entry.reason}  # fmt: skip


def _pieces(rows: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), _PIECE):
        yield list(rows[start : start + _PIECE])


def _json(values: Iterable[str]) -> str:
    return json.dumps(sorted(values))
