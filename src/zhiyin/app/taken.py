"""Step three of a run, before the lists: which products go together, and which are taken by most."""

from __future__ import annotations

import ibis
import pandas as pd

from zhiyin.app.work import Work
from zhiyin.core.tables import TABLES
from zhiyin.recommend.links import TAKEN, popular, product_links
from zhiyin.unify.facts import Facts, owned

__all__ = ["link_products"]


def link_products(work: Work, facts: Facts) -> None:
    """Write `product_link` and `popular_product`, which online answers read when a customer does something."""
    taken = work.build.long_frame(_taken(work, facts))
    work.write("recommend", "product_link", rows=_of("product_link", product_links(taken)))
    work.write("recommend", "popular_product", rows=_of("popular_product", popular(taken, at=work.at)))


def _of(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[list(TABLES[table].names)]


def _taken(work: Work, facts: Facts) -> ibis.Table:
    """One row a customer and product: the strongest that the customer did with it, and the last day."""
    bought = facts.lines.filter(facts.lines["amount"] > 0)
    ways = [bought.select("customer_id", "product_id", "on").mutate(weight=ibis.literal(TAKEN["Order Completed"], "float64"))]
    events = owned(work.known("event"), work.table("identity"))
    for name in ("Product Added", "Product Viewed"):
        done = events.filter(events["name"] == name).select("customer_id", "product_id", on="happened_on")
        ways.append(done.mutate(weight=ibis.literal(TAKEN[name], "float64")))
    every = ibis.union(*ways)
    every = every.filter(every["product_id"].notnull() & (every["product_id"] != ""))
    return every.group_by("customer_id", "product_id").agg(weight=every["weight"].max(), on=every["on"].max())
