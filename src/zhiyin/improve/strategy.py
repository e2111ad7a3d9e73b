"""Is one way of choosing contacts better than another? Paired differences over the same worlds, with their interval."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, stdev
from typing import NamedTuple

__all__ = ["Difference", "paired"]


class Difference(NamedTuple):
    """The mean of paired differences and its 95 % interval; without a second pair the interval is open."""

    mean: float
    low: float
    high: float
    pairs: int

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def paired(ours: Sequence[float], theirs: Sequence[float]) -> Difference:
    """How much more one way brought than the other, world by world.

    Args:
        ours: one figure a world.
        theirs: the figures of the same worlds, in the same order.

    Returns:
        Student's interval of the mean of the differences: with common random numbers most of the noise of a world is in both figures
        and falls out.

    References:
        Law and Kelton, Simulation Modeling and Analysis, ch. 10.2: paired-t interval under common random numbers.
    """
    from scipy.stats import t

    differences = [a - b for a, b in zip(ours, theirs, strict=True)]
    mean = fmean(differences)
    if len(differences) < 2:
        return Difference(mean, float("-inf"), float("inf"), len(differences))
    half = float(t.ppf(0.975, len(differences) - 1)) * stdev(differences) / len(differences) ** 0.5
    return Difference(mean, mean - half, mean + half, len(differences))
