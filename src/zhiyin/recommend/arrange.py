"""Which of the candidates are shown, and in which order? What may not be offered goes; what replaces something takes its place.

All that re-orders is off where nobody sets it: the order by score is the one that was proven on past purchases, while what a wider
list or a larger margin is worth only the shop can say.

References:
    Carbonell and Goldstein (1998), The Use of MMR, Diversity-Based Reranking for Reordering Documents and Producing Summaries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from zhiyin.recommend.rules import Catalogue, Kind, Offered, may_offer, newest

__all__ = ["Arranging", "Candidate", "Placed", "Whom", "alike", "arrange"]


class Candidate(NamedTuple):
    """An item and its score: higher is better, within one list."""

    product_id: str
    score: float


class Placed(NamedTuple):
    """An item on its place, 1 is best; `instead_of` names the candidate whose successor it is and whose score it has, or is empty."""

    product_id: str
    score: float
    rank: int
    instead_of: str = ""


class Whom(NamedTuple):
    """For whom and when: the day, the names of where the customer is, and what the customer has bought."""

    at: date | None = None
    region: frozenset[str] = frozenset()
    owns: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Arranging:
    """How a list is put together.

    Args:
        at_most: of one category; 0: any number. What has no category is not counted.
        diversity: 0 (by score alone) to 1 (each item as unlike those before it as can be): one less lambda of MMR.
        least_margin: minor units that an item must leave, where its margin is known; None: any.
        margin_weight: 0 (by score) to 1 (by score x margin).
    """

    at_most: int = 0
    diversity: float = 0.0
    least_margin: int | None = None
    margin_weight: float = 0.0


_UNKNOWN, _ANYBODY, _BY_SCORE = Offered(), Whom(), Arranging()


def arrange(
    candidates: Iterable[Candidate], items: Catalogue, *, kind: Kind, k: int, whom: Whom = _ANYBODY, how: Arranging = _BY_SCORE
) -> list[Placed]:
    """The best `k` that may be offered.

    A candidate with a successor that may be offered gives way to it, along the chain to the newest; what the customer has bought is not
    offered as new.

    Args:
        candidates: best first.
        items: what is known of them and of their successors; what it does not know may be offered.
        kind: of the list.
        k: items that are shown.
        whom: for whom and when.
        how: caps, diversity and margin.
    """
    open_ = _open(candidates, items, kind=kind, whom=whom, how=how)
    values = _by_margin(open_, items, weight=how.margin_weight)
    order = sorted(range(len(open_)), key=lambda at: -values[at]) if how.margin_weight else list(range(len(open_)))
    chosen = _chosen([open_[at] for at in order], items, values=[values[at] for at in order], k=k, how=how)
    return [one._replace(rank=rank) for rank, one in enumerate(chosen, 1)]


def alike(one: Offered, other: Offered) -> float:
    """How alike two items are, 0 to 1: the mean of same category and shared attributes (Jaccard), as far as either is told."""
    said = []
    if one.category or other.category:
        said.append(float(one.category == other.category))
    if union := one.attributes | other.attributes:
        said.append(len(one.attributes & other.attributes) / len(union))
    return sum(said) / len(said) if said else 0.0


def _open(candidates: Iterable[Candidate], items: Catalogue, *, kind: Kind, whom: Whom, how: Arranging) -> list[Placed]:
    """What may be offered, each once, successors in the place of what they replace."""
    found: dict[str, Placed] = {}
    for product, score in candidates:
        shown = newest(product, items, kind=kind, at=whom.at, region=whom.region)
        item = items.get(shown, _UNKNOWN)
        leaves_enough = how.least_margin is None or item.margin is None or item.margin >= how.least_margin
        owned = kind != "repeat" and shown in whom.owns
        if not owned and leaves_enough and may_offer(item, kind, at=whom.at, region=whom.region):
            found.setdefault(shown, Placed(shown, score, 0, product if shown != product else ""))
    return list(found.values())


def _by_margin(rows: Sequence[Placed], items: Catalogue, *, weight: float) -> list[float]:
    """Score, beside the best, x margin, beside the best, as far as the weight says; an unknown margin counts as the mean of the known."""
    scores = _beside_best([row.score for row in rows])
    margins = [items.get(row.product_id, _UNKNOWN).margin for row in rows]
    known = [max(margin, 0) for margin in margins if margin is not None]
    best = max(known, default=0)
    if not weight or not best:
        return scores
    usual = sum(known) / len(known)
    shares = [(usual if margin is None else max(margin, 0)) / best for margin in margins]
    return [score * (1 - weight + weight * share) for score, share in zip(scores, shares, strict=True)]


def _beside_best(scores: Sequence[float]) -> list[float]:
    """Scores as shares of the best; where some are negative, above the worst."""
    low, best = min([0.0, *scores]), max(scores, default=0.0)
    return [(score - low) / (best - low) if best > low else 1.0 for score in scores]


def _chosen(rows: Sequence[Placed], items: Catalogue, *, values: Sequence[float], k: int, how: Arranging) -> list[Placed]:
    """One after the other: the best that is left, less how much it is like the likest before it; at most so many of a category."""
    goods = [items.get(row.product_id, _UNKNOWN) for row in rows]
    left, taken, chosen = list(range(len(rows))), Counter[str](), list[int]()
    nearest = [0.0] * len(rows)  # how alike to the likest that is chosen
    relevance = _beside_best(values)
    while left and len(chosen) < k:
        best = max(left, key=lambda at: (1 - how.diversity) * relevance[at] - how.diversity * nearest[at]) if how.diversity else left[0]
        chosen.append(best)
        category = goods[best].category
        taken[category] += 1
        full = bool(how.at_most and category) and taken[category] >= how.at_most
        left = [at for at in left if at != best and not (full and goods[at].category == category)]
        if how.diversity:
            for at in left:
                nearest[at] = max(nearest[at], alike(goods[at], goods[best]))
    return [rows[at] for at in chosen]
