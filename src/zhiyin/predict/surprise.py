"""How surprising is what happened, in nats that add up?

A tail probability p (how often somebody ordinary does at least as much) becomes the evidence log(1/2) - log(p)/2: the logarithm of
an e-value, whose mean over ordinary cases is at most 1. So evidence of several kinds may be added to the log-odds of a prior, what
is ordinary counts a little against suspicion (-0.7), and no single rarity overwhelms all others.

References:
    Vovk, Wang: E-values: calibration, combination and applications. Annals of Statistics 49 (2021).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["Floats", "before", "either", "nats", "share_above", "shrunk", "upper_tail"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_SMALLEST = 1e-12  # a tail beyond it is a matter of the assumption, not of the facts
_FREEDOM = 4.0  # of Student's t: tails as heavy as those of what people pay


def nats(tails: Floats) -> Floats:
    """Evidence of each tail probability; 0 where there is none (NaN)."""
    told = np.clip(np.where(np.isnan(tails), 1.0, tails), _SMALLEST, 1.0)
    found: Floats = np.where(np.isnan(tails), 0.0, np.log(0.5) - 0.5 * np.log(told))
    return found


def either(one: Floats, other: Floats) -> Floats:
    """Evidence of two ways to look at the same thing: the mean of the two e-values, which is one again."""
    return np.asarray(np.logaddexp(nats(one), nats(other)) - np.log(2.0), dtype=np.float64)


def shrunk(own: Floats, times: Floats, *, usual: Floats | float, strength: float) -> Floats:
    """A share of one's own, drawn to that of everybody as if that had been seen `strength` times."""
    return np.asarray((own + strength * np.asarray(usual)) / (times + strength), dtype=np.float64)


def share_above(values: Floats) -> Floats:
    """For each value, the share of all that are at least as large; never 0."""
    order = np.sort(values)
    return np.asarray((len(values) - np.searchsorted(order, values, side="left")) / max(len(values), 1), dtype=np.float64)


def upper_tail(distances: Floats) -> Floats:
    """The chance of a value so many typical deviations above the usual, or more (Student's t with 4 degrees of freedom)."""
    from scipy.stats import t

    return np.asarray(t.sf(distances, _FREEDOM), dtype=np.float64)


def before(groups: Ints, seconds: Ints, *, by: int) -> tuple[Ints, Ints]:
    """For each row of rows sorted by group and time: the first row of its group, and the first that is not `by` seconds older.

    Sums over what happened at least `by` seconds before are then differences of a running sum.
    """
    span = int(seconds.max() - seconds.min()) + abs(by) + 1 if len(seconds) else 1
    keys = groups * span + (seconds - (seconds.min() if len(seconds) else 0))
    first = np.searchsorted(groups, groups, side="left")
    until = np.searchsorted(keys, keys - by, side="right")
    return first, np.maximum(until, first)
