"""What is taken under circumstances like these? The month, the weather, a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.moments import MONTHS, Circumstances, day_of
from zhiyin.recommend.purchases import Floats
from zhiyin.recommend.scores import LowRank, Points
from zhiyin.recommend.trails import Trails

# Added to what was counted and to what was to be expected: what was hardly ever taken differs from nothing by chance only.
SHRINK = 10.0
_PERIOD = 28  # days whose shares are taken together
_HALF_A_YEAR, _SOME_WEEKS = 6, 1  # periods on each side

__all__ = ["Moment", "learn_moment"]


@dataclass(frozen=True)
class Moment:
    """Items and circumstances: `factors` (items x circumstances) says how much more each is taken under each, as a logarithm.

    A moment says the mean of its circumstances: they say partly the same (heat, sunshine, a dry day), and their sum would count it twice.

    References:
        DuMouchel, Bayesian Data Mining in Large Frequency Tables, The American Statistician 1999 (counted over expected, shrunken).
    """

    circumstances: Circumstances
    factors: Floats

    def score(self, trails: Trails) -> LowRank:
        """How much more than usual each item is taken at the moment for which each history is asked; 0 where nothing is known."""
        if trails.now is None:
            return LowRank(np.zeros((len(trails), self.factors.shape[1]), np.float32), self._points)
        said = self.circumstances.of(trails.now).toarray()
        return LowRank(said / np.maximum(said.sum(axis=1, keepdims=True), 1), self._points)

    @cached_property
    def _points(self) -> Points:
        return Points(self.factors)


def learn_moment(trails: Trails, circumstances: Circumstances) -> Moment:
    """`log((counted + s) / (expected + s))` of each item under each circumstance.

    Expected is the item's share of all that was taken around that time - within half a year of it for a month, within some weeks for
    anything else - so that an item that came or went is not taken for one of a season. Months are learned from what is older than half a
    year: the month that runs would tell what is taken these days, and a ranker that learned to trust it is wrong on the first of the next.
    """
    when, step = np.unique(trails.moment if trails.moment is not None else np.zeros(0, np.int64), return_inverse=True)
    ones = np.ones(len(step), np.float32)
    taken = sp.csr_matrix((ones, (trails.item[: len(step)], step)), shape=(trails.items, len(when)))
    about, day = circumstances.of(when), day_of(when)
    period = (day - day.min(initial=0)) // _PERIOD if len(day) else day
    ones = np.ones(len(when), np.float32)
    within = sp.csr_matrix((ones, (np.arange(len(when)), period)), shape=(len(when), int(period.max(initial=0)) + 1))
    before = sp.diags((day < day.max(initial=0) - _HALF_A_YEAR * _PERIOD).astype(np.float32)) @ about
    month = np.arange(about.shape[1]) < MONTHS
    counted = np.where(month, (taken @ before).toarray(), (taken @ about).toarray())
    expected = np.where(month, _expected(taken, before, within, reach=_HALF_A_YEAR), _expected(taken, about, within, reach=_SOME_WEEKS))
    return Moment(circumstances, np.log((counted + SHRINK) / (expected + SHRINK)).astype(np.float32))


def _expected(taken: sp.csr_matrix, about: sp.csr_matrix, within: sp.csr_matrix, *, reach: int) -> Floats:
    """Items x circumstances: how often each would be taken under each, had each period the shares of the periods around it."""
    often = (taken @ within).tocsr()
    periods = within.shape[1]
    around = sp.diags([np.ones(periods, np.float32)] * (2 * reach + 1), range(-reach, reach + 1), shape=(periods, periods))
    share = (often @ around) @ sp.diags(1 / np.maximum(around @ np.asarray(often.sum(axis=0)).ravel(), 1))
    total = sp.diags(np.asarray(taken.sum(axis=0)).ravel())
    return np.asarray((share @ (within.T @ total @ about)).toarray())
