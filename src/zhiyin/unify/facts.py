"""Whose is each fact, and what did each customer do on each day?

Everything else in this room is counted over the small tables made here, so that the order lines are read once, however
many days are asked about. Sums of whole numbers run in float64: exact up to 9e15 minor units, and three times as
fast in DuckDB as its 128-bit sums of integers.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import ibis

from zhiyin.unify.merge import customers
from zhiyin.unify.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ibis import Table
    from ibis.expr.types import BooleanValue, FloatingValue, NumericValue, Value

__all__ = ["ANSWERS", "CALLED", "LOGINS", "RENEWALS", "Facts", "category_days", "gather", "order_days", "owned", "total"]

ANSWERS = ("redeemed", "bought", "answered")  # kinds of outcome that say yes to a campaign
CALLED = ("bought", "answered", "no_need", "unreachable", "refused_contact")  # kinds of outcome of a call, or another personal contact
# Events of product use, in small letters, as the specification, the libraries of 神策 and companies' own logs call them.
LOGINS = ("signed in", "application opened", "$appstart", "$mplaunch", "login", "log in", "sign_in", "登录", "用户登录")
RENEWALS = ("subscription started", "subscription renewed", "subscription_renewed", "renewal", "renew", "续费", "续订", "开通会员")
_KEPT = ("customers", "days", "category_days", "visits", "contacts", "attributes", "outcomes")


@dataclass(frozen=True)
class Facts:
    """What is counted over. All tables bear `customer_id`; money is of one currency.

    Args:
        currency: ISO 4217 code of the money.
        customers: the columns of `customer`.
        lines: order lines, with `on` for their day.
        products: `product`.
        days: `order_days`.
        category_days: `category_days`.
        visits: `customer_id`, `on`, `logins`, `renewals`: days with an event, and how many of it were a login or a renewal.
        contacts: `customer_id`, `on`, `received`, `answered`, `used`: campaigns and answers of a day; `calls`, `calls_yes`, `calls_no`:
            contacts outside of campaigns of which a result was noted, how many said yes, and how many that there is no need.
        attributes: `record_id`, `customer_id`, `name`, `value`, `source`, `since_on` of the record.
        touches: `customer_id`, `campaign_id`, `on`: campaigns received, each once.
        outcomes: the columns of `outcome`, with `customer_id`.
        campaigns: `campaign`.
        offers: `offer`.
    """

    currency: str
    customers: Table
    lines: Table
    products: Table
    days: Table
    category_days: Table
    visits: Table
    contacts: Table
    attributes: Table
    touches: Table
    outcomes: Table
    campaigns: Table
    offers: Table

    def kept(self, keep: Callable[[str, Table], Table]) -> Facts:
        """The same facts, with what is small and read often passed through `keep(name, table)`, which stores it once."""
        return replace(self, **{name: keep(name, getattr(self, name)) for name in _KEPT})

    def within(self, span: Span) -> Facts:
        """What is known of some customers only; products, campaigns and offers stay whole."""
        return replace(self, **{part.name: span.of(getattr(self, part.name)) for part in fields(self) if part.name != "currency"})


def gather(tables: Mapping[str, Table], *, currency: str) -> Facts:
    """The facts of all customers, from the tables of the lake.

    Args:
        tables: `record`, `identity`, `order_line`, `product`, `attribute`, `event`, `touch`, `outcome`, `campaign`,
            `offer`, by name.
        currency: lines in another currency are left out; money of two currencies does not add up.
    """
    identity, records, products = tables["identity"], tables["record"], tables["product"]
    lines = owned(tables["order_line"], identity)
    lines = lines.filter(lines["currency"] == currency).rename(on="ordered_on")
    outcomes = owned(tables["outcome"], identity)
    touches = _received(owned(tables["touch"], identity), tables["campaign"])
    return Facts(
        currency=currency,
        customers=customers(records, identity),
        lines=lines,
        products=products,
        days=order_days(lines),
        category_days=category_days(lines, products),
        visits=_visits(owned(tables["event"], identity)),
        contacts=_contacts(touches, outcomes),
        attributes=_told(tables["attribute"], records, identity=identity),
        touches=touches,
        outcomes=outcomes,
        campaigns=tables["campaign"],
        offers=tables["offer"],
    )


def owned(facts: Table, identity: Table) -> Table:
    """The facts with `customer_id` in place of `record_id`; a record without a row in `identity` is its own customer."""
    linked = facts.left_join(identity, "record_id")
    others = [linked[name] for name in facts.columns if name != "record_id"]
    return linked.select(ibis.coalesce(linked["customer_id"], linked["record_id"]).name("customer_id"), *others)


def order_days(lines: Table) -> Table:
    """One row per customer and day with an order line.

    An order counts when its lines of that day sum to more than zero; a return on a later day lowers the spend of
    that later day and takes no order away, so that no day looks at what came after it.

    Args:
        lines: `order_line` with `customer_id` and `on`, in one currency.

    Returns:
        `customer_id`, `on`, `orders`, `spend` (returns deducted), `lines`, `paid`, `discount` (of lines paid for),
        `coupon_orders`, `coupon_lines`, `gap` (days since the order day before; missing on the first), `next_on` (the
        order day after; missing on the last).
    """
    paid = lines["amount"] > 0
    orders = lines.group_by("customer_id", "source", "order_id", "on").agg(
        spend=total(lines["amount"]),
        lines=total(paid),
        paid=total(lines["amount"], where=paid),
        discount=total(lines["discount"], where=paid),
        coupon_lines=total(paid & (lines["coupon"] > 0)),
    )
    counts = orders["spend"] > 0
    days = orders.group_by("customer_id", "on").agg(
        orders=total(counts),
        **{name: total(orders[name]) for name in ("spend", "lines", "paid", "discount", "coupon_lines")},
        coupon_orders=total(counts & (orders["coupon_lines"] > 0)),
    )
    one = {"group_by": days["customer_id"], "order_by": days["on"]}
    ordered_on = (days["orders"] > 0).ifelse(days["on"], None)
    before = ordered_on.max().over(ibis.window(**one, preceding=(None, 1)))
    gap = days["on"].delta(before, unit="day").cast("float64")
    return days.mutate(
        gap=(days["orders"] > 0).ifelse(gap, None),
        next_on=ordered_on.min().over(ibis.window(**one, following=(1, None))),
    )


def category_days(lines: Table, products: Table) -> Table:
    """One row per customer, category and day on which something of it was paid for.

    Returns:
        `customer_id`, `category`, `on`, `spend`, `discount`, `lines`, `coupon_lines`.
    """
    bought = lines.filter(lines["amount"] > 0).select("customer_id", "product_id", "on", "amount", "discount", "coupon")
    bought = bought.inner_join(products.filter(products["category"] != "").select("product_id", "category"), "product_id")
    return bought.group_by("customer_id", "category", "on").agg(
        spend=total(bought["amount"]),
        discount=total(bought["discount"]),
        lines=bought.count().cast("float64"),
        coupon_lines=total(bought["coupon"] > 0),
    )


def total(column: NumericValue | BooleanValue, *, where: BooleanValue | None = None) -> FloatingValue:
    """The sum as float64, 0 over nothing.

    What does not count adds 0 instead of being filtered out: a third faster in DuckDB than FILTER, measured.
    """
    number = column.cast("float64")
    return ibis.coalesce((number if where is None else where.ifelse(number, 0.0)).sum(), 0.0)


def _received(touches: Table, campaigns: Table) -> Table:
    """The first day on which each customer received each campaign; a touch without a day counts from the campaign's first."""
    dated = touches.filter(~ibis.coalesce(touches["holdout"], False) & (touches["campaign_id"] != ""))
    dated = dated.select("customer_id", "campaign_id", "touched_on").left_join(campaigns.select("campaign_id", "starts_on"), "campaign_id")
    on = ibis.coalesce(dated["touched_on"], dated["starts_on"])
    return dated.group_by("customer_id", "campaign_id").agg(on=on.min())


