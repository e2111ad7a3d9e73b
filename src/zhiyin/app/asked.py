"""What answers a sentence that the customer just said: products that say what was wished for, as the shop stands now."""

from __future__ import annotations

from datetime import date

from zhiyin.app.home import Home
from zhiyin.app.offered import SHOWN, arranging, bought_by, region_of, shelf_of
from zhiyin.app.rows import Rows
from zhiyin.guard.access import Access, Guard
from zhiyin.recommend.arrange import Candidate, Whom, arrange
from zhiyin.recommend.said import asked_for, fitting, why_said

__all__ = ["answers"]

# Products that fit are held against the shop; more of them than are shown, so that the list is full after some are left out.
_LOOKED_AT = 100


def answers(home: Home, guard: Guard, access: Access, *, customer: str, at: date | None, said: str) -> Rows:
    """Products that answer a sentence, best first, each quoting what was said and what it says itself; none where none does.

    Args:
        home: the workspace.
        guard: over what was published.
        access: who asks.
        customer: id of the customer.
        at: the day; None: whatever may be sold on some day.
        said: the sentence, of a chat or a call.
    """
    asked = asked_for(said)
    if not asked:
        return Rows([])
    found = {one.product_id: one for one in fitting(asked, guard.rows("product", access, where={}), k=_LOOKED_AT)}
    shelf = shelf_of(guard, access, found, currency=home.settings.currency)
    whom = Whom(
        at, region_of(guard, access, customer), frozenset(bought_by(guard, access, records=guard.records_of(customer, access), upto=at))
    )
    candidates = [Candidate(product, one.score) for product, one in found.items()]
    rows = []
    for one in arrange(candidates, shelf, kind="new", k=SHOWN, whom=whom, how=arranging(home.settings)):
        why = why_said(found[one.instead_of or one.product_id])
        item = shelf[one.product_id]
        rows.append(
            {
                "customer_id": customer,
                "kind": "asked",
                "product_id": one.product_id,
                "rank": one.rank,
                "score": one.score,
                "reason_zh": why.zh,
                "reason_en": why.en,
                "product": item.name,
                "category": item.category,
                "instead_of": one.instead_of,
            }
        )
    return Rows(rows)
