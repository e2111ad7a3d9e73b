"""What did each customer do before each of these days?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis

from zhiyin.core.tables import WINDOWS
from zhiyin.unify.asof import asked_days, counts, known, picked, ratio, sample_std, shaped, window_mask
from zhiyin.unify.facts import total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis import Table
    from ibis.expr.types import Value

    from zhiyin.unify.facts import Facts

__all__ = ["features"]

# Columns of a day that are summed over windows; what a kind of day does not have counts nothing.
_SUMMED = (
    "orders", "spend", "lines", "paid", "discount", "coupon_orders", "coupon_lines", "received", "answered", "used", "calls", "calls_yes",
    "calls_no", "visits", "logins", "renewals",
)  # fmt: skip


def features(facts: Facts, at: Sequence[date]) -> Table:
    """One row per customer and day of `at` on which the customer was known, blind to what came on that day or later.

    A customer is known from the first fact on, or from the day after the first day of the oldest record.

    Args:
        facts: see `gather`.
        at: up to 60 days.

    Returns:
        The columns of `profile_at`.

    Raises:
        UsageError: for no day or too many.
    """
    days = asked_days(at)
    seen = known(_daily(facts), days)
    counted = seen.group_by("customer_id", "at_on").agg(**_windows(seen), **_moments(seen))
    whole = counted.left_join(_variety(facts, days), "customer_id").drop("customer_id_right")
    told = facts.attributes.select("customer_id").distinct()
    made = {
        **{f"discount_share_{span}": _discount_share(whole, span) for span in ("28d", "84d", "all")},
        **{name: picked(whole, name, at=days) for name in ("products_84d", "categories_28d", "categories_84d")},
        "gap_mean": whole["gap_sum"] / whole["gaps"].nullif(0),
        "gap_std": sample_std(whole["gaps"], total=whole["gap_sum"], squares=whole["gap_squares"]),
        "ticket_std": sample_std(whole["tickets"], total=whole["ticket_sum"], squares=whole["ticket_squares"]),
        "has_attributes": whole["customer_id"].isin(told["customer_id"]),
    }
    whole = whole.mutate(**made)
    return shaped(whole, "profile_at")


def _daily(facts: Facts) -> Table:
    """One row per customer, day and kind of fact (orders, contacts, visits, first day known), all with the same columns."""
    visits = facts.visits.mutate(visits=ibis.literal(1).cast("float64"))
    since = facts.customers.select("customer_id", on="since_on")
    return ibis.union(*(_filled(rows) for rows in (facts.days, facts.contacts, visits, since)))


def _filled(rows: Table) -> Table:
    nothing = ibis.literal(0).cast("float64")
    summed = {name: rows[name] if name in rows.columns else nothing for name in _SUMMED}
    ordering = {name: rows[name] if name in rows.columns else ibis.null(type_) for name, type_ in (("gap", "float64"), ("next_on", "date"))}
    return rows.select("customer_id", "on", **summed, **ordering)


def _windows(seen: Table) -> dict[str, Value]:
    """Sums over the windows that end the day before, and over all time."""

    def over(name: str, *spans: int | None) -> dict[str, Value]:
        within = {f"{name}_{days}d" if days else f"{name}_all": seen["age"] <= days if days else None for days in spans}
        return {column: total(seen[name], where=where) for column, where in within.items()}

    ordering = seen["orders"] > 0
    sums: dict[str, Value] = {}
    for name in ("orders", "spend", "lines"):
        sums |= over(name, *WINDOWS, None)
    for name in ("paid", "discount", "coupon_orders"):
        sums |= over(name, 28, 84, None)
    return (
        sums
        | over("coupon_lines", 84, None)
        | over("calls", 84, None)
        | over("calls_yes", None)
        | over("calls_no", None)
        | over("visits", 28, 84)
        | over("logins", 28, 84)
        | {f"days_{days}d": total(ordering & (seen["age"] <= days)) for days in (28, 56, 84)}
        | {"days_all": total(ordering)}
        | {f"offers_{name}": total(seen[name]) for name in ("received", "answered", "used")}
    )


def _moments(seen: Table) -> dict[str, Value]:
    """When things last happened, how regularly, and the sums that deviations are made of."""
    ordering = seen["orders"] > 0
    gap, spend, age = seen["gap"], seen["spend"], seen["age"]
    # One row a group: argmax sorts each group in DuckDB, half of all the time.
    latest = ordering & (seen["next_on"].isnull() | (seen["next_on"] >= seen["at_on"]))
    return {
        "days_since_order": ordering.ifelse(age, None).min(),
        "tenure_days": ordering.ifelse(age, None).max(),
        "days_since_coupon": (seen["coupon_lines"] > 0).ifelse(age, None).min(),
        "days_since_answer": (seen["used"] > 0).ifelse(age, None).min(),
        "days_since_call": (seen["calls"] > 0).ifelse(age, None).min(),
        "days_since_visit": (seen["visits"] > 0).ifelse(age, None).min(),
        "days_since_login": (seen["logins"] > 0).ifelse(age, None).min(),
        "days_since_renewal": (seen["renewals"] > 0).ifelse(age, None).min(),
        "last_gap": latest.ifelse(gap, None).max(),
        "last_ticket": latest.ifelse(spend, None).max(),
        "gap_max": gap.max(),
        "gaps": gap.count().cast("float64"),
        "gap_sum": total(gap),
        "gap_squares": total(gap * gap),
        "tickets": total(ordering),
        "ticket_sum": total(spend, where=ordering),
        "ticket_squares": total(spend * spend, where=ordering),
    }


def _discount_share(whole: Table, span: str) -> Value:
    discount = whole[f"discount_{span}"]
    return ratio(discount, discount + whole[f"paid_{span}"])


def _variety(facts: Facts, at: Sequence[date]) -> Table:
    """How many different products and categories each customer bought: see `counts`."""
    bought = _lately(facts.lines.filter(facts.lines["amount"] > 0), at, days=84)
    days = _lately(facts.category_days, at, days=84)
    products = bought.group_by("customer_id", "product_id").agg(products_84d=window_mask(bought["on"], at, days=84).bit_or())
    categories = days.group_by("customer_id", "category").agg(
        **{f"categories_{span}d": window_mask(days["on"], at, days=span).bit_or() for span in (28, 84)}
    )
    products = counts(products, "customer_id", names=["products_84d"], at=at)
    categories = counts(categories, "customer_id", names=["categories_28d", "categories_84d"], at=at)
    return products.left_join(categories, "customer_id").drop("customer_id_right")


def _lately(rows: Table, at: Sequence[date], *, days: int) -> Table:
    """Rows that lie in a window of any day asked about, and some between them: spares grouping years of history."""
    return rows.filter((rows["on"] >= ibis.date(at[0] - timedelta(days=days))) & (rows["on"] < ibis.date(at[-1])))
