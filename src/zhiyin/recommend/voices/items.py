"""What is taken by the same people? Item-based collaborative filtering."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.purchases import Ints
from zhiyin.recommend.scores import Few, strongest
from zhiyin.recommend.trails import Trails

# Added to the product of norms: two items with one common customer are no twins.
SHRINK = 4.0
NEAREST = 500
_BLOCK = 2_000

__all__ = ["SimilarItems"]


class SimilarItems:
    """Cosine over the customers of each item, where who takes everything counts less.

    References:
        Sarwar et al., Item-based Collaborative Filtering Recommendation Algorithms, WWW 2001.
    """

    def __init__(self, trails: Trails, *, fade: float = 1.0) -> None:
        self.fade = fade
        self.links = _alike(trails.latest().seen())

    def score(self, trails: Trails) -> Few:
        """Summed likeness to what is in the history."""
        return Few((trails.latest().matrix(self.fade) @ self.links).tocsr())

    def because(self, trails: Trails, items: Ints) -> Ints:
        """The item of each history that speaks loudest for the item of the same place, -1 for none."""
        said = trails.matrix(self.fade).multiply(self.links.T.tocsr()[items]).tocsr()
        loudest = np.asarray(said.argmax(axis=1)).ravel()
        return np.where(said.getnnz(axis=1) > 0, loudest, -1).astype(np.int32)


def _alike(seen: sp.csr_matrix) -> sp.csr_matrix:
    """Items x items: the nearest of each item."""
    length = np.maximum(np.asarray(seen.sum(axis=1)).ravel(), 1)
    quiet = sp.diags((1 / np.log1p(length + 1)).astype(np.float32))
    norm = np.sqrt(np.maximum(seen.getnnz(axis=0), 1)).astype(np.float32)
    left, blocks = (quiet @ seen).tocsc(), []
    for start in range(0, seen.shape[1], _BLOCK):
        both = (left[:, start : start + _BLOCK].T.tocsr() @ seen).tocsr()
        row = np.repeat(np.arange(both.shape[0]), np.diff(both.indptr)) + start
        both.data /= norm[row] * norm[both.indices] + SHRINK
        both.data[row == both.indices] = 0
        both.eliminate_zeros()
        blocks.append(strongest(both, NEAREST))
    return sp.vstack(blocks, format="csr") if blocks else sp.csr_matrix((0, 0), dtype=np.float32)
