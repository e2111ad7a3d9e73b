"""What does a place on a page show: which way of filling it does a customer get, and which products stand where?

Pure and without tables: it runs while a page waits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from zhiyin.core.ids import drawn

__all__ = ["HOLDOUT", "MAIN", "NOBODY", "Assigned", "Standing", "assigned", "capped", "in_turns", "placed"]

MAIN, HOLDOUT = "main", "holdout"
_T = TypeVar("_T")
_RATE = 0.05  # clicks a show at the first place where nothing was shown yet; one in twenty is usual for a list of one's own
_WORTH = 100.0  # shows that this prior is worth
_DRAWS = 200  # of the posterior: chances within .035 of Thompson's rule, and the propensity is exact with any number


class Assigned(NamedTuple):
    """The way of filling a placement that a customer gets, and the probability with which a customer gets it."""

    variant: str
    chance: float


class Standing(NamedTuple):
    """A product on its place (from 1), the probability with which it stands there, and what stood there without exploring."""

    product_id: str
    place: int
    propensity: float
    usual: str


NOBODY = Assigned("", 1.0)  # for whom nothing is chosen: a stranger, or who wants no personal lists


def assigned(placement: str, customer: str, *, holdout: float, shares: Mapping[str, float]) -> Assigned:
    """The way for one customer: the same on every day and machine.

    Args:
        placement: name of the placement.
        customer: id of the customer.
        holdout: share of the customers who get the list of a stranger.
        shares: variant -> share of the others; who falls to none of them gets the main way.

    Example:
        >>> assigned("home", "r1", holdout=0.5, shares={"wide": 0.5}), assigned("home", "r2", holdout=0.5, shares={"wide": 0.5})
        (Assigned(variant='wide', chance=0.25), Assigned(variant='main', chance=0.25))
    """
    if drawn(f"{placement}\x1fholdout\x1f{customer}") < holdout:
        return Assigned(HOLDOUT, holdout)
    mark, upto = drawn(f"{placement}\x1fvariant\x1f{customer}"), 0.0
    for variant, share in shares.items():
        upto += share
        if mark < upto:
            return Assigned(variant, (1 - holdout) * share)
    return Assigned(MAIN, (1 - holdout) * (1 - sum(shares.values())))


def in_turns(lists: Iterable[Sequence[_T]]) -> list[_T]:
    """The first of each list, then the second of each, and so on.

    Example:
        >>> in_turns([["a", "b", "c"], [], ["x"]])
        ['a', 'x', 'b', 'c']
    """
    rows = list(lists)
    return [row[place] for place in range(max(map(len, rows), default=0)) for row in rows if place < len(row)]


def capped(products: Iterable[str], categories: Mapping[str, str], *, at_most: int) -> list[str]:
    """The products, each once, without those beyond so many of one category (0: any number); what has no category is not counted."""
    taken, kept = Counter[str](), dict[str, None]()
    for product in products:
        category = categories.get(product, "")
        if product in kept or (at_most and category and taken[category] >= at_most):
            continue
        taken[category] += 1
        kept[product] = None
    return list(kept)


def placed(
    products: Sequence[str], *, k: int, explore: int = 0, counts: Mapping[str, tuple[float, float]] | None = None, seed: int = 0
) -> list[Standing]:
    """The first `k` on their places; the last `explore` of them drawn from all that is left, by Thompson sampling.

    The prior of an item falls with its rank: the order is what is known before anybody has clicked.

    Args:
        products: best first, each once; what may be explored stands behind the first `k`.
        k: places.
        explore: places that try something.
        counts: product -> shows and clicks so far at places that explore.
        seed: of the draw.
    """
    shown = [Standing(product, place, 1.0, product) for place, product in enumerate(products[:k], 1)]
    tried = min(explore, k, len(shown))
    if not tried or len(products) <= k:
        return shown
    return shown[: k - tried] + _explored(products, range(k - tried, k), counts=counts or {}, seed=seed)


def _explored(products: Sequence[str], places: range, *, counts: Mapping[str, tuple[float, float]], seed: int) -> list[Standing]:
    import numpy as np

    from zhiyin.recommend.drawing import Exploration, drawn_items, each_place

    left = products[places.start :]
    told = np.array([counts.get(product, (0.0, 0.0)) for product in left])
    prior = _RATE / np.log2(np.arange(places.start, places.start + len(left)) + 2)
    how = Exploration(places=len(places), draws=_DRAWS)
    chance = each_place(_WORTH * prior + told[:, 1], _WORTH * (1 - prior) + told[:, 0] - told[:, 1], how=how)
    found = drawn_items(chance, len(places), rng=np.random.default_rng(seed))
    return [Standing(left[at], place + 1, float(chance[at]), products[place]) for place, at in zip(places, map(int, found), strict=True)]
