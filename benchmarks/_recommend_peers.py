"""What an engineer would try first: popularity, item kNN with BM25, ALS, BPR, EASE, the GF-CF filter, a decayed Markov chain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.scores import LowRank, Points
from zhiyin.recommend.trails import Trails

# EASE takes the cube of the items in time and their square in memory.
MOST_OF_EASE = 16_000

Scored = Any  # rows -> (rows, items) scores


def peers(taken: sp.csr_matrix, sequences: list[np.ndarray] | None, *, lately: np.ndarray | None = None) -> Iterator[tuple[str, Scored]]:
    """Name and scorer of each; `sequences` are given where order matters, and what came last then counts more.

    `lately` holds how often each item was taken in the last 28 days, where times are known.
    """
    faded = taken if sequences is None else _faded(sequences, taken.shape[1], 0.8)
    counts = np.asarray(taken.sum(axis=0)).ravel()
    yield "popularity", lambda rows: np.tile(counts, (len(rows), 1))
    if lately is not None:
        yield "popular in 28 days", lambda rows: np.tile(lately, (len(rows), 1))
    yield "implicit BM25", _bm25(taken, faded)
    yield "implicit ALS", _als(taken)
    yield "implicit BPR", _bpr(taken, faded)
    if taken.shape[1] <= MOST_OF_EASE:
        yield "EASE", _ease(taken, faded)
    yield "GF-CF", _gfcf(taken, faded)
    if sequences is not None:
        yield "decayed Markov", _markov(sequences, taken.shape[1])


def _faded(sequences: list[np.ndarray], items: int, fade: float) -> sp.csr_matrix:
    start = np.r_[0, np.cumsum([len(one) for one in sequences])]
    weight = np.concatenate([fade ** np.arange(len(one))[::-1] for one in sequences]).astype(np.float32)
    return sp.csr_matrix((weight, np.concatenate(sequences), start), shape=(len(sequences), items))


def _bm25(taken: sp.csr_matrix, faded: sp.csr_matrix) -> Scored:
    from implicit.nearest_neighbours import BM25Recommender

    model = BM25Recommender(K=200, K1=100, B=0.5, num_threads=2)
    model.fit(taken.tocsr(), show_progress=False)
    return lambda rows: np.asarray((faded[rows] @ model.similarity).toarray())


def _als(taken: sp.csr_matrix) -> Scored:
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(factors=128, alpha=20, regularization=20, iterations=15, random_state=1, num_threads=2)
        model.fit(taken, show_progress=False)
    return lambda rows: model.user_factors[rows] @ model.item_factors.T


def _bpr(taken: sp.csr_matrix, faded: sp.csr_matrix) -> Scored:
    """At the mean of the items, which ranks better than the points that BPR learned for the customers, on every set tried."""
    items = pairs(taken)
    return lambda rows: mean_of(items, faded[rows]) @ items.T


def pairs(taken: sp.csr_matrix) -> np.ndarray:
    """`(items, factors + 1)`: the points of BPR, the last number how much everybody prefers the item; the same every time in one thread."""
    from implicit.cpu.bpr import BayesianPersonalizedRanking

    model = BayesianPersonalizedRanking(factors=64, learning_rate=0.1, regularization=0.01, iterations=100, num_threads=1, random_state=1)
    model.fit(taken.tocsr(), show_progress=False)
    return model.item_factors


def mean_of(items: np.ndarray, weight: sp.csr_matrix) -> np.ndarray:
    rows = np.asarray(weight @ items) / np.maximum(np.asarray(weight.sum(axis=1)), 1e-9)
    rows[:, -1] = 1
    return rows.astype(np.float32)


class MeanOfPairs:
    """BPR as a voice beside those of the product."""

    def __init__(self, trails: Trails, *, fade: float) -> None:
        self.points, self.fade = Points(pairs(trails.seen())), fade

    def score(self, trails: Trails) -> LowRank:
        return LowRank(mean_of(self.points.factors, trails.matrix(self.fade)), self.points)


def _ease(taken: sp.csr_matrix, faded: sp.csr_matrix) -> Scored:
    gram = (taken.T @ taken).toarray().astype(np.float32)
    precision = np.linalg.inv(gram + np.diag(np.full(len(gram), 500.0 if len(gram) < 5_000 else 200.0, np.float32)))
    weights = -precision / np.diag(precision)
    np.fill_diagonal(weights, 0)
    return lambda rows: np.asarray(faded[rows] @ weights)


def _gfcf(taken: sp.csr_matrix, faded: sp.csr_matrix, *, factors: int = 256, alpha: float = 0.3) -> Scored:
    from scipy.sparse.linalg import svds

    users, items = (np.maximum(np.asarray(taken.sum(axis=axis)).ravel(), 1) for axis in (1, 0))
    normal = (sp.diags(users**-0.5) @ taken @ sp.diags(items**-0.5)).tocsr().astype(np.float32)
    _, _, patterns = svds(normal, k=min(factors, min(normal.shape) - 1), random_state=1)
    across = normal.T.tocsr()

    def score(rows: np.ndarray) -> np.ndarray:
        near = ((faded[rows] @ across) @ normal).toarray()
        broad = ((faded[rows] @ sp.diags(items**-0.5)) @ patterns.T) @ patterns * items**0.5
        return near + alpha * broad

    return score


def _markov(sequences: list[np.ndarray], items: int) -> Scored:
    row, column, weight = [], [], []
    for one in sequences:
        for far in range(1, min(5, len(one) - 1) + 1):
            row.append(one[:-far])
            column.append(one[far:])
            weight.append(np.full(len(one) - far, 0.6 ** (far - 1), np.float32))
    pairs = (np.concatenate(row), np.concatenate(column))
    links = sp.csr_matrix((np.concatenate(weight), pairs), shape=(items, items))
    popular = np.maximum(np.bincount(np.concatenate(sequences), minlength=items), 1)
    links = (sp.diags(np.maximum(np.asarray(links.sum(axis=1)).ravel(), 1e-6) ** -0.5) @ links @ sp.diags(popular**-0.3)).tocsr()
    faded = _faded(sequences, items, 0.6)
    return lambda rows: np.asarray((faded[rows] @ links).toarray())
