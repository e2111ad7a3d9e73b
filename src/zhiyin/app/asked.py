"""What answers a sentence that the customer just said: products that say what was wished for, as the shop stands now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from zhiyin.app.home import Home
from zhiyin.app.offered import SHOWN, arranging, bought_by, region_of, shelf_of
from zhiyin.app.reading import Generation
from zhiyin.app.rows import Rows
from zhiyin.guard.access import Access
from zhiyin.recommend.arrange import Candidate, Whom, arrange
from zhiyin.recommend.said import asked_for, fitting, why_said

__all__ = ["answers"]

# Products that fit are held against the shop; more of them than are shown, so that the list is full after some are left out.
_LOOKED_AT = 100

Row = Mapping[str, object]


def answers(home: Home, read: Generation, access: Access, *, customer: str, said: str, offered: Rows) -> Rows:
    """Products that answer a sentence, best first, each quoting what was said and what it says itself; none where none does.

    Args:
        home: the workspace.
        read: what was published.
        access: who asks.
        customer: id of the customer.
        said: the sentence, of a chat or a call.
        offered: the customer's list as it stands: of products that answer alike, those nearer to it come first.
    """
    asked = asked_for(said)
    if not asked:
        return Rows([])
    guard, at = read.guard, read.day
    bought = bought_by(guard, access, records=guard.records_of(customer, access), upto=at)
    products = guard.rows("product", access, where={})
    near = _near(products, bought, offered)
    found = {one.product_id: one for one in fitting(asked, products, near=near, k=_LOOKED_AT)}
    shelf = shelf_of(guard, access, found, currency=home.settings.currency)
    whom = Whom(at, region_of(guard, access, customer), frozenset(bought))
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


def _near(products: Sequence[Row], bought: Collection[str], offered: Rows) -> dict[str, int]:
    """How near each product is to the customer: it stands on the list, something of its category does, something of it was bought."""
    listed = {str(row["product_id"]) for row in offered}
    category = {str(row["product_id"]): row["category"] for row in products}
    own = {category.get(product) for product in bought} - {None, ""}
    like = {row["category"] for row in offered} - {None, ""}
    return {product: (product in listed) + (of in like) + (of in own) for product, of in category.items()}
