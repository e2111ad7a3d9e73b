"""What comes after what? Counted steps from item to item, the next one most."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.scores import Few, strongest
from zhiyin.recommend.trails import Trails

NEAREST = 500

__all__ = ["Steps"]


class Steps:
    """A decayed Markov chain: item to item within `window` steps, each step of distance counting `near` times as much.

    Args:
        trails: histories in the order of time.
        window: farthest step that is counted.
        near: weight of one step more between two items.
        back: weight of the way back, from the later to the earlier item.
        fade: weight of one step more from the end of the history that is asked about.
    """

    def __init__(self, trails: Trails, *, window: int, near: float, back: float, fade: float) -> None:
        self.fade, self.window = fade, window
        shape, links = (trails.items, trails.items), sp.csr_matrix((trails.items, trails.items), dtype=np.float32)
        row = trails.row()
        for far in range(1, window + 1):
            same = np.flatnonzero(row[far:] == row[:-far]) if far < len(row) else np.zeros(0, np.intp)
            if not len(same):
                break
            weight = np.full(len(same), near ** (far - 1), np.float32)
            links = links + sp.csr_matrix((weight, (trails.item[same], trails.item[same + far])), shape=shape)
        if back:
            links = (links + back * links.T).tocsr()
        links.setdiag(0)
        links.eliminate_zeros()
        left = np.maximum(np.asarray(links.sum(axis=1)).ravel(), 1e-6) ** -0.5
        right = np.maximum(np.bincount(trails.item, minlength=trails.items), 1) ** -0.3
        self.links = strongest((sp.diags(left) @ links @ sp.diags(right)).tocsr().astype(np.float32), NEAREST)

    def score(self, trails: Trails) -> Few:
        """What follows the last steps of each history."""
        return Few((trails.latest(4 * self.window).matrix(self.fade) @ self.links).tocsr())
