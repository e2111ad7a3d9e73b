"""Which rows are worth comparing: for each row, those whose words are nearest."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import sparse

from zhiyin.unify.linking.corpus import Corpus

__all__ = ["candidates"]

_CELLS = 30_000_000  # similarities held at once: 120 MB
_MANY = 1_000_000_000  # pairs of rows beyond which only words are looked up: letters take ten times as long


def candidates(found: Corpus, *, nearest: int, alone: bool = False) -> np.ndarray:
    """Pairs of distinct rows, each row with its nearest of the other table by words, by letters and by title.

    Args:
        found: the words of both tables.
        nearest: how many partners a row gets by each of the four measures.
        alone: both tables are one, and a pair is told once, the smaller place first.

    Returns:
        (n_pairs, 2): the place of the left row and of the right row, sorted.
    """
    names = ["*"] if len(found.left.whole) * len(found.right.whole) > _MANY else ["*", "*~", found.title, "=~"]
    pairs = np.concatenate([_nearest(*found.matrices[name], nearest + alone) for name in names])
    if alone:
        pairs = np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1)
    return np.unique(pairs, axis=0)


def _nearest(left: sparse.csr_matrix, right: sparse.csr_matrix, nearest: int) -> np.ndarray:
    forth = _best(left, right, nearest)
    back = _best(right, left, nearest)
    return np.concatenate([forth, back[:, ::-1]])


def _best(rows: sparse.csr_matrix, others: sparse.csr_matrix, nearest: int) -> np.ndarray:
    """Each row with its nearest others."""
    found: list[np.ndarray] = []
    wide = others.T.tocsr()
    for start, part in _parts(rows, others.shape[0]):
        near = np.asarray((part @ wide).todense(), dtype=np.float32)
        kept = min(nearest, near.shape[1])
        top = np.argpartition(-near, kept - 1, axis=1)[:, :kept]
        at, place = np.nonzero(np.take_along_axis(near, top, axis=1) > 1e-3)
        found.append(np.column_stack([at + start, top[at, place]]))
    return np.concatenate(found) if found else np.empty((0, 2), dtype=np.int64)


def _parts(rows: sparse.csr_matrix, width: int) -> Iterable[tuple[int, sparse.csr_matrix]]:
    step = max(1, _CELLS // max(1, width))
    for start in range(0, rows.shape[0], step):
        yield start, rows[start : start + step]
