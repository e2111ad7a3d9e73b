"""Is it more than chance, when many things were looked at?"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

__all__ = ["discovered", "two_sided"]


def two_sided(z: float) -> float:
    """The chance of a normal figure at least so far from 0, on either side.

    Example:
        >>> round(two_sided(1.96), 3)
        0.05
    """
    return math.erfc(abs(z) / math.sqrt(2.0))


def discovered(chances: Sequence[float], *, share: float) -> list[bool]:
    """Which of several findings to believe, so that at most this share of those believed is expected to be false.

    Args:
        chances: p-value of each; NaN is never believed.
        share: the false discovery rate, 0-1.

    References:
        Benjamini, Hochberg (1995): Controlling the false discovery rate. J. R. Stat. Soc. B 57(1), 289-300.
    """
    found = np.nan_to_num(np.asarray(chances, dtype=np.float64), nan=1.0)
    order = np.argsort(found, kind="stable")
    small = found[order] <= share * (np.arange(len(found)) + 1) / max(len(found), 1)
    last = int(np.flatnonzero(small).max()) if small.any() else -1
    believed = np.zeros(len(found), dtype=bool)
    believed[order[: last + 1]] = True
    return [bool(one) for one in believed]
