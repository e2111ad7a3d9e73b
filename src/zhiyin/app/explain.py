"""The signature page: where each figure of a customer comes from, and who has seen it."""

from __future__ import annotations

from collections.abc import Mapping

from zhiyin.app.customer import predictions
from zhiyin.app.home import Home
from zhiyin.app.reading import customer_of
from zhiyin.guard.access import Access, Actor, Guard

__all__ = ["explain"]

_LATEST = 5  # order lines shown; the count of all stands beside them


def explain(home: Home, guard: Guard, actor: Actor, *, customer: str) -> Mapping[str, object]:
    """Source row -> identity -> profile -> prediction with reasons -> next step -> outcome, and who has seen it.

    Raises:
        NotFound, PrivacyError: see `customer_of`.
    """
    access = Access(actor, "display")
    known = customer_of(home, guard, access, customer)
    records = guard.rows("record", access, where={"customer_id": known})
    lines = guard.rows("order_line", access, where={"customer_id": known}, order="-ordered_on,-source_row", limit=_LATEST)
    return {
        "customer_id": known,
        "snapshot": guard.snapshot,
        "records": records,
        "order_lines": guard.count("order_line", access, where={"customer_id": known}),
        "latest_lines": lines,
        "merges": home.journal.merges_of([str(row["record_id"]) for row in records]),
        "identity": guard.row("identity", known, access),
        "profile": next(iter(guard.row("profile", known, access)), {}),
        "predictions": predictions(guard, access, known),
        "next_step": guard.row("next_step", known, access),
        "outcomes": guard.rows("outcome", access, where={"customer_id": known}, order="-happened_on", limit=_LATEST),
        "noted": home.journal.outcomes(known),
        "seen_by": guard.seen_by(known, access),
    }
