"""Which segments did people define, by which rule, and what do they call the groups that were found? A log that is only added to."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from zhiyin.core.clock import Clock
from zhiyin.store.ledger import Ledger, segment_log

__all__ = ["KINDS", "Defined", "SegmentLog"]

KINDS = ("add", "rename", "remove")


@dataclass(frozen=True)
class Defined:
    """What the log says of one segment.

    Args:
        scheme: `rule`, or the scheme of a group that was found.
        segment_id: stays the same when the name changes.
        kind: one of KINDS.
        name: what people call it.
        rule: as text; empty for a group that was found.
        at: when it was said, ISO 8601 in UTC.
        by: who said it.
    """

    scheme: str
    segment_id: str
    kind: str
    name: str
    rule: str = ""
    at: str = ""
    by: str = ""


class SegmentLog:
    """The log in the ledger.

    Args:
        ledger: where it is kept.
        clock: what time it is.
    """

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def note(self, said: Defined) -> None:
        """Append what a person said; `at` is now."""
        at = self._clock().isoformat(timespec="microseconds")
        row = {**vars(said), "at": at}
        with self._ledger.begin() as connection:
            connection.execute(sa.insert(segment_log).values(**row))

    def defined(self) -> list[Defined]:
        """The segments that hold now, in the order in which they were first defined."""
        last = {(row.scheme, row.segment_id): row for row in self.history()}
        return [row for row in last.values() if row.kind != "remove"]

    def history(self, segment_id: str = "") -> list[Defined]:
        """Everything that was said, oldest first; of one segment where it is named."""
        names = [segment_log.c[name] for name in ("scheme", "segment_id", "kind", "name", "rule", "at", "by")]
        asked = sa.select(*names).order_by(segment_log.c.seq)
        if segment_id:
            asked = asked.where(segment_log.c.segment_id == segment_id)
        with self._ledger.read() as connection:
            return [Defined(*row) for row in connection.execute(asked)]
