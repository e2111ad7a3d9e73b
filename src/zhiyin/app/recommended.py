"""Step three of a run: what to offer each customer, bought before or new."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import pandas as pd

from zhiyin.app.work import Work
from zhiyin.core.errors import TooLittleData
from zhiyin.core.tables import TABLES
from zhiyin.recommend.choose import ProductRecommender
from zhiyin.recommend.rules import catalogue
from zhiyin.unify.facts import Facts

__all__ = ["recommend"]

SHOWN = 10  # of each kind, kept for each customer


def recommend(work: Work, facts: Facts) -> Mapping[str, pd.DataFrame]:
    """Write recommendations; returns the recommender's own report for the scorecard."""
    lines = facts.lines.filter(facts.lines["amount"] > 0)
    named = lines.left_join(facts.products.select("product_id", "category", "hidden"), "product_id")
    named = named.filter(~ibis.coalesce(named["hidden"], False))
    category = ibis.coalesce(named["category"], "")
    bought = work.frame(named.select("customer_id", "order_id", "product_id", category=category, ordered_on="on"))
    settings = work.home.settings
    model = ProductRecommender(
        needs=("ordered_on", "order_id", "category"),
        item="product_id",
        at=work.at,
        horizon=settings.learning.horizon_days,
        threads=settings.lake.threads,
        seed=settings.learning.seed,
    )
    try:
        model.fit(bought)
    except TooLittleData as little:
        work.notes.append(little.what)
        work.write("recommend", "recommendation", rows=pd.DataFrame(columns=list(TABLES["recommendation"].names)))
        return {}
    shelf = catalogue(work.frame(work.table("product")), work.frame(work.known("stock")))
    lists = model.offering(shelf).lists(sorted(bought["customer_id"].unique()), SHOWN)
    work.write("recommend", "recommendation", rows=lists)
    return {"report": model.report(), "bought": bought}
