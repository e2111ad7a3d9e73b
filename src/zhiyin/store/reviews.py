"""What people said to suspicious orders and transfers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from zhiyin.core.clock import Clock
from zhiyin.store.ledger import Ledger, risk_review

__all__ = ["Reviews"]

Row = dict[str, object]


class Reviews:
    """The ledger's reviews of risks: only added to, the last word on each act counts.

    Args:
        ledger: where they are kept.
        clock: what time it is.
    """

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def add(self, rows: Iterable[Mapping[str, object]], *, confirmed: bool, reason: str, by: str) -> int:
        """Write down one word on several acts; returns how many.

        Args:
            rows: kind, place, fact_id, case_id, customer_id, pieces (the evidence as JSON, for learning).
            confirmed: fraud; otherwise the customer's own doing.
            reason: in the words of who decides.
            by: who decides.
        """
        told = {"confirmed": confirmed, "reason": reason, "at": self._clock().isoformat(timespec="microseconds"), "by": by}
        values = [{**row, **told} for row in rows]
        with self._ledger.begin() as connection:
            if values:
                connection.execute(sa.insert(risk_review), values)
        return len(values)

    def all(self) -> list[Row]:
        """The last word on each act, oldest first."""
        with self._ledger.read() as connection:
            said = [dict(row) for row in connection.execute(sa.select(risk_review).order_by(risk_review.c.seq)).mappings()]
        return list({(row["kind"], row["place"], row["fact_id"]): row for row in said}.values())
