"""What is everybody buying, and what are customers trying for the first time?"""

from __future__ import annotations

import numpy as np

from zhiyin.recommend.purchases import Floats, Ints, Purchases

# Days that "popular" looks back, the window of the baseline that every richer list must beat.
RECENT_DAYS = 28

__all__ = ["RECENT_DAYS", "buyers", "candidates", "newcomers"]


def buyers(purchases: Purchases, at: int, *, days: int = RECENT_DAYS) -> Floats:
    """Customers who bought each item in the `days` before `at`."""
    return np.asarray(purchases.between(at - days, at).bought().getnnz(axis=0).astype(np.float32))


def newcomers(purchases: Purchases, at: int, *, days: int = RECENT_DAYS) -> Floats:
    """Customers who bought each item for the first time in the `days` before `at`.

    A staple is popular because the same people buy it again; who has not bought it yet seldom starts.
    """
    known = purchases.before(at)
    first = np.flatnonzero(_starts(known))
    recent = first[known.day[first] >= at - days]
    return np.bincount(known.item[recent], minlength=len(purchases.items)).astype(np.float32)


def candidates(purchases: Purchases, at: int, *, most: int) -> Ints:
    """Items worth offering to somebody new: the `most` popular ones of the recent days, most popular first."""
    popular = buyers(purchases, at)
    order = np.argsort(-popular, kind="stable")[:most]
    return order[popular[order] > 0].astype(np.int32)


def _starts(purchases: Purchases) -> np.ndarray:
    """True on the first row of each customer and item."""
    changed = (np.diff(purchases.customer) != 0) | (np.diff(purchases.item) != 0)
    return np.concatenate([np.ones(min(1, len(purchases.day)), bool), changed])
