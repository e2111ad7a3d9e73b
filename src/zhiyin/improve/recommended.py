"""Did customers buy what was recommended to them, more often than what is popular anyway?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.improve.rows import Score, as_rows, need
from zhiyin.learn.metrics import bootstrap

__all__ = ["popular", "recommendation_scores"]

Floats = npt.NDArray[np.float64]
_PAIR = ("customer_id", "product_id")


def recommendation_scores(
    recommendations: pd.DataFrame, bought: pd.DataFrame, *, before: pd.DataFrame, at: date, k: int = 10, seed: int = 7
) -> pd.DataFrame:
    """Recall and NDCG of the best `k`, per kind and variant, over customers who bought something of that kind.

    What a customer bought before counts for kind "repeat", what is new to the customer for "new". A customer whom one variant
    recommends nothing counts zero there, as long as any variant recommends something of the kind.

    Args:
        recommendations: customer_id, product_id, kind, rank, variant, used: as recommended at `at`.
        bought: customer_id, product_id bought from `at` on, within the horizon.
        before: customer_id, product_id bought before `at`.
        at: the day of the recommendations.
        k: how many recommendations are looked at.
        seed: of the bootstrap, over customers.

    Returns:
        Rows of table `scorecard`, subject "recommendation", question the kind.
    """
    need(recommendations, (*_PAIR, "kind", "rank", "variant", "used"), what="recommendation")
    truth = _with_kind(bought, before)
    asked = recommendations[["customer_id", "kind"]].drop_duplicates()
    truth = truth.merge(asked, on=["customer_id", "kind"])
    top = recommendations[recommendations["rank"] <= k].merge(truth.assign(hit=1.0), on=[*_PAIR, "kind"])
    wanted = truth.groupby(["kind", "customer_id"]).size()
    variants = recommendations[["kind", "variant", "used"]].drop_duplicates().sort_values(["kind", "used", "variant"])
    return as_rows(_scores(variants, wanted, top, at=at, k=k, seed=seed))


def popular(before: pd.DataFrame, *, k: int = 10) -> pd.DataFrame:
    """The baseline: for each customer the products that most customers bought, among their own (repeat) and among the others (new).

    Args:
        before: customer_id, product_id bought before the day.
        k: how many of each kind.

    Returns:
        Columns customer_id, product_id, kind, rank, variant ("popular"), used (False).
    """
    need(before, _PAIR, what="order_line")
    own = before[list(_PAIR)].drop_duplicates()
    buyers = own.groupby("product_id").size().rename("buyers").reset_index()
    ranked = buyers.sort_values(["buyers", "product_id"], ascending=[False, True], ignore_index=True)
    place = ranked["product_id"].reset_index().rename(columns={"index": "place"})
    repeat = own.merge(place, on="product_id").assign(kind="repeat")
    # Of the first n+k popular products, who bought n of them has at least k left to try.
    most = int(own.groupby("customer_id").size().max()) if len(own) else 0
    others = own[["customer_id"]].drop_duplicates().merge(place.head(min(most, _reach(own, place, k)) + k), how="cross")
    new = others.merge(own.assign(known=True), on=list(_PAIR), how="left")
    new = new[new["known"].isna()].drop(columns="known").assign(kind="new")
    both = pd.concat([repeat, new], ignore_index=True).sort_values(["customer_id", "kind", "place"], ignore_index=True)
    both["rank"] = both.groupby(["customer_id", "kind"]).cumcount() + 1
    kept = both[both["rank"] <= k].drop(columns="place").reset_index(drop=True)
    return kept.assign(variant="popular", used=False)


def _reach(own: pd.DataFrame, place: pd.DataFrame, k: int) -> int:
    """How many popular products must be looked at so that every customer finds `k` new ones among them, less k."""
    reach = k
    popularity = own.merge(place, on="product_id")
    while reach < len(place):
        known = popularity[popularity["place"] < reach + k].groupby("customer_id").size().max()
        if known <= reach:
            break
        reach = int(known)
    return reach


def _with_kind(bought: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    need(bought, _PAIR, what="order_line")
    need(before, _PAIR, what="order_line")
    truth = bought[list(_PAIR)].drop_duplicates()
    known = pd.MultiIndex.from_frame(before[list(_PAIR)])
    repeat = pd.MultiIndex.from_frame(truth).isin(known)
    return truth.assign(kind=np.where(repeat, "repeat", "new"))


def _scores(variants: pd.DataFrame, wanted: pd.Series, top: pd.DataFrame, *, at: date, k: int, seed: int) -> Iterator[Score]:
    best = np.cumsum(1 / np.log2(np.arange(k) + 2.0))
    for kind, variant, used in variants.itertuples(index=False):
        if kind not in wanted.index.get_level_values("kind"):
            continue
        sizes = wanted.loc[kind].sort_index()
        hits = top[top["kind"].eq(kind) & top["variant"].eq(variant)]
        discounted = hits.assign(hit=1 / np.log2(hits["rank"].to_numpy("float64") + 1))
        found, gained = (rows.groupby("customer_id")["hit"].sum().reindex(sizes.index, fill_value=0.0) for rows in (hits, discounted))
        each = {
            f"recall_at_{k}": (found / sizes).to_numpy("float64"),
            f"ndcg_at_{k}": gained.to_numpy("float64") / best[np.minimum(sizes.to_numpy(), k) - 1],
        }
        for metric, values in each.items():
            figure = bootstrap(_mean, values, seed=seed)
            yield Score("recommendation", str(kind), metric, at, str(variant), figure, len(values), bool(used))


def _mean(values: Floats) -> float:
    return float(values.mean())
