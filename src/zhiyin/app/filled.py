"""What a run infers: the category that a customer seems to prefer, and the category of a product that has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import pandas as pd

from zhiyin.app.work import Work
from zhiyin.core.tables import TABLES
from zhiyin.unify.facts import Facts
from zhiyin.unify.preferred import CategoryFill, category_fills, preferred_categories, with_inferred

__all__ = ["fill_behaviour", "with_categories"]

_OF_A_RUN = ("behaviour", "name")


def with_categories(work: Work, products: ibis.Table) -> tuple[ibis.Table, list[CategoryFill]]:
    """The products, those without a category with the one that their name speaks for; what is told stays as it is."""
    named = work.frame(products.select("product_id", "name", "category"))
    rows = named.astype(object).where(named.notna(), None).itertuples(index=False)
    found = category_fills((row.product_id, row.name, row.category) for row in rows)
    if not found:
        return products, []
    inferred = pd.DataFrame(found).rename(columns={"category": "value"}).astype({"product_id": "string", "value": "string"})
    return with_inferred(products, work.build.scratch("category_fills", inferred)), found


def fill_behaviour(work: Work, facts: Facts, *, categories: Sequence[CategoryFill]) -> None:
    """Write what this run infers in place of what an earlier one did; what an import inferred stays."""
    preferred = preferred_categories(facts.category_days)
    fixed = {"product_id": "", "column_name": "preferred_category", "method": "behaviour", "batch_id": ""}
    people = preferred.select("value", "confidence", record_id="customer_id", source_row=ibis.literal(0, "int64"), **_literals(fixed))
    goods = pd.DataFrame(categories, columns=["product_id", "value", "confidence"]).assign(
        record_id="", column_name="category", method="name"
    )
    goods = goods.assign(batch_id="", source_row=0)[list(TABLES["fill"].names)]
    texts = {name: "string" for name, type_ in TABLES["fill"].types.items() if type_ == "string"}
    parts: list[ibis.Table | pd.DataFrame] = [people, goods.astype({**texts, "confidence": "float64", "source_row": "int64"})]
    if work.build.has("fill"):
        known = work.build.table("fill")
        parts.insert(0, known.filter(~known["method"].isin(_OF_A_RUN)))
    work.write_parts("unify", "fill", parts=parts)


def _literals(texts: Mapping[str, str]) -> dict[str, ibis.Value]:
    return {name: ibis.literal(text) for name, text in texts.items()}
