"""What cleaning proposes to read otherwise, and what people said to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

import sqlalchemy as sa

from zhiyin.core.clock import Clock
from zhiyin.core.ids import content_id
from zhiyin.store.ledger import Ledger, correction

__all__ = ["Corrections"]

Row = dict[str, object]
_SAID = ("rule", "table_name", "record_id", "column_name", "told", "proposed")
_PIECE = 500


class Corrections:
    """The ledger's proposals.

    Args:
        ledger: where they are kept.
        clock: what time it is.
    """

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def propose(self, rows: Iterable[Mapping[str, object]]) -> int:
        """Write down proposals, each once, however often it is made; returns how many were new.

        Args:
            rows: rule, table_name, record_id, column_name, told, proposed, confidence.
        """
        at, fresh = self._now(), 0
        made = ({**{name: row[name] for name in (*_SAID, "confidence")}, "correction_id": _id(row), "at": at} for row in rows)
        with self._ledger.begin() as connection:
            while piece := {row["correction_id"]: row for row in islice(made, _PIECE)}:
                asked = sa.select(correction.c.correction_id).where(correction.c.correction_id.in_(list(piece)))
                known = set(connection.execute(asked).scalars())
                new = [row for key, row in piece.items() if key not in known]
                if new:
                    connection.execute(sa.insert(correction), new)
                fresh += len(new)
        return fresh

    def all(self, *, accepted: bool | None = None, decided: bool = True) -> list[Row]:
        """Proposals, the surest first.

        Args:
            accepted: only those that were accepted, or rejected; None: whatever was said.
            decided: with False only those to which nobody has said anything.
        """
        asked = sa.select(correction).order_by(correction.c.confidence.desc(), correction.c.rule, correction.c.correction_id)
        if accepted is not None:
            asked = asked.where(correction.c.accepted == accepted)
        if not decided:
            asked = asked.where(correction.c.accepted.is_(None))
        with self._ledger.read() as connection:
            return [dict(row) for row in connection.execute(asked).mappings()]

    def decide(self, ids: Sequence[str], *, accepted: bool, by: str) -> int:
        """Accept or reject proposals; what was said last counts. Returns how many there were."""
        with self._ledger.begin() as connection:
            done = 0
            for start in range(0, len(ids), _PIECE):
                piece = correction.c.correction_id.in_(ids[start : start + _PIECE])
                done += connection.execute(
                    sa.update(correction).where(piece).values(accepted=accepted, decided_at=self._now(), by=by)
                ).rowcount
        return done

    def record_of_rules(self) -> dict[str, tuple[int, int]]:
        """Rule -> how many of its proposals were accepted, and how many rejected."""
        asked = sa.select(correction.c.rule, correction.c.accepted, sa.func.count()).where(correction.c.accepted.is_not(None))
        found: dict[str, tuple[int, int]] = {}
        with self._ledger.read() as connection:
            for rule, accepted, count in connection.execute(asked.group_by(correction.c.rule, correction.c.accepted)):
                yes, no = found.get(rule, (0, 0))
                found[rule] = (yes + count, no) if accepted else (yes, no + count)
        return found

    def _now(self) -> str:
        return self._clock().isoformat(timespec="microseconds")


def _id(row: Mapping[str, object]) -> str:
    """The same proposal is made once; for an identifier it is one a record and rule, its values stand in the vault."""
    return content_id("c", *(str(row[name]) for name in _SAID))
