"""What changes on a list when the customer does something? The list of the day and the steps since, in log-odds.

The list says how likely each product is bought; each step since speaks for its own product and for those that the same customers
take. What speaks adds up on the log-odds scale; a later step counts more. A product that is not on the list is at most as likely
as the last one that is.

The weights are not a matter of taste: `benchmarks/live_lists.py` measures them on three shops.

References:
    Good, Probability and the Weighing of Evidence, 1950: independent evidence adds up in log-odds.
    Sarwar et al., Item-based Collaborative Filtering Recommendation Algorithms, WWW 2001: the links.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from zhiyin.recommend.arrange import Candidate
from zhiyin.recommend.rules import Kind

Way = Literal["viewed", "carted", "removed", "bought"]

# What one step says, a cart being 1 (Taobao: views of .5 to 1 find what is bought next more often than views of .1 or .2).
SAYS: Mapping[Way, float] = {"bought": 1.0, "carted": 1.0, "viewed": 0.5}
HALF_LIFE = timedelta(hours=4)  # Taobao: .5 to 12 hours differ by less than .02 of hits at 10, and all beat none
WITHIN = timedelta(days=1)  # what was done before that is for the list of the day
LINKED = 10.0  # log-odds of a step whose product is taken by just the same customers
ITSELF = 5.0  # log-odds that a step adds to its own product
# How much less likely a product is that did not get on the list than the last that did: what to try lies close together, of what was
# bought before the list holds what is likely.
BELOW: Mapping[Kind, float] = {"new": 0.0, "repeat": 1.0}
NEAREST = 20  # links of a product that are listened to; on two shops more of them bring nothing
LATEST = 20  # products, those of the latest steps
MOST = 60  # products of a list that are handed on
JUST = timedelta(hours=1)
POPULAR_DAYS = 28  # over which popular products are counted
_UNKNOWN = -6.0  # log-odds of a product where there is no list at all
_LEAST = 1e-6

__all__ = ["LATEST", "NEAREST", "POPULAR_DAYS", "WITHIN", "Because", "Link", "Session", "Step", "Way", "moved", "session"]


class Step(NamedTuple):
    """What a customer did with a product: how often on one day, and when last."""

    product_id: str
    way: Way
    times: int
    last_at: datetime


class Link(NamedTuple):
    """What customers of `product_id` take too, `alike` from 0 to 1, and how many took both."""

    product_id: str
    other_id: str
    alike: float
    customers: int


class Because(NamedTuple):
    """Why a product stands where it stands: the loudest step; `customers` is 0 where it was of the product itself."""

    product_id: str
    way: Way
    just: bool
    customers: int = 0


@dataclass(frozen=True)
class Session:
    """What the steps of late say: how loud each speaks for its product, and what was bought."""

    loud: Mapping[str, float] = field(default_factory=dict)
    ways: Mapping[str, tuple[Way, bool]] = field(default_factory=dict)
    bought: frozenset[str] = frozenset()


def session(steps: Iterable[Step], *, now: datetime) -> Session:
    """The steps of the last day as one strength a product; what was taken out of the cart was only looked at.

    Args:
        steps: in any order.
        now: the moment of the answer; a step of a clock that runs ahead counts as done now.
    """
    recent = [step for step in steps if step.product_id and step.last_at > now - WITHIN]
    removed = {step.product_id: step.last_at for step in sorted(recent, key=lambda step: step.last_at) if step.way == "removed"}
    said: dict[str, list[tuple[float, datetime, Way]]] = defaultdict(list)
    for product, way, times, last_at in recent:
        gone = way == "carted" and product in removed and removed[product] >= last_at
        heard: Way = "viewed" if gone else way
        if heard != "removed":
            faded = 0.5 ** (max(now - last_at, timedelta()) / HALF_LIFE)
            said[product].append((SAYS[heard] * faded * math.log2(1 + times), last_at, heard))
    latest = sorted(said, key=lambda product: (max(at for _, at, _ in said[product]), product), reverse=True)[:LATEST]
    ways = {product: max(said[product]) for product in latest}
    return Session(
        loud={product: sum(loud for loud, _, _ in said[product]) for product in latest},
        ways={product: (way, now - at <= JUST) for product, (_, at, way) in ways.items()},
        bought=frozenset(step.product_id for step in recent if step.way == "bought"),
    )


def moved(
    rows: Sequence[Candidate], links: Iterable[Link], *, now: Session, kind: Kind, owns: Collection[str]
) -> tuple[list[Candidate], dict[str, Because]]:
    """The list as it stands now, best first, and why of each product that rose or is new on it.

    Without a step that concerns the list it is unchanged, scores and all. What was bought in the session is gone from every list: it
    comes back with the list of a later day, when it is due again.

    Args:
        rows: the list of the day, best first; scores are chances.
        links: of the products of the session.
        now: the steps.
        kind: of the list; `repeat` holds what the customer owns, `new` what not.
        owns: what the customer has bought.
    """
    kept = [row for row in rows if row.product_id not in now.bought]
    said, because = _evidence(links, now)
    mine = {product: odds for product, odds in said.items() if product not in now.bought and (product in owns) == (kind == "repeat")}
    if not mine:
        return kept, {}
    floor = min((_log_odds(row.score) for row in rows), default=_UNKNOWN) - BELOW[kind]
    known = {row.product_id: _log_odds(row.score) for row in kept}
    total = {product: known.get(product, floor) + mine.get(product, 0.0) for product in {**known, **mine}}
    order = sorted(total, key=lambda product: (-total[product], product))[:MOST]
    before = {row.product_id: place for place, row in enumerate(kept)}
    rose = {product for place, product in enumerate(order) if product in mine and place < before.get(product, len(order))}
    found = [Candidate(product, 1 / (1 + math.exp(-total[product]))) for product in order]
    return found, {product: because[product] for product in order if product in rose}


def _evidence(links: Iterable[Link], now: Session) -> tuple[dict[str, float], dict[str, Because]]:
    """What the session adds to the log-odds of each product, and the loudest part of it."""
    said: dict[str, float] = defaultdict(float)
    parts: dict[str, list[tuple[float, str, Because]]] = defaultdict(list)
    for product, loud in now.loud.items():
        way, just = now.ways[product]
        said[product] += ITSELF * loud
        parts[product].append((ITSELF * loud, product, Because(product, way, just)))
    for product, other, alike, customers in links:
        if product in now.loud and other != product:
            odds = LINKED * alike * now.loud[product]
            said[other] += odds
            parts[other].append((odds, product, Because(product, *now.ways[product], customers)))
    return dict(said), {product: max(own)[2] for product, own in parts.items()}


def _log_odds(chance: float) -> float:
    sure = min(max(chance, _LEAST), 1 - _LEAST)
    return math.log(sure / (1 - sure))
