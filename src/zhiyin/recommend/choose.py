"""What fits whom? The engine: voices are learned, judged on what was hidden from them, and blended as far as that proves better."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.features import PROPOSED, Candidates, candidates, taken
from zhiyin.recommend.purchases import Flags, Floats, Ints
from zhiyin.recommend.rankers import Ranker, alone, learn_sum, learn_trees
from zhiyin.recommend.ranking import Score, average, halves, ndcg_at, recall_at, top_lists
from zhiyin.recommend.trails import Trails
from zhiyin.recommend.voices import Voice

# With fewer hits to learn from, weights would be noise: the best single voice decides.
FEWEST_TAKEN = 100
# Of candidates that were not taken this many a history are shown to the trees: a third of them ranks as well as all.
_COUNTER_EXAMPLES = 100
# A richer ranker must be ahead by so many standard errors of the paired difference (about nine chances in ten).
_AHEAD = 1.28
_BLENDS = ("sum", "trees")
_CELLS, _MOST_ROWS = 8_000_000, 1_000  # what voices say of some histories and all items at a time: 64 MB a voice, and copies of it

__all__ = ["FEWEST_TAKEN", "Choice", "alone_among", "choose", "listed", "proposals", "winner"]


@dataclass(frozen=True)
class Choice:
    """Which ranker orders the candidates of which voices, and how all of them did on histories that it had not learned from.

    Attributes:
        voices: names.
        ranker: their order.
        used: its name.
        scores: by metric and name.
        judged: NDCG of each history that judged, NaN where nothing was hidden; the same histories for the same seed.
    """

    voices: tuple[str, ...]
    ranker: Ranker
    used: str
    scores: dict[tuple[str, str], Score]
    judged: Floats


def proposals(voices: Mapping[str, Voice], trails: Trails, *, barred: sp.csr_matrix, proposed: int = PROPOSED) -> Candidates:
    """What all voices propose for each history.

    Args:
        voices: by name.
        trails: the histories.
        barred: histories x items that must not be proposed.
        proposed: at most so many of each voice.
    """
    parts, at_once = [], int(np.clip(_CELLS // max(trails.items, 1), 1, _MOST_ROWS))
    for start in range(0, len(trails), at_once):
        rows = np.arange(start, min(start + at_once, len(trails)))
        some = trails.take(rows)
        said = {name: voice.score(some) for name, voice in voices.items()}
        found = candidates(said, some.length(), without=barred[rows], proposed=proposed)
        parts.append(replace(found, row=found.row + np.int32(start)))
    return Candidates(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("row", "item", "said")))


def listed(found: Candidates, ranker: Ranker, *, count: int, k: int) -> Ints:
    """`(count, k)` items, best first, -1 where there are fewer."""
    return top_lists(found.row, found.item, score=ranker.order(found.said), count=count, k=k)


def choose(voices: Mapping[str, Voice], asked: Trails, *, truth: sp.csr_matrix, barred: sp.csr_matrix, k: int, seed: int) -> Choice:
    """The ranker that tells best what is taken next.

    Rankers learn on one half of the histories and are judged on the other; the winner learns again on both.

    Args:
        voices: by name; they must not know `truth`.
        asked: histories as they were known to the voices.
        truth: histories x items, what was taken afterwards.
        barred: histories x items that are not recommended.
        k: places that count.
        seed: of everything random.
    """
    found = proposals(voices, asked, barred=barred)
    hit = taken(found, truth)
    judges = halves(len(asked), seed=seed)
    rankers: dict[str, Ranker] = {name: alone(name, voices) for name in voices}
    learners = ~judges[found.row]
    if min(int((hit & learners).sum()), int((hit & ~learners).sum())) >= FEWEST_TAKEN:
        rankers |= _learned(found, hit, of=learners, seed=seed)
    every = {name: listed(found, ranker, count=len(asked), k=k) for name, ranker in rankers.items()}
    ndcg = {name: ndcg_at(lists, truth) for name, lists in every.items()}
    best = max(voices, key=lambda name: float(np.nanmean(ndcg[name][~judges])) if truth[~judges].nnz else 0.0)
    used = best
    for name in _BLENDS:
        if name in rankers and _ahead(ndcg[name][judges], ndcg[used][judges]):
            used = name
    scores = {
        (f"{metric}@{k}", name): average(value[judges], seed=seed)
        for name in rankers
        for metric, value in (("ndcg", ndcg[name]), ("recall", recall_at(every[name], truth)))
    }
    if used in voices:
        return Choice(*alone_among(used, voices), used, scores, ndcg[used][judges])
    ranker = _learned(found, hit, of=np.ones(len(hit), bool), seed=seed, only=used)[used]
    return Choice(tuple(voices), ranker, used, scores, ndcg[used][judges])


def winner(plain: Choice, richer: Choice, *, more: str) -> Choice:
    """The choice with one voice more where that is ahead of the one without by more than chance, judged by the same histories.

    Args:
        plain: without the voice.
        richer: with it.
        more: the name of the voice; in the scores a blend with it is called `sum + NAME` or `trees + NAME`.
    """
    named = {(metric, f"{name} + {more}" if name in _BLENDS else name): score for (metric, name), score in richer.scores.items()}
    scores = named | plain.scores
    if not _ahead(richer.judged, plain.judged):
        return replace(plain, scores=scores)
    return replace(richer, scores=scores, used=f"{richer.used} + {more}" if richer.used in _BLENDS else richer.used)


def alone_among(used: str, voices: Collection[str]) -> tuple[tuple[str, ...], Ranker]:
    """One voice, and what orders the items of which it knows nothing."""
    heard = tuple(name for name in voices if name in (used, "content", "popular"))
    return heard, alone(used, heard)


def _learned(found: Candidates, hit: Flags, *, of: Flags, seed: int, only: str = "") -> dict[str, Ranker]:
    """A sum and trees over the candidates of some histories."""
    made: dict[str, Ranker] = {}
    if only in ("", "sum"):
        made["sum"] = learn_sum(found.said[of], row=found.row[of], taken=hit[of])
    if only in ("", "trees"):
        size = np.bincount(found.row)
        share = _COUNTER_EXAMPLES / np.maximum(size, 1)[found.row]
        shown = of & (hit | (np.random.default_rng(seed).random(len(hit)) < share))
        made["trees"] = learn_trees(found.said[shown], taken=hit[shown], seed=seed)
    return made


def _ahead(richer: Floats, plain: Floats) -> bool:
    """Whether the richer ranker is ahead by more than chance, history by history."""
    difference = (richer - plain)[~np.isnan(richer)]
    if len(difference) < 2:
        return False
    return bool(difference.mean() > _AHEAD * difference.std(ddof=1) / np.sqrt(len(difference)))
