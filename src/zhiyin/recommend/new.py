"""What should this customer try that they never bought? Several voices, each counted as it earned on an earlier day.

A logistic blend and not a ranker of choose.py: over the same voices its trees won on the day they were judged, and then reached recall
.0438 and .0500 of two later months of the Complete Journey, where this reaches .0464 and .0519; the general engine of interactions, .0404.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.blend import Weights, learn_votes
from zhiyin.recommend.categories import CategoryTaste
from zhiyin.recommend.factors import TasteFactors
from zhiyin.recommend.neighbours import SimilarCustomers, SimilarItems, standardised
from zhiyin.recommend.popular import RECENT_DAYS, buyers, candidates, newcomers
from zhiyin.recommend.purchases import Flags, Floats, Ints, Purchases
from zhiyin.recommend.ranking import PLACES, Score, best, bought_new, halves, judged, learners

NAMES = ("popular", "newcomers", "items", "customers", "categories", "factors")
# Items that are looked at for everybody; on retail 2 000 instead of 600 change recall by less than .001.
CANDIDATES = 600
# Items not bought that each customer gives as counter-examples when weights are learned.
COUNTER_EXAMPLES = 60
# A cube of customers x candidates x voices: 256 customers are 6 MB. All customers at once would be gigabytes.
_CHUNK = 256
# Keeps the logarithm of "nobody alike bought it" finite.
_FLOOR = np.float32(0.005)

__all__ = ["CANDIDATES", "NAMES", "NewList", "Voices", "chunks", "fit_new"]


class Voices:
    """All that speaks for offering a candidate to a customer, as known on the morning of `at`."""

    def __init__(self, purchases: Purchases, at: int, *, seed: int, threads: int, most: int = CANDIDATES) -> None:
        purchases = purchases.before(at)
        self.candidates: Ints = candidates(purchases, at, most=most)
        self.bought: sp.csr_matrix = purchases.bought()[:, self.candidates]
        self.buyers: Floats = buyers(purchases, at)[self.candidates]
        self.newcomers: Floats = newcomers(purchases, at)[self.candidates]
        everybody = max(1, purchases.bought().getnnz(axis=1).astype(bool).sum())
        self.share: Floats = (self.buyers / np.float32(everybody)).astype(np.float32)
        self.items = SimilarItems(purchases, at, candidates=self.candidates)
        self.customers = SimilarCustomers(purchases, at, candidates=self.candidates, days=RECENT_DAYS)
        self.categories = CategoryTaste(purchases, at, candidates=self.candidates)
        self.factors = TasteFactors(purchases, at, candidates=self.candidates, seed=seed, threads=threads)

    def cube(self, customers: Ints) -> Floats:
        """`(customers, candidates, NAMES)`; what compares candidates for one customer is standardised within that customer."""
        for_all = [np.log1p(self.buyers), np.log(self.newcomers + 0.5)]
        own = [
            standardised(self.items.score(customers)),
            standardised(np.log(self.customers.score(customers) + _FLOOR)),
            self.categories.score(customers),
            standardised(self.factors.score(customers)),
        ]
        shape = (len(customers), len(self.candidates))
        return np.stack([*(np.broadcast_to(voice, shape) for voice in for_all), *own], axis=2).astype(np.float32)

    def unknown(self, customers: Ints) -> Flags:
        """Customers x candidates: never bought by them."""
        return np.asarray(self.bought[customers].toarray() == 0)


def chunks(customers: Ints) -> Iterator[Ints]:
    """Customers in groups small enough for a dense cube."""
    return (customers[start : start + _CHUNK] for start in range(0, len(customers), _CHUNK))


@dataclass(frozen=True)
class NewList:
    """Weights of the voices (None: popularity alone), and how both did on the day they were judged."""

    weights: Weights | None
    scores: dict[tuple[str, str], Score]
    used: str

    def chance(self, voices: Voices, cube: Floats) -> Floats:
        """Customers x candidates: chance that the customer buys it within the horizon."""
        if self.weights is None:
            return np.broadcast_to(voices.share, cube.shape[:2])
        return (1 / (1 + np.exp(-self.weights.log_odds(cube)))).astype(np.float32)


def fit_new(purchases: Purchases, at: int, *, horizon: int, seed: int, threads: int) -> NewList:
    """Learn on the `horizon` days before `at`: weights from half of the customers, judged on the others against popularity."""
    past = at - horizon
    voices = Voices(purchases, past, seed=seed, threads=threads)
    truth = bought_new(purchases, past, horizon=horizon)[:, voices.candidates]
    active = learners(np.flatnonzero(np.bincount(purchases.before(past).customer)), seed=seed)
    judges = halves(len(active), seed=seed)
    examples = _examples(voices, truth, active, seed=seed)
    weights = _learn(examples, of=~judges)
    if weights is None:
        return NewList(None, {}, "popular")
    lists = _lists(voices, weights, active[judges])
    whole = bought_new(purchases, past, horizon=horizon)[active[judges]]
    scores = judged(lists, whole, seed=seed)
    better = all(scores[metric, "blend"].value > scores[metric, "popular"].value for metric, name in scores if name == "blend")
    return NewList(_learn(examples, of=np.ones(len(active), bool)) if better else None, scores, "blend" if better else "popular")


@dataclass(frozen=True)
class _Examples:
    """Voices of candidates that were bought and of some that were not; `row` says which customer."""

    row: Ints
    voices: Floats
    bought: Flags
    sampled: float


def _examples(voices: Voices, truth: sp.csr_matrix, customers: Ints, *, seed: int) -> _Examples:
    rng = np.random.default_rng(seed)
    rows, cubes, labels, kept, left, start = [], [], [], 0, 0, 0
    for some in chunks(customers):
        bought = truth[some].toarray() > 0
        unbought = voices.unknown(some) & ~bought
        share = min(1.0, COUNTER_EXAMPLES / max(1, len(voices.candidates)))
        counter = unbought & (rng.random(unbought.shape) < share)
        row, column = np.nonzero(bought | counter)
        rows.append(row + start)
        cubes.append(voices.cube(some)[row, column])
        labels.append(bought[row, column])
        kept, left, start = kept + int(counter.sum()), left + int(unbought.sum()), start + len(some)
    if not rows:
        return _Examples(np.zeros(0, np.int32), np.zeros((0, len(NAMES)), np.float32), np.zeros(0, bool), 1.0)
    return _Examples(np.concatenate(rows), np.concatenate(cubes), np.concatenate(labels), max(kept, 1) / max(left, 1))


def _learn(examples: _Examples, *, of: Flags) -> Weights | None:
    mine = of[examples.row]
    return learn_votes(NAMES, examples.voices[mine], bought=examples.bought[mine], sampled=examples.sampled)


def _lists(voices: Voices, weights: Weights, customers: Ints) -> dict[str, Ints]:
    """The best items by popularity and by the blend, as item numbers."""
    popular, blend = [], []
    for some in chunks(customers):
        cube, unknown = voices.cube(some), voices.unknown(some)
        popular.append(best(np.where(unknown, cube[:, :, 0], -np.inf), PLACES))
        blend.append(best(np.where(unknown, weights.log_odds(cube), -np.inf), PLACES))
    found = {"popular": np.concatenate(popular), "blend": np.concatenate(blend)}
    return {name: np.where(lists >= 0, voices.candidates[lists], -1) for name, lists in found.items()}
