"""Which kinds of things go together in a household? EASE over categories, spread to items by what they are."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.neighbours import TASTE_HALF_LIFE
from zhiyin.recommend.purchases import Floats, Ints, Purchases

RIDGE = 300.0
# A category with fewer buyers is left out: its weights would be noise.
FEWEST_BUYERS = 20
_FLOOR = np.float32(0.01)

__all__ = ["CategoryTaste", "ease"]


def ease(gram: Floats, *, ridge: float | Floats) -> Floats:
    """Weights that predict each column of a matrix from the other columns, in closed form.

    Args:
        gram: `(c, c)`, the matrix times itself.
        ridge: added to the diagonal, one for all or `(c,)`; the larger, the more cautious.

    References:
        Steck, Embarrassingly Shallow Autoencoders for Sparse Data, WWW 2019.
    """
    precision = np.linalg.inv(gram + np.diag(np.broadcast_to(ridge, len(gram))).astype(gram.dtype))
    weights = -precision / np.diag(precision)
    np.fill_diagonal(weights, 0)
    return weights.astype(np.float32)


class CategoryTaste:
    """How much more a customer leans to a category than others do."""

    def __init__(self, purchases: Purchases, at: int, *, candidates: Ints, fewest: int = FEWEST_BUYERS) -> None:
        known = purchases.before(at)
        matrix = _by_category(known, at)
        used = np.flatnonzero((matrix.getnnz(axis=0) >= fewest) & (purchases.categories != ""))
        self.taste: sp.csr_matrix = matrix[:, used]
        gram = (self.taste.T @ self.taste).toarray()
        place = np.full(len(purchases.categories), -1, np.int32)
        place[used] = np.arange(len(used))
        self.column = place[purchases.category[candidates]]
        self.weights = ease(gram, ridge=RIDGE) if len(used) else np.zeros((0, 0), np.float32)
        active = self.taste[self.taste.getnnz(axis=1) > 0]
        usual = np.maximum(active @ self.weights, 0).mean(axis=0) if active.shape[0] else np.zeros(len(used))
        self.usual: Floats = np.asarray(usual, dtype=np.float32)

    def score(self, customers: Ints) -> Floats:
        """Customers x candidates: log of the expected interest in the candidate's category over the usual one; 0 where unknown."""
        if not self.weights.size:
            return np.zeros((len(customers), len(self.column)), np.float32)
        expected = np.maximum(self.taste[customers] @ self.weights, 0)
        lean = np.log((expected + _FLOOR) / (self.usual + _FLOOR))
        return np.where(self.column >= 0, lean[:, self.column], 0).astype(np.float32)


def _by_category(purchases: Purchases, at: int) -> sp.csr_matrix:
    shape = (len(purchases.customers), len(purchases.categories))
    rows = (purchases.customer, purchases.category[purchases.item])
    matrix = sp.csr_matrix((purchases.faded(at, TASTE_HALF_LIFE), rows), shape=shape, dtype=np.float32)
    matrix.data = np.log1p(4 * matrix.data)
    return matrix
