"""Who took what, in which order? A table of interactions as histories, and what is hidden of them to learn from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import scipy.sparse as sp

from zhiyin.learn.frames import coded
from zhiyin.recommend.moments import day_of, elsewhen
from zhiyin.recommend.purchases import Flags, Ints, Names, ids
from zhiyin.recommend.trails import Trails

# A shorter history keeps nothing to tell from once a part of it is hidden.
SHORTEST = 2
# Share of a history that is hidden, where order does not matter.
HIDDEN = 0.2
# Of more histories than this only a third is asked about: what is learned from the rest then differs little from what is used later
# (MovieLens: with all of them asked about, factors looked 3 % better beside EASE than they were on the whole table).
_ALL = 1_000
# Histories that go on after a day: so many are enough to choose by, and fewer than the latter are too few for that. On three days of
# Online Retail II NDCG was .104, .109, .105 with 500 and a later day, .093, .109, .110 with 1 000: one better, one equal, one worse.
_ENOUGH, _TOO_FEW = 500, 200
_HAIR = 1e-5  # what rounding may do to a mean

__all__ = ["Exam", "Interactions", "hide_after", "hide_last", "hide_some", "read_interactions", "satisfied"]


class Interactions(NamedTuple):
    """Histories, the names behind their numbers, and what somebody turned down."""

    customers: Names
    items: Names
    trails: Trails
    disliked: sp.csr_matrix  # customers x items: the weight, where it is below zero altogether


class Exam(NamedTuple):
    """What voices may know, the histories that are asked about, and what was hidden of them, with its weight.

    `first` is the first hidden day, from 1970-01-01, where the hidden part is the end of time; else it is the end of each history.
    """

    known: Trails
    asked: Trails
    truth: sp.csr_matrix
    first: int | None = None


def read_interactions(table: pd.DataFrame, *, more: Names | None = None, ordered: bool = False) -> Interactions:
    """Histories of a table, sorted by time where it has `at`, else as the rows stand.

    The same customer and item several times are one interaction of their summed weight, unless `ordered`; what weighs zero or less
    altogether is no interaction, and below zero it was turned down.

    Args:
        table: customer_id, item_id and, where known, at, moment (see `moments`) and weight.
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
    if "moment" in table:
        rows["moment"] = table["moment"].to_numpy(np.int64)[order]
    shape = (len(customers), len(items))
    summed = sp.csr_matrix((rows["weight"], (rows["customer"], rows["item"])), shape=shape)
    disliked = summed.minimum(0).tocsr()
    total = np.asarray(summed[rows["customer"], rows["item"]]).ravel()
    if not ordered:
        rows = rows.assign(weight=total).drop_duplicates(["customer", "item"], keep="last")
        total = rows["weight"].to_numpy()
    rows = rows[(total > 0) & (rows["weight"].to_numpy() > 0)]
    start = np.searchsorted(rows["customer"].to_numpy(), np.arange(len(customers) + 1))
    when = rows["moment"].to_numpy() if "moment" in rows else None
    # The tenth time says less than the first: log2(1 + weight), 1 for once.
    trails = Trails(
        who=np.arange(len(customers), dtype=np.int32),
        start=start,
        item=rows["item"].to_numpy(),
        weight=np.log2(1 + rows["weight"].to_numpy()).astype(np.float32),
        items=len(items),
        moment=when,
        now=None if when is None else _latest(when, start),
    )
    return Interactions(ids(customers), items, trails, disliked)


def _latest(moment: Ints, start: Ints) -> Ints:
    """The latest day of all, at the place where each history ends."""
    if not len(moment):
        return np.zeros(len(start) - 1, np.int64)
    ends = np.where(np.diff(start) > 0, moment[np.maximum(start[1:], 1) - 1], 0)
    return elsewhen(ends, int(day_of(moment).max()))


def hide_after(trails: Trails, *, most: int, seed: int, only_first: bool) -> Exam | None:
    """What was taken from a day on is hidden, from everybody: voices know what was known on its morning.

    The day is the latest after which 500 histories go on, else the one after which most do; a fifth is hidden at most. None where fewer
    than 200 go on - who comes once has no later - or where days are not known.

    Args:
        trails: with moments.
        most: histories that are asked about.
        seed: of what is drawn.
        only_first: whether only the next step is asked for, not all that followed.
    """
    if trails.moment is None or not len(trails.item):
        return None
    day, row = day_of(trails.moment), trails.row()
    filled = np.flatnonzero(trails.length())
    first, last = day[trails.start[filled]], day[trails.start[filled + 1] - 1]
    days = np.unique(day)[1:][::-1]
    goes_on = np.searchsorted(np.sort(first), days) - np.searchsorted(np.sort(last), days)
    later_share = 1 - np.searchsorted(np.sort(day), days) / len(day)
    possible = np.flatnonzero((later_share <= HIDDEN) & (goes_on >= _TOO_FEW))
    if not len(possible):
        return None
    enough = possible[goes_on[possible] >= _ENOUGH]
    cut = int(days[enough[0] if len(enough) else possible[np.argmax(goes_on[possible])]])
    later = day >= cut
    kept, own = np.bincount(row[~later], minlength=len(trails)), np.bincount(row[later], minlength=len(trails))
    asked = _some(np.flatnonzero((kept > 0) & (own > 0)), most, seed=seed)
    opening = later & ~np.r_[False, later[:-1]]  # an asked history does not begin with it
    hidden = (opening if only_first else later) & np.isin(row, asked)
    return _exam(trails, asked, hidden, known=trails.keep(~later))._replace(first=cut)


def satisfied(exam: Exam) -> Exam:
    """Only what weighs as much as is usual for its customer is a hit: who turns half of it down again was not told well.

    On MovieLens small, where this was chosen, NDCG of films with four stars or more was .147 without it and .153 with.
    """
    asked, truth = exam.asked, exam.truth
    total = np.bincount(asked.row(), asked.weight, minlength=len(asked)) + np.asarray(truth.sum(axis=1)).ravel()
    usual = total / np.maximum(asked.length() + truth.getnnz(axis=1), 1)
    good = truth.data >= usual[np.repeat(np.arange(len(asked)), np.diff(truth.indptr))] - _HAIR
    wanted = truth.copy()
    wanted.data[~good] = 0
    wanted.eliminate_zeros()
    return exam._replace(truth=wanted)


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


def _exam(trails: Trails, asked: np.ndarray, hidden: Flags, *, known: Trails | None = None) -> Exam:
    known = trails.keep(~hidden) if known is None else known
    row = np.searchsorted(asked, trails.row()[hidden])
    truth = sp.csr_matrix((trails.weight[hidden], (row, trails.item[hidden])), shape=(len(asked), trails.items))
    questions = known.take(asked)
    if trails.moment is not None:
        questions = questions.at(trails.moment[hidden][np.searchsorted(row, np.arange(len(asked)))])
    return Exam(known, questions, truth)
