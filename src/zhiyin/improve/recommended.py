"""Did customers buy what was recommended to them, more often than what is popular anyway?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.improve.rows import Score, as_rows, need
from zhiyin.learn.frames import coded
from zhiyin.learn.metrics import bootstrap

__all__ = ["popular", "recommendation_scores"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_PAIR = ("customer_id", "product_id")
_PIECE = 10_000  # customers looked at together: a flag for each and some hundred products


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
    own = _distinct(before)
    buyers = np.bincount(own.product, minlength=len(own.products))
    best = np.argsort(-buyers, kind="stable")  # equally popular ones by id
    place = np.empty(len(best), np.int64)
    place[best] = np.arange(len(best))
    parts = [("repeat", *_own_first(own, place, k)), ("new", *_others_first(own, place, k))]
    lists = pd.concat(
        [
            pd.DataFrame({"customer_id": own.customers[who], "product_id": own.products[best[found]], "kind": kind, "rank": rank})
            for kind, who, found, rank in parts
        ],
        ignore_index=True,
    )
    return lists.assign(variant="popular", used=False)


class _Own(NamedTuple):
    """Who bought what at least once: parallel positions in the sorted `customers` and `products`, by customer, then product."""

    customers: npt.NDArray[np.object_]
    products: npt.NDArray[np.object_]
    customer: Ints
    product: Ints

    def has(self, customer: pd.Series, product: pd.Series) -> Flags:
        """Whether each customer bought the product."""
        who, what = (pd.Index(known).get_indexer(asked) for known, asked in ((self.customers, customer), (self.products, product)))
        width = max(len(self.products), 1)
        bought, wanted = self.customer * width + self.product, who * width + what
        at = np.minimum(np.searchsorted(bought, wanted), max(len(bought) - 1, 0))
        return (who >= 0) & (what >= 0) & (bought[at] == wanted) if len(bought) else np.zeros(len(who), bool)


def _distinct(before: pd.DataFrame) -> _Own:
    (customer, customers), (product, products) = (coded(before[name]) for name in _PAIR)
    # np.unique of numpy 2.3 takes .6 s for a million pairs, this .1 s
    pairs = np.sort(pd.unique(customer * np.int64(max(len(products), 1)) + product))
    who, what = np.divmod(pairs, max(len(products), 1))
    return _Own(np.asarray(customers, object), np.asarray(products, object), who, what)


def _own_first(own: _Own, place: Ints, k: int) -> tuple[Ints, Ints, Ints]:
    """Customer, place and rank (from 1) of the `k` most popular among what each customer bought."""
    order = np.lexsort((place[own.product], own.customer))
    who = own.customer[order]
    rank = np.arange(len(who)) - np.searchsorted(who, who) + 1
    kept = rank <= k
    return who[kept], place[own.product[order]][kept], rank[kept]


def _others_first(own: _Own, place: Ints, k: int) -> tuple[Ints, Ints, Ints]:
    """The same among what each customer never bought. Who bought n of the first n+k places has k left to try there."""
    reach = _reach(own, place, k)
    parts = [(np.zeros(0, np.int64),) * 3]
    for start in range(0, len(own.customers), _PIECE):
        first, end = np.searchsorted(own.customer, [start, start + _PIECE])
        mine = place[own.product[first:end]]
        unknown = np.ones((min(_PIECE, len(own.customers) - start), min(reach + k, len(place))), bool)
        unknown[own.customer[first:end][mine < reach + k] - start, mine[mine < reach + k]] = False
        rank = unknown.cumsum(axis=1)
        who, found = np.nonzero(unknown & (rank <= k))
        parts.append((who + start, found, rank[who, found]))
    who, found, rank = (np.concatenate(part) for part in zip(*parts, strict=True))
    return who, found, rank


def _reach(own: _Own, place: Ints, k: int) -> int:
    """How many popular products must be looked at so that every customer finds `k` new ones among them, less k."""
    reach, mine = k, place[own.product]
    while reach < len(place):
        known = int(np.bincount(own.customer[mine < reach + k], minlength=1).max())
        if known <= reach:
            break
        reach = known
    return reach


def _with_kind(bought: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    need(bought, _PAIR, what="order_line")
    need(before, _PAIR, what="order_line")
    truth = bought[list(_PAIR)].drop_duplicates()
    return truth.assign(kind=np.where(_distinct(before).has(truth["customer_id"], truth["product_id"]), "repeat", "new"))


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
