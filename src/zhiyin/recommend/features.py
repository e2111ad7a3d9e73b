"""Which items come into question for a history, and what does each voice say about them?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.purchases import Flags, Floats, Ints, cells
from zhiyin.recommend.scores import Best, Scores

# Items that each voice may propose. On Gowalla 100 hold 60 % of what was taken, 150 65 %, at half as much work again.
PROPOSED = 100
# Added to the place before it is inverted: the first ten places differ, the fiftieth and the sixtieth hardly.
_PLACE = 5.0
_FAR = 10.0  # standard deviations; what lies farther is as good as unheard

__all__ = ["PROPOSED", "Candidates", "candidates", "feature_names", "taken"]


@dataclass(frozen=True)
class Candidates:
    """Long rows of history and item, sorted by both; `said` is `(n, features)`, see `feature_names`."""

    row: Ints
    item: Ints
    said: Floats

    def only(self, wanted: Flags) -> Candidates:
        """Some of the rows."""
        return Candidates(self.row[wanted], self.item[wanted], self.said[wanted])


def feature_names(voices: Mapping[str, object] | tuple[str, ...]) -> tuple[str, ...]:
    """Two of each voice: how far above the items it proposes, and one over the place among them; then how long the history is."""
    return (*(f"{name}_{part}" for name in voices for part in ("high", "place")), "length")


def candidates(said: Mapping[str, Scores], length: Ints, *, without: sp.csr_matrix, proposed: int = PROPOSED) -> Candidates:
    """The best items of every voice, with what all voices say about each.

    Args:
        said: name of the voice -> its scores, all for the same histories.
        length: items in each history.
        without: histories x items that must not be proposed.
        proposed: at most so many of each voice.
    """
    items = without.shape[1]
    best = {name: scores.best(proposed, without=without) for name, scores in said.items()}
    pairs = np.unique(np.concatenate([found.row * np.int64(items) + found.item for found in best.values()]))
    row, item = (pairs // items).astype(np.int32), (pairs % items).astype(np.int32)
    columns = []
    for name, scores in said.items():
        columns += _heard(scores, best[name], pairs, count=len(length), items=items)
    columns.append(np.log1p(length[row]))
    return Candidates(row, item, np.stack(columns, axis=1).astype(np.float32))


def _heard(scores: Scores, best: Best, pairs: Ints, *, count: int, items: int) -> list[Floats]:
    """How far above the mean of its proposals a voice puts each pair, in their standard deviations; and one over the place."""
    row, item = (pairs // items).astype(np.int32), (pairs % items).astype(np.int32)
    number = np.maximum(np.bincount(best.row, minlength=count), 1)
    mean = np.bincount(best.row, best.score, minlength=count) / number
    spread = np.sqrt(np.maximum(np.bincount(best.row, best.score.astype(np.float64) ** 2, minlength=count) / number - mean**2, 0))
    high = (scores.at(row, item) - mean[row]) / np.maximum(spread[row], 1e-3 * np.abs(mean[row]) + 1e-9)
    place = np.zeros(len(pairs), np.float32)
    rank = np.arange(len(best.row)) - np.searchsorted(best.row, best.row)
    place[np.searchsorted(pairs, best.row * np.int64(items) + best.item)] = 1 / (rank + _PLACE)
    return [np.clip(high, -_FAR, _FAR), place]


def taken(found: Candidates, truth: sp.csr_matrix) -> Flags:
    """Which of the candidates were taken afterwards; `truth` has a row a history."""
    return cells(truth, rows=found.row, columns=found.item) > 0
