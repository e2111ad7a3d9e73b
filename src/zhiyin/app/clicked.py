"""What has a customer done with products in the last day, and what goes with those? From the live rows and the counts of the last run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from zhiyin.app.dayrows import instant
from zhiyin.guard.access import Access, Guard
from zhiyin.recommend.live import NEAREST, WITHIN, Link, Session, Step, Way, session
from zhiyin.store.live import LiveRows

if TYPE_CHECKING:
    from zhiyin.app.home import Home

__all__ = ["clicked", "links_of"]

_WAYS: dict[str, Way] = {
    "Product Viewed": "viewed",
    "Product Added": "carted",
    "Checkout Started": "carted",
    "Product Removed": "removed",
    "Order Completed": "bought",
}


def clicked(home: Home, guard: Guard, access: Access, *, customer: str, now: datetime) -> Session:
    """The session of a customer, of all records of the person.

    Args:
        home: the workspace.
        guard: over the generation that is read.
        access: who asks.
        customer: the customer's id.
        now: the wall clock: events bear its time, whatever day the list is of.
    """
    since = (now - WITHIN - timedelta(days=1)).date().isoformat()  # a local day may have begun before the day of UTC
    rows = LiveRows(home.ledger).steps(guard.records_of(customer, access), since=since)
    steps = [Step(row[1], _WAYS[row[2]], row[4], instant(row[8])) for row in rows if row[2] in _WAYS]
    return session(steps, now=now.astimezone(UTC).replace(tzinfo=None))


def links_of(guard: Guard, access: Access, done: Session) -> list[Link]:
    """What goes with the products of a session, the nearest of each."""
    if not done.loud:
        return []
    near = {"product_id": sorted(done.loud), "rank": list(range(1, NEAREST + 1))}
    rows = guard.rows("product_link", access, where=near)
    return [Link(str(row["product_id"]), str(row["other_id"]), float(str(row["alike"])), int(str(row["customers"]))) for row in rows]
