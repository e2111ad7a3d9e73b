"""What happened since the last generation? Rows of the ledger that the live loop adds to, each step in one transaction with its place.

The rows stand for what comes after the cursor of one generation (`Base`); a step names the place that it goes on from, so two loops,
or one that was killed and started again, can neither add a step twice nor leave one out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa

from zhiyin.store.ledger import Ledger
from zhiyin.store.live_tables import OF_A_BASE

__all__ = ["Base", "LiveRows", "Step"]

Row = tuple[Any, ...]


class Base(NamedTuple):
    """The generation that live rows go on from, the cursor it has, and the request up to which they reach."""

    snapshot: str
    cursor: int
    position: int


@dataclass
class Step:
    """What one step adds, every list in the order of its table's columns.

    `activity` is added to what is there; `orders` and `records` take the place of what is there; `lines`, `keys`, `tags` are kept
    where they are new; `steps` is added; `alerts` are opened where they are new, see `LiveRows.write`.
    """

    activity: list[Row] = field(default_factory=list)
    orders: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    records: list[Row] = field(default_factory=list)
    keys: list[Row] = field(default_factory=list)
    steps: list[Row] = field(default_factory=list)
    tags: list[Row] = field(default_factory=list)
    alerts: list[Row] = field(default_factory=list)


_LATER = "(excluded.last_at, excluded.last_id) > (last_at, last_id)"
_ADDS = (
    " DO UPDATE SET count = count + excluded.count, amount = amount + excluded.amount, millis = millis + excluded.millis,"
    f" first_at = min(first_at, excluded.first_at), last_id = CASE WHEN {_LATER} THEN excluded.last_id ELSE last_id END,"
    " last_at = max(last_at, excluded.last_at)"
)
_WRITES = {
    "activity": f"INSERT INTO live_activity VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (record_id, channel, name, happened_on){_ADDS}",
    "orders": "INSERT OR REPLACE INTO live_order VALUES (?,?,?,?,?,?,?,?)",
    "lines": "INSERT OR IGNORE INTO live_line VALUES (?,?)",
    "records": "INSERT OR REPLACE INTO live_record VALUES (?,?,?,?,?)",
    "keys": "INSERT OR IGNORE INTO live_key VALUES (?,?,?)",
    "steps": f"INSERT INTO live_step VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (record_id, product_id, name, happened_on){_ADDS}",
    "tags": "INSERT OR IGNORE INTO tag VALUES (?,?,?,?,?,?,?,?,?,?)",
    # An episode that has ended stays as it ended; one that waits may be put off or stopped.
    "alerts": "INSERT INTO alert VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (customer_id, rule, episode) DO UPDATE SET"
    " state = excluded.state, due_at = excluded.due_at, ended_at = excluded.ended_at WHERE state = 'waiting'",
}
_KEYED_BY = {"record_id": "record_id", "digest": "digest"}
_TAG_COLUMNS = "name, value, confidence, source, at, noted_at, expires_on, cause"
_ALERT_COLUMNS = "customer_id, rule, episode, state, opened_at, due_at, ended_at, product_id, cause"


class LiveRows:
    """The live rows of one ledger.

    Example:
        `LiveRows(ledger).write(Step(activity=rows), Base("g000001", 40, 40), upto=44)`
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def base(self) -> Base | None:
        """What the rows stand for; None before the first step."""
        found = self._asked("SELECT snapshot, cursor, position FROM live_base")
        return Base(*found[0]) if found else None

    def write(self, step: Step, base: Base, *, upto: int) -> bool:
        """Add a step that goes on from `base.position` and reaches `upto`; False, and nothing added, where somebody else was first."""
        with self._ledger.begin() as connection:
            moved = connection.exec_driver_sql(
                "UPDATE live_base SET position = ? WHERE snapshot = ? AND cursor = ? AND position = ?", (upto, *base)
            )
            if moved.rowcount:
                _add(connection, step)
            return bool(moved.rowcount)

    def restart(self, step: Step, base: Base, *, before: Base | None) -> bool:
        """Let the rows stand for another generation: `step` is all that came after its cursor. False where `before` holds no more.

        What was done with which product, tags and alerts stay: they are noted once, as they happen.
        """
        with self._ledger.begin() as connection:
            found = connection.exec_driver_sql("SELECT snapshot, cursor, position FROM live_base").first()
            if (Base(*found) if found else None) != before:
                return False
            for table in OF_A_BASE:
                connection.exec_driver_sql(f"DELETE FROM {table}")
            connection.exec_driver_sql("INSERT OR REPLACE INTO live_base VALUES (1, ?, ?, ?)", tuple(base))
            _add(connection, step)
        return True

    def note(self, tags: Sequence[Row] = (), alerts: Sequence[Row] = ()) -> None:
        """Append tags and change alerts that no event brought, such as those that time brought."""
        with self._ledger.begin() as connection:
            _add(connection, Step(tags=list(tags), alerts=list(alerts)))

    def forget_steps(self, before: str) -> None:
        """Drop what was done with products before a day: no trigger looks back further."""
        with self._ledger.begin() as connection:
            connection.exec_driver_sql("DELETE FROM live_step WHERE happened_on < ?", (before,))

    def activity(self, records: Iterable[str]) -> list[Row]:
        """Rows as they were written, of these records."""
        return self._asked("SELECT * FROM live_activity WHERE record_id IN (SELECT value FROM json_each(?))", _json(records))

    def orders(self, keys: Iterable[Sequence[str]]) -> list[Row]:
        """Days of orders, by (record, channel, order)."""
        return self._asked(
            "SELECT * FROM live_order WHERE (record_id, channel, order_id) IN"
            " (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))",
            _json(keys),
        )

    def lines(self, keys: Iterable[Sequence[str]]) -> set[Row]:
        """Which of these order lines (source, line) are counted."""
        found = self._asked(
            "SELECT source, line_id FROM live_line WHERE (source, line_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))",
            _json(keys),
        )
        return set(map(tuple, found))

    def records(self, ids: Iterable[str]) -> list[Row]:
        """Records that no generation holds yet: those with one of these ids, and those of the customers with one of them."""
        wanted = _json(ids)
        return self._asked(
            "SELECT * FROM live_record WHERE record_id IN (SELECT value FROM json_each(?))"
            " OR customer_id IN (SELECT value FROM json_each(?)) ORDER BY record_id",
            wanted,
            wanted,
        )

    def count_records(self) -> int:
        """How many records no generation holds yet."""
        return int(self._asked("SELECT count(*) FROM live_record")[0][0])

    def keys(self, column: str, values: Iterable[str]) -> list[Row]:
        """The link keys (kind, digest, record) of these records or digests (`column`: record_id, digest)."""
        return self._asked(
            f"SELECT kind, digest, record_id FROM live_key WHERE {_KEYED_BY[column]} IN (SELECT value FROM json_each(?))", _json(values)
        )

    def meet(self, records: Iterable[Row], keys: Iterable[Row]) -> None:
        """Write down records and keys ahead of the step that tells of them, so that they can be compared; twice is as good as once."""
        with self._ledger.begin() as connection:
            _add(connection, Step(records=list(records), keys=list(keys)))

    def steps(self, records: Iterable[str], *, since: str) -> list[Row]:
        """What these records did with which product since a day."""
        return self._asked(
            "SELECT * FROM live_step WHERE record_id IN (SELECT value FROM json_each(?)) AND happened_on >= ?", _json(records), since
        )

    def tags(self, customers: Iterable[str]) -> list[Row]:
        """The history of tags of these customers: customer, then the columns of a tag; oldest first."""
        return self._asked(
            f"SELECT customer_id, {_TAG_COLUMNS} FROM tag WHERE customer_id IN (SELECT value FROM json_each(?))"
            " ORDER BY customer_id, noted_at, at, name",
            _json(customers),
        )

    def alerts(self, customers: Iterable[str] | None = None) -> list[Row]:
        """The alerts of these customers, oldest first; None: all that wait."""
        if customers is None:
            return self._asked(f"SELECT {_ALERT_COLUMNS} FROM alert WHERE state = 'waiting' ORDER BY due_at, customer_id, rule")
        return self._asked(
            f"SELECT {_ALERT_COLUMNS} FROM alert WHERE customer_id IN (SELECT value FROM json_each(?)) ORDER BY opened_at, rule, episode",
            _json(customers),
        )

    def _asked(self, query: str, *values: object) -> list[Row]:
        with self._ledger.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query, tuple(values))]


def _add(connection: sa.Connection, step: Step) -> None:
    for name, statement in _WRITES.items():
        rows = getattr(step, name)
        if rows:
            connection.exec_driver_sql(statement, rows)


def _json(values: Iterable[object]) -> str:
    return json.dumps(list(values))
