"""Is there something newer for this customer than what was bought? Said when it is of use: the old one is no longer sold, or the need has come back.

Two triggers, both facts that the tables hold: the shop has discontinued what was bought (hidden, or its last day is over) and the customer
has had it for a while, or the customer's need has shifted to its category of late (`need_shift`). A new product alone is no reason.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Literal, NamedTuple

from zhiyin.recommend.arrange import Whom
from zhiyin.recommend.rules import Catalogue, Offered, discontinued, newest, successors

__all__ = ["Upgrade", "upgrade"]

_UNKNOWN = Offered()


class Upgrade(NamedTuple):
    """A successor on offer, of what it is one, and why it is said now; `category` is the one that the need has shifted to, or empty."""

    product_id: str
    instead_of: str
    why: Literal["shift", "discontinued"]
    days: int  # since it was bought last
    category: str = ""


def upgrade(
    bought: Mapping[str, date], items: Catalogue, *, whom: Whom, wanted: Collection[str] = (), after_days: int = 0
) -> Upgrade | None:
    """The newest successor of what was bought last of all that there is a reason to replace; None where there is none.

    Args:
        bought: product -> day on which the customer bought it last.
        items: what is known of them and of their successors.
        whom: for whom and when; without a day nothing is said.
        wanted: categories to which the customer's need has shifted of late.
        after_days: days since the purchase before a discontinued product is a reason.
    """
    if whom.at is None:
        return None
    for product, on in sorted(bought.items(), key=lambda one: (-one[1].toordinal(), one[0])):
        shown = newest(product, items, kind="upgrade", at=whom.at, region=whom.region)
        if shown == product or not whom.owns.isdisjoint(successors(product, items)):
            continue
        old, days = items.get(product, _UNKNOWN), (whom.at - on).days
        shifted = next((category for category in (old.category, items[shown].category) if category and category in wanted), "")
        if shifted:
            return Upgrade(shown, product, "shift", days, shifted)
        if days >= after_days and discontinued(old, whom.at):
            return Upgrade(shown, product, "discontinued", days)
    return None
