"""Which order lines cannot be meant as they stand, judged by the history of the shop, the product and the customer?

Only what is far outside everything known is taken: a mistake that stays is corrected by a person, a good order that is taken away
is missed by everybody. A line is judged once, when it comes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis

from zhiyin.core.words import Say

if TYPE_CHECKING:
    from ibis import Table
    from ibis.expr.types import BooleanColumn

__all__ = ["OUTLIERS", "Bounds", "first_believable", "outliers"]

OUTLIERS: dict[str, Say] = {
    "outlier_future": Say("日期在未来（{value}）。", "The day lies in the future ({value})."),
    "outlier_early": Say("日期早得不可能（{value}，其他订单从 {usual} 开始）。", "The day is impossibly early ({value}; all others begin on {usual})."),
    "outlier_sign": Say("卖出的商品金额是负数（{value}），这位客户也没有买过可退的。", "A sale with a negative amount ({value}), and nothing bought that could be returned."),
    "outlier_price": Say("单价 {value}，这件商品平时是 {usual}。", "The unit price is {value}; this product usually costs {usual}."),
    "outlier_quantity": Say("数量 {value}，这件商品平时是 {usual}。", "The quantity is {value}; of this product it usually is {usual}."),
}  # fmt: skip


@dataclass(frozen=True)
class Bounds:
    """How far outside is too far; every bound must be passed at once.

    Args:
        rows: lines that a product needs before it is judged by its own history.
        spread: so many robust deviations (1.4826 x MAD of the logarithms) from the median of the product.
        price: at least so many times the usual price of the product, and ten times its 95th percentile.
        quantity: at least so many times the usual quantity of the product, and ten times its 95th percentile.
        own: at least so many times what the customer usually orders in one line, where that is known by `own_rows` lines.
        own_rows: lines of a customer after which the own habit counts.
        shop: of other customers, at least so many times the 95th percentile of all lines of the shop.
        gap_days: orders before so long a silence are not believed, where they are few.
        few: share of all lines that are few.
    """

    rows: int = 20
    spread: float = 8.0
    price: float = 30.0
    quantity: float = 100.0
    own: float = 50.0
    own_rows: int = 5
    shop: float = 300.0
    gap_days: int = 5 * 365
    few: float = 0.05


_SAID = ("source", "line_id", "batch_id", "source_row", "code", "value", "usual", "ordered_on", "currency")
_MAD = 1.4826  # makes the median absolute deviation of a normal distribution its standard deviation
_TAIL = 10.0
_HIGH = 0.95  # of the logarithms: of 20 rows the 19th, so that one odd line does not hide itself
_BOUNDS = Bounds()


def first_believable(days: Sequence[tuple[date, int]], *, bounds: Bounds = _BOUNDS) -> date | None:
    """The first day of the orders that belong together; what lies before it is few and followed by years without any.

    Args:
        days: days with an order and how many lines, in any order.
        bounds: how long a silence, how few lines.

    Example:
        >>> first_believable([(date(1970, 1, 1), 2), (date(2025, 3, 1), 400), (date(2026, 3, 1), 900)])
        datetime.date(2025, 3, 1)
    """
    ordered = sorted(days)
    everything = sum(count for _, count in ordered)
    before, first = 0, ordered[0][0] if ordered else None
    for (day, count), (after, _) in itertools.pairwise(ordered):
        before += count
        if (after - day).days >= bounds.gap_days and before <= bounds.few * everything:
            first = after
    return first


def outliers(
    order_line: Table, product: Table, *, batches: Sequence[str], days: tuple[date | None, date], keep: Callable[[str, Table], Table]
) -> Table:
    """The lines of these imports that cannot be meant as they stand.

    Args:
        order_line: all lines known, those of the imports among them.
        product: products; charges (`hidden`) are not judged by price or quantity.
        batches: ids of the imports whose lines are judged.
        days: the answer of `first_believable`, and today; tomorrow is still believed, for clocks ahead of ours.
        keep: stores a small relation once, `keep(name, table)`: habits are counted for the few customers under suspicion only.

    Returns:
        The key of the lines, `batch_id`, `source_row`, `code` (a key of `OUTLIERS`), and for its sentence `ordered_on`, `currency`,
        `value` and `usual`: pieces, or money in minor units.
    """
    goods = _goods(order_line, product)
    new = goods.filter(goods["batch_id"].isin(list(batches)))
    known = new.left_join(_of_products(_wide(goods)), ["product_id", "currency"], rname="{name}_known")
    suspects = keep("suspects", known.filter(_suspicious(known, *days)))
    theirs = goods.semi_join(suspects, "record_id")
    shop = goods.agg(shop_quantity=goods["log_quantity"].quantile(_HIGH, where=goods["sold"]))
    joined = suspects.left_join(_of_customers(theirs), "record_id", rname="{name}_own")
    joined = joined.left_join(_returned(theirs), ["record_id", "product_id"], rname="{name}_returned").cross_join(shop)
    found = _judged(joined.left_join(_returning(goods), "source", rname="{name}_returning"), *days)
    return found.filter(found["code"] != "").select(*_SAID)


def _goods(order_line: Table, product: Table) -> Table:
    """Lines with what they are judged by; `sold` are those with pieces and money, of goods."""
    hidden = product.filter(ibis.coalesce(product["hidden"], False)).select("product_id", charge=ibis.literal(True))
    lines = order_line.left_join(hidden, "product_id", rname="{name}_charge")
    goods = ~ibis.coalesce(lines["charge"], False) & lines["product_id"].notnull()
    pieces = ibis.coalesce(lines["quantity"], 1.0)
    sold = goods & (pieces > 0) & (lines["amount"] > 0)
    return lines.select(
        "source", "line_id", "record_id", "product_id", "currency", "quantity", "amount", "ordered_on", "batch_id",
        "source_row",
        goods=goods,
        sold=sold,
        log_quantity=sold.ifelse(pieces, 1.0).ln(),
        log_price=(sold.ifelse(lines["amount"], 1) / sold.ifelse(pieces, 1.0)).ln(),
    )  # fmt: skip


def _wide(goods: Table) -> Table:
    """Lines of the products whose largest and smallest quantity or price lie far enough apart for one of them to be an outlier.

    Medians and percentiles of all products cost four times as much as everything else here (measured on 1.2M lines).
    """
    sold = goods.filter(goods["sold"])
    key = ["product_id", "currency"]
    ends = sold.group_by(key).agg(
        lines=sold.count(),
        quantities=sold["log_quantity"].max() - sold["log_quantity"].min(),
        prices=sold["log_price"].max() - sold["log_price"].min(),
    )
    far = (ends["quantities"] > math.log(_BOUNDS.quantity)) | (ends["prices"] > math.log(_BOUNDS.price))
    return sold.semi_join(ends.filter(far & (ends["lines"] >= _BOUNDS.rows)), key)


def _of_products(goods: Table) -> Table:
    """What is usual of each product: median, spread and 95th percentile of the logarithms of quantity and price."""
    sold, key = goods, ["product_id", "currency"]
    usual = sold.group_by(key).agg(
        lines=sold.count(),
        mid_quantity=sold["log_quantity"].median(),
        mid_price=sold["log_price"].median(),
        high_quantity=sold["log_quantity"].quantile(_HIGH),
        high_price=sold["log_price"].quantile(_HIGH),
    )
    beside = sold.inner_join(usual, key)
    spread = beside.group_by(key).agg(
        mad_quantity=(beside["log_quantity"] - beside["mid_quantity"]).abs().median(),
        mad_price=(beside["log_price"] - beside["mid_price"]).abs().median(),
    )
    both = usual.inner_join(spread, key)
    return both.select(*usual.columns, "mad_quantity", "mad_price")


def _of_customers(goods: Table) -> Table:
    """What each record usually orders in one line."""
    sold = goods.filter(goods["sold"])
    return sold.group_by("record_id").agg(own_lines=sold.count(), own_quantity=sold["log_quantity"].median())


def _returned(goods: Table) -> Table:
    """The most pieces that a record returned of a product in one line, and the most money it paid for it."""
    lines = goods.filter(goods["goods"])
    return lines.group_by("record_id", "product_id").agg(
        pieces_back=(-lines["quantity"]).max(where=lines["quantity"] < 0), most_paid=lines["amount"].max(where=lines["sold"])
    )


def _returning(goods: Table) -> Table:
    """Sources that write returns with negative quantities."""
    return goods.filter(goods["quantity"] < 0).select("source").distinct().mutate(writes_returns=ibis.literal(True))


def _suspicious(lines: Table, since: date | None, today: date) -> BooleanColumn:
    """What may be an outlier before the habits of the customer are looked at."""
    return _future(lines, today) | _early(lines, since) | (_sold(lines) & (lines["amount"] < 0)) | _price(lines) | _far(lines)


def _judged(lines: Table, since: date | None, today: date) -> Table:
    codes: Mapping[str, BooleanColumn] = {
        "outlier_future": _future(lines, today),
        "outlier_early": _early(lines, since),
        "outlier_sign": _sign(lines),
        "outlier_price": _price(lines),
        "outlier_quantity": _far(lines) & _unusual(lines),
    }
    code = ibis.cases(*((condition, name) for name, condition in codes.items()), else_="")
    by_price = code == "outlier_price"
    return lines.mutate(
        code=code,
        value=ibis.cases(
            (by_price, lines["log_price"].exp().round(2)),
            (code == "outlier_sign", lines["amount"].cast("float64")),
            else_=lines["quantity"],
        ),
        usual=by_price.ifelse(lines["mid_price"].exp(), lines["mid_quantity"].exp()).round(2).cast("float64"),
    )


def _future(lines: Table, today: date) -> BooleanColumn:
    return ibis.coalesce(lines["ordered_on"] > ibis.date(today + timedelta(days=1)), False)


def _early(lines: Table, since: date | None) -> BooleanColumn:
    return ibis.coalesce(lines["ordered_on"] < ibis.date(since), False) if since else ibis.literal(False)


def _sold(lines: Table) -> BooleanColumn:
    return ibis.coalesce(lines["goods"] & (lines["quantity"] > 0), False)


def _sign(lines: Table) -> BooleanColumn:
    """Pieces sold for a negative amount, in a source that writes returns otherwise, of what was never bought."""
    odd = _sold(lines) & (lines["amount"] < 0) & ibis.coalesce(lines["writes_returns"], False)
    return ibis.coalesce(odd & (ibis.coalesce(lines["most_paid"], 0) < -lines["amount"]), False)


def _price(lines: Table) -> BooleanColumn:
    """A price far above everything that was ever paid for the product; far below lies many a coupon."""
    off = lines["log_price"] - lines["mid_price"]
    high = (off > math.log(_BOUNDS.price)) & (off > _BOUNDS.spread * _MAD * lines["mad_price"])
    return ibis.coalesce(_known(lines) & high & (lines["log_price"] > lines["high_price"] + math.log(_TAIL)), False)


def _far(lines: Table) -> BooleanColumn:
    """A quantity far above what is sold of the product."""
    off = lines["log_quantity"] - lines["mid_quantity"]
    high = (off > math.log(_BOUNDS.quantity)) & (off > _BOUNDS.spread * _MAD * lines["mad_quantity"])
    return ibis.coalesce(_known(lines) & high & (lines["log_quantity"] > lines["high_quantity"] + math.log(_TAIL)), False)


def _known(lines: Table) -> BooleanColumn:
    return lines["sold"] & (lines["lines"] >= _BOUNDS.rows)


def _unusual(lines: Table) -> BooleanColumn:
    """Far above what this customer usually orders too, and not taken back since."""
    own = ibis.coalesce(lines["own_lines"], 0) >= _BOUNDS.own_rows
    by_habit = lines["log_quantity"] > lines["own_quantity"] + math.log(_BOUNDS.own)
    by_shop = lines["log_quantity"] > lines["shop_quantity"] + math.log(_BOUNDS.shop)
    kept = ibis.coalesce(lines["pieces_back"], 0.0) < lines["quantity"]
    return ibis.coalesce(own.ifelse(by_habit, by_shop) & kept, False)
