"""Which records are one customer at this moment: as the last run told it, and as people and the live loop have said since?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhiyin.app.home import Home
from zhiyin.guard.access import RUN, Access, Guard
from zhiyin.store.live import LiveRows
from zhiyin.store.merges import CURSOR

__all__ = ["Whole", "whole_of"]

_ACCESS = Access(RUN, "identity")


@dataclass(frozen=True)
class Whole:
    """One customer.

    Args:
        customer_id: the id of the oldest record.
        records: all records, sorted.
        is_published: whether the generation that is read says the same.
    """

    customer_id: str
    records: tuple[str, ...]
    is_published: bool


def whole_of(home: Home, guard: Guard, *, record: str) -> Whole | None:
    """The customer of a record: from the generation, or from the merge log where that has gone on since; None for an unknown record.

    Args:
        home: the workspace.
        guard: over the generation.
        record: a record id.
    """
    published = _published(guard, record)
    position = guard.rows("cursor", _ACCESS, where={"name": CURSOR})
    touched = home.merges.touched_since(int(str(position[0]["position"])) if position else 0)
    mates = set(published.records) if published else {record}
    if not touched:
        return published
    reached = home.merges.reached(mates)
    if not touched & reached:
        return published
    found = _resolved(home, guard, reached).get(record)
    if found is None:
        return published
    customer, records = found
    same = published is not None and (customer, records) == (published.customer_id, published.records)
    return Whole(customer, records, is_published=same)


def _published(guard: Guard, record: str) -> Whole | None:
    own = guard.rows("identity", _ACCESS, where={"record_id": record})
    if not own:
        return None
    customer = str(own[0]["customer_id"])
    mates = guard.rows("identity", _ACCESS, where={"customer_id": customer})
    return Whole(customer, tuple(sorted(str(row["record_id"]) for row in mates)), is_published=True)


def _resolved(home: Home, guard: Guard, reached: set[str]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Record -> its customer and all records of it, among records that links lead to."""
    import pandas as pd

    from zhiyin.unify.merge import resolve

    names = sorted(reached)
    came = [
        {"record_id": row[0], "source": row[2], "since_on": row[4] and date.fromisoformat(row[4])}
        for row in LiveRows(home.ledger).records(names)
        if row[0] in reached
    ]
    known = guard.rows("record", _ACCESS, where={"record_id": names}) + came
    records = pd.DataFrame(known, columns=["record_id", "source", "since_on"])
    who = resolve(records, home.merges.findings(names), said=home.merges.decisions(names))
    groups = who.groupby("customer_id")["record_id"].agg(lambda own: tuple(sorted(own)))
    return {record: (customer, groups[customer]) for record, customer in zip(who["record_id"], who["customer_id"], strict=True)}
