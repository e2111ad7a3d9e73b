"""What is everybody taking, and what lately?"""

from __future__ import annotations

import numpy as np

from zhiyin.recommend.moments import day_of
from zhiyin.recommend.purchases import Floats, Ints
from zhiyin.recommend.scores import Same
from zhiyin.recommend.trails import Trails

# Steps from the end that count as lately: the weight halves every second step.
_LATELY = 2.0
# Days in which the weight of what was taken halves.
HALF_LIFE = 28.0

__all__ = ["Popular", "Trend"]


class Popular:
    """Customers who took each item; `lately` counts the last steps of each history only."""

    def __init__(self, trails: Trails, *, lately: bool = False) -> None:
        weight = np.exp2(-trails.back() / _LATELY) if lately else np.ones(len(trails.item))
        self.counts: Floats = np.bincount(trails.item, weight, minlength=trails.items).astype(np.float32)
        self.order: Ints = np.argsort(-self.counts, kind="stable").astype(np.int32)

    def score(self, trails: Trails) -> Same:
        """The same for every history."""
        return Same(np.log1p(self.counts), self.order, len(trails))


class Trend(Popular):
    """What was taken these weeks, each day counting less the longer ago it was."""

    def __init__(self, trails: Trails, *, half_life: float = HALF_LIFE) -> None:
        day = day_of(trails.moment) if trails.moment is not None else np.zeros(len(trails.item))
        weight = np.exp2((day - day.max(initial=0)) / half_life)
        self.counts = np.bincount(trails.item, weight, minlength=trails.items).astype(np.float32)
        self.order = np.argsort(-self.counts, kind="stable").astype(np.int32)

    def score(self, trails: Trails) -> Same:
        """The same for every history."""
        return Same(np.log(self.counts + 1e-2), self.order, len(trails))
