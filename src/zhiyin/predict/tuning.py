"""Which shape of trees suits a table? Searched for within the seconds that somebody grants, every try written down."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from zhiyin.core.errors import UsageError
from zhiyin.core.settings import LearningSettings
from zhiyin.core.words import Say
from zhiyin.learn.card import Trial
from zhiyin.predict.boosters import STYLES
from zhiyin.predict.effort import Effort
from zhiyin.predict.ladder import Judged, Lesson, learn, rarer, unseen_loss

if TYPE_CHECKING:
    from optuna.trial import Trial as Asked

__all__ = ["found_shape", "learned", "searched"]

# Ranges between which shapes lie: lowest, highest, and whether steps are ratios.
_RANGES = {
    "num_leaves": (3, 64, True),
    "min_data_in_leaf": (2, 200, True),
    "feature_fraction_bynode": (0.2, 1.0, False),
    "lambda_l2": (0.01, 30.0, True),
    "learning_rate": (0.02, 0.15, True),
}
_STYLE = "wide"  # the style that the search begins with
_FOLDS = 3  # enough to tell shapes apart, at a third of the time


def learned(lesson: Lesson, *, plan: Effort, learning: LearningSettings, use: str = "") -> tuple[Judged, tuple[Trial, ...]]:
    """The model that wins (see `ladder.learn`), with the shape of trees that a search found where one was granted, and what it tried.

    Raises:
        UsageError: when a search is granted and `optuna` is not installed.
    """
    trials = searched(lesson, plan=plan, learning=learning)
    if trials:
        learning = learning.model_copy(update={"shape": found_shape(trials)})
    return learn(lesson, plan=plan, learning=learning, use=use), trials


def searched(lesson: Lesson, *, plan: Effort, learning: LearningSettings) -> tuple[Trial, ...]:
    """Shapes of boosted trees that were tried within `learning.tune_s` seconds, in their order; the first is that of the house.

    Empty where no search was granted, or too little happened for boosting. Each is judged by its log loss on rows that it had not
    seen, the later ones where rows have a time. How many are tried depends on the machine, so a search does not repeat itself
    exactly; the shape that it found does.

    Raises:
        UsageError: when a search is granted and `optuna` is not installed.

    References:
        Bergstra et al. (2011), Algorithms for hyper-parameter optimization: the tree-structured Parzen estimator.
    """
    if not learning.tune_s or not lesson.needs or rarer(lesson.labels) < learning.boosting_outcomes:
        return ()
    try:
        import optuna
    except ImportError as absent:
        raise UsageError(
            Say("调参需要 optuna。", "Tuning needs optuna."),
            got="optuna -",
            fix=Say(
                'pip install "zhiyin[tuning]"，或把 learning.tune_s 设为 0。', 'pip install "zhiyin[tuning]", or set learning.tune_s to 0.'
            ),
        ) from absent
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    tried: list[Trial] = []

    def loss(asked: Asked) -> float:
        shape = _shape(asked)
        told = unseen_loss(
            lesson, "tuned", plan=plan._replace(folds=min(plan.folds, _FOLDS)), learning=learning.model_copy(update={"shape": shape})
        )
        tried.append(Trial(told, tuple(shape.items())))
        return told if math.isfinite(told) else 1e9

    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=learning.seed))
    study.enqueue_trial({name: STYLES[_STYLE][name] for name in _RANGES if name in STYLES[_STYLE]} | {"extra_trees": False})
    study.optimize(loss, timeout=learning.tune_s)
    return tuple(tried)


def found_shape(trials: tuple[Trial, ...]) -> dict[str, float]:
    """The shape of the least loss; empty without trials."""
    return dict(min(trials, key=lambda one: one.loss).shape) if trials else {}


def _shape(asked: Asked) -> dict[str, float]:
    shape: dict[str, float] = {}
    for name, (low, high, ratios) in _RANGES.items():
        whole = isinstance(low, int) and isinstance(high, int)
        shape[name] = (
            asked.suggest_int(name, int(low), int(high), log=ratios) if whole else asked.suggest_float(name, low, high, log=ratios)
        )
    return shape | {"extra_trees": bool(asked.suggest_categorical("extra_trees", (False, True)))}
