"""Which items predict which? Linear item-to-item models in closed form."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.categories import ease
from zhiyin.recommend.purchases import Floats
from zhiyin.recommend.scores import Block, LowRank, Points
from zhiyin.recommend.trails import Trails

RIDGE = 500.0
_POWER_STEPS = 2

__all__ = ["LinearItems", "Spectrum"]


class LinearItems:
    """EASE: each item told from all others. Time grows with the cube of the items, memory with the square.

    References:
        Steck, Embarrassingly Shallow Autoencoders for Sparse Data, WWW 2019.
    """

    def __init__(self, trails: Trails, *, fade: float = 1.0, ridge: float = RIDGE) -> None:
        self.fade = fade
        seen = trails.seen()
        self.weights = ease((seen.T @ seen).toarray().astype(np.float32), ridge=ridge)

    def score(self, trails: Trails) -> Block:
        """What the items of each history predict."""
        return Block(np.asarray(trails.matrix(self.fade) @ self.weights))


class Spectrum:
    """GF-CF's ideal low-pass filter: only the broad patterns of who takes what are kept.

    References:
        Shen et al., How Powerful is Graph Convolution for Recommendation?, CIKM 2021.
        Halko et al., Finding Structure with Randomness, SIAM Review 2011 (the decomposition).
    """

    def __init__(self, trails: Trails, *, factors: int, fade: float = 1.0, seed: int = 0) -> None:
        self.fade = fade
        seen = trails.seen()
        self.scale = np.maximum(seen.getnnz(axis=0), 1).astype(np.float32) ** -0.5
        rows = np.maximum(seen.getnnz(axis=1), 1).astype(np.float32) ** -0.5
        normal = (sp.diags(rows) @ seen @ sp.diags(self.scale)).tocsr().astype(np.float32)
        self.patterns: Floats = _right_singular(normal, min(factors, *normal.shape), seed=seed)
        self._points = Points(self.patterns / self.scale[:, None])
        self._heard = self.patterns * self.scale[:, None]

    def score(self, trails: Trails) -> LowRank:
        """How well each item fits the broad patterns of each history."""
        return LowRank(np.asarray(trails.matrix(self.fade) @ self._heard), self._points)


def _right_singular(matrix: sp.csr_matrix, k: int, *, seed: int) -> Floats:
    """`(columns, k)` leading right singular vectors, by random projection and power steps."""
    across = matrix.T.tocsr()
    draw = np.random.default_rng(seed).normal(size=(matrix.shape[1], min(k + 16, *matrix.shape))).astype(np.float32)
    basis, _ = np.linalg.qr(matrix @ draw)
    for _ in range(_POWER_STEPS):
        basis, _ = np.linalg.qr(across @ basis)
        basis, _ = np.linalg.qr(matrix @ basis)
    vectors, _, _ = np.linalg.svd(across @ basis, full_matrices=False)
    return np.ascontiguousarray(vectors[:, :k])
