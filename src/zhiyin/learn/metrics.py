"""How good is it? Figures that do not depend on the order of rows, also where scores tie.

A figure that the rows cannot answer (the AUC of customers who all bought) is NaN, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from zhiyin.core.errors import DataError, UsageError
from zhiyin.core.words import Say
from zhiyin.learn.card import Bin, Interval

__all__ = [
    "auc",
    "average_precision",
    "bootstrap",
    "brier",
    "calibration_bins",
    "ece",
    "lift_at",
    "log_loss",
    "mase",
    "ndcg_at",
    "paired_bootstrap",
    "precision_at",
    "recall_at",
    "wape",
]

Floats = npt.NDArray[np.float64]
Metric = Callable[..., float]
SMALLEST_CHANCE = 1e-15  # log loss of a certain mistake is finite: about 34.5


def auc(labels: npt.ArrayLike, values: npt.ArrayLike) -> float:
    """Chance that a row in which it happened is scored above one in which it did not; a tie counts one half."""
    happened, scores = _pair(labels, values)
    positives = happened.sum()
    negatives = len(happened) - positives
    if positives == 0 or negatives == 0:
        return float("nan")
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((rank[happened == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def average_precision(labels: npt.ArrayLike, values: npt.ArrayLike) -> float:
    """Mean precision over the rows in which it happened; tied rows are cut together."""
    happened, scores = _pair(labels, values)
    if happened.sum() == 0:
        return float("nan")
    hits, counts = _groups(happened, scores)
    found, seen = np.cumsum(hits), np.cumsum(counts)
    return float((hits * found / seen).sum() / found[-1])


def log_loss(labels: npt.ArrayLike, values: npt.ArrayLike) -> float:
    """Mean surprise about what happened, in nats; a coin toss is 0.693."""
    happened, chances = _pair(labels, values)
    p = np.clip(chances, SMALLEST_CHANCE, 1 - SMALLEST_CHANCE)
    return _mean(-(happened * np.log(p) + (1 - happened) * np.log1p(-p)))


def brier(labels: npt.ArrayLike, values: npt.ArrayLike) -> float:
    """Mean squared distance between probability and what happened."""
    happened, chances = _pair(labels, values)
    return _mean((chances - happened) ** 2)


def calibration_bins(labels: npt.ArrayLike, values: npt.ArrayLike, *, bins: int = 10) -> tuple[Bin, ...]:
    """Rows in up to `bins` groups of about equal size by probability: what was said, what happened. Ties stay together."""
    happened, chances = _pair(labels, values)
    if not len(chances):
        return ()
    edges = np.unique(np.quantile(chances, np.linspace(0, 1, bins + 1)[1:-1], method="inverted_cdf"))
    place = np.searchsorted(edges, chances, side="left")
    masks = [place == number for number in np.unique(place)]
    return tuple(Bin(float(chances[mask].mean()), float(happened[mask].mean()), int(mask.sum())) for mask in masks)


def ece(labels: npt.ArrayLike, values: npt.ArrayLike, *, bins: int = 10) -> float:
    """Expected calibration error: mean distance between what was said and what happened, over groups of equal size."""
    found = calibration_bins(labels, values, bins=bins)
    total = sum(bin_.n for bin_ in found)
    return sum(abs(bin_.predicted - bin_.observed) * bin_.n for bin_ in found) / total if total else float("nan")


def precision_at(labels: npt.ArrayLike, values: npt.ArrayLike, *, k: int) -> float:
    """Share of the `k` best scored rows in which it happened (rows tied at the cut count by their share)."""
    happened, scores = _pair(labels, values)
    size = min(_at_least_one(k), len(scores))
    return float(_hits_at(happened, scores, k=size) / size) if size else float("nan")


def recall_at(labels: npt.ArrayLike, values: npt.ArrayLike, *, k: int) -> float:
    """Share of all rows in which it happened that are among the `k` best scored."""
    happened, scores = _pair(labels, values)
    positives = happened.sum()
    return float(_hits_at(happened, scores, k=_at_least_one(k)) / positives) if positives else float("nan")


def lift_at(labels: npt.ArrayLike, values: npt.ArrayLike, *, k: int) -> float:
    """How many times more often it happens among the `k` best scored rows than among all."""
    share = _mean(_pair(labels, values)[0])
    return precision_at(labels, values, k=k) / share if share > 0 else float("nan")


def ndcg_at(gains: npt.ArrayLike, values: npt.ArrayLike, *, k: int) -> float:
    """Discounted gain of the `k` best scored rows against the best possible order; ties share their places.

    References:
        McSherry and Najork (2008), Computing information retrieval performance measures efficiently in the presence of tied scores.
    """
    gain, scores = _pair(gains, values)
    best = _discounted(gain, gain, k=_at_least_one(k))
    return _discounted(gain, scores, k=k) / best if best > 0 else float("nan")


def mase(actual: npt.ArrayLike, forecast: npt.ArrayLike, *, history: npt.ArrayLike, season: int = 1) -> float:
    """Mean absolute error against that of repeating the value `season` steps earlier, measured on the history.

    References:
        Hyndman and Koehler (2006), Another look at measures of forecast accuracy.
    """
    truth, said = _pair(actual, forecast)
    past = np.asarray(history, dtype=np.float64)
    naive = np.abs(past[season:] - past[:-season]) if len(past) > _at_least_one(season) else np.empty(0)
    scale = _mean(naive)
    return _mean(np.abs(truth - said)) / scale if scale > 0 else float("nan")


def wape(actual: npt.ArrayLike, forecast: npt.ArrayLike) -> float:
    """All absolute errors together, as a share of all that was there."""
    truth, said = _pair(actual, forecast)
    total = np.abs(truth).sum()
    return float(np.abs(truth - said).sum() / total) if total > 0 else float("nan")


def bootstrap(
    metric: Metric, *columns: npt.ArrayLike, n: int = 200, seed: int, level: float = 0.95, groups: npt.ArrayLike | None = None
) -> Interval:
    """The figure, and the interval in which it lies when rows are drawn again with replacement.

    Args:
        metric: takes the columns, gives a number.
        columns: equally long: labels and values.
        n: how many times to draw.
        seed: of the draws.
        level: share of the draws within the interval.
        groups: rows of one group are drawn together (one customer on several days is one draw).
    """
    arrays = [np.asarray(column) for column in columns]
    value = float(metric(*arrays))
    drawn = [metric(*(array[rows] for array in arrays)) for rows in _draws(len(arrays[0]), n, seed=seed, groups=groups)]
    return _interval(value, drawn, level=level)


def paired_bootstrap(
    metric: Metric,
    labels: npt.ArrayLike,
    *,
    values: tuple[npt.ArrayLike, npt.ArrayLike],
    n: int = 200,
    seed: int,
    groups: npt.ArrayLike | None = None,
) -> Interval:
    """`metric` of the first values less that of the second, both on the same drawn rows: is the difference more than luck?"""

    def difference(truth: Floats, *sides: Floats) -> float:
        return metric(truth, sides[0]) - metric(truth, sides[1])

    return bootstrap(difference, labels, *values, n=n, seed=seed, groups=groups)


def _pair(labels: npt.ArrayLike, values: npt.ArrayLike) -> tuple[Floats, Floats]:
    first, second = np.asarray(labels, dtype=np.float64).ravel(), np.asarray(values, dtype=np.float64).ravel()
    if len(first) != len(second) or not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise DataError(
            Say("要判断的两列必须一样长，而且都是数字。", "The two columns to compare must be equally long and all numbers."),
            got=f"{len(first)} / {len(second)}, {int((~np.isfinite(first)).sum() + (~np.isfinite(second)).sum())} NaN",
            fix=Say("给出同样多的行，不要空值。", "Give the same number of rows, without empty values."),
        )
    return first, second


def _at_least_one(k: int) -> int:
    if k < 1:
        raise UsageError(
            Say("至少要取一行。", "At least one row must be taken."), got=k, fix=Say("k 取 1 或更大。", "Use a k of 1 or more.")
        )
    return k


def _mean(numbers: Floats) -> float:
    return float(numbers.mean()) if len(numbers) else float("nan")


def _groups(gains: Floats, scores: Floats) -> tuple[Floats, Floats]:
    """Gain and size of each group of tied scores, the best score first."""
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    sums = np.bincount(place, weights=gains, minlength=len(counts)).astype(np.float64)
    return sums[::-1], counts[::-1].astype(np.float64)


def _hits_at(happened: Floats, scores: Floats, *, k: int) -> float:
    hits, counts = _groups(happened, scores)
    before = np.cumsum(counts) - counts
    taken = np.clip(k - before, 0, counts)
    return float((hits * taken / counts).sum())


def _discounted(gain: Floats, scores: Floats, *, k: int) -> float:
    sums, counts = _groups(gain, scores)
    discount = np.where(np.arange(len(gain)) < k, 1 / np.log2(np.arange(len(gain)) + 2.0), 0.0)
    shares = np.add.reduceat(discount, (np.cumsum(counts) - counts).astype(int)) if len(gain) else discount
    return float((sums / counts * shares).sum()) if len(gain) else 0.0


def _draws(rows: int, n: int, *, seed: int, groups: npt.ArrayLike | None) -> Iterator[npt.NDArray[np.intp]]:
    rng = np.random.default_rng(seed)
    if groups is None or not rows:
        yield from (rng.integers(0, rows, rows) for _ in range(n if rows else 0))
        return
    _, place = np.unique(np.asarray(groups), return_inverse=True)
    order = np.argsort(place, kind="stable")
    sizes = np.bincount(place)
    starts = np.cumsum(sizes) - sizes
    for _ in range(n):
        group = rng.integers(0, len(sizes), len(sizes))
        size = sizes[group]
        within = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
        yield order[np.repeat(starts[group], size) + within]


def _interval(value: float, drawn: list[float], *, level: float) -> Interval:
    known = np.asarray([number for number in drawn if np.isfinite(number)])
    if not len(known):
        return Interval(value, float("nan"), float("nan"))
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high))
