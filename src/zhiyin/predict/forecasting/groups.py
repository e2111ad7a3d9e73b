"""Which series behave alike, so that they share their ways?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhiyin.core.words import Say
from zhiyin.predict.forecasting.panel import Panel

__all__ = ["GROUPS", "Group", "groups_of"]

_SPARSE = 0.4  # share of zeros from which large errors count more: the middle of such a series is 0 and helps nobody
_SHORT = 3  # seasons below which a series has hardly a shape of its own


@dataclass(frozen=True)
class Group:
    """A kind of series.

    Args:
        called: what people call it.
        squared: large errors count by their square, so that the mean is aimed at.
        short: it has hardly a past: what nobody judged on such series is not trusted with them.
    """

    called: Say
    squared: bool = False
    short: bool = False


GROUPS = (
    Group(Say("正常序列", "regular series")),
    Group(Say("多数为零的序列", "sparse series (many zeros)"), squared=True),
    Group(Say("历史很短的序列", "short series"), short=True),
)


def groups_of(panel: Panel, season: int) -> npt.NDArray[np.int64]:
    """The number of the group of each series, `(n,)`."""
    seen = np.isfinite(panel.values)
    many = seen.sum(axis=1)
    zeros = (panel.values == 0).sum(axis=1) / np.maximum(many, 1)
    return np.where(zeros >= _SPARSE, 1, np.where(many < max(_SHORT * season, 8), 2, 0)).astype(np.int64)
