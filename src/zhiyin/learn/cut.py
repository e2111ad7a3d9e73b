"""Whom does a model pick when only some can be acted on, and how often is that right?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from zhiyin.core.errors import UsageError
from zhiyin.core.words import Say
from zhiyin.learn.card import Interval
from zhiyin.learn.frames import Floats
from zhiyin.learn.metrics import bootstrap

__all__ = ["NO_MODEL", "at_cut", "picked"]

NO_MODEL = "accuracy_no_model"  # of who always says what happens more often


def picked(values: npt.ArrayLike, *, share: float) -> Floats:
    """1 for rows among the likeliest `share`, 0 for the others; rows tied at the cut are picked by their share.

    Raises:
        UsageError: when the share lies outside 0 to 1.
    """
    if not 0 < share <= 1:
        raise UsageError(
            Say("选取的比例要大于 0，不超过 1。", "The share that is picked must lie above 0 and be 1 at most."),
            got=share,
            fix=Say("例如 0.2，即最可能的五分之一。", "For example 0.2: the likeliest fifth."),
        )
    scores = np.asarray(values, dtype=np.float64)
    if not len(scores):
        return scores
    wanted = share * len(scores)
    _, place, counts = np.unique(-scores, return_inverse=True, return_counts=True)
    before = np.cumsum(counts) - counts
    return np.asarray((np.clip(wanted - before, 0, counts) / counts)[place])


def at_cut(
    labels: npt.ArrayLike, values: npt.ArrayLike, *, share: float, n: int = 40, groups: npt.ArrayLike | None = None
) -> dict[str, Interval]:
    """Accuracy, precision, recall and F1 when the likeliest `share` is picked, and the accuracy of who picks without a model.

    Accuracy alone misleads: where something happens to one in seven, who says that it never happens is right for six of seven.

    Args:
        labels: 0 or 1.
        values: the larger the likelier.
        share: of the rows that are picked.
        n: draws of the bootstrap.
        groups: rows of one group are drawn together.
    """

    def figure(name: str) -> Callable[[Floats, Floats], float]:
        return lambda happened, said: _figures(happened, picked(said, share=share))[name]

    return {name: bootstrap(figure(name), labels, values, n=n, seed=1, groups=groups) for name in _NAMES}


_NAMES = ("accuracy", NO_MODEL, "precision", "recall", "f1")


def _figures(happened: Floats, chosen: Floats) -> dict[str, float]:
    hits, all_, took = float(happened @ chosen), float(happened.sum()), float(chosen.sum())
    right = hits + float((1 - happened) @ (1 - chosen))
    rate = all_ / len(happened)
    return {
        "accuracy": right / len(happened),
        NO_MODEL: max(rate, 1 - rate),
        "precision": hits / took if took else float("nan"),
        "recall": hits / all_ if all_ else float("nan"),
        "f1": 2 * hits / (took + all_) if took + all_ else float("nan"),
    }
