"""What came of a contact, written down by who made it; the next run learns from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from zhiyin.app.home import Home
from zhiyin.app.reading import customer_of
from zhiyin.core.clock import as_date
from zhiyin.core.errors import UsageError
from zhiyin.core.units import to_minor
from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Actor, Guard
from zhiyin.improve.outcomes import validated_kind

__all__ = ["Came", "record_outcome"]


MOST = 1e12  # whole units of one outcome


class Came(NamedTuple):
    """What came of a contact, as it is told: its kind in any words that are known, money in whole units, the day."""

    kind: str
    amount: float
    at: str | date


def record_outcome(home: Home, guard: Guard, actor: Actor, *, customer: str, came: Came) -> Mapping[str, object]:
    """Write one outcome to the ledger.

    Raises:
        UsageError: for an unknown kind, an amount that is no money, or a day that is none.
        NotFound, PrivacyError: see `customer_of`.
    """
    access = Access(actor, "contact")
    known = customer_of(home, guard, access, said=customer)
    kind, money, day = validated_kind(came.kind), _money(came.amount, home.settings.currency), as_date(came.at).isoformat()
    step = next(iter(guard.row("next_step", known, access)), {})
    question = str(step.get("question", ""))
    outcome_id = home.journal.add_outcome(customer_id=known, kind=kind, question=question, amount=money, at=day, by=actor.id)
    return {"outcome_id": outcome_id, "customer_id": known, "kind": kind, "amount": money, "at": day, "by": actor.id}


def _money(amount: float, currency: str) -> int:
    """In minor units; a number that no deal reaches, infinity or none at all is a slip of the keyboard."""
    if not abs(amount) <= MOST:
        raise UsageError(
            Say("这不是一笔金额。", "This is no amount of money."),
            got=amount,
            fix=Say("只写数字，例如 12.50。", "Write digits only, for example 12.50."),
        )
    return to_minor(amount, currency)
