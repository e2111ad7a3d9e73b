"""What do ratings say? Neighbours by how far above or below their own usual customers rate."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.purchases import Floats, Ints
from zhiyin.recommend.scores import Few, Same, strongest
from zhiyin.recommend.trails import Trails

# What few have in common is drawn towards 0: so many common ratings count half.
SHRINK = 20.0
# Customers of the usual satisfaction that are added to those who spoke of an item.
DOUBT = 5.0
NEAREST = 100
MOST_PEERS = 20_000
_HAIR = 1e-5  # what rounding may do to a rating
_BLOCK = 512
_CELLS = 4_000_000  # pairs of items that are held at a time

__all__ = ["AlikeRaters", "Liked", "RatedItems", "centred", "in_common", "opinions"]


def opinions(trails: Trails, disliked: sp.csr_matrix | None = None) -> sp.csr_matrix:
    """Rows x items: the weights as they were told; of what was taken several times the mean, of what was turned down below zero.

    Args:
        trails: the histories.
        disliked: customers x items, the weights below zero; they are those of the customers known by number.
    """
    shape, start = (len(trails), trails.items), trails.start
    told = sp.csr_matrix((np.exp2(trails.weight) - 1, trails.item, start), shape=shape, copy=True)
    times = sp.csr_matrix((np.ones(len(trails.item), np.float32), trails.item, start), shape=shape, copy=True)
    told.sum_duplicates()
    times.sum_duplicates()
    told.data /= times.data
    if disliked is None:
        return told.astype(np.float32)
    known = sp.diags((trails.who >= 0).astype(np.float32))
    return (told + known @ disliked[np.maximum(trails.who, 0)]).tocsr().astype(np.float32)


def centred(given: sp.csr_matrix) -> sp.csr_matrix:
    """Each rating less the mean of its customer over what she rated; a rating that is her mean stays, as 0."""
    many, row = np.diff(given.indptr), np.repeat(np.arange(given.shape[0]), np.diff(given.indptr))
    mean = np.bincount(row, given.data, minlength=given.shape[0]) / np.maximum(many, 1)
    above = given.data - mean[row]
    above[np.abs(above) < _HAIR * np.abs(given.data)] = 0
    return sp.csr_matrix((above, given.indices, given.indptr), shape=given.shape)


def in_common(left: sp.csr_matrix, right: sp.csr_matrix, *, shrink: float = SHRINK) -> sp.csr_matrix:
    """Cosine of rows over the columns that both hold, times `n / (n + shrink)` for the n columns in common.

    Args:
        left: rows x columns, centred; a stored 0 is a rating too.
        right: other rows x the same columns.
        shrink: columns in common that count half; 0 for the plain cosine.
    """
    here, there = (sp.csr_matrix((np.ones_like(side.data), side.indices, side.indptr), shape=side.shape) for side in (left, right))
    both = (here @ there.T).tocsr()
    norm = (left.multiply(left) @ there.T).multiply(here @ right.multiply(right).T).tocsr()
    norm.data = 1 / np.sqrt(np.maximum(norm.data, 1e-12))
    both.data = both.data / (both.data + shrink)
    return (left @ right.T).multiply(norm).multiply(both).tocsr()


class RatedItems:
    """Items that the same customers rate alike: adjusted cosine.

    References:
        Sarwar et al., Item-based Collaborative Filtering Recommendation Algorithms, WWW 2001.
    """

    def __init__(self, given: sp.csr_matrix, disliked: sp.csr_matrix | None = None, *, shrink: float = SHRINK) -> None:
        self.disliked = disliked
        across = centred(given).T.tocsr()
        blocks, size = [], max(1, _CELLS // max(across.shape[0], 1))
        for start in range(0, across.shape[0], size):
            some = in_common(across[start : start + size], across, shrink=shrink)
            some.data[np.repeat(np.arange(some.shape[0]), np.diff(some.indptr)) + start == some.indices] = 0
            blocks.append(strongest(some, NEAREST))
        self.links = sp.vstack(blocks, format="csr").astype(np.float32)

    def score(self, trails: Trails) -> Few:
        """How far above the own usual the ratings of items like each are, summed by likeness."""
        return Few((centred(opinions(trails, self.disliked)) @ self.links.T).tocsr())


class AlikeRaters:
    """What customers rate high who rate as this one does: Pearson correlation over what both rated, mean-centred.

    References:
        Herlocker et al., An Algorithmic Framework for Performing Collaborative Filtering, SIGIR 1999.
    """

    def __init__(self, given: sp.csr_matrix, who: Ints, *, disliked: sp.csr_matrix | None = None, shrink: float = SHRINK) -> None:
        self.disliked, self.shrink = disliked, shrink
        most = np.sort(np.argsort(-np.diff(given.indptr), kind="stable")[:MOST_PEERS])
        self.who, self.given = who[most], centred(given)[most]

    def score(self, trails: Trails) -> Few:
        """How far above their own usual the nearest rate each item, summed by likeness."""
        blocks = [sp.csr_matrix((0, trails.items), dtype=np.float32)]
        for start in range(0, len(trails), _BLOCK):
            some = trails.take(np.arange(start, min(start + _BLOCK, len(trails))))
            blocks.append((self.alike(some) @ self.given).tocsr())
        return Few(sp.vstack(blocks, format="csr"))

    def alike(self, trails: Trails) -> sp.csr_matrix:
        """Histories x peers: likeness to the nearest, oneself left out."""
        found = in_common(centred(opinions(trails, self.disliked)), self.given, shrink=self.shrink)
        row = np.repeat(trails.who, np.diff(found.indptr))
        found.data[(self.who[found.indices] == row) & (row >= 0)] = 0
        return strongest(found, NEAREST)


class Liked:
    """How far above or below their own usual customers rate each item: the mean, drawn towards 0 where few have spoken."""

    def __init__(self, given: sp.csr_matrix) -> None:
        above = centred(given)
        many = np.bincount(above.indices, minlength=given.shape[1])
        total = np.bincount(above.indices, above.data, minlength=given.shape[1])
        self.satisfied: Floats = (total / (many + DOUBT)).astype(np.float32)
        self.order: Ints = np.argsort(-self.satisfied, kind="stable").astype(np.int32)

    def score(self, trails: Trails) -> Same:
        """The same for every history."""
        return Same(self.satisfied, self.order, len(trails))
