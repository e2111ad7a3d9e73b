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
_PLAIN = ("level", "repeat")  # they must earn their place: averaged in unasked they made every set worse
_ROUNDS = 1  # ways added to the bag for each origin: one origin is one draw of the times, and more rounds followed it too far


def weights(said: Mapping[str, Floats], actual: Floats, *, size: Floats, squared: bool = False) -> dict[str, float]:
    """The share of each way in the blend that erred least; shares add to 1.

    The bag begins with every good way, so that a short back-test changes an average little; what helps most is added.

    Args:
        said: way -> forecasts `(origins, series, steps)`; NaN where a way has none.
        actual: what came, same shape, NaN where nothing did.
        size: what errors are divided by, same shape.
        squared: whether large errors count by their square (series with many zeros, where the mean is wanted).
    """
    names = sorted(said)
    known = np.isfinite(actual) & np.all([np.isfinite(said[name]) for name in names], axis=0)
    if not known.any():
        return dict.fromkeys(names, 1 / len(names))
    rows = np.stack([said[name][known] for name in names])
    truth, unit = actual[known], size[known]

    def loss(mixed: Floats) -> float:
        error = np.abs(mixed - truth) / unit
        return float(np.mean(error**2 if squared else error))

    alone = np.asarray([loss(row) for row in rows])
    bag = np.asarray(
        [error <= alone.min() * _NEAR and name not in _PLAIN for name, error in zip(names, alone, strict=True)], dtype=np.float64
    )
    bag[alone.argmin()] = 1
    for _ in range(_ROUNDS * len(actual)):
        mixed = bag @ rows
        trial = [loss((mixed + row) / (bag.sum() + 1)) for row in rows]
        if min(trial) >= loss(mixed / bag.sum()):
            break
        bag[int(np.argmin(trial))] += 1
    return {name: float(share) for name, share in zip(names, bag / bag.sum(), strict=True) if share > 0}


def blended(said: Mapping[str, Floats], shares: Mapping[str, float]) -> Floats:
    """The weighted mean; where a way has no answer the others share its weight."""
    total = np.zeros_like(next(iter(said.values())))
    weight = np.zeros_like(total)
    for name, share in shares.items():
        has = np.isfinite(said[name])
        total += np.where(has, share * np.nan_to_num(said[name]), 0.0)
        weight += share * has
    return np.where(weight > 0, total / np.maximum(weight, 1e-12), np.nan)
