"""Who took what, in which order? A table of interactions as histories, and what is hidden of them to learn from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import scipy.sparse as sp

from zhiyin.learn.frames import coded
from zhiyin.recommend.purchases import Flags, Names, ids
from zhiyin.recommend.trails import Trails

# A shorter history keeps nothing to tell from once a part of it is hidden.
SHORTEST = 2
# Share of a history that is hidden, where order does not matter.
HIDDEN = 0.2
# Of more histories than this only a third is asked about: what is learned from the rest then differs little from what is used later
# (MovieLens: with all of them asked about, factors looked 3 % better beside EASE than they were on the whole table).
_ALL = 1_000

__all__ = ["Exam", "Interactions", "hide_last", "hide_some", "read_interactions"]


class Interactions(NamedTuple):
    """Histories, the names behind their numbers, and what somebody turned down."""

    customers: Names
    items: Names
    trails: Trails
    disliked: sp.csr_matrix  # customers x items with a weight below zero altogether


class Exam(NamedTuple):
    """What voices may know, the histories that are asked about, and what was hidden of them."""

    known: Trails
    asked: Trails
    truth: sp.csr_matrix


def read_interactions(table: pd.DataFrame, *, more: Names | None = None, ordered: bool = False) -> Interactions:
    """Histories of a table, sorted by time where it has `at`, else as the rows stand.

    The same customer and item several times are one interaction of their summed weight, unless `ordered`; what weighs zero or less
    altogether is no interaction, and below zero it was turned down.

    Args:
        table: customer_id, item_id and, where known, at and weight.
        more: items without interactions.
        ordered: whether every row is a step of its own.
    """
    customer, customers = coded(table["customer_id"])
    taken = ids(table["item_id"].to_numpy())
    items = ids(np.unique(taken if more is None else np.concatenate([taken, np.asarray(more).astype(taken.dtype.kind)])))
    item = np.searchsorted(items, taken).astype(np.int32)
    weight = table["weight"].to_numpy(np.float32) if "weight" in table else np.ones(len(table), np.float32)
    at = table["at"].to_numpy() if "at" in table else np.arange(len(table))
    order = np.lexsort((np.arange(len(table)), at, customer)) if ordered or "at" in table else np.lexsort((item, customer))
    rows = pd.DataFrame({"customer": customer[order], "item": item[order], "weight": weight[order]})
    shape = (len(customers), len(items))
    summed = sp.csr_matrix((rows["weight"], (rows["customer"], rows["item"])), shape=shape)
    disliked = (summed < 0).astype(np.float32).tocsr()
    total = np.asarray(summed[rows["customer"], rows["item"]]).ravel()
    if not ordered:
        rows = rows.assign(weight=total).drop_duplicates(["customer", "item"], keep="last")
        total = rows["weight"].to_numpy()
    rows = rows[(total > 0) & (rows["weight"].to_numpy() > 0)]
    start = np.searchsorted(rows["customer"].to_numpy(), np.arange(len(customers) + 1))
    # The tenth time says less than the first: log2(1 + weight), 1 for once.
    trails = Trails(
        who=np.arange(len(customers), dtype=np.int32),
        start=start,
        item=rows["item"].to_numpy(),
        weight=np.log2(1 + rows["weight"].to_numpy()).astype(np.float32),
        items=len(items),
    )
    return Interactions(ids(customers), items, trails, disliked)


def hide_last(trails: Trails, *, most: int, seed: int) -> Exam:
    """The last item of some histories is hidden: what comes next?"""
    asked = _some(np.flatnonzero(trails.length() > 1), most, seed=seed)
    return _exam(trails, asked, (trails.back() == 0) & np.isin(trails.row(), asked))


def hide_some(trails: Trails, *, most: int, seed: int, by_time: bool) -> Exam:
    """A fifth of some histories is hidden, the latest where order is time, else drawn at random."""
    asked = _some(np.flatnonzero(trails.length() >= SHORTEST), most, seed=seed)
    row, length = trails.row(), trails.length()
    place = trails.back()
    if not by_time:
        drawn = np.lexsort((np.random.default_rng(seed).random(len(row)), row))
        place = np.empty(len(row), np.int64)
        place[drawn] = np.arange(len(row)) - trails.start[row]
    return _exam(trails, asked, (place < np.ceil(HIDDEN * length)[row]) & np.isin(row, asked))


def _some(rows: np.ndarray, most: int, *, seed: int) -> np.ndarray:
    most = min(most, max(_ALL, len(rows) // 3))
    return rows if len(rows) <= most else np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def _exam(trails: Trails, asked: np.ndarray, hidden: Flags) -> Exam:
    known = trails.keep(~hidden)
    row = np.searchsorted(asked, trails.row()[hidden])
    ones = np.ones(len(row), np.float32)
    truth = sp.csr_matrix((ones, (row, trails.item[hidden])), shape=(len(asked), trails.items))
    truth.data[:] = 1
    questions = known.take(asked)
    return Exam(known, questions, truth)
