"""What do most customers buy in a province or city, and what of a category?"""

from __future__ import annotations

import ibis

from zhiyin.core.tables import table_named
from zhiyin.recommend.popular import RECENT_DAYS

__all__ = ["MOST", "bestsellers"]

MOST = 50  # products of a place or category


def bestsellers(lines: ibis.Table, places: ibis.Table, *, at: ibis.Scalar, least: int) -> ibis.Table:
    """The products that most customers bought within `RECENT_DAYS` before `at`.

    Args:
        lines: customer_id, product_id, category, on: what was bought and not given back.
        places: customer_id, place: where customers are, a row for each name of it.
        at: the day; what comes from it on does not count.
        least: customers that a product needs to be named: fewer could be pointed at.

    Returns:
        place, category (one of them empty), product_id, rank, customers.
    """
    ago = at.delta(lines["on"], unit="day")
    recent = lines.filter((ago > 0) & (ago <= RECENT_DAYS)).select("customer_id", "product_id", "category").distinct()
    nowhere = ibis.literal("")
    near = recent.join(places, "customer_id").select("customer_id", "product_id", "place", category=nowhere)
    alike = recent.filter(recent["category"] != "").select("customer_id", "product_id", "category", place=nowhere)
    both = near.union(alike.select(*near.columns))
    counted = both.group_by("place", "category", "product_id").agg(customers=both["customer_id"].nunique())
    counted = counted.filter(counted["customers"] >= least)
    order = [counted["customers"].desc(), counted["product_id"].asc()]
    ranked = counted.mutate(rank=ibis.row_number().over(group_by=["place", "category"], order_by=order) + 1)
    return ranked.filter(ranked["rank"] <= MOST).select(*table_named("popular_in").names)
