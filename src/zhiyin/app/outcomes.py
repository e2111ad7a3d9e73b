"""What came of a contact, written down by who made it; the next run learns from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypedDict

from zhiyin.app.home import Home
from zhiyin.app.reading import customer_of
from zhiyin.core.clock import as_date
from zhiyin.core.units import to_minor
from zhiyin.guard.access import Access, Actor, Guard
from zhiyin.improve.outcomes import validated_kind

__all__ = ["record_outcome"]


class Noted(TypedDict):
    """What is written down."""

    kind: str
    amount: int
    at: str
    by: str


def record_outcome(
    home: Home, guard: Guard, actor: Actor, *, customer: str, kind: str, amount: float, at: str | date
) -> Mapping[str, object]:
    """Write one outcome to the ledger.

    Raises:
        UsageError: for an unknown kind, or a day that is none.
        NotFound, PrivacyError: see `customer_of`.
    """
    access = Access(actor, "contact")
    known = customer_of(home, guard, access, customer)
    money = to_minor(amount, home.settings.currency)
    noted: Noted = {"kind": validated_kind(kind), "amount": money, "at": as_date(at).isoformat(), "by": actor.id}
    step = next(iter(guard.row("next_step", known, access)), {})
    outcome_id = home.journal.add_outcome(customer_id=known, question=str(step.get("question", "")), **noted)
    return {"outcome_id": outcome_id, "customer_id": known, **noted}
