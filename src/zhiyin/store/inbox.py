"""Is every event that was acknowledged still here, once? The durable inbox: requests as they came, ids, refusals, counts.

One process owns it (`start`): it alone puts requests in, and answers after they are on the disk. Others read, and write what
a later stage could not use.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from zhiyin.core.clock import Clock, utc_now
from zhiyin.core.errors import Busy
from zhiyin.core.words import Say
from zhiyin.store.commit import stamp, unpacked, write
from zhiyin.store.group import Deliver, GroupCommit
from zhiyin.store.inbox_rows import MIGRATIONS, Body, Counts, Receipt, Refusal, Sent
from zhiyin.store.lock import held_alone, is_held
from zhiyin.store.refusals import Noted, Refusals
from zhiyin.store.seen import Seen
from zhiyin.store.sqlcipher import EncryptedDatabase

__all__ = ["Inbox"]

_POLL_SECONDS = 0.25  # how often another process looks for new requests
_AT_ONCE = 500  # rows of one short transaction
_OWNER = Say("另一个知音正在接收事件，同一时间只能有一个。", "Another zhiyin takes events in; only one may at a time.")


class Inbox:
    """The inbox of one workspace.

    Args:
        path: the file; made when absent.
        key: the inbox key of `Keys`.
        clock: what time it is.
    """

    def __init__(self, path: Path, key: bytes, *, clock: Clock = utc_now) -> None:
        self._database = EncryptedDatabase(path, key, migrations=MIGRATIONS)
        self._lock = path.with_name("inbox.lock")
        self._clock = clock
        self._seen = Seen(self._records)
        self._writer: GroupCommit | None = None
        self._came = threading.Condition()
        self.refusals = Refusals(self._database, clock)

    @contextlib.contextmanager
    def start(self, *, queue: int, deliver: Deliver = lambda answers: answers()) -> Iterator[None]:
        """Own the inbox and take requests in until the end of the block; what waits then is still written.

        Args:
            queue: events that may wait for the disk.
            deliver: see `GroupCommit`.

        Raises:
            Busy: when another process owns it.
        """
        with held_alone(self._lock, _OWNER):
            with self._database.read() as connection:
                raw: Any = connection.connection.dbapi_connection
                self._seen.load(raw.execute("SELECT run, records FROM seen ORDER BY run"))
            self._writer = GroupCommit(self._write, most=queue, deliver=deliver)
            try:
                yield
            finally:
                self._writer.stop()
                self._writer = None

    def put(self, sent: Sent) -> Future[Receipt]:
        """Queue a request; its receipt comes after it is on the disk.

        Raises:
            Busy: when too many events wait.
        """
        if self._writer is None:
            raise Busy(
                Say("没有进程在接收事件。", "Nobody takes events in."), fix=Say("先运行 `zhiyin serve`。", "Run `zhiyin serve` first.")
            )
        return self._writer.put(sent)

    def _write(self, group: Sequence[Sent]) -> list[Receipt]:
        """Write requests, all or none."""
        with self._database.begin() as connection:
            receipts, run, records = write(connection, group, seen=self._seen, clock=self._clock)
        if records:
            self._seen.add(run, records)
        with self._came:
            self._came.notify_all()
        return receipts

    def waiting(self) -> int:
        """Events that wait for the disk in this process."""
        return self._writer.waiting if self._writer else 0

    def alive(self) -> bool:
        """Whether this process takes requests in."""
        return self._writer is not None and self._writer.alive

    def is_owned(self) -> bool:
        """Whether any process takes requests in."""
        return is_held(self._lock)

    def wait(self, after: int, timeout: float) -> bool:
        """Wait up to `timeout` seconds for a request after the one numbered `after`; whether there is one."""
        with self._came:
            if self._writer is not None:
                return bool(self._came.wait_for(lambda: self.last() > after, timeout))
            return bool(self.last() > after or self._came.wait(min(timeout, _POLL_SECONDS)) or self.last() > after)

    def last(self) -> int:
        """The number of the latest request; 0 before the first."""
        return int(self._one("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'body'")[0])

    def bodies(self, after: int, limit: int = _AT_ONCE) -> Iterator[Body]:
        """Requests after the one numbered `after`, in the order of arrival, at most `limit`; what has expired is not there."""
        query = (
            "SELECT b.body_id, s.name, b.form, b.received_at, b.bytes, b.accepted FROM body b JOIN source s USING (source_id)"
            " WHERE b.body_id > ? ORDER BY b.body_id LIMIT ?"
        )
        for body_id, source, form, at, content, accepted in self._all(query, (after, limit)):
            yield Body(body_id, source, form, datetime.fromisoformat(at), bytes(content), unpacked(accepted))

    def body(self, body_id: int) -> Body | None:
        """One request; None when it has expired."""
        return next((body for body in self.bodies(body_id - 1, 1) if body.body_id == body_id), None)

    def refuse(self, rows: Iterable[Noted]) -> int:
        """Note events of which a later stage could make nothing, each once; returns how many were new. See `Refusals.note`."""
        return self.refusals.note(rows)

    def refused(self, *, code: str = "", stage: str = "", after: int = 0, limit: int = _AT_ONCE) -> list[Refusal]:
        """Refusals that nobody has brought back, oldest first."""
        return self.refusals.open(code=code, stage=stage, after=after, limit=limit)

    def counts(self) -> list[Counts]:
        """What became of all events, a line a source."""
        query = (
            "SELECT s.name, s.received, s.stored, s.duplicate, s.refused, (SELECT count(*) FROM refused r"
            " WHERE r.source_id = s.source_id AND r.stage <> 'door' AND r.replayed_at IS NULL) FROM source s ORDER BY s.name"
        )
        return [Counts(str(row[0]), *map(int, row[1:])) for row in self._all(query)]

    def expire(self, before_body: int, at: datetime) -> int:
        """Remove requests up to the number `before_body` that came before `at`; their ids stay, and so do events still refused.

        Returns:
            How many were removed.
        """
        query = (
            "DELETE FROM body WHERE body_id IN (SELECT body_id FROM body b WHERE body_id <= ? AND received_at < ? AND NOT EXISTS"
            " (SELECT 1 FROM refused r WHERE r.body_id = b.body_id AND r.raw IS NULL AND r.replayed_at IS NULL) LIMIT ?)"
        )
        removed, more = 0, _AT_ONCE
        while more == _AT_ONCE:  # short transactions: the writer waits for none of them long
            with self._database.begin() as connection:
                more = _raw(connection).execute(query, (before_body, stamp(at), _AT_ONCE)).rowcount
            removed += more
        return removed

    def verify(self) -> None:
        """Check every page of the file.

        Raises:
            StoreError: names the first damaged pages.
        """
        self._database.verify()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _records(self, run: int) -> bytes:
        found = self._one("SELECT records FROM seen WHERE run = ?", (run,))
        return bytes(found[0])

    def _all(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._database.read() as connection:
            return list(_raw(connection).execute(query, values).fetchall())

    def _one(self, query: str, values: Sequence[object] = ()) -> tuple[Any, ...]:
        return self._all(query, values)[0]


def _raw(connection: sa.Connection) -> Any:  # noqa: ANN401 - sqlcipher3 has no types
    return connection.connection.dbapi_connection
