"""What do these new facts add to what each record did? Micro-batches of facts as rows of `activity`, without Ibis and pandas.

Everything here adds up: sums, minima and maxima. Batches may come in any order and in any grouping, and `activity.activity` gives the
same rows from all facts at once. Only a fact that comes twice would count twice; who folds leaves out what is known already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CONTACTED", "ORDERED", "PRICED", "SAVED", "Day", "DayKey", "Fold", "Order", "OrderKey", "StepKey", "fold", "order_days"]

ORDERED = "Order Completed"
SAVED = "Discount Used"
CONTACTED = "Contacted"
PRICED = "Price Page Viewed"  # a page about prices; counted for triggers, it stays the page view that it is
# What triggers and lists look at, beside orders and pages about prices.
_STEPS = ("Product Viewed", "Product Added", "Product Removed", "Checkout Started")
_PRICES = ("price", "pricing", "plans", "价格", "报价", "资费")


class DayKey(NamedTuple):
    """Whose row of `activity` it is, of which channel, name and day."""

    record_id: str
    channel: str
    name: str
    happened_on: date


class Day(NamedTuple):
    """What is counted; seconds as whole milliseconds, since sums of fractions depend on their order."""

    times: int
    amount: int
    millis: int
    first_at: datetime
    last_at: datetime
    last_id: str

    def and_(self, other: Day) -> Day:
        """Both together."""
        return Day(
            self.times + other.times,
            self.amount + other.amount,
            self.millis + other.millis,
            min(self.first_at, other.first_at),
            *max((self.last_at, self.last_id), (other.last_at, other.last_id)),
        )


class OrderKey(NamedTuple):
    """One day of one order."""

    record_id: str
    channel: str
    order_id: str
    happened_on: date


class Order(NamedTuple):
    """The lines of an order so far: whether it counts shows only in their sum."""

    amount: int
    saved: int
    first_at: datetime
    last_at: datetime

    def and_(self, other: Order) -> Order:
        """Both together."""
        return Order(
            self.amount + other.amount,
            self.saved + other.saved,
            min(self.first_at, other.first_at),
            max(self.last_at, other.last_at),
        )


class StepKey(NamedTuple):
    """One record, product, event name and day: what triggers look at."""

    record_id: str
    product_id: str
    name: str
    happened_on: date


@dataclass
class Fold:
    """What some facts add.

    `days` rows of `activity` but those of orders, `orders` the days of orders, `steps` what was done with which product, of what triggers look at.
    """

    days: dict[DayKey, Day] = field(default_factory=dict)
    orders: dict[OrderKey, Order] = field(default_factory=dict)
    steps: dict[StepKey, Day] = field(default_factory=dict)

    def add(self, other: Fold) -> None:
        """Take in another fold."""
        for mine, theirs in ((self.days, other.days), (self.orders, other.orders), (self.steps, other.steps)):
            for key, value in theirs.items():
                _put(mine, key, value)

    def rows(self, before: Mapping[OrderKey, Order] | None = None) -> dict[DayKey, Day]:
        """The rows of `activity` that these facts add.

        Args:
            before: what earlier facts have told of the same orders.
        """
        rows = dict(self.days)
        for key, order in self.orders.items():
            for day_key, day in order_days(key, order, before=(before or {}).get(key)):
                _put(rows, day_key, day)
        return rows


def fold(tables: Mapping[str, pa.Table], *, channel: str, currency: str) -> Fold:
    """What typed facts of one source add.

    Args:
        tables: facts by the name of their table, as `clean.typed` gives them; others than events, order lines, contacts and outcomes
            are passed over.
        channel: the source through which they came.
        currency: order lines in another currency are left out.
    """
    made = Fold()
    for row in _listed(tables, "event", "record_id name product_id page happened_on happened_at event_id seconds"):
        record, name, product, page, on, at, id_, seconds = row
        if name != ORDERED:
            day = _once(on, at, id_, millis=int((seconds or 0.0) * 1000 + 0.5))
            _put(made.days, DayKey(record, channel, name, on), day)
            step = name if name in _STEPS else PRICED if _tells_prices(name, page) else ""
            if step:
                _put(made.steps, StepKey(record, product or "", step, on), day)
    for row in _listed(tables, "order_line", "record_id order_id product_id ordered_on ordered_at amount discount coupon currency"):
        record, order_id, product, on, at, amount, discount, coupon, told = row
        if told == currency and on is not None:
            saved = (discount or 0) + (coupon or 0) if amount > 0 else 0
            moment = at or datetime.combine(on, time.min)
            _put(made.orders, OrderKey(record, channel, order_id, on), Order(amount, saved, moment, moment))
            _put(made.steps, StepKey(record, product or "", ORDERED, on), _once(on, at, order_id))
    for record, on, at, id_, held_back in _listed(tables, "touch", "record_id touched_on touched_at touch_id holdout"):
        if not held_back and on is not None:
            _put(made.days, DayKey(record, channel, CONTACTED, on), _once(on, at, id_))
    for record, name, on, at, id_ in _listed(tables, "outcome", "record_id kind happened_on happened_at outcome_id"):
        _put(made.days, DayKey(record, channel, name, on), _once(on, at, id_))
    return made


def order_days(key: OrderKey, order: Order, *, before: Order | None = None) -> Iterator[tuple[DayKey, Day]]:
    """What a day of an order adds to `activity`, where `before` is what is counted there of the same order already."""
    whole = before.and_(order) if before else order
    counts, counted = whole.amount > 0, before is not None and before.amount > 0
    spared = before.saved if before else 0

    def row(name: str, *, times: int, amount: int) -> tuple[DayKey, Day]:
        day = Day(times, amount, 0, whole.first_at, whole.last_at, key.order_id)
        return DayKey(key.record_id, key.channel, name, key.happened_on), day

    yield row(ORDERED, times=counts - counted, amount=order.amount)
    if whole.saved:
        yield row(SAVED, times=counts - (counted and spared > 0), amount=whole.saved * counts - spared * counted)


def _listed(tables: Mapping[str, pa.Table], name: str, columns: str) -> Iterable[tuple[Any, ...]]:
    if name not in tables:
        return ()
    return zip(*(tables[name][column].to_pylist() for column in columns.split()), strict=True)


def _tells_prices(name: str, page: str | None) -> bool:
    return name in ("Page Viewed", "Screen Viewed") and any(word in (page or "").lower() for word in _PRICES)


def _once(on: date, at: datetime | None, id_: str, millis: int = 0) -> Day:
    moment = at or datetime.combine(on, time.min)
    return Day(1, 0, millis, moment, moment, id_)


def _put(rows: dict[Any, Any], key: object, value: Day | Order) -> None:
    rows[key] = rows[key].and_(value) if key in rows else value
