"""Which events were not taken, why, and may they be tried again? Nothing that came is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from zhiyin.core.clock import Clock
from zhiyin.store.commit import stamp
from zhiyin.store.inbox_rows import Refusal
from zhiyin.store.sqlcipher import EncryptedDatabase

__all__ = ["Noted", "Refusals"]

Noted = tuple[int, int, str, str, str, bytes]  # number of the request, place, stage, code, JSON pointer, the event
_AT_ONCE = 500  # rows of one short transaction
_OPEN = "r.replayed_at IS NULL AND (:code = '' OR r.code = :code) AND (:stage = '' OR r.stage = :stage)"
_REFUSAL = (
    "SELECT r.refused_id, s.name, r.body_id, r.place, r.stage, r.code, r.pointer, r.form, r.raw, r.received_at, r.at, r.replayed_at"
    " FROM refused r JOIN source s USING (source_id)"
)
_NOTE = (
    "INSERT OR IGNORE INTO refused (source_id, body_id, place, stage, code, pointer, form, raw, received_at, at)"
    " SELECT source_id, body_id, ?, ?, ?, ?, form, ?, received_at, ? FROM body WHERE body_id = ?"
)


class Refusals:
    """The refused events of an inbox.

    Args:
        database: of the inbox.
        clock: what time it is.
    """

    def __init__(self, database: EncryptedDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def note(self, rows: Iterable[Noted]) -> int:
        """Note events of which a later stage could make nothing, each once; returns how many were not noted before."""
        wanted, noted = list(rows), 0
        for start in range(0, len(wanted), _AT_ONCE):
            with self._database.begin() as connection:
                raw: Any = connection.connection.dbapi_connection
                at = stamp(self._clock())
                for body_id, place, stage, code, pointer, event in wanted[start : start + _AT_ONCE]:
                    noted += raw.execute(_NOTE, (place, stage, code, pointer, event, at, body_id)).rowcount
        return noted

    def open(self, *, code: str = "", stage: str = "", after: int = 0, limit: int = _AT_ONCE) -> list[Refusal]:
        """Those that nobody has brought back, oldest first, after the one numbered `after`."""
        query = f"{_REFUSAL} WHERE r.refused_id > :after AND {_OPEN} ORDER BY r.refused_id LIMIT :limit"
        return [_refusal(row) for row in self._all(query, {"after": after, "code": code, "stage": stage, "limit": limit})]

    def grouped(self) -> list[tuple[str, str, str, int, int]]:
        """By source, stage and code: how many nobody has brought back, and the number of the latest."""
        query = (
            "SELECT s.name, r.stage, r.code, count(*), max(r.refused_id) FROM refused r JOIN source s USING (source_id)"
            " WHERE r.replayed_at IS NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        )
        return [(str(row[0]), str(row[1]), str(row[2]), int(row[3]), int(row[4])) for row in self._all(query, {})]

    def ask(self, *, code: str = "", stage: str = "") -> int:
        """Ask who owns the inbox to try them again; returns how many."""
        query = f"UPDATE refused AS r SET replay_at = :at WHERE r.replay_at IS NULL AND {_OPEN}"
        with self._database.begin() as connection:
            raw: Any = connection.connection.dbapi_connection
            return int(raw.execute(query, {"at": stamp(self._clock()), "code": code, "stage": stage}).rowcount)

    def asked(self, limit: int = _AT_ONCE) -> list[Refusal]:
        """Those that are to be tried again."""
        query = f"{_REFUSAL} WHERE r.replay_at IS NOT NULL AND r.replayed_at IS NULL ORDER BY r.refused_id LIMIT :limit"
        return [_refusal(row) for row in self._all(query, {"limit": limit})]

    def leave(self, refused_ids: Sequence[int]) -> None:
        """Leave these as they are: they were tried again in vain."""
        with self._database.begin() as connection:
            raw: Any = connection.connection.dbapi_connection
            raw.executemany("UPDATE refused SET replay_at = NULL WHERE refused_id = ?", [(number,) for number in refused_ids])

    def _all(self, query: str, values: dict[str, object]) -> list[tuple[Any, ...]]:
        with self._database.read() as connection:
            raw: Any = connection.connection.dbapi_connection
            return list(raw.execute(query, values).fetchall())


def _refusal(row: tuple[Any, ...]) -> Refusal:
    times = [None if told is None else datetime.fromisoformat(told) for told in row[9:12]]
    return Refusal(*row[:9], *times)