def _visits(events: Table) -> Table:
    """Days with an event; opening an app where one is signed in counts as signing in."""
    name = events["name"].lower()
    return events.group_by("customer_id", on=events["happened_on"]).agg(
        logins=total(name.isin(LOGINS)), renewals=total(name.isin(RENEWALS))
    )


def _contacts(touches: Table, outcomes: Table) -> Table:
    """What marketing of a day: campaigns received, campaigns answered (each once, when both are known), answers; results of calls."""
    answers = outcomes.filter(outcomes["kind"].isin(ANSWERS))
    first = answers.group_by("customer_id", "campaign_id").agg(answered_on=answers["happened_on"].min())
    met = touches.inner_join(first, ["customer_id", "campaign_id"])
    calls = outcomes.filter(outcomes["kind"].isin(CALLED) & (ibis.coalesce(outcomes["campaign_id"], "") == ""))
    calls = calls.select("customer_id", "kind", on="happened_on")
    one = ibis.literal(1).cast("float64")
    yes, no = (calls["kind"].isin(kinds).cast("float64") for kinds in (("bought", "answered"), ("no_need",)))
    return ibis.union(
        _marked(touches.select("customer_id", "on"), received=one),
        _marked(met.select("customer_id", on=ibis.greatest(met["on"], met["answered_on"])), answered=one),
        _marked(answers.select("customer_id", on="happened_on"), used=one),
        _marked(calls, calls=one, calls_yes=yes, calls_no=no),
    )


def _marked(rows: Table, **marks: Value) -> Table:
    """The days with all counts of `contacts`, 0 where nothing is said."""
    none = ibis.literal(0).cast("float64")
    counts = ("received", "answered", "used", "calls", "calls_yes", "calls_no")
    return rows.select("customer_id", "on", **{name: marks.get(name, none) for name in counts})


def _told(attributes: Table, records: Table, *, identity: Table) -> Table:
    """The declared attributes with their source, by record and customer."""
    told = attributes.select("record_id", "name", "value").left_join(records.select("record_id", "source", "since_on"), "record_id")
    told = told.select("record_id", "name", "value", "source", "since_on", record=told["record_id"])
    return owned(told, identity)
