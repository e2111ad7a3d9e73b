"""Who is this customer today: which stage, how valuable, fond of what?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from zhiyin.unify.asof import shaped
from zhiyin.unify.stages import stages

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table
    from ibis.expr.types import IntegerValue, StringValue

    from zhiyin.unify.facts import Facts

__all__ = ["TIERS", "profile", "values"]

TIERS = ("champion", "loyal", "promising", "slipping", "asleep", "lead")
_GROUPS = 5
_INTERESTS = 3


def profile(facts: Facts, *, at: date, valued: Table | None = None) -> Table:
    """Attributes, behaviour and value of every customer known before `at`.

    Args:
        facts: see `gather`.
        at: known is what happened before this day.
        valued: the answer of `values` for all customers, where the facts are about a part of them.

    Returns:
        The columns of `profile`: one row a customer of `facts.customers` whose first day or first order is past.
    """
    valued = values(facts, at=at) if valued is None else valued
    everyone = facts.customers.select("customer_id", "since_on")
    whole = everyone.left_join(valued, "customer_id").drop("customer_id_right")
    for more in (_interests(facts.category_days, at=at), _attributes(facts.attributes)):
        whole = whole.left_join(more, "customer_id").drop("customer_id_right")
    known = whole["last_order_on"].notnull() | (ibis.coalesce(whole["since_on"], ibis.date(1, 1, 1)) < ibis.date(at))
    whole = whole.filter(known)
    whole = whole.mutate(
        at_on=ibis.date(at),
        stage=ibis.coalesce(whole["stage"], "lead"),
        stage_since_on=ibis.coalesce(whole["stage_since_on"], whole["since_on"]),
        orders=ibis.coalesce(whole["orders"], 0),
        spend=ibis.coalesce(whole["spend"], 0),
        currency=ibis.literal(facts.currency),
        tier=ibis.coalesce(whole["tier"], "lead"),
        interests=ibis.coalesce(whole["interests"], "[]"),
        attributes=ibis.coalesce(whole["attributes"], "{}"),
    )
    return shaped(whole, "profile")


def values(facts: Facts, *, at: date) -> Table:
    """Stage, behaviour and tier of everybody who bought before `at`: the part of a profile that compares customers."""
    return _scores(stages(facts.days, at=at))


def _scores(buyers: Table) -> Table:
    """Recency, frequency and money as fifths of all buyers (5 is best), and the tier.

    Equal customers get equal scores: the score counts how many of all are strictly worse. Cutting the list into
    fifths of equal size would give one of two customers with a single order a better score than the other.
    The tier judges silence by the customer's own rhythm (the stage), not against all: a monthly buyer is not asleep
    after nine days because others come daily.
    """
    scored = buyers.mutate(
        recency_score=_fifth(-buyers["days_since_order"]),
        frequency_score=_fifth(buyers["orders"]),
        monetary_score=_fifth(buyers["spend"]),
    )
    often, much = scored["frequency_score"], scored["monetary_score"]
    there = scored["stage"].isin(("new", "active"))
    tier = ibis.cases(
        (there & (often >= 4) & (much >= 4), "champion"),
        (there & (often >= 3), "loyal"),
        (there, "promising"),
        (scored["stage"] == "quiet", "slipping"),
        else_="asleep",
    )
    return scored.mutate(tier=tier)


def _fifth(value: IntegerValue) -> IntegerValue:
    everyone = ibis.window(order_by=value)
    worse = ibis.rank().over(everyone)  # from 0
    count = value.count().over(ibis.window())
    return (worse * _GROUPS) // count + 1


def _interests(category_days: Table, *, at: date) -> Table:
    """The favourite categories of each customer as JSON, those bought on most days first."""
    known = category_days.filter(category_days["on"] < ibis.date(at))
    tastes = known.group_by("customer_id", "category").agg(days=known.count(), spend=known["spend"].sum(), last_on=known["on"].max())
    order = [tastes["days"].desc(), tastes["spend"].desc(), tastes["category"]]
    ranked = tastes.mutate(place=ibis.row_number().over(ibis.window(group_by=tastes["customer_id"], order_by=order)))
    top = ranked.filter(ranked["place"] < _INTERESTS)
    text = (
        ibis.literal('{"category": ') + _quoted(top["category"])
        + ', "days": ' + top["days"].cast("string")
        + ', "spend": ' + top["spend"].cast("int64").cast("string")
        + ', "last_on": ' + _quoted(top["last_on"].cast("string")) + "}"
    )  # fmt: skip
    top = top.mutate(text=text)
    first, *others = [top["text"].max(where=top["place"] == place) for place in range(_INTERESTS)]
    listed = ibis.literal("[") + first
    for other in others:
        listed = listed + ibis.coalesce(ibis.literal(", ") + other, "")
    return top.group_by("customer_id").agg(interests=listed + "]")


def _attributes(attributes: Table) -> Table:
    """The declared attributes of each customer as JSON, with the source; the youngest record speaks."""
    youngest = [attributes["since_on"].isnull(), attributes["since_on"].desc(), attributes["record"]]
    one = ibis.window(group_by=[attributes["customer_id"], attributes["name"]], order_by=youngest)
    ranked = attributes.mutate(place=ibis.row_number().over(one))
    told = ranked.filter(ranked["place"] == 0)
    text = (
        _quoted(told["name"]) + ': {"value": ' + _quoted(told["value"])
        + ', "source": ' + _quoted(told["source"]) + "}"
    )  # fmt: skip
    told = told.mutate(text=text)
    return told.group_by("customer_id").agg(attributes=ibis.literal("{") + told["text"].collect().sort().join(", ") + "}")


def _quoted(text: StringValue) -> StringValue:
    """The text as a JSON string."""
    safe = ibis.coalesce(text, "").replace("\\", "\\\\").replace('"', '\\"').re_replace(r"[\x00-\x1f]", " ")
    return ibis.literal('"') + safe + '"'
