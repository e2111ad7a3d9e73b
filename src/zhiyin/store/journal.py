"""What is written to the ledger while people work, and read back by the next run: outcomes, draws, consents, runs."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from zhiyin.core.clock import Clock
from zhiyin.store.ledger import Ledger, consent, outcome, run, touch

__all__ = ["Journal"]

Row = dict[str, object]
_PIECE = 500  # ids of one question: SQLite takes 32 766 variables, short statements are prepared faster


class Journal:
    """The ledger's rows about customers.

    Args:
        ledger: where they are kept.
        clock: what time it is.
    """

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def add_outcome(self, *, customer_id: str, kind: str, question: str, amount: int, at: str, by: str) -> str:
        """Write down what came of a contact; returns its id."""
        outcome_id = f"o{secrets.token_hex(8)}"
        values = {"outcome_id": outcome_id, "customer_id": customer_id, "record_id": customer_id, "kind": kind}
        with self._ledger.begin() as connection:
            connection.execute(sa.insert(outcome).values(**values, question=question, amount=amount, at=at, by=by))
        return outcome_id

    def outcomes(self, customer_id: str = "") -> list[Row]:
        """Outcomes that people wrote down, oldest first; of one customer where one is named."""
        asked = sa.select(outcome).order_by(outcome.c.at, outcome.c.outcome_id)
        return self._all(asked.where(outcome.c.customer_id == customer_id) if customer_id else asked)

    def add_touches(self, rows: Iterable[Mapping[str, object]]) -> int:
        """Write down draws or contacts, each `touch_id` once; returns how many were new."""
        return self._add(touch, [dict(row) for row in rows], key=touch.c.touch_id)

    def touches(self) -> list[Row]:
        """Draws and contacts, oldest first."""
        return self._all(sa.select(touch).order_by(touch.c.at, touch.c.touch_id))

    def consents(self) -> list[Row]:
        """Agreements and withdrawals given to us directly, oldest first."""
        return self._all(sa.select(consent).order_by(consent.c.at, consent.c.customer_id, consent.c.channel))

    def add_consents(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Write down what people allow and refuse; of two words on one day the refusal stays."""
        told = [dict(row) for row in rows]
        if told:
            added = sqlite.insert(consent)
            less = sa.func.min(consent.c.allowed, added.excluded.allowed)
            with self._ledger.begin() as connection:
                connection.execute(added.on_conflict_do_update(index_elements=consent.primary_key.columns, set_={"allowed": less}), told)

    def consents_of(self, ids: Iterable[str]) -> list[Row]:
        """Agreements and withdrawals of these customers or records."""
        return self._all(sa.select(consent).where(consent.c.customer_id.in_(list(ids))))

    def start_run(self, *, as_of: str, snapshot: str) -> str:
        """Note that a run began; one that a kill cut off stays `running`."""
        run_id = f"n{secrets.token_hex(8)}"
        with self._ledger.begin() as connection:
            connection.execute(
                sa.insert(run).values(run_id=run_id, as_of=as_of, snapshot=snapshot, started_at=self._now(), state="running")
            )
        return run_id

    def finish_run(self, run_id: str) -> None:
        """Note that a run has published."""
        with self._ledger.begin() as connection:
            connection.execute(sa.update(run).where(run.c.run_id == run_id).values(finished_at=self._now(), state="published"))

    def last_run(self) -> Row | None:
        """The latest run that has published; None before the first."""
        published = sa.select(run).where(run.c.state == "published").order_by(run.c.finished_at.desc()).limit(1)
        return next(iter(self._all(published)), None)

    def _now(self) -> str:
        return self._clock().isoformat(timespec="microseconds")

    def _all(self, asked: sa.Select[Any]) -> list[Row]:
        with self._ledger.read() as connection:
            return [dict(row) for row in connection.execute(asked).mappings()]

    def _add(self, table: sa.Table, rows: Sequence[Row], *, key: sa.Column[str]) -> int:
        """Insert the rows whose key is new; a row that is there already is left as it is."""
        with self._ledger.begin() as connection:
            known: set[object] = set()
            for start in range(0, len(rows), _PIECE):
                ids = [row[key.name] for row in rows[start : start + _PIECE]]
                known.update(connection.execute(sa.select(key).where(key.in_(ids))).scalars())
            fresh = [row for row in rows if row[key.name] not in known]
            if fresh:
                connection.execute(sa.insert(table), fresh)
        return len(fresh)
