"""What did each customer do, oldest first? Histories as integers: the one thing that every voice listens to."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.purchases import Flags, Floats, Ints

# Steps of a history that are counted where pairs are: pairs grow with its square, and nobody's taste is told by thousands of items.
LONGEST = 500

__all__ = ["LONGEST", "Trails"]


@dataclass(frozen=True)
class Trails:
    """One row a customer, cut out of long arrays: the items of row `r` are `item[start[r]:start[r + 1]]`, oldest first.

    Attributes:
        who: `(n,)` number of each customer among those that voices learned from, -1 for a stranger.
        start: `(n + 1,)`.
        item: item numbers.
        weight: how much each counts, parallel to `item`.
        items: how many items there are.
        changed: something was added since the voices learned, a click for example.
        moment: when and where each step was taken, parallel to `item`, see `moments`; None where only the order is known.
        now: `(n,)` the moment for which each row is asked.
    """

    who: Ints
    start: Ints
    item: Ints
    weight: Floats
    items: int
    changed: bool = False
    moment: Ints | None = None
    now: Ints | None = None

    def __len__(self) -> int:
        return len(self.who)

    def length(self) -> Ints:
        """Items in each row."""
        return np.diff(self.start)

    def row(self) -> Ints:
        """The row of each item."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.length())

    def back(self) -> Ints:
        """Steps from the end of its row, 0 for the latest."""
        return np.repeat(self.start[1:], self.length()) - 1 - np.arange(len(self.item))

    def take(self, rows: Ints) -> Trails:
        """Some rows, in the order given."""
        length = self.length()[rows]
        start = np.concatenate([[0], np.cumsum(length)])
        place = np.repeat(self.start[rows] - start[:-1], length) + np.arange(start[-1])
        moment = None if self.moment is None else self.moment[place]
        now = None if self.now is None else self.now[rows]
        return replace(self, who=self.who[rows], start=start, item=self.item[place], weight=self.weight[place], moment=moment, now=now)

    def keep(self, wanted: Flags) -> Trails:
        """The same rows with only the wanted places of `item`, given as flags."""
        start = np.concatenate([[0], np.cumsum(wanted)])[self.start]
        moment = None if self.moment is None else self.moment[wanted]
        return replace(self, start=start, item=self.item[wanted], weight=self.weight[wanted], moment=moment)

    def latest(self, most: int = LONGEST) -> Trails:
        """At most the `most` latest items of each row."""
        return self if not len(self) or self.length().max() <= most else self.keep(self.back() < most)

    def then(self, items: Ints) -> Trails:
        """One row with some more steps at its end."""
        item, weight = np.append(self.item, items).astype(self.item.dtype), np.append(self.weight, np.ones(len(items), np.float32))
        moment = self.moment if self.moment is None or self.now is None else np.append(self.moment, np.repeat(self.now, len(items)))
        return replace(self, start=np.array([0, len(item)]), item=item, weight=weight, changed=True, moment=moment)

    def at(self, now: Ints) -> Trails:
        """The same histories, asked for these moments, one a row."""
        return self if self.moment is None else replace(self, now=now)

    def matrix(self, fade: float = 1.0) -> sp.csr_matrix:
        """Rows x items: summed weights, each step back counting `fade` times as much."""
        weight = self.weight if fade == 1 else self.weight * np.float32(fade) ** self.back().astype(np.float32)
        shape = (len(self), self.items)
        made = sp.csr_matrix((weight.astype(np.float32), self.item, self.start), shape=shape, copy=True)
        made.sum_duplicates()
        return made

    def seen(self) -> sp.csr_matrix:
        """Rows x items: 1 for every item in the row."""
        made = self.matrix()
        made.data[:] = 1
        return made
