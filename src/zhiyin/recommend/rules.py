"""What may be offered at all? Asked again whenever a list is read: the shelf changes faster than the lists."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Literal, NamedTuple

Kind = Literal["repeat", "new", "upgrade"]

__all__ = ["Catalogue", "Kind", "Offered", "catalogue", "discontinued", "may_offer", "newest", "successors"]


class Offered(NamedTuple):
    """What is known today about an item; what is not known does not forbid it."""

    name: str = ""
    hidden: bool = False
    pieces: float | None = None
    repeatable: bool | None = None
    category: str = ""
    sold_from: date | None = None
    sold_until: date | None = None
    regions: frozenset[str] = frozenset()  # none: everywhere
    margin: int | None = None  # minor units
    successor: str = ""
    attributes: frozenset[tuple[str, str]] = frozenset()


Catalogue = Mapping[str, Offered]
_UNKNOWN = Offered()


def catalogue(products: Iterable[Mapping[str, object]], stock: Iterable[Mapping[str, object]] = ()) -> dict[str, Offered]:
    """The items for sale.

    Args:
        products: rows of the table `product`, with `product_id` and what else is known; None where nothing is told.
        stock: rows with `product_id`, `counted_on` and `pieces`; the latest count of each product holds.
    """
    counts = (row for row in stock if row["pieces"] is not None)
    pieces = {str(row["product_id"]): float(str(row["pieces"])) for row in sorted(counts, key=lambda row: str(row["counted_on"]))}
    return {str(row["product_id"]): _offered(row, pieces.get(str(row["product_id"]))) for row in products}


def may_offer(item: Offered, kind: Kind, *, at: date | None = None, region: Collection[str] = ()) -> bool:
    """Not hidden, not sold out, sold on this day and where the customer is, and only what is bought again where it was bought before.

    Args:
        item: what is known of it.
        kind: of the list that it stands on.
        at: the day; None: any day.
        region: names of where the customer is, from city to country; none: not known.
    """
    if item.hidden or (item.pieces is not None and item.pieces <= 0) or (kind == "repeat" and item.repeatable is False):
        return False
    if at is not None and ((item.sold_from is not None and at < item.sold_from) or (item.sold_until is not None and at > item.sold_until)):
        return False
    return not item.regions or not region or not item.regions.isdisjoint(region)


def discontinued(item: Offered, at: date) -> bool:
    """Whether the shop does not sell it any more, as opposed to not having it today."""
    return item.hidden or (item.sold_until is not None and item.sold_until < at)


def successors(product: str, items: Catalogue) -> Iterator[str]:
    """The product that replaces this one, the one that replaces that, and so on; each once."""
    seen = {product}
    while (product := items.get(product, _UNKNOWN).successor) and product not in seen:
        seen.add(product)
        yield product


def newest(product: str, items: Catalogue, *, kind: Kind, at: date | None = None, region: Collection[str] = ()) -> str:
    """The last of its successors that may be offered; the product itself where none may."""
    found = product
    for later in successors(product, items):
        if later in items and may_offer(items[later], kind, at=at, region=region):
            found = later
    return found


def _offered(row: Mapping[str, object], pieces: float | None) -> Offered:
    told, margin, again = row.get("attributes"), row.get("margin"), row.get("repeatable")
    return Offered(
        name=str(row.get("name") or ""),
        hidden=bool(row.get("hidden")),
        pieces=pieces,
        repeatable=None if again is None else bool(again),
        category=str(row.get("category") or ""),
        sold_from=_day(row.get("sold_from")),
        sold_until=_day(row.get("sold_until")),
        regions=frozenset(json.loads(str(row["regions"]))) if row.get("regions") else frozenset(),
        margin=None if margin is None else int(str(margin)),
        successor=str(row.get("successor_id") or ""),
        attributes=frozenset((name, str(value)) for name, value in json.loads(str(told)).items()) if told else frozenset(),
    )


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) or value is None else date.fromisoformat(str(value)[:10])
