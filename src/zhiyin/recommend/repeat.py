"""What will this customer buy again within the next weeks?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from zhiyin.recommend.blend import Weights, learn_weights
from zhiyin.recommend.popular import buyers
from zhiyin.recommend.purchases import Flags, Floats, Ints, Purchases, cells
from zhiyin.recommend.ranking import PLACES, Score, bought_again, halves, judged, learners, places, top_lists

# Half-lives in days: this fortnight, this season, this year. The middle one is also the plain baseline.
HALF_LIVES = (15.0, 60.0, 365.0)
BASELINE_HALF_LIFE = 120.0
# Items of a customer that are looked at: the best of the baseline. Bounds time and memory; recall at 10 loses nothing.
SHORTLIST = 100
# Pulls the rate of a rare item, or of a small category, to that of all.
_ITEM_PRIOR, _CATEGORY_PRIOR = 2.0, 5.0
# Interval assumed for an item bought once, and the most intervals that "overdue" counts.
_USUAL_INTERVAL, _MOST_OVERDUE = 60.0, 5.0
NAMES = (
    *(f"faded_{half_life:.0f}d" for half_life in HALF_LIVES),
    "overdue", "overdue_squared", "once", "per_visit", "visits", "visits_lately", "item_repeats", "category_repeats", "buyers", "trend",
)  # fmt: skip

__all__ = ["BASELINE_HALF_LIFE", "NAMES", "Habits", "Pairs", "RepeatList", "fit_repeat", "held"]


@dataclass(frozen=True)
class Pairs:
    """One row a customer and item bought before: how often, first and last day, counts faded by age."""

    customer: Ints
    item: Ints
    count: Ints
    first: Ints
    last: Ints
    faded: Floats
    plain: Floats

    def where(self, rows: Flags | npt.NDArray[np.intp]) -> Pairs:
        """Only some rows."""
        return Pairs(*(column[rows] for column in vars(self).values()))

    @property
    def interval(self) -> Floats:
        """Mean days between two purchases, NaN where there was one only."""
        gaps = np.where(self.count > 1, self.count - 1, np.nan)
        return ((self.last - self.first) / gaps).astype(np.float32)


def held(purchases: Purchases, at: int, *, shortlist: int = SHORTLIST) -> Pairs:
    """What each customer bought before `at`, cut to the `shortlist` best items of the baseline."""
    known = purchases.before(at)
    changed = (np.diff(known.customer) != 0) | (np.diff(known.item) != 0)
    starts = np.flatnonzero(np.r_[np.ones(min(1, len(known.day)), bool), changed])
    ends = np.r_[starts[1:], len(known.day)] - 1 if len(starts) else starts
    sums = [_sums(known.faded(at, half_life), starts) for half_life in (*HALF_LIVES, BASELINE_HALF_LIFE)]
    all_pairs = Pairs(
        customer=known.customer[starts],
        item=known.item[starts],
        count=(ends - starts + 1).astype(np.int32),
        first=known.day[starts],
        last=known.day[ends],
        faded=np.stack(sums[:-1], axis=1),
        plain=sums[-1],
    )
    return all_pairs.where(places(all_pairs.customer, all_pairs.plain) < shortlist)


def _sums(values: Floats, starts: Ints) -> Floats:
    return np.add.reduceat(values, starts) if len(starts) else np.zeros(0, np.float32)


class Habits:
    """What is known on the morning of `at` about buying again: the pairs, and how items and customers behave in general."""

    def __init__(self, purchases: Purchases, at: int, *, horizon: int) -> None:
        self.at = at
        self.pairs: Pairs = held(purchases, at)
        self.starts = np.searchsorted(self.pairs.customer, np.arange(len(purchases.customers) + 1))
        self.category = purchases.category
        self.visits, self.visits_lately = _visits(purchases, at)
        self.lately, self.before = buyers(purchases, at), buyers(purchases, at, days=112)
        self.item_repeats, self.category_repeats = _repeats(purchases, at, horizon)

    def of(self, customers: Ints) -> Pairs:
        """The pairs of some customers, in their order."""
        rows = [np.arange(self.starts[customer], self.starts[customer + 1]) for customer in customers]
        return self.pairs.where(np.concatenate([*rows, np.zeros(0, np.intp)]).astype(np.intp))

    def features(self, pairs: Pairs) -> Floats:
        """`(pairs, NAMES)`."""
        recency = self.at - pairs.last
        interval = np.maximum(np.nan_to_num(pairs.interval, nan=_USUAL_INTERVAL), 3)
        overdue = np.minimum(recency / interval, _MOST_OVERDUE)
        visits, item = self.visits[pairs.customer], pairs.item
        columns = [
            *np.log(pairs.faded + 0.02).T,
            overdue, overdue**2, pairs.count == 1,
            np.log(pairs.count / visits), np.log(visits), np.log(self.visits_lately[pairs.customer] + 0.1),
            self.item_repeats[item], self.category_repeats[self.category[item]],
            np.log1p(self.before[item]), np.log((self.lately[item] + 1) / (self.before[item] / 4 + 1)),
        ]  # fmt: skip
        return np.stack(columns, axis=1).astype(np.float32)


def _visits(purchases: Purchases, at: int) -> tuple[Floats, Floats]:
    """Baskets of each customer before `at` (at least 1), and the same faded with a half-life of 30 days."""
    rows = purchases.visit_day < at
    customer, size = purchases.visit_customer[rows], len(purchases.customers)
    faded = np.exp2((purchases.visit_day[rows] - at) / 30)
    counts = np.maximum(np.bincount(customer, minlength=size), 1)
    return counts.astype(np.float32), np.bincount(customer, faded, size).astype(np.float32)


def _repeats(purchases: Purchases, at: int, horizon: int) -> tuple[Floats, Floats]:
    """Log of purchases over expected purchases of each item and category, in the last `horizon` days, by those who had bought it."""
    past = at - horizon
    pairs = held(purchases, past)
    bought = _bought(pairs, bought_again(purchases, past, horizon=horizon))
    strength = np.clip(np.round(2 * np.log2(np.maximum(pairs.faded[:, 1], 1e-6))), -10, 8).astype(int) + 10
    rate = np.bincount(strength, bought, 19) / np.maximum(np.bincount(strength, minlength=19), 1)
    expected = rate[strength]
    category = purchases.category[pairs.item]
    by_item = _log_ratio(pairs.item, bought, expected, len(purchases.items), prior=_ITEM_PRIOR)
    return by_item, _log_ratio(category, bought, expected, len(purchases.categories), prior=_CATEGORY_PRIOR)


def _log_ratio(group: Ints, seen: Flags, expected: Floats, size: int, *, prior: float) -> Floats:
    """Log of seen over expected in each group, pulled to 0 by `prior`."""
    counted, foreseen = np.bincount(group, seen, size), np.bincount(group, expected, size)
    return np.log((counted + prior) / (foreseen + prior)).astype(np.float32)


def _bought(pairs: Pairs, later: sp.csr_matrix) -> Flags:
    """Which pairs are in the matrix of what was bought later?"""
    return cells(later, rows=pairs.customer, columns=pairs.item) > 0


@dataclass(frozen=True)
class RepeatList:
    """Weights of the repeat list (None: recency-weighted counts alone), and how both did on the day they were judged."""

    weights: Weights | None
    scores: dict[tuple[str, str], Score]
    used: str
    horizon: int

    def chance(self, habits: Habits, pairs: Pairs) -> Floats:
        """Chance that each pair is bought within the horizon: learned, or else the pace at which it was bought so far."""
        if self.weights is None:
            expected = pairs.plain * np.float32(self.horizon * np.log(2) / BASELINE_HALF_LIFE)
            return (expected / (1 + expected)).astype(np.float32)
        return (1 / (1 + np.exp(-self.weights.log_odds(habits.features(pairs))))).astype(np.float32)


def fit_repeat(purchases: Purchases, at: int, *, horizon: int, seed: int) -> RepeatList:
    """Learn on the `horizon` days before `at`: weights from half of the customers, judged on the others against plain counts."""
    past = at - horizon
    habits = Habits(purchases, past, horizon=horizon)
    customers = learners(np.flatnonzero(np.bincount(habits.pairs.customer)), seed=seed)
    pairs, truth = habits.of(customers), bought_again(purchases, past, horizon=horizon)
    known, bought = habits.features(pairs), _bought(pairs, truth)
    judges = halves(len(customers), seed=seed)
    row = np.searchsorted(customers, pairs.customer).astype(np.int32)
    weights = learn_weights(NAMES, known[~judges[row]], bought=bought[~judges[row]])
    if weights is None:
        return RepeatList(None, {}, "counts", horizon)
    plans = {"counts": pairs.plain, "learned": weights.log_odds(known)}
    lists = {name: top_lists(row, pairs.item, score=score, count=len(customers), k=PLACES)[judges] for name, score in plans.items()}
    scores = judged(lists, truth[customers[judges]], seed=seed)
    metric = f"recall@{PLACES}"
    if scores[metric, "learned"].value <= scores[metric, "counts"].value:
        return RepeatList(None, scores, "counts", horizon)
    return RepeatList(learn_weights(NAMES, known, bought=bought), scores, "learned", horizon)
