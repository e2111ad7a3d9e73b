"""Messages that leave the house: written down first, delivered until they arrive or nobody wants them any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from zhiyin.core.clock import Clock
from zhiyin.store.ledger import Ledger, outgoing

__all__ = ["RETRY_SECONDS", "Outbox"]

Row = dict[str, object]
# How long after each failed attempt the next one is made; Standard Webhooks.
RETRY_SECONDS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
_JITTER = 0.1  # share by which messages that failed together are spread


class Outbox:
    """The outgoing messages of one ledger.

    Args:
        ledger: where they are kept.
        clock: what time it is.
    """

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def add(self, rows: Iterable[Mapping[str, str]]) -> int:
        """Write down messages, each `message_id` once however often it is added; returns how many were new.

        Args:
            rows: message_id, department, way (webhook, mail), subject, body.
        """
        now, fresh = self._now().isoformat(timespec="microseconds"), 0
        with self._ledger.begin() as connection:
            for row in rows:
                known = connection.execute(sa.select(outgoing.c.message_id).where(outgoing.c.message_id == row["message_id"])).first()
                if known is None:
                    values = {**row, "made_at": now, "due_at": now, "tries": 0, "state": "waiting", "answer": ""}
                    connection.execute(sa.insert(outgoing).values(**values))
                    fresh += 1
        return fresh

    def due(self) -> list[Row]:
        """Messages whose next attempt is due, oldest first."""
        now = self._now().isoformat(timespec="microseconds")
        asked = sa.select(outgoing).where(outgoing.c.state == "waiting", outgoing.c.due_at <= now)
        return self._all(asked.order_by(outgoing.c.due_at, outgoing.c.message_id))

    def all(self) -> list[Row]:
        """Every message, the newest first."""
        return self._all(sa.select(outgoing).order_by(outgoing.c.made_at.desc(), outgoing.c.message_id))

    def arrived(self, message_id: str, *, answer: str) -> None:
        """It was delivered."""
        self._set(message_id, state="sent", answer=answer, sent_at=self._now().isoformat(timespec="microseconds"))

    def failed(self, message_id: str, *, answer: str, again: bool, after_seconds: float | None = None) -> None:
        """It was not delivered: the next attempt is made later, or none where it is of no use or was tried often enough."""
        with self._ledger.read() as connection:
            tries = int(connection.execute(sa.select(outgoing.c.tries).where(outgoing.c.message_id == message_id)).scalar_one())
        if not again or tries >= len(RETRY_SECONDS):
            self._set(message_id, state="failed", answer=answer)
            return
        spread = 1 + _JITTER * (sum(message_id.encode()) % 100) / 100
        wait = max(RETRY_SECONDS[tries] * spread, after_seconds or 0.0)
        due = (self._now() + timedelta(seconds=wait)).isoformat(timespec="microseconds")
        self._set(message_id, state="waiting", answer=answer, due_at=due)

    def again(self) -> int:
        """Try what has failed once more, now; returns how many messages that is."""
        with self._ledger.begin() as connection:
            now = self._now().isoformat(timespec="microseconds")
            values = {"state": "waiting", "tries": 0, "due_at": now}
            return int(connection.execute(sa.update(outgoing).where(outgoing.c.state == "failed").values(**values)).rowcount)

    def _set(self, message_id: str, **values: str) -> None:
        with self._ledger.begin() as connection:
            changed = sa.update(outgoing).where(outgoing.c.message_id == message_id)
            connection.execute(changed.values(**values, tries=outgoing.c.tries + 1))

    def _all(self, asked: sa.Select[tuple[object, ...]]) -> list[Row]:
        with self._ledger.read() as connection:
            return [dict(row) for row in connection.execute(asked).mappings()]

    def _now(self) -> datetime:
        return self._clock()
