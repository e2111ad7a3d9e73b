"""How much should each way count? Learned from how they did at past origins, group by group.

References:
    Caruana et al. (2004), Ensemble selection from libraries of models.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

__all__ = ["blended", "weights"]

Floats = npt.NDArray[np.float64]
_NEAR = 1.25  # ways that err at most this much more than the best start in the bag
_NEAR_SQUARED = 1.05  # the same for squares: most of those is chance that no way foresees
_PLAIN = ("level", "repeat", "smooth")  # they must earn their place: averaged in unasked they made every set worse
_MIDDLING = "trees_log"  # aims at the middle, which lies below the mean: not where the mean is wanted
_GLOBAL = ("trees", "trees_log")  # one model of all series; they err elsewhere than the ways that see one series
_STEP = 0.25  # what one addition counts beside the two families of the bag, which count 1 each
_ROUNDS = 1  # additions for each origin: one origin is one draw of the times, and more rounds followed it too far


def weights(said: Mapping[str, Floats], actual: Floats, *, size: Floats, squared: bool = False) -> dict[str, float]:
    """The share of each way in the blend; shares add to 1.

    The bag begins with every good way, half of it those that see one series and half those that learn from all (on the yearly
    and quarterly series of M3 and tourism these halves beat what any back-test chose); what helps most is added.

    Args:
        said: way -> forecasts `(origins, series, steps)`; NaN where a way has none.
        actual: what came, same shape, NaN where nothing did.
        size: what errors are divided by, same shape.
        squared: whether large errors count by their square (series with many zeros, where the mean is wanted); then each series
            counts by the root of its mean, so that one wild series does not choose for all.
    """
    names = sorted(name for name in said if not (squared and name == _MIDDLING))
    known = np.isfinite(actual) & np.all([np.isfinite(said[name]) for name in names], axis=0)
    if not known.any():
        return dict.fromkeys(names, 1 / len(names))
    rows = np.stack([said[name][known] for name in names])
    truth, unit = actual[known], size[known]

    _, owner = np.unique(np.nonzero(known)[1], return_inverse=True)
    many = np.bincount(owner)

    def loss(mixed: Floats) -> float:
        error = np.abs(mixed - truth) / unit
        return float(np.mean(np.sqrt(np.bincount(owner, weights=error**2) / many) if squared else error))

    bag = _opening(names, np.asarray([loss(row) for row in rows]), near=_NEAR_SQUARED if squared else _NEAR)
    for _ in range(_ROUNDS * len(actual)):
        mixed = bag @ rows
        trial = [loss((mixed + _STEP * row) / (bag.sum() + _STEP)) for row in rows]
        if min(trial) >= loss(mixed / bag.sum()):
            break
        bag[int(np.argmin(trial))] += _STEP
    return {name: float(share) for name, share in zip(names, bag / bag.sum(), strict=True) if share > 0}


def _opening(names: list[str], alone: Floats, *, near: float) -> Floats:
    """What each way counts before anything is added: families alike, in each of them the good ways alike."""
    good = (alone <= alone.min() * near) & ~np.isin(names, _PLAIN)
    good[alone.argmin()] = True
    bag: Floats = good.astype(np.float64)
    for family in (np.isin(names, _GLOBAL), ~np.isin(names, _GLOBAL)):
        bag[family] /= max(bag[family].sum(), 1.0)
    return bag


def blended(said: Mapping[str, Floats], shares: Mapping[str, float]) -> Floats:
    """The weighted mean; where a way has no answer the others share its weight."""
    total = np.zeros_like(next(iter(said.values())))
    weight = np.zeros_like(total)
    for name, share in shares.items():
        has = np.isfinite(said[name])
        total += np.where(has, share * np.nan_to_num(said[name]), 0.0)
        weight += share * has
    return np.where(weight > 0, total / np.maximum(weight, 1e-12), np.nan)
