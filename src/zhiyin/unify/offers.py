"""What did each customer have to do with the products that a campaign offers?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from zhiyin.unify.asof import shaped
from zhiyin.unify.facts import total

if TYPE_CHECKING:
    from ibis import Table

    from zhiyin.unify.facts import Facts

__all__ = ["offers", "received"]

_KEY = ["customer_id", "campaign_id", "at_on"]


def received(facts: Facts) -> Table:
    """The campaigns that each customer received, each as of its first day: `customer_id`, `campaign_id`, `at_on`."""
    met = facts.touches.inner_join(facts.campaigns.select("campaign_id", "starts_on"), "campaign_id")
    return met.filter(met["starts_on"].notnull()).select("customer_id", "campaign_id", at_on="starts_on")


def offers(facts: Facts, asked: Table) -> Table:
    """One row per row of `asked`: what the customer bought of the campaign's products and categories before the day.

    Args:
        facts: see `gather`.
        asked: `customer_id`, `campaign_id`, `at_on`, each once: those of `received`, or whom a coming campaign may reach.

    Returns:
        The columns of `campaign_at`.
    """
    covered = facts.offers.select("campaign_id", "offer_id", "product_id")
    whole = asked.select(_KEY).inner_join(_campaigns(facts, covered), "campaign_id")
    for part in (_products(facts, asked, covered=covered), _categories(facts, asked, covered=covered)):
        columns = [*whole.columns, *(name for name in part.columns if name not in _KEY)]
        whole = whole.left_join(part, _KEY).select(columns)
    counted = [name for name in whole.columns if name.startswith("offer_") and name != "offer_days_since"]
    return shaped(whole.mutate(**{name: ibis.coalesce(whole[name], 0) for name in counted}), "campaign_at")


def _campaigns(facts: Facts, covered: Table) -> Table:
    """Kind, length and breadth of each campaign."""
    breadth = covered.group_by("campaign_id").agg(
        campaign_products=covered["product_id"].nunique(), campaign_offers=covered["offer_id"].nunique()
    )
    known = facts.campaigns.left_join(breadth, "campaign_id")
    return known.select(
        "campaign_id",
        campaign_kind="kind",
        campaign_products=ibis.coalesce(known["campaign_products"], 0),
        campaign_offers=ibis.coalesce(known["campaign_offers"], 0),
        campaign_days=known["ends_on"].delta(known["starts_on"], unit="day"),
    )


def _products(facts: Facts, asked: Table, *, covered: Table) -> Table:
    """What was bought of the campaign's products, on which days and with how many coupons."""
    lines = facts.lines.filter(facts.lines["amount"] > 0)
    lines = lines.semi_join(covered, "product_id")
    days = lines.group_by("customer_id", "product_id", "on").agg(spend=total(lines["amount"]), coupon_lines=total(lines["coupon"] > 0))
    met = days.inner_join(covered.select("campaign_id", "product_id").distinct(), "product_id")
    met = met.inner_join(asked.select(_KEY), ["customer_id", "campaign_id"])
    met = met.filter(met["on"] < met["at_on"])
    age = met["at_on"].delta(met["on"], unit="day")
    return met.group_by(_KEY).agg(
        offer_products=met["product_id"].nunique(),
        offer_days=met["on"].nunique(),
        offer_days_84d=met["on"].nunique(where=age <= 84),
        offer_spend=total(met["spend"]),
        offer_spend_28d=total(met["spend"], where=age <= 28),
        offer_spend_84d=total(met["spend"], where=age <= 84),
        offer_days_since=age.min(),
        offer_coupon_lines=total(met["coupon_lines"]),
    )


def _categories(facts: Facts, asked: Table, *, covered: Table) -> Table:
    """What was bought in the categories of the campaign's products."""
    categories = covered.inner_join(facts.products.select("product_id", "category"), "product_id")
    categories = categories.filter(categories["category"] != "").select("campaign_id", "category").distinct()
    met = facts.category_days.inner_join(categories, "category").inner_join(asked.select(_KEY), ["customer_id", "campaign_id"])
    met = met.filter(met["on"] < met["at_on"])
    lately = met["at_on"].delta(met["on"], unit="day") <= 84
    return met.group_by(_KEY).agg(
        offer_category_spend_84d=total(met["spend"], where=lately),
        offer_category_coupon_lines=total(met["coupon_lines"]),
    )
