"""What were pages shown, to whom, and how likely? Rows of the ledger that a server adds to and that measuring reads.

Erasing a person finds the rows by `customer_id` and by `record_id`; both have an index.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from zhiyin.store.ledger import Ledger, shown

__all__ = ["Item", "Show", "ShownRows"]

_PIECE = 2000  # rows that are dropped in one transaction, so that others may write between


class Item(NamedTuple):
    """A product that was shown: the probability with which it stood there, and what stood there without exploring."""

    product_id: str
    propensity: float
    usual: str


class Show(NamedTuple):
    """One answer: the columns of the table `shown`; `items` by their places."""

    request_id: str
    at: str  # UTC, ISO 8601
    source: str
    placement: str
    kind: str
    variant: str
    customer_id: str
    record_id: str
    chance: float
    personal: bool
    fallback: str
    items: tuple[Item, ...]


class ShownRows:
    """The answers that one ledger holds."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def add(self, rows: Sequence[Show]) -> None:
        """Write answers down, in one transaction; one that is there already is left as it is."""
        if rows:
            told = [{**row._asdict(), "items": json.dumps(row.items)} for row in rows]
            with self._ledger.begin() as connection:
                connection.execute(sa.insert(shown).prefix_with("OR IGNORE"), told)

    def between(self, since: str, before: str, *, placement: str = "") -> Iterator[Show]:
        """The answers of a time, oldest first; of one placement where one is named."""
        asked = sa.select(shown).where(shown.c.at >= since, shown.c.at < before).order_by(shown.c.at, shown.c.request_id)
        with self._ledger.read() as connection:
            for row in connection.execute(asked.where(shown.c.placement == placement) if placement else asked).mappings():
                yield Show(**{**row, "items": tuple(Item(*item) for item in json.loads(row["items"]))})

    def of_person(self, ids: Iterable[str]) -> list[str]:
        """The requests of a customer or record: what erasing it has to delete."""
        wanted = list(ids)
        asked = sa.select(shown.c.request_id).where(shown.c.customer_id.in_(wanted) | shown.c.record_id.in_(wanted))
        with self._ledger.read() as connection:
            return sorted(connection.execute(asked).scalars())

    def forget(self, before: str) -> int:
        """Drop some of the answers before a moment; returns how many, 0 where none is left."""
        old = sa.select(shown.c.request_id).where(shown.c.at < before).limit(_PIECE)
        with self._ledger.begin() as connection:
            return int(connection.execute(sa.delete(shown).where(shown.c.request_id.in_(old))).rowcount)
