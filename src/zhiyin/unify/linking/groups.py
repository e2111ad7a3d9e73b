"""Which rows are one thing, when the evidence of all their pairs is put together?"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

__all__ = ["Joined", "grouped", "one_to_one"]

_NEVER_MET = -2.0  # log-odds of two rows that share no key: unlikely, but nothing was seen that speaks against them
_LENIENT = 1.0  # log-odds by which the mean of many pairs may stay below even: rows that say little pull it down
_AT_MOST = 8.0  # log-odds: no single pair outvotes a group


class Joined(NamedTuple):
    """All pairs of rows within the groups, and by how much the mean log-odds with which their groups met was above the need."""

    left: np.ndarray
    right: np.ndarray
    odds: np.ndarray


def grouped(rows: int, pairs: tuple[np.ndarray, np.ndarray], *, odds: np.ndarray) -> Joined:
    """Rows put together as long as the mean over all pairs of two groups speaks for it, the strongest first.

    A chain of likely pairs does not make one thing of its two ends, and one doubtful pair among many good ones does no harm.

    Args:
        rows: how many there are.
        pairs: the two rows of every pair that was compared, the smaller first.
        odds: the log-odds of each.
    """
    left, right = pairs
    near = odds > -_LENIENT
    links = coo_array((np.ones(near.sum(), dtype=bool), (left[near], right[near])), shape=(rows, rows))
    group = connected_components(links, directed=False)[1]
    size = np.bincount(group, minlength=1)[group]
    inside = (group[left] == group[right]) & (odds > -np.inf)
    two = inside & (size[left] == 2) & (odds > 0)
    more = inside & (size[left] > 2)
    made = _Groups((left[more].tolist(), right[more].tolist()), np.clip(odds[more], -_AT_MOST, _AT_MOST).tolist())
    joined = made.joined()
    parts = [(left[two], right[two], np.minimum(odds[two], _AT_MOST)), *joined]
    one, other, mean = (np.concatenate([np.asarray(part[side]) for part in parts]) for side in range(3))
    return Joined(np.minimum(one, other).astype(np.int64), np.maximum(one, other).astype(np.int64), mean)


class _Groups:
    """Groups that meet pair by pair; `near` holds of each the sum of its links with the others, above `_NEVER_MET`."""

    def __init__(self, pairs: tuple[list[int], list[int]], odds: list[float]) -> None:
        self.near: dict[int, dict[int, float]] = {}
        for one, other, known in zip(*pairs, odds, strict=True):
            self.near.setdefault(one, {})[other] = known - _NEVER_MET
            self.near.setdefault(other, {})[one] = known - _NEVER_MET
        self.members = {row: [row] for row in self.near}
        self.queue = [(-known, one, other) for one, other, known in zip(*pairs, odds, strict=True) if known > 0]
        heapq.heapify(self.queue)

    def joined(self) -> list[tuple[list[int], list[int], list[float]]]:
        """Every pair of rows of one group, with the mean with which their groups met."""
        made = []
        while self.queue:
            known, one, other = heapq.heappop(self.queue)
            if self._evidence(one, other) == -known:
                if len(self.near[one]) < len(self.near[other]):
                    one, other = other, one
                here, there = self.members[one], self.members[other]
                made.append((here * len(there), [row for row in there for _ in here], [-known] * (len(here) * len(there))))
                self._join(one, other)
        return made

    def _evidence(self, one: int, other: int) -> float | None:
        """How far the mean log-odds between two groups is above what they need; None when one is no more, or they never met."""
        links = self.near.get(one, {}).get(other)
        if links is None:
            return None
        pairs = len(self.members[one]) * len(self.members[other])
        return links / pairs + _NEVER_MET + _LENIENT * (1 - 1 / pairs)

    def _join(self, one: int, other: int) -> None:
        links = self.near.pop(other)
        self.members[one] = self.members[one] + self.members.pop(other)
        mine = self.near[one]
        del mine[other]
        for third, known in links.items():
            if third != one:
                theirs = self.near[third]
                del theirs[other]
                mine[third] = theirs[one] = mine.get(third, 0.0) + known
        for third in mine:
            evidence = self._evidence(one, third)
            if evidence is not None and evidence > 0:
                heapq.heappush(self.queue, (-evidence, one, third))


def one_to_one(pairs: tuple[np.ndarray, np.ndarray], odds: np.ndarray) -> np.ndarray:
    """Which pairs stand when every row has at most one partner: the strongest first."""
    taken: set[int] = set()
    kept = np.zeros(len(odds), dtype=bool)
    left, right = (side.tolist() for side in pairs)
    for place in np.lexsort((pairs[1], pairs[0], -odds)).tolist():
        if left[place] not in taken and right[place] not in taken:
            taken |= {left[place], right[place]}
            kept[place] = True
    return kept
