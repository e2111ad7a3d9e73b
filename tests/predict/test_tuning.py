"""A search within seconds: every try is written down, and what it found is one more rung."""

import sys

import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import SettingsError, UsageError
from zhiyin.core.settings import LearningSettings
from zhiyin.learn.card import Trial
from zhiyin.predict.boosters import SHAPED, parameters
from zhiyin.predict.effort import Effort
from zhiyin.predict.ladder import Lesson, learn, unseen_loss
from zhiyin.predict.tuning import found_shape, searched

PLAN = Effort(("logistic", "brisk"), folds=2, most_rows=30_000)


@pytest.fixture(scope="module")
def lesson():
    draw = np.random.default_rng(3)
    a, b = draw.normal(size=(2, 800))
    label = (draw.random(800) < 1 / (1 + np.exp(-3 * np.sign(a) * np.sign(b)))).astype(float)  # only both together tell it
    return Lesson(pd.DataFrame({"a": a, "b": b, "label": label}), ("a", "b"))


def test_nothing_is_searched_unless_it_was_granted_or_with_too_few_outcomes(lesson):
    assert searched(lesson, plan=PLAN, learning=LearningSettings()) == ()
    few = lesson.of(lesson.rows.head(100))
    assert searched(few, plan=PLAN, learning=LearningSettings(tune_s=5)) == ()


def test_every_try_is_kept_and_the_best_is_tried_as_a_rung(lesson):
    learning = LearningSettings(tune_s=2)
    trials = searched(lesson, plan=PLAN, learning=learning)
    assert all(np.isfinite(trial.loss) and set(dict(trial.shape)) == set(SHAPED) for trial in trials)
    shape = found_shape(trials)
    assert dict(trials[0].shape)["num_leaves"] == 16  # it begins with the shape of the house
    assert min(trial.loss for trial in trials) < np.log(2) - 0.2
    chosen = learning.model_copy(update={"shape": shape})
    assert unseen_loss(lesson, "tuned", plan=PLAN, learning=chosen) == pytest.approx(min(trial.loss for trial in trials), abs=1e-9)
    judged = learn(lesson, plan=PLAN, learning=chosen)
    assert {"tuned", "blend"} <= set(judged.said)


def test_later_rows_judge_a_shape_where_rows_have_a_time(lesson):
    timed = Lesson(lesson.rows.assign(asked=range(800)), ("a", "b"), at="asked")
    learning = LearningSettings(shape={"num_leaves": 8})
    assert 0.2 < unseen_loss(timed, "tuned", plan=PLAN, learning=learning) < np.log(2)


def test_without_trials_there_is_no_shape():
    assert found_shape(()) == {}
    assert found_shape((Trial(0.5, (("num_leaves", 8),)), Trial(0.4, (("num_leaves", 4),)))) == {"num_leaves": 4}


def test_a_shape_goes_before_the_style_and_unknown_settings_are_refused():
    assert parameters("wide", rows=1000, seed=1, shape={"num_leaves": 5.0})["num_leaves"] == 5
    with pytest.raises(SettingsError, match=r"Boosted trees have no such setting\. Got leaves\."):
        parameters("wide", rows=1000, seed=1, shape={"leaves": 5.0})


def test_without_the_library_a_search_says_how_to_get_it(lesson, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(UsageError, match=r"Tuning needs optuna\..*zhiyin\[tuning\]"):
        searched(lesson, plan=PLAN, learning=LearningSettings(tune_s=5))
