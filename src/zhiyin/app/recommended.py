"""Step three of a run: what to offer each customer, bought before or new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import ibis
import pandas as pd

from zhiyin.app.offered import SHOWN, arranging
from zhiyin.app.predicted import young
from zhiyin.app.promoting import put_on_shelf
from zhiyin.app.work import Work
from zhiyin.core.errors import TooLittleData
from zhiyin.core.tables import TABLES
from zhiyin.core.words import Say
from zhiyin.recommend.arrange import Arranging
from zhiyin.recommend.products import ProductRecommender
from zhiyin.recommend.rules import Offered, catalogue
from zhiyin.unify.facts import Facts

__all__ = ["QUESTION", "recommend"]

_RECOMMEND = Say("推荐", "Recommend")
QUESTION = "recommend"  # under which its weights stand on the shelf
PIECE = 20_000  # customers
SPARE = 3  # times as many of each kind are kept as are shown, where the shop or the settings leave some out for some customers


def recommend(work: Work, facts: Facts) -> Mapping[str, pd.DataFrame]:
    """Write recommendations; returns what was bought by now, for the scorecard."""
    lines = facts.lines.filter(facts.lines["amount"] > 0)
    named = lines.left_join(facts.products.select("product_id", "category", "hidden"), "product_id")
    named = named.filter(~ibis.coalesce(named["hidden"], False) & named["product_id"].notnull())  # an order may be told without its goods
    category = ibis.coalesce(named["category"], "")
    # Orders are only told apart: a number for each is read in a third of the time.
    order = named["order_id"].hash()
    bought = work.build.long_frame(named.select("customer_id", "product_id", order_id=order, category=category, ordered_on="on"))
    try:
        model = _model(work, bought)
    except TooLittleData as little:
        work.notes.append(little.what)
        work.write("recommend", "recommendation", rows=pd.DataFrame(columns=list(TABLES["recommendation"].names)))
        return {}
    shelf = _shelf(work)
    picks = arranging(work.home.settings) != Arranging() or any(item.regions for item in shelf.values())
    lists = _lists(work, model.offering(shelf), sorted(bought["customer_id"].unique()), k=SHOWN * SPARE if picks else SHOWN)
    work.write_parts("recommend", "recommendation", parts=lists)
    return {"bought": bought}


def _shelf(work: Work) -> Mapping[str, Offered]:
    """What is known of every product on the day of the list."""
    goods, stock = work.table("product"), work.known("stock")
    goods = goods.select("product_id", "name", "hidden", "repeatable", "sold_from", "sold_until", "regions")
    stock = stock.filter(stock["pieces"].notnull())
    last = stock.group_by("product_id").agg(pieces=stock["pieces"].argmax(stock["counted_on"]), counted_on=stock["counted_on"].max())
    products, counts = ((row for batch in work.build.batches(rows) for row in batch.to_pylist()) for rows in (goods, last))
    return catalogue(products, counts)


def _lists(work: Work, model: ProductRecommender, customers: Sequence[str], *, k: int) -> Iterator[pd.DataFrame]:
    """The lists of all customers, some thousand at a time: every product comes with its reason in two languages."""
    for start in range(0, max(len(customers), 1), PIECE):
        yield model.lists(customers[start : start + PIECE], k)
        work.progress(_RECOMMEND, min(start + PIECE, len(customers)) / max(len(customers), 1))


def _model(work: Work, bought: pd.DataFrame) -> ProductRecommender:
    """The recommender over all that is bought by now; its weights are learned anew when they are old."""
    known = young(work, QUESTION)
    if known is not None and isinstance(known[0], ProductRecommender):
        work.cards.append(known[1])
        return known[0].renewed(bought, at=work.at)
    settings = work.home.settings
    model = ProductRecommender(
        needs=("ordered_on", "order_id", "category"),
        item="product_id",
        at=work.at,
        horizon=settings.learning.horizon_days,
        threads=settings.lake.threads,
        seed=settings.learning.seed,
    ).fit(bought)
    work.cards.append(put_on_shelf(work, model, card=replace(model.card(), question=QUESTION)))
    judged = model.report().rename(columns={"kind": "question"})
    judged["metric"] = judged["metric"].str.replace("@", "_at_")
    day = work.at - timedelta(days=settings.learning.horizon_days)
    work.validation.append(judged.assign(subject="recommendation", at_on=day))
    return model
