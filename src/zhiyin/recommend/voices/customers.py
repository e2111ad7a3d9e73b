"""What do customers with the same taste take? User-based collaborative filtering."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.scores import Few, strongest
from zhiyin.recommend.trails import Trails

NEAREST = 300
# Customers that others are compared with, those with the longest histories: bounds time and memory where there are millions.
MOST_PEERS = 50_000
# An item that everybody takes says less about a neighbour's taste: scores are divided by its count to this power.
QUIET = 0.25
# The nearer, the more a neighbour's vote counts: likeness to this power (1 to 2 on three sets: 1.5 was never behind).
SHARP = 1.5
_BLOCK = 512

__all__ = ["SimilarCustomers"]


class SimilarCustomers:
    """Cosine over rarity-weighted items, then a vote of the nearest.

    References:
        Herlocker et al., An Algorithmic Framework for Performing Collaborative Filtering, SIGIR 1999.
    """

    def __init__(self, trails: Trails, *, fade: float = 1.0) -> None:
        self.fade = fade
        peers = trails
        if len(trails) > MOST_PEERS:
            peers = trails.take(np.sort(np.argsort(-trails.length(), kind="stable")[:MOST_PEERS]))
        self.who = peers.who
        seen = peers.latest().seen()
        holders = np.maximum(seen.getnnz(axis=0), 1)
        self.rarity = np.log(max(len(peers), 2) / np.minimum(holders, len(peers) - 0.5)).astype(np.float32)
        weighted = self._rare(seen)
        length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        self.tastes = (sp.diags(1 / np.maximum(length, 1e-6)) @ weighted).T.tocsr().astype(np.float32)
        self.votes = (seen @ sp.diags(holders.astype(np.float32) ** -QUIET)).tocsr().astype(np.float32)

    def score(self, trails: Trails) -> Few:
        """Likeness of the nearest customers who took the item, summed."""
        blocks = [sp.csr_matrix((0, trails.items), dtype=np.float32)]
        for start in range(0, len(trails), _BLOCK):
            some = trails.take(np.arange(start, min(start + _BLOCK, len(trails))))
            blocks.append((self.alike(some) @ self.votes).tocsr())
        return Few(sp.vstack(blocks, format="csr"))

    def alike(self, trails: Trails) -> sp.csr_matrix:
        """Histories x peers: likeness to the nearest, oneself left out."""
        found = (self._rare(trails.latest().matrix(self.fade)) @ self.tastes).tocsr()
        row = np.repeat(trails.who, np.diff(found.indptr))
        found.data[(self.who[found.indices] == row) & (row >= 0)] = 0
        nearest = strongest(found, NEAREST)
        nearest.data = nearest.data**SHARP
        return nearest

    def _rare(self, rows: sp.csr_matrix) -> sp.csr_matrix:
        """The rows with rare items counting more; what is given stays as it was."""
        return sp.csr_matrix((rows.data * self.rarity[rows.indices], rows.indices, rows.indptr), shape=rows.shape)
