"""Which lines does an order have that an event tells of: completed, refunded or cancelled?"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from zhiyin.collect.tracking.names import CANCELLED, REFUNDED
from zhiyin.collect.tracking.said import Message
from zhiyin.collect.tracking.visits import plain, product_of

__all__ = ["purchase"]

# Money for the goods of an order, without shipping and tax; `total` has both, and is the last choice.
_PAID = ("subtotal", "revenue", "value", "total")
_ORDER = ("order_id", "orderId", "transaction_id", "checkout_id")
_LISTS = ("products", "items")
_DESCRIBED = {"product": ("name", "product_name", "item_name"), "category": ("category", "item_category"), "brand": ("brand", "item_brand")}
_KNOWN = frozenset([*_PAID, *_ORDER, *_LISTS, "currency", "affiliation", "discount"])
_KNOWN_OF_PRODUCT = frozenset([*(name for names in _DESCRIBED.values() for name in names), "product_id", "productId", "sku", "item_id", "goods_id", "id", "price", "quantity"])  # fmt: skip
_CENT = Decimal("0.01")


def purchase(message: Message, *, dropped: dict[str, int]) -> list[dict[str, Any]]:
    """The lines of `orders`, but who and when. Returns bear negative pieces and money, and ids of their own.

    Money is what was paid for the goods: prices x pieces, less what the order as a whole was cheaper.
    """
    told = message.properties
    back = message.name in (REFUNDED, CANCELLED)
    order = next(filter(None, (plain(told.get(name)) for name in _ORDER)), "") or message.message_id
    listed: list[Any] = next((told[name] for name in _LISTS if isinstance(told.get(name), list)), [])
    products: list[Mapping[str, Any]] = [one for one in listed if isinstance(one, dict)] or ([told] if product_of(told) else [])
    head = {"order_id": order, "currency": plain(told.get("currency")), "store": plain(told.get("affiliation"))}
    for name in told:
        if name not in _KNOWN and not (products and products[0] is told):
            dropped[name] = dropped.get(name, 0) + 1
    if not products:
        amount = _first_money(told, _PAID)
        return [_signed({**head, "line_id": _line(message, order, "", 0, back=back), "quantity": None, "amount": amount}, back=back)]
    lines = [_product(one, dropped, whole=one is told) for one in products]
    _share(lines, _paid(told, lines))
    seen: Counter[str] = Counter()
    for line in lines:
        key = line["product_id"] or line["product"]
        line["line_id"] = _line(message, order, key, seen[key], back=back)
        seen[key] += 1
    return [_signed({**head, **line}, back=back) for line in lines]


def _line(message: Message, order: str, product: str, number: int, *, back: bool) -> str:
    """Order / product / occurrence, as for files; a return is told apart by its message: goods may come back in two parcels."""
    told = hashlib.sha256(message.message_id.encode("utf-8", "surrogatepass")).hexdigest()[:8] if back else ""
    return f"{order}/{product}/{f'{told}-' if back else ''}{number}"


def _product(one: Mapping[str, Any], dropped: dict[str, int], *, whole: bool) -> dict[str, Any]:
    for name in () if whole else one:
        if name not in _KNOWN_OF_PRODUCT:
            dropped[f"products.{name}"] = dropped.get(f"products.{name}", 0) + 1
    described = {field: next(filter(None, (plain(one.get(name)) for name in names)), "") for field, names in _DESCRIBED.items()}
    quantity = _money(one.get("quantity"))
    price = _money(one.get("price"))
    amount = None if price is None else abs(price) * abs(Decimal(1) if quantity is None else quantity)
    product = product_of(one) or (plain(one.get("id")) if not whole else "")
    return {"product_id": product, **described, "quantity": quantity, "amount": amount, "discount": None}


def _paid(told: Mapping[str, Any], lines: list[dict[str, Any]]) -> Decimal | None:
    """What was paid for all lines; None where the prices say it."""
    if any(line["amount"] is None for line in lines):
        return _first_money(told, _PAID) if all(line["amount"] is None for line in lines) else None
    said = _first_money(told, ("subtotal", "revenue"))
    discount = _money(told.get("discount"))
    listed = sum((line["amount"] for line in lines), Decimal(0))
    if said is None and discount is not None:
        said = listed - abs(discount)
    return abs(said) if said is not None and 0 <= abs(said) < listed else None


def _share(lines: list[dict[str, Any]], paid: Decimal | None) -> None:
    """Give each line its share of what was paid, to the cent; the last one takes what rounding left."""
    if paid is None:
        return
    weights = [Decimal(1) if line["amount"] is None else line["amount"] for line in lines]
    whole, left = sum(weights, Decimal(0)), paid
    for at, line in enumerate(lines):
        share = left if at == len(lines) - 1 else (paid * weights[at] / whole if whole else Decimal(0)).quantize(_CENT, ROUND_HALF_EVEN)
        left -= share
        if line["amount"] is not None and line["amount"] > share:
            line["discount"] = line["amount"] - share
        line["amount"] = share


def _signed(line: dict[str, Any], *, back: bool) -> dict[str, Any]:
    if back:
        line["quantity"] = -abs(line["quantity"] if line["quantity"] is not None else Decimal(1))
        line["amount"] = None if line["amount"] is None else -abs(line["amount"])
    return {name: _digits(value) if isinstance(value, Decimal) else value for name, value in line.items()}


def _digits(value: Decimal) -> str:
    """A number as text, without an exponent."""
    return f"{value:f}"


def _first_money(told: Mapping[str, Any], names: tuple[str, ...]) -> Decimal | None:
    return next((found for found in (_money(told.get(name)) for name in names) if found is not None), None)


def _money(value: Any) -> Decimal | None:  # noqa: ANN401 - any JSON value
    """A number, or the text of one; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = Decimal(str(value).strip().lstrip("¥￥$€£ ").replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 10**13 else None
