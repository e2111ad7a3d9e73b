"""What really happened after each day that was asked about? Labels, and the day from which they are known.

A label of day D looks at [D, D + days) and at nothing else; features of D look at days before D only, so the two never meet.
All functions take `asked`, one row per customer and day (`profile_at`, or any table with these columns), and return its
keys with `label` (0 or 1) and `known_on`, the first day on which the label is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from ibis import Table

__all__ = ["answered", "bought", "bought_category", "halved", "said_yes", "stayed_away"]

YES = ("bought", "answered")  # kinds of outcome of a call that say yes
CALLED = (*YES, "no_need", "unreachable", "refused_contact")
ANSWERS = ("redeemed", "bought", "answered")  # kinds of outcome that answer a campaign


def bought(asked: Table, orders: Table, *, days: int) -> Table:
    """Did the customer buy within `days`?

    Args:
        asked: `customer_id`, `at_on`.
        orders: one row per customer and buying day: `customer_id`, `on`, `orders`, `spend`.
        days: length of the window.
    """
    return _happened(asked, _days(orders), days=days)


def stayed_away(asked: Table, orders: Table, *, days: int) -> Table:
    """Did the customer buy nothing within `days`? Arguments as of `bought`."""
    found = bought(asked, orders, days=days)
    return found.mutate(label=1.0 - found["label"])


def halved(asked: Table, orders: Table, *, days: int) -> Table:
    """Was the spend of the next `days` less than half of the usual?

    Args:
        asked: `customer_id`, `at_on`, `spend_84d`; the usual is the mean over the last 84 days.
        orders: as of `bought`.
        days: length of the window.
    """
    later = _later(asked.select("customer_id", "at_on", "spend_84d"), orders, days=days)
    spent = later.group_by("customer_id", "at_on", "spend_84d").agg(spent=ibis.coalesce(later["spend"].sum(), 0))
    label = spent["spent"] * 2 * 84 < spent["spend_84d"] * days
    return spent.select("customer_id", "at_on", label=label.cast("float64"), known_on=_after(spent["at_on"], days))


def bought_category(asked: Table, category_days: Table, *, days: int) -> Table:
    """Did the customer buy this category within `days`?

    Args:
        asked: `customer_id`, `category`, `at_on`.
        category_days: `customer_id`, `category`, `on`: days on which something of the category was bought.
        days: length of the window.
    """
    return _happened(asked, category_days.select("customer_id", "category", "on"), days=days, by=("customer_id", "category"))


def said_yes(asked: Table, outcomes: Table, *, days: int) -> Table:
    """Did the customer say yes in the first call within `days`? Who was not called in these days has no label and no row.

    Args:
        asked: `customer_id`, `at_on`.
        outcomes: `customer_id`, `campaign_id`, `kind`, `happened_on`; results of calls are those without a campaign.
        days: length of the window.
    """
    calls = outcomes.filter(outcomes["kind"].isin(CALLED) & (ibis.coalesce(outcomes["campaign_id"], "") == ""))
    calls = calls.select("customer_id", "kind", on="happened_on")
    later = _later(asked.select("customer_id", "at_on"), calls, days=days)
    later = later.filter(later["on"].notnull())
    first = later.group_by("customer_id", "at_on").agg(on=later["on"].min())
    met = first.inner_join(later, ["customer_id", "at_on", "on"])
    found = met.group_by("customer_id", "at_on").agg(label=met["kind"].isin(YES).cast("float64").max())
    return found.mutate(known_on=_after(found["at_on"], days))


def answered(asked: Table, outcomes: Table, *, campaigns: Table) -> Table:
    """Did the customer answer this campaign before it ended?

    Args:
        asked: `customer_id`, `campaign_id`, `at_on`.
        outcomes: `customer_id`, `campaign_id`, `kind`, `happened_on`.
        campaigns: `campaign_id`, `ends_on`; its label is known on the day after.
    """
    rows = asked.select("customer_id", "campaign_id", "at_on").inner_join(campaigns.select("campaign_id", "ends_on"), "campaign_id")
    answers = outcomes.filter(outcomes["kind"].isin(ANSWERS)).select("customer_id", "campaign_id", "happened_on")
    met = rows.left_join(
        answers,
        [
            rows["customer_id"] == answers["customer_id"],
            rows["campaign_id"] == answers["campaign_id"],
            answers["happened_on"] >= rows["at_on"],
            answers["happened_on"] <= rows["ends_on"],
        ],
    )
    found = met.group_by("customer_id", "campaign_id", "at_on", "ends_on").agg(label=(met["happened_on"].count() > 0).cast("float64"))
    return found.select("customer_id", "campaign_id", "at_on", "label", known_on=_after(found["ends_on"], 1))


def _days(orders: Table) -> Table:
    return orders.filter(orders["orders"] > 0).select("customer_id", "on")


def _happened(asked: Table, events: Table, *, days: int, by: tuple[str, ...] = ("customer_id",)) -> Table:
    later = _later(asked.select(*by, "at_on"), events, days=days, by=by)
    found = later.group_by(*by, "at_on").agg(label=(later["on"].count() > 0).cast("float64"))
    return found.mutate(known_on=_after(found["at_on"], days))


def _later(asked: Table, events: Table, *, days: int, by: tuple[str, ...] = ("customer_id",)) -> Table:
    """Each row asked about with the events of its window; a row without any stays, with empty cells."""
    same = [asked[name] == events[name] for name in by]
    return asked.left_join(events, [*same, events["on"] >= asked["at_on"], events["on"] < _after(asked["at_on"], days)])


def _after(day: ibis.expr.types.DateValue, days: int) -> ibis.expr.types.DateValue:
    return (day + ibis.interval(days=days)).cast("date")
