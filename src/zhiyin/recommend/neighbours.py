"""Who buys alike, and what is bought by the same people?"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.purchases import Floats, Ints, Purchases, cells

# Neighbours kept for one item or one customer (spike on retail: 50 to 200 differ by less than .001 recall).
NEAREST = 100
# Added to the norm product, so that two items with one common buyer are not called twins.
SHRINK = 10.0
TASTE_HALF_LIFE = 90.0
# An item with fewer buyers says nothing about others.
FEWEST_BUYERS = 5
# Items that are listened to: the most bought ones. On retail 5 000 of 16 000 give the same recall in two thirds of the time.
MOST_HEARD = 5_000
# Customers that others are compared with: bounds time and memory when there are 100 000 of them.
MOST_PEERS = 5_000
_BLOCK = 256

__all__ = ["TASTE_HALF_LIFE", "SimilarCustomers", "SimilarItems", "cosine", "nearest", "standardised", "taste", "well_known"]


def cosine(left: sp.csr_matrix, right: sp.csr_matrix, *, shrink: float = 0.0) -> Floats:
    """How alike each column of `left` is to each column of `right`: 1 for the same direction, 0 for nothing in common.

    Args:
        left: `(n, a)`, sparse.
        right: `(n, b)`, sparse.
        shrink: added to the product of the norms.

    Example:
        >>> both = sp.csr_matrix([[1, 1], [0, 1]])
        >>> cosine(both, both).astype(float).round(3).tolist()
        [[1.0, 0.707], [0.707, 1.0]]
    """
    common = (left.T.tocsr() @ right).toarray().astype(np.float32, copy=False)
    norms = np.outer(_norms(left), _norms(right)) + np.float32(shrink)
    return np.asarray(np.divide(common, norms, out=np.zeros_like(common), where=norms > 0))


def _norms(matrix: sp.csr_matrix) -> Floats:
    return np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=0), dtype=np.float32).ravel())


def standardised(rows: Floats) -> Floats:
    """Each row with mean 0 and standard deviation 1; a constant row becomes 0."""
    if not rows.size:
        return rows
    spread = rows.std(axis=1, keepdims=True)
    return np.asarray((rows - rows.mean(axis=1, keepdims=True)) / np.where(spread > 1e-6, spread, np.inf))


def nearest(similarity: Floats, k: int) -> Floats:
    """Each row with all but its `k` largest values set to 0."""
    if similarity.shape[1] <= k:
        return similarity
    smallest = np.partition(similarity, -k, axis=1)[:, -k, None]
    return np.where(similarity >= smallest, similarity, np.float32(0))


def taste(purchases: Purchases, at: int) -> sp.csr_matrix:
    """Customers x items: how much a customer likes an item, from how often and how recently it was bought."""
    matrix = purchases.weighted(purchases.faded(at, TASTE_HALF_LIFE))
    matrix.data = np.log1p(4 * matrix.data)
    return matrix


def well_known(bought: sp.csr_matrix) -> Ints:
    """The items with enough buyers to say something about others, in order."""
    buyers = bought.getnnz(axis=0)
    most = np.argsort(-buyers, kind="stable")[:MOST_HEARD]
    return np.sort(most[buyers[most] >= FEWEST_BUYERS]).astype(np.int32)


class SimilarItems:
    """Customers who bought this also bought that: item-to-item cosine over buyers."""

    def __init__(self, purchases: Purchases, at: int, *, candidates: Ints) -> None:
        known = purchases.before(at)
        bought = known.bought()
        self.taste = taste(known, at)
        self.candidates = candidates
        heard = well_known(bought)
        blocks = [_alike(bought, heard, candidates[start : start + _BLOCK]) for start in range(0, len(candidates), _BLOCK)]
        links = sp.vstack(blocks, format="csr") if blocks else sp.csr_matrix((0, len(heard)), dtype=np.float32)
        shape = (len(candidates), len(purchases.items))
        self.links: sp.csr_matrix = sp.csr_matrix((links.data, heard[links.indices], links.indptr), shape=shape).T.tocsr()

    def score(self, customers: Ints) -> Floats:
        """Customers x candidates: how alike each candidate is to what the customer buys."""
        return np.asarray((self.taste[customers] @ self.links).toarray())

    def goes_with(self, item: int, k: int) -> tuple[Ints, Floats]:
        """The `k` candidates most bought by buyers of an item, and how alike they are, best first."""
        row = self.links[item]
        order = np.argsort(-row.data, kind="stable")[:k]
        return self.candidates[row.indices[order]], row.data[order]

    def because(self, customers: Ints, places: Ints) -> Ints:
        """The bought item that speaks loudest for the candidate at each place, -1 for none; one a row."""
        said = self.taste[customers].multiply(self.links.T.tocsr()[places]).tocsr()
        loudest = np.asarray(said.argmax(axis=1)).ravel()
        return np.where(said.getnnz(axis=1) > 0, loudest, -1).astype(np.int32)


def _alike(bought: sp.csr_matrix, heard: Ints, candidates: Ints) -> sp.csr_matrix:
    """Candidates x heard items: the nearest of each candidate, never the candidate itself."""
    alike = cosine(bought[:, candidates], bought[:, heard], shrink=SHRINK)
    alike[candidates[:, None] == heard[None, :]] = 0
    return sp.csr_matrix(nearest(alike, NEAREST))


class SimilarCustomers:
    """What did customers with the same taste buy lately? User-based collaborative filtering."""

    def __init__(self, purchases: Purchases, at: int, *, candidates: Ints, days: int) -> None:
        known = purchases.before(at)
        liked = taste(known, at)
        holders = liked.getnnz(axis=0)
        rarity = np.log(len(purchases.customers) / np.maximum(holders, 1)).astype(np.float32)
        liked = (liked @ sp.diags(rarity)).tocsr()
        length = np.sqrt(np.asarray(liked.multiply(liked).sum(axis=1)).ravel())
        self.taste = (sp.diags(np.divide(1, length, out=np.zeros_like(length), where=length > 0)) @ liked).tocsr().astype(np.float32)
        recent = known.between(at - days, at).bought()[:, candidates]
        self.peers = np.argsort(-recent.getnnz(axis=1), kind="stable")[:MOST_PEERS].astype(np.int32)
        self.recent = recent[self.peers]
        self._peer_taste = self.taste[self.peers].T.tocsr()

    def score(self, customers: Ints) -> Floats:
        """Customers x candidates: share of the nearest customers, weighted by likeness, who bought it lately."""
        alike = self.alike(customers)
        total = np.asarray(alike.sum(axis=1)).ravel()
        share = np.divide(1, total, out=np.zeros_like(total), where=total > 0)
        return np.asarray((sp.diags(share) @ alike @ self.recent).toarray())

    def count(self, customers: Ints, places: Ints) -> tuple[Ints, Ints]:
        """How many nearest customers each customer has, and how many of those bought the candidate at each place; one a row."""
        some, row = np.unique(customers, return_inverse=True)
        near = self.alike(some)
        near.data[:] = 1
        bought = (near @ self.recent).tocsr()
        return near.getnnz(axis=1)[row].astype(np.int32), cells(bought, rows=row, columns=places).astype(np.int32)

    def alike(self, customers: Ints) -> sp.csr_matrix:
        """Customers x peers: likeness to the nearest peers, oneself left out."""
        blocks = [sp.csr_matrix((0, len(self.peers)), dtype=np.float32)]
        for start in range(0, len(customers), _BLOCK):
            some = customers[start : start + _BLOCK]
            alike = (self.taste[some] @ self._peer_taste).toarray()
            alike[some[:, None] == self.peers[None, :]] = 0
            blocks.append(sp.csr_matrix(nearest(alike, NEAREST)))
        return sp.vstack(blocks, format="csr")
