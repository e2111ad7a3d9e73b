"""What is taken by the same people? Item-based collaborative filtering."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.purchases import Ints
from zhiyin.recommend.scores import Few, strongest
from zhiyin.recommend.trails import Trails

# Added to the product of norms: two items with one common customer are no twins.
SHRINK = 4.0
NEAREST = 500
_CELLS = 10_000_000  # pairs that are held at a time: about 120 MB

__all__ = ["SimilarItems", "alike", "in_blocks"]


class SimilarItems:
    """Cosine over the customers of each item, where who takes everything counts less.

    References:
        Sarwar et al., Item-based Collaborative Filtering Recommendation Algorithms, WWW 2001.
    """

    def __init__(self, trails: Trails, *, fade: float = 1.0) -> None:
        self.fade = fade
        self.links = alike(trails.latest().seen(), most=NEAREST)

    def score(self, trails: Trails) -> Few:
        """Summed likeness to what is in the history."""
        return Few((trails.latest().matrix(self.fade) @ self.links).tocsr())

    def because(self, trails: Trails, items: Ints) -> Ints:
        """The item of each history that speaks loudest for the item of the same place, -1 for none."""
        said = trails.matrix(self.fade).multiply(self.links.T.tocsr()[items]).tocsr()
        loudest = np.asarray(said.argmax(axis=1)).ravel()
        return np.where(said.getnnz(axis=1) > 0, loudest, -1).astype(np.int32)


def alike(taken: sp.csr_matrix, *, most: int) -> sp.csr_matrix:
    """Items x items: how like each its nearest are, 0 to 1, never the item itself.

    Args:
        taken: customers x items, 0 to 1: how much each took each.
        most: items that are kept of each row.
    """
    quiet = sp.diags((1 / np.log1p(np.maximum(np.asarray(taken.sum(axis=1)).ravel(), 1) + 1)).astype(np.float32))
    norm = np.sqrt(np.maximum(np.asarray(taken.multiply(taken).sum(axis=0)).ravel(), 1)).astype(np.float32)
    left, blocks = (quiet @ taken).tocsc(), []
    for block in in_blocks(taken):
        both = (left[:, block].T.tocsr() @ taken).tocsr()
        row = np.repeat(np.arange(both.shape[0]), np.diff(both.indptr)) + block.start
        both.data /= norm[row] * norm[both.indices] + SHRINK
        both.data[row == both.indices] = 0
        both.eliminate_zeros()
        blocks.append(strongest(both, most))
    return sp.vstack(blocks, format="csr") if blocks else sp.csr_matrix((0, 0), dtype=np.float32)


def in_blocks(taken: sp.csr_matrix) -> Iterator[slice]:
    """Columns in groups whose pairs with all columns fit into memory, whatever the histories are like."""
    pairs = np.cumsum(np.minimum((taken != 0).T @ taken.getnnz(axis=1).astype(np.float64), taken.shape[1]))
    start = 0
    while start < taken.shape[1]:
        before = pairs[start - 1] if start else 0.0
        end = max(int(np.searchsorted(pairs, before + _CELLS, side="right")), start + 1)
        yield slice(start, end)
        start = end
