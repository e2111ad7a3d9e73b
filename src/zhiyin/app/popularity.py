"""Step three of a run: what most customers buy in each province and city, and of each category."""

from __future__ import annotations

import ibis
import pandas as pd

from zhiyin.app.offered import PLACES
from zhiyin.app.work import Work
from zhiyin.recommend.bestsellers import bestsellers
from zhiyin.unify.facts import Facts, owned
from zhiyin.unify.regions import whereabouts

__all__ = ["count_popular", "told_places"]


def count_popular(work: Work, facts: Facts) -> None:
    """Write `popular_in`, which answers pages whose visitor is not known."""
    goods = facts.products.select("product_id", "category")
    lines = facts.lines.filter(facts.lines["amount"] > 0).left_join(goods, "product_id")
    lines = lines.filter(lines["product_id"].notnull()).select(
        "customer_id", "product_id", "on", category=ibis.coalesce(lines["category"], "")
    )
    least = work.home.settings.privacy.smallest_group
    work.write("recommend", "popular_in", rows=bestsellers(lines, told_places(work), at=ibis.date(work.at), least=least))


def told_places(work: Work) -> ibis.Table:
    """The names of where each customer is, as they were told: customer_id, place."""
    told = owned(work.table("attribute"), work.table("identity"))
    told = told.filter(told["name"].isin(sorted(PLACES))).select("customer_id", "value")
    values = work.frame(told.select("value").distinct())["value"].dropna()
    named = pd.DataFrame([(value, name) for value in values for name in whereabouts([value])], columns=["value", "place"])
    return (
        told.join(ibis.memtable(named.astype(object), schema={"value": "string", "place": "string"}), "value")
        .select("customer_id", "place")
        .distinct()
    )
