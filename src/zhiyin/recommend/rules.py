"""What may be offered at all? Asked again whenever a list is read: the shelf changes faster than the lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["repeat", "new"]

__all__ = ["Catalogue", "Kind", "Offered", "catalogue", "may_offer", "still_offered"]


class Offered(NamedTuple):
    """What is known today about an item; what is not known does not forbid it."""

    name: str = ""
    hidden: bool = False
    pieces: float | None = None
    repeatable: bool | None = None


Catalogue = Mapping[str, Offered]
_UNKNOWN = Offered()


def catalogue(products: pd.DataFrame, stock: pd.DataFrame | None = None) -> dict[str, Offered]:
    """The items for sale.

    Args:
        products: `product_id` and, where known, `name`, `hidden`, `repeatable`.
        stock: `product_id`, `counted_on`, `pieces`; the latest count of each product holds.
    """
    counted: dict[str, float] = {}
    if stock is not None:
        latest = stock.dropna(subset=["pieces"]).sort_values("counted_on", kind="stable").drop_duplicates("product_id", keep="last")
        counted = dict(zip(latest["product_id"], latest["pieces"].astype(float), strict=True))
    columns = [products.get(name) for name in ("name", "hidden", "repeatable")]
    names, hidden, repeatable = (column if column is not None else [None] * len(products) for column in columns)
    return {
        str(product): Offered(_text(name), _flag(away) is True, counted.get(product), _flag(again))
        for product, name, away, again in zip(products["product_id"], names, hidden, repeatable, strict=True)
    }


def may_offer(item: Offered, kind: Kind) -> bool:
    """Not hidden, not sold out, and only what can be bought again where it was bought before."""
    in_stock = item.pieces is None or item.pieces > 0
    return not item.hidden and in_stock and (kind == "new" or item.repeatable is not False)


def still_offered(rows: Iterable[Mapping[str, object]], items: Catalogue) -> list[dict[str, object]]:
    """Rows of `recommendation` that may still be offered today, ranks closed up within each customer and kind."""
    places: dict[tuple[object, object], int] = {}
    kept = []
    for row in sorted(rows, key=lambda row: (str(row["customer_id"]), str(row["kind"]), int(str(row["rank"])))):
        kind: Kind = "repeat" if row["kind"] == "repeat" else "new"
        if may_offer(items.get(str(row["product_id"]), _UNKNOWN), kind):
            list_of = (row["customer_id"], kind)
            places[list_of] = places.get(list_of, 0) + 1
            kept.append({**row, "rank": places[list_of]})
    return kept


def _flag(value: object) -> bool | None:
    """True, false, or None where the cell is empty."""
    import pandas as pd

    return None if pd.isna(value) else bool(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
