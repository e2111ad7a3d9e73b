"""How much does a voice say for each item? Scores in the shape in which they are cheap: few, low rank, or all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.purchases import Floats, Ints, cells

# With more items one row is answered by length: see benchmarks/results/recommend_nearest.md.
MANY = 100_000
_FIRST_LOOK = 8_192  # items looked at first; then twice as many each time
_ROUNDED = 1 + 1e-4  # a product of 32-bit numbers may come out longer than the lengths allow, by so much
_CELLS = 40_000_000  # scores that are held at a time: 160 MB, and twice that for their order

__all__ = ["MANY", "Best", "Block", "Few", "LowRank", "Points", "Same", "Scores", "strongest"]


class Best(NamedTuple):
    """The best items of many rows, long: sorted by row, best first."""

    row: Ints
    item: Ints
    score: Floats


class Scores(Protocol):
    """Scores of n rows for all items; nothing known counts 0."""

    def best(self, k: int, *, without: sp.csr_matrix | None = None) -> Best:
        """The `k` highest of each row; `without` marks what must not be among them."""
        ...

    def at(self, rows: Ints, items: Ints) -> Floats:
        """The score at each row and item."""
        ...


@dataclass(frozen=True)
class Few:
    """Most items score 0: a sparse matrix."""

    matrix: sp.csr_matrix

    def __post_init__(self) -> None:
        self.matrix.sort_indices()  # a product comes unsorted, and every look-up would read its whole row

    def best(self, k: int, *, without: sp.csr_matrix | None = None) -> Best:
        """The `k` highest of each row that are above 0."""
        left = self.matrix
        if without is not None:
            both = left.multiply(without)
            left = (left - both).tocsr()
        found = strongest(left, k)
        row = np.repeat(np.arange(found.shape[0], dtype=np.int32), np.diff(found.indptr))
        order = np.lexsort((found.indices, -found.data, row))
        order = order[found.data[order] > 0]
        return Best(row[order], found.indices[order], found.data[order])

    def at(self, rows: Ints, items: Ints) -> Floats:
        """The score at each row and item."""
        if self.matrix.shape[0] == 1:  # a dense row is looked up faster than a sparse one
            return np.asarray(self.matrix.toarray()[0][items])
        return cells(self.matrix, rows=rows, columns=items)


@dataclass(frozen=True)
class Block:
    """Every item of every row."""

    block: Floats

    def best(self, k: int, *, without: sp.csr_matrix | None = None) -> Best:
        """The `k` highest of each row."""
        return _best(self.block.copy(), k, without)

    def at(self, rows: Ints, items: Ints) -> Floats:
        """The score at each row and item."""
        return self.block[rows, items]


@dataclass(frozen=True)
class Points:
    """Items as points, which do not change while they are asked: what makes asking quick is worked out at the first question, never saved.

    Attributes:
        factors: `(items, factors)`.
    """

    factors: Floats

    def __len__(self) -> int:
        return len(self.factors)

    @cached_property
    def across(self) -> Floats:
        """`(factors, items)`, laid out for few rows against all items (1.4 ms instead of 3.7 for one of 40 000 x 256)."""
        return np.ascontiguousarray(self.factors.T)

    def first(self, row: Floats, k: int, *, barred: Ints) -> tuple[Ints, Floats]:
        """The `k` items of the highest product with one row, and the products; exactly those that looking at all items would find.

        A product is at most the length of the one times the length of the other: items are looked at from the longest on, until none
        that is left can reach the `k` found. Where items differ in length, as the rare and the popular do, that is soon.

        References:
            Teflioudi et al., LEMP: Fast Retrieval of Large Entries in a Matrix Product, SIGMOD 2015.
        """
        order, place, length, sorted_factors = self._by_length
        aside = np.sort(place[barred])
        item, score = np.zeros(0, np.int32), np.zeros(0, np.float32)
        reach, start, size = float(np.linalg.norm(row)) * _ROUNDED, 0, _FIRST_LOOK
        while start < len(order) and not (len(score) == k and reach * length[start] < score.min()):
            said = sorted_factors[start : start + size] @ row
            said[aside[slice(*np.searchsorted(aside, (start, start + size)))] - start] = -np.inf
            item, score = np.append(item, order[start : start + size]), np.append(score, said)
            if len(score) > k:
                kept = np.argpartition(score, len(score) - k)[len(score) - k :]
                item, score = item[kept], score[kept]
            start, size = start + size, min(2 * size, _PIECE)
        free = np.lexsort((item, -score))[: int((score > -np.inf).sum())]
        return item[free], score[free]

    @cached_property
    def _by_length(self) -> tuple[Ints, Ints, Floats, Floats]:
        """Items from the longest on, the place of each among them, their lengths, and their points."""
        length = np.linalg.norm(self.factors, axis=1)
        order = np.argsort(-length, kind="stable").astype(np.int32)
        place = np.empty_like(order)
        place[order] = np.arange(len(order), dtype=np.int32)
        return order, place, length[order], self.factors[order]


@dataclass(frozen=True)
class LowRank:
    """Rows and items as points in the same space; the score is their product.

    Attributes:
        rows: `(n, factors)`.
        points: of the items.
    """

    rows: Floats
    points: Points

    def best(self, k: int, *, without: sp.csr_matrix | None = None) -> Best:
        """The `k` highest of each row."""
        if len(self.rows) == 1 and len(self.points) > MANY:
            barred = np.zeros(0, np.int32) if without is None else without.indices
            item, score = self.points.first(self.rows[0], k, barred=barred)
            return Best(np.zeros(len(item), np.int32), item, score)
        step, found = max(1, _CELLS // max(len(self.points), 1)), []
        for start in range(0, max(len(self.rows), 1), step):
            part = slice(start, start + step)
            best = _best(self.rows[part] @ self.points.across, k, None if without is None else without[part])
            found.append(best._replace(row=best.row + np.int32(start)))
        return Best(*(np.concatenate(parts) for parts in zip(*found, strict=True)))

    def at(self, rows: Ints, items: Ints) -> Floats:
        """The score at each row and item."""
        out = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), _PIECE):
            piece = slice(start, start + _PIECE)
            out[piece] = np.einsum("ij,ij->i", self.rows[rows[piece]], self.points.factors[items[piece]])
        return out


@dataclass(frozen=True)
class Same:
    """The same for everybody: one score an item; `order` holds the items, best first, sorted once and not for every question."""

    score: Floats
    order: Ints
    count: int

    def best(self, k: int, *, without: sp.csr_matrix | None = None) -> Best:
        """The `k` highest of each row."""
        longest = 0 if without is None or not without.shape[0] else int(np.diff(without.indptr).max())
        order = self.order[: k + longest]
        row, item = np.repeat(np.arange(self.count, dtype=np.int32), len(order)), np.tile(order, self.count)
        if without is not None:
            free = cells(without, rows=row, columns=item) == 0
            row, item = row[free], item[free]
        place = np.arange(len(row)) - np.searchsorted(row, row)
        row, item = row[place < k], item[place < k]
        return Best(row, item.astype(np.int32), self.score[item])

    def at(self, rows: Ints, items: Ints) -> Floats:
        """The score at each row and item."""
        return self.score[items]


_PIECE = 65_536  # pairs multiplied together: 64 MB with 256 factors


def strongest(matrix: sp.csr_matrix, k: int) -> sp.csr_matrix:
    """The `k` largest values of each row of a sparse matrix; the others become 0."""
    start, data, indices = matrix.indptr, matrix.data, matrix.indices
    long = np.flatnonzero(np.diff(start) > k)
    if not len(long):
        return matrix
    keep = np.ones(len(data), bool)
    for row in long:
        values = data[start[row] : start[row + 1]]
        keep[start[row] + np.argpartition(values, len(values) - k)[: len(values) - k]] = False
    kept = np.concatenate([[0], np.cumsum(keep)])[start]
    return sp.csr_matrix((data[keep], indices[keep], kept), shape=matrix.shape)


def _best(block: Floats, k: int, without: sp.csr_matrix | None) -> Best:
    """The best of a block, which is written into."""
    if without is not None and without.nnz:
        block[np.repeat(np.arange(len(block)), np.diff(without.indptr)), without.indices] = -np.inf
    k = min(k, block.shape[1])
    item = np.argpartition(block, block.shape[1] - k, axis=1)[:, block.shape[1] - k :].astype(np.int32)
    score = np.take_along_axis(block, item, axis=1)
    order = np.lexsort((item, -score), axis=1)
    item, score = np.take_along_axis(item, order, axis=1), np.take_along_axis(score, order, axis=1)
    row = np.repeat(np.arange(len(block), dtype=np.int32), k)
    free = score.ravel() > -np.inf
    return Best(row[free], item.ravel()[free], score.ravel()[free])
