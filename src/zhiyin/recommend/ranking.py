"""How good is a list? Recall and NDCG against what the customers bought afterwards."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from zhiyin.learn.card import Interval
from zhiyin.learn.metrics import bootstrap
from zhiyin.recommend.purchases import Flags, Floats, Ints, Purchases, cells

# Lists are judged by their first ten places.
PLACES = 10

__all__ = [
    "PLACES",
    "Score",
    "average",
    "best",
    "bought_again",
    "bought_new",
    "halves",
    "judged",
    "learners",
    "ndcg_at",
    "places",
    "recall_at",
    "top_lists",
]


class Score(NamedTuple):
    """A mean over `n` customers, with its interval."""

    interval: Interval
    n: int

    @property
    def value(self) -> float:
        """The mean."""
        return self.interval.value


def judged(lists: dict[str, Ints], truth: sp.csr_matrix, *, seed: int) -> dict[tuple[str, str], Score]:
    """Recall and NDCG of several lists for the same customers: (metric, variant) -> score."""
    metrics = {f"recall@{PLACES}": recall_at, f"ndcg@{PLACES}": ndcg_at}
    return {
        (metric, name): average(measure(found, truth), seed=seed) for metric, measure in metrics.items() for name, found in lists.items()
    }


def bought_again(purchases: Purchases, at: int, *, horizon: int) -> sp.csr_matrix:
    """Customers x items: bought in the `horizon` days from `at`, and at some time before."""
    return purchases.between(at, at + horizon).bought().multiply(purchases.before(at).bought()).tocsr()


def bought_new(purchases: Purchases, at: int, *, horizon: int) -> sp.csr_matrix:
    """Customers x items: bought in the `horizon` days from `at`, and never before."""
    later = purchases.between(at, at + horizon).bought()
    new = (later - later.multiply(purchases.before(at).bought())).tocsr()
    new.eliminate_zeros()
    return new


def places(group: Ints, score: Floats) -> Ints:
    """The place of each row within its group, 0 for the highest score; ties in the order given."""
    order = np.lexsort((-score, group))
    sorted_group = group[order]
    starts = np.flatnonzero(np.r_[True, sorted_group[1:] != sorted_group[:-1]]) if len(group) else np.zeros(0, np.intp)
    sizes = np.diff(np.r_[starts, len(group)])
    place = np.empty(len(group), np.int32)
    place[order] = np.arange(len(group)) - np.repeat(starts, sizes)
    return place


def top_lists(rows: Ints, items: Ints, *, score: Floats, count: int, k: int) -> Ints:
    """`(count, k)` items, best first, -1 where there are fewer, from long rows of list number, item and score."""
    place = places(rows, score)
    first = place < k
    lists = np.full((count, k), -1, np.int32)
    lists[rows[first], place[first]] = items[first]
    return lists


def best(scores: Floats, k: int) -> Ints:
    """`(n, k)` columns with the highest scores of each row, best first; -1 for what scores minus infinity."""
    k = min(k, scores.shape[1])
    some = np.argpartition(-scores, k - 1, axis=1)[:, :k] if k < scores.shape[1] else np.tile(np.arange(k), (len(scores), 1))
    some = np.sort(some, axis=1)
    value = np.take_along_axis(scores, some, axis=1)
    order = np.argsort(-value, axis=1, kind="stable")
    ranked = np.where(np.take_along_axis(value, order, axis=1) > -np.inf, np.take_along_axis(some, order, axis=1), -1)
    return ranked.astype(np.int32)


def recall_at(lists: Ints, truth: sp.csr_matrix) -> Floats:
    """For each list the share of what could be hit: hits / min(k, number wanted); NaN where nothing was wanted."""
    hits, wanted = _hits(lists, truth), truth.getnnz(axis=1)
    possible = np.minimum(wanted, lists.shape[1])
    return np.asarray(np.divide(hits.sum(axis=1), possible, out=np.full(len(lists), np.nan), where=possible > 0))


def ndcg_at(lists: Ints, truth: sp.csr_matrix) -> Floats:
    """For each list the hits weighted by place, 1 for the best possible order; NaN where nothing was wanted."""
    k = lists.shape[1]
    discount = 1 / np.log2(np.arange(2, k + 2))
    possible = np.concatenate([[0], np.cumsum(discount)])[np.minimum(truth.getnnz(axis=1), k)]
    return np.asarray(np.divide(_hits(lists, truth) @ discount, possible, out=np.full(len(lists), np.nan), where=possible > 0))


def _hits(lists: Ints, truth: sp.csr_matrix) -> Flags:
    """Was the item at each place bought? `truth` has one row a list."""
    rows = np.repeat(np.arange(len(lists)), lists.shape[1])
    items = lists.ravel()
    found = cells(truth, rows=rows, columns=np.maximum(items, 0)) > 0
    return (found & (items >= 0)).reshape(lists.shape)


def average(values: Floats, *, seed: int) -> Score:
    """Mean over the customers who wanted something, with its 95 % bootstrap interval; all 0 where nobody did."""
    known = values[~np.isnan(values)]
    if not len(known):
        return Score(Interval(0.0, 0.0, 0.0), 0)
    return Score(bootstrap(np.mean, known, seed=seed), len(known))


def halves(count: int, *, seed: int) -> Flags:
    """A random half of `count` customers: weights learn on it and are judged on the others."""
    return np.asarray(np.random.default_rng(seed).permutation(count) % 2 == 0)


def learners(customers: Ints, *, seed: int, most: int = 5_000) -> Ints:
    """At most `most` of the customers, drawn at random, in order: enough to learn a dozen weights, and bounded."""
    if len(customers) <= most:
        return customers
    return np.sort(np.random.default_rng(seed).choice(customers, most, replace=False))
