"""What do known pairs teach about the others?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from zhiyin.unify.linking.rivals import known

if TYPE_CHECKING:
    from lightgbm import Booster
    from scipy import sparse
    from sklearn.pipeline import Pipeline

    from zhiyin.unify.linking.evidence import Evidence

__all__ = ["Judged", "chance", "judge_unseen", "learned"]

_FOLDS = 5
_SEEDS = 2
_THREADS = 1  # more fight each other on a busy machine: 300 s instead of 8
_ROUNDS = 200
_STRAIGHT = 0.3  # the share of the regression; less loses on 100 known pairs, more on 10,000
_BLENDS = (0.0, 0.5, 1.0)  # shares of the first judgement


class Judged(NamedTuple):
    """The probability of every pair, and the one that each known pair had before its own truth was heard."""

    probability: np.ndarray
    unheard: np.ndarray


def learned(evidence: Evidence, *, places: np.ndarray, truth: np.ndarray, seed: int) -> Judged:
    """How likely each pair is the same thing, by what known pairs are.

    A regression over the words that both or only one of two rows say, and boosted trees over all evidence, judge each
    pair; then trees judge again with what is known, or was judged, of the other pairs of its two rows. A known pair's
    first judgement comes from models that did not see it, so the second learns from what it will meet. Half of what the
    second learns from hides all that is known, so that rows of which nothing is known are judged rightly too.

    The probability is one half where F1 over pairs like the known ones is best.

    Args:
        evidence: of all pairs.
        places: which pairs are known; one pair may be known several times.
        truth: what they are, True for the same thing.
        seed: chance of the folds and of the trees.
    """
    folds = _folds(truth, seed)
    first = np.column_stack([evidence.table.to_numpy(dtype=np.float32), _by_wording(evidence.wording, places, truth, folds)])
    score = _fit(first[places], truth, seed)(first)
    before = _out_of_fold(first[places], truth, folds, seed)
    score[places] = _mean_by(places, before)
    nothing = known(evidence.pairs, score, places=places[:0], truth=truth[:0]).to_numpy()[places]
    something = np.empty_like(nothing)
    for fold in range(_FOLDS):
        hidden = folds == fold
        something[hidden] = known(evidence.pairs, score, places=places[~hidden], truth=truth[~hidden]).to_numpy()[places[hidden]]
    rows = np.vstack([np.hstack([first[places], something]), np.hstack([first[places], nothing])])
    twice = np.concatenate([truth, truth])
    after = _out_of_fold(rows, twice, np.concatenate([folds, folds]), seed)[: len(places)]
    again = _fit(rows, twice, seed)(np.hstack([first, known(evidence.pairs, score, places=places, truth=truth).to_numpy()]))
    blend = min(_BLENDS, key=lambda share: _loss(share * before + (1 - share) * after, truth))
    unheard = blend * before + (1 - blend) * after
    final = blend * score + (1 - blend) * again
    final[places] = _mean_by(places, unheard)
    slope, base = _calibrated(unheard, truth)
    cut = _best_cut(slope * unheard + base)
    return Judged(chance(slope * final + base - cut), chance(slope * unheard + base - cut))


def judge_unseen(rows: np.ndarray, truth: np.ndarray, *, seed: int) -> np.ndarray:
    """The log-odds of each row by models that did not see it."""
    return _out_of_fold(rows, truth, _folds(truth, seed), seed)


def _by_wording(wording: sparse.csr_matrix, places: np.ndarray, truth: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """What a regression over the words says of every pair, of a known one without having seen it."""
    from sklearn.linear_model import LogisticRegression

    def judge(rows: np.ndarray) -> LogisticRegression:
        return LogisticRegression(C=0.3, max_iter=300).fit(wording[places[rows]], truth[rows])

    out = judge(np.arange(len(places))).decision_function(wording)
    unseen = np.empty(len(places))
    for fold in range(_FOLDS):
        hidden = folds == fold
        unseen[hidden] = judge(np.flatnonzero(~hidden)).decision_function(wording[places[hidden]])
    out[places] = _mean_by(places, unseen)
    return np.asarray(out, dtype=np.float32)


def _loss(score: np.ndarray, truth: np.ndarray) -> float:
    """Log-loss of a score once it is calibrated."""
    slope, base = _calibrated(score, truth)
    likely = np.clip(chance(slope * score + base), 1e-6, 1 - 1e-6)
    return -float(np.mean(np.where(truth, np.log(likely), np.log(1 - likely))))


def _folds(truth: np.ndarray, seed: int) -> np.ndarray:
    """The fold of each known pair, as many same ones in each."""
    order = np.random.default_rng(seed).permutation(len(truth))
    order = order[np.argsort(truth[order], kind="stable")]
    folds = np.empty(len(truth), dtype=np.int64)
    folds[order] = np.arange(len(truth)) % _FOLDS
    return folds


def _mean_by(places: np.ndarray, values: np.ndarray) -> np.ndarray:
    """For each known pair the mean over all times it is known."""
    return np.asarray((np.bincount(places, weights=values) / np.maximum(np.bincount(places), 1))[places])


def _out_of_fold(rows: np.ndarray, truth: np.ndarray, folds: np.ndarray, seed: int) -> np.ndarray:
    out = np.empty(len(truth))
    for fold in range(_FOLDS):
        hidden = folds == fold
        out[hidden] = _fit(rows[~hidden], truth[~hidden], seed)(rows[hidden])
    return out


def _fit(rows: np.ndarray, truth: np.ndarray, seed: int) -> Callable[[np.ndarray], np.ndarray]:
    """A judge that gives log-odds: trees on several seeds beside a logistic regression."""
    boosted = [_trees(rows, truth, seed + k) for k in range(_SEEDS)]
    straight = _straight(rows, truth)

    def judge(others: np.ndarray) -> np.ndarray:
        told = np.mean([_log_odds(trees.predict(others, num_threads=_THREADS)) for trees in boosted], axis=0)
        return np.asarray((1 - _STRAIGHT) * told + _STRAIGHT * _log_odds(straight.predict_proba(others)[:, 1]))

    return judge


def _trees(rows: np.ndarray, truth: np.ndarray, seed: int) -> Booster:
    import lightgbm

    settings = {
        "objective": "binary",
        "learning_rate": 0.05,
        "num_leaves": 15,
        "min_data_in_leaf": int(np.clip(len(truth) // 200, 3, 20)),
        "feature_fraction": 0.4,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 3.0,
        "seed": seed,
        "num_threads": _THREADS,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
    return lightgbm.train(settings, lightgbm.Dataset(rows, label=truth.astype(np.float64)), num_boost_round=_ROUNDS)


def _straight(rows: np.ndarray, truth: np.ndarray) -> Pipeline:
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    bounded = FunctionTransformer(np.clip, kw_args={"a_min": -4, "a_max": 4})
    gaps = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    return make_pipeline(gaps, StandardScaler(), bounded, LogisticRegression(C=0.02, max_iter=300)).fit(rows, truth)


def _calibrated(score: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Slope and base that make log-odds out of a score (Platt)."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e4).fit(score[:, None], truth)
    return max(float(model.coef_[0, 0]), 1e-3), float(model.intercept_[0])


def _best_cut(log_odds: np.ndarray) -> float:
    """The log-odds from which calling pairs the same gives the best expected F1.

    Expected over calibrated chances, not counted on known pairs: a count over some hundred pairs jumps.
    """
    likely = np.sort(chance(log_odds))[::-1]
    f1 = 2 * np.cumsum(likely) / (np.arange(1, len(likely) + 1) + likely.sum())
    return float(_log_odds(f1.max() / 2))  # the best rule calls a pair the same from half of the best F1 on


def _log_odds(likely: np.ndarray) -> np.ndarray:
    bounded = np.clip(likely, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(bounded / (1 - bounded)))


def chance(log_odds: np.ndarray) -> np.ndarray:
    """Log-odds as a probability."""
    return np.asarray(1 / (1 + np.exp(-log_odds)))
