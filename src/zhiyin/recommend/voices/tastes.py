"""Which hidden tastes explain what people take? Implicit-feedback matrix factorisation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.purchases import Floats
from zhiyin.recommend.scores import LowRank, Points
from zhiyin.recommend.trails import Trails

ITERATIONS = 8

__all__ = ["Tastes", "learn_tastes"]


@dataclass(frozen=True)
class Tastes:
    """Customers and items as points of the same space; a history that is new or has changed is folded in by one more least squares.

    Attributes:
        customers: `(customers, factors)`.
        items: `(items, factors)`.
        confidence: alpha (an interaction counts alpha x its weight, none counts 1) and the regularisation.
        fade: weight of one step more from the end of a history; 1 where order does not matter.

    References:
        Hu, Koren, Volinsky, Collaborative Filtering for Implicit Feedback Datasets, ICDM 2008.
    """

    customers: Floats
    items: Floats
    confidence: tuple[float, float]
    fade: float = 1.0

    def score(self, trails: Trails) -> LowRank:
        """How well each item fits the tastes of each history."""
        if self.fade < 1:
            return LowRank(np.asarray(trails.matrix(self.fade) @ self._spread), self._points)
        if not trails.changed and (trails.who >= 0).all():
            return LowRank(self.customers[trails.who], self._points)
        return LowRank(self._folded(trails.matrix()), self._points)

    @cached_property
    def _points(self) -> Points:
        return Points(self.items)

    @cached_property
    def _gram(self) -> Floats:
        factors = self.items.shape[1]
        return np.asarray(self.items.T @ self.items + self.confidence[1] * np.eye(factors, dtype=np.float32))

    @cached_property
    def _spread(self) -> Floats:
        """What one step adds to a taste, to first order: `Y (Y'Y + r)^-1`."""
        return np.ascontiguousarray(np.linalg.solve(self._gram, self.items.T).T)

    def _folded(self, taken: sp.csr_matrix) -> Floats:
        """The tastes of histories by least squares over the items as they are, exactly as in the fit."""
        alpha, found = np.float32(self.confidence[0]), np.zeros((taken.shape[0], self.items.shape[1]), np.float32)
        for row in range(taken.shape[0]):
            part = slice(taken.indptr[row], taken.indptr[row + 1])
            factors, confidence = self.items[taken.indices[part]], alpha * taken.data[part]
            weighted = self._gram + factors.T @ ((confidence - 1)[:, None] * factors)
            found[row] = np.linalg.solve(weighted, factors.T @ confidence)
        return found


def learn_tastes(
    trails: Trails, *, factors: int, confidence: tuple[float, float], fade: float = 1.0, seed: int = 0, threads: int = 1
) -> Tastes:
    """Alternating least squares over all histories."""
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    taken = trails.matrix()
    alpha, regularisation = confidence
    # implicit runs its own threads; BLAS threads beside them make it many times slower, and it warns.
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(
            factors=max(1, min(factors, *taken.shape)),
            alpha=alpha,
            regularization=regularisation,
            iterations=ITERATIONS,
            num_threads=threads,
            random_state=seed,
            dtype=np.float32,
        )
        model.fit(taken, show_progress=False)
    return Tastes(model.user_factors, model.item_factors, confidence, fade)
