"""Does the list call those whom a call moves, and is bought what was recommended? Against the truth of an invented company.

References:
    Radcliffe (2007), Using control groups to target on predicted lift (Qini curve); here the effect of each customer is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.improve.recommended import popular
from zhiyin.improve.rows import need, wilson
from zhiyin.improve.truth import Judged, drawn
from zhiyin.learn.card import Interval

__all__ = ["gain_area", "gain_share", "offer_scores", "uplift_scores"]

Floats = npt.NDArray[np.float64]

_PAIR = ["customer_id", "product_id"]


def uplift_scores(steps: pd.DataFrame) -> Iterator[Judged]:
    """Are those at the top whom a contact moves? Area under the gain curve, share of the best gain at the size of the list, put off.

    Args:
        steps: one row per person with a number, listed or not: gain and probability (as said), listed, effect and gain_cny (as it is).
    """
    need(steps, ("gain", "probability", "listed", "effect", "gain_cny"), what="next_step")
    said, chance, effect, money = (steps[name].to_numpy("float64") for name in ("gain", "probability", "effect", "gain_cny"))
    listed = steps["listed"].to_numpy(bool)
    n, k = len(steps), int(listed.sum())
    for name, gains in (("effect", effect), ("gain", money)):
        by_chance = gain_area(chance, gains)
        yield Judged("uplift", f"{name}_area", drawn(gain_area, said, gains), "score", by_chance, "by_probability", n=n)
    best = _best(money, k)
    more = {"k": k, "random": _of(k * float(money.mean()) if n else 0.0, best), "best": best}
    by_chance = gain_share(chance, money, k=k)
    figure = drawn(partial(gain_share, k=k), said, money)
    yield Judged("uplift", "gain_at_list", figure, "share", by_chance, "by_probability", n=n, more=more)
    of_list = Interval(_of(float(money[listed].sum()), best), float("nan"), float("nan"))
    yield Judged("uplift", "gain_of_list", of_list, "share", by_chance, "by_probability", n=k, more=more)
    off = int((effect[listed] < 0).sum())
    share = wilson(off, k)
    counted = Interval(float(off) if k else float("nan"), k * share.low, k * share.high)
    at_random = k * float((effect < 0).mean()) if k else float("nan")
    yield Judged("uplift", "put_off_listed", counted, "count", at_random, "random", n=k, more=more)


def gain_area(said: npt.ArrayLike, gains: npt.ArrayLike) -> float:
    """Area between the cumulative gain in the order said and that in a random order, as a share of the best: 0 random, 1 perfect.

    Customers of equal value share their places. NaN where every order is as good.

    Example:
        >>> gain_area([3, 2, 1], [10, 5, -5]), gain_area([1, 2, 3], [10, 5, -5])
        (1.0, -1.0)
    """
    own, best = (_area(_cumulative(order, gains)) for order in (said, gains))
    random = float(np.asarray(gains, np.float64).sum()) / 2
    return (own - random) / (best - random) if best - random > 1e-12 * max(abs(best), 1.0) else float("nan")


def gain_share(said: npt.ArrayLike, gains: npt.ArrayLike, *, k: int) -> float:
    """What the first `k` in the order said gain, as a share of the most that up to `k` customers can gain; NaN where that is nothing."""
    found = _cumulative(said, gains)
    return _of(float(found[min(k, len(found) - 1)]), _best(np.asarray(gains, np.float64), k))


def offer_scores(recommendations: pd.DataFrame, bought: pd.DataFrame, *, before: pd.DataFrame, k: int = 10) -> Iterator[Judged]:
    """Is what customers buy among the best `k` recommended? Kinds apart: bought before (repeat), new to the customer (new).

    Over the customers who bought something of that kind. hit: at least one of them was recommended; recall: the share of them.

    Args:
        recommendations: customer_id, product_id, kind, rank.
        bought: customer_id, product_id of the days that follow.
        before: customer_id, product_id bought until then.
        k: how many recommendations are looked at.
    """
    need(recommendations, (*_PAIR, "kind", "rank"), what="recommendation")
    own = before[_PAIR].drop_duplicates()
    true = bought[_PAIR].drop_duplicates().merge(own, on=_PAIR, how="left", indicator="kind")
    true["kind"] = np.where(true["kind"].eq("both"), "repeat", "new")
    simple = popular(own, k=k)
    for kind in ("repeat", "new"):
        wanted = true[true["kind"].eq(kind)]
        sizes = wanted.groupby("customer_id").size()
        found, easy = (_found(lists[lists["kind"].eq(kind)], wanted, k, sizes.index) for lists in (recommendations, simple))
        size = sizes.to_numpy("float64")
        more = {"k": k, "products": len(wanted)}
        for name, figures in (("hit", [hits > 0 for hits in (found, easy)]), ("recall", [hits / size for hits in (found, easy)])):
            ours, theirs = (figure.astype("float64") for figure in figures)
            figure = drawn(_mean, ours)
            yield Judged("recommendation", f"{kind}_{name}_at_{k}", figure, "share", _mean(theirs), "popular", n=len(sizes), more=more)


def _found(lists: pd.DataFrame, wanted: pd.DataFrame, k: int, customers: pd.Index) -> Floats:
    """How many of the wanted products stand among the best `k` of each customer."""
    hits = lists.loc[lists["rank"] <= k, _PAIR].merge(wanted[_PAIR], on=_PAIR)
    return np.asarray(hits.groupby("customer_id").size().reindex(customers, fill_value=0), np.float64)


def _cumulative(said: npt.ArrayLike, gains: npt.ArrayLike) -> Floats:
    """Gain of the first 0, 1, ... in the order said, best first; equals share their gain."""
    order, gain = np.asarray(said, np.float64), np.asarray(gains, np.float64)
    _, place, counts = np.unique(-order, return_inverse=True, return_counts=True)
    each = np.bincount(place, weights=gain, minlength=len(counts)) / counts if len(counts) else np.zeros(0)
    return np.concatenate([[0.0], np.cumsum(np.repeat(each, counts))])


def _area(cumulative: Floats) -> float:
    return float((cumulative[1:] + cumulative[:-1]).mean() / 2) if len(cumulative) > 1 else 0.0


def _best(gains: Floats, k: int) -> float:
    """The most that up to `k` customers can gain: nobody has to call who is put off."""
    return float(np.sort(gains.clip(min=0.0))[::-1][:k].sum())


def _of(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")
