"""Which voices are worth their time on this many interactions? Told by size, never by the clock: the same table, the same plan.

One thing more is looked at: whether torch is installed, without which no network is learned.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.moments import Circumstances
from zhiyin.recommend.trails import LONGEST, Trails
from zhiyin.recommend.voices import Voice
from zhiyin.recommend.voices.content import Content
from zhiyin.recommend.voices.customers import SimilarCustomers
from zhiyin.recommend.voices.items import SimilarItems
from zhiyin.recommend.voices.linear import LinearItems, Spectrum
from zhiyin.recommend.voices.moment import learn_moment
from zhiyin.recommend.voices.popular import Popular, Trend
from zhiyin.recommend.voices.rated import AlikeRaters, Liked, RatedItems, opinions
from zhiyin.recommend.voices.sequence import SelfAttentive
from zhiyin.recommend.voices.sequence_learning import can_learn, learn_sequence, steps_of
from zhiyin.recommend.voices.steps import Steps
from zhiyin.recommend.voices.tastes import Tastes, learn_tastes

Task = Literal["top", "next"]
# Measured on one core: seconds of a factorisation an interaction, factor and iteration; a row and squared factor and iteration.
_PER_CELL, _PER_ROW = 3.7e-9, 1.7e-10
_PER_CUBE = 9e-11  # seconds of EASE an item cubed
_PER_PATTERN = 3e-8  # seconds of the spectrum an interaction and pattern, and as many a row
_PER_PAIR = 1.5e-7  # seconds of ratings by neighbours a pair of steps of one history
# Interactions an item from which broad patterns say something of their own (MovieLens 164: yes; Gowalla 17, Beauty 12, LastFM 4: no).
_DENSE = 50
# Of the budget, for the network that is learned twice: on what is known while parts are hidden, and on everything.
_NETWORK = 0.5
# Histories that the blend learns from and is judged on, for each second granted.
_JUDGED_A_SECOND, _FEWEST_JUDGED, _MOST_JUDGED = 75, 1_000, 8_000
# (alpha, regularisation): dense tables want the later ones, sparse tables the first (Gowalla, LastFM, MovieLens).
_CONFIDENCE = ((20.0, 20.0), (5.0, 30.0), (10.0, 100.0))

__all__ = ["Knows", "Plan", "Task", "plan"]


class Knows(NamedTuple):
    """What is known beside the histories, as far as it is: items x attributes, circumstances of moments, customers x items turned down."""

    about: sp.csr_matrix | None = None
    circumstances: Circumstances | None = None
    disliked: sp.csr_matrix | None = None  # given where weights differ


@dataclass(frozen=True)
class Plan:
    """What is done within a budget.

    Attributes:
        task: what is asked for.
        factors: hidden tastes.
        confidence: settings of the factorisation that are tried.
        patterns: of the spectrum, 0 for none.
        linear: whether EASE is affordable.
        judged: at most so many histories teach and judge the blend.
        steps: of learning the network, 0 for none.
        seed: of everything random.
        threads: of the factorisation.
        rated: whether neighbours by ratings are affordable.
        deaf: voices that are not heard.
    """

    task: Task
    factors: int
    confidence: tuple[tuple[float, float], ...]
    patterns: int
    linear: bool
    judged: int
    steps: int = 0
    seed: int = 0
    threads: int = 1
    rated: bool = True
    deaf: tuple[str, ...] = ()

    def tastes(self, trails: Trails, *, confidence: tuple[float, float]) -> Tastes:
        """The factorisation, having learned from the trails."""
        fade = 0.7 if self.task == "next" else 1.0
        return learn_tastes(trails, factors=self.factors, confidence=confidence, fade=fade, seed=self.seed, threads=self.threads)

    def sequence(self, trails: Trails) -> SelfAttentive:
        """The network, having learned from the trails."""
        return learn_sequence(trails, steps=self.steps, seed=self.seed)

    def voices(self, trails: Trails, *, learned: Mapping[str, Voice], knows: Knows, only: Collection[str] = ()) -> dict[str, Voice]:
        """The voices, having learned from the trails.

        Args:
            trails: all histories.
            learned: those that take long and are kept with the model: `tastes`, and `sequence` where there is one.
            knows: what is known beside the histories.
            only: names of those that are needed; all when none are named.
        """
        after = self.task == "next"
        fade = 0.8 if after else 1.0
        makers: dict[str, Callable[[], Voice]] = {
            "items": lambda: SimilarItems(trails, fade=fade),
            "customers": lambda: SimilarCustomers(trails, fade=fade),
            **{name: partial(learned.__getitem__, name) for name in learned},
        }
        if after:
            makers["steps"] = lambda: Steps(trails, window=3, near=0.6, back=0.0, fade=0.6)
            makers["near"] = lambda: Steps(trails, window=20, near=0.8, back=0.5, fade=0.75)
            makers["lately"] = lambda: Popular(trails, lately=True)
        if self.patterns:
            makers["spectrum"] = lambda: Spectrum(trails, factors=self.patterns, fade=fade, seed=self.seed)
        if self.linear:
            makers["linear"] = lambda: LinearItems(trails, fade=fade)
        if (about := knows.about) is not None:
            makers["content"] = lambda: Content(about, fade=0.6 if after else 1.0)
        if trails.moment is not None:
            makers["trend"] = lambda: Trend(trails)
        # One after the other and not added up: the weather of a day and its month say partly the same.
        if knows.circumstances is not None and (season := knows.circumstances.season_only()) is not None:
            makers["season"] = lambda: learn_moment(trails, season)
        if knows.circumstances is not None and (told := knows.circumstances.told_only()) is not None:
            makers["moment"] = lambda: learn_moment(trails, told)
        if (disliked := knows.disliked) is not None:
            given = opinions(trails.latest(), disliked)
            if self.rated:
                makers["rated"] = lambda: RatedItems(given, disliked)
                makers["raters"] = lambda: AlikeRaters(given, trails.who, disliked=disliked)
            makers["liked"] = lambda: Liked(given)
        makers["popular"] = lambda: Popular(trails)
        return {name: make() for name, make in makers.items() if name in only or (not only and name not in self.deaf)}


def plan(trails: Trails, *, task: Task, budget_s: float, seed: int, threads: int) -> Plan:
    """What fits into `budget_s` seconds of one processor."""
    n, rows = len(trails.item), len(trails) + trails.items
    factors = 64 if n < 200_000 else 128 if n < 700_000 else 256

    def cost(count: int) -> float:
        return 8 * (_PER_CELL * n * count + _PER_ROW * rows * count**2)

    while factors > 32 and 2 * cost(factors) > budget_s / 2:
        factors //= 2
    tries = int(np.clip(budget_s / 4 / max(cost(factors), 1e-6), 1, len(_CONFIDENCE)))
    dense = n >= _DENSE * trails.items
    patterns = 64 if dense and 2 * _PER_PATTERN * (n + 8 * rows) * 64 < budget_s / 12 else 0
    return Plan(
        task=task,
        factors=factors,
        confidence=_CONFIDENCE[:tries],
        patterns=patterns,
        linear=2 * _PER_CUBE * trails.items**3 < budget_s / 4,
        judged=int(np.clip(budget_s * _JUDGED_A_SECOND, _FEWEST_JUDGED, _MOST_JUDGED)),
        steps=steps_of(trails, seconds=_NETWORK * budget_s / 2) if task == "next" and can_learn() else 0,
        seed=seed,
        threads=threads,
        rated=2 * _PER_PAIR * float((np.minimum(trails.length(), LONGEST).astype(np.float64) ** 2).sum()) < budget_s / 4,
    )
