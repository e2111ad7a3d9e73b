import numpy as np
import pandas as pd
import pytest

from zhiyin.core.settings import LearningSettings
from zhiyin.predict.effort import Effort
from zhiyin.predict.ladder import Lesson, learn, rarer

PLAN = Effort(("logistic", "brisk"), folds=3, most_rows=30_000)


def _rows(rows=900, seed=1, strength=2.0):
    draw = np.random.default_rng(seed)
    a = draw.normal(size=rows)
    label = (draw.random(rows) < 1 / (1 + np.exp(1 - strength * a))).astype(float)
    return pd.DataFrame({"a": a, "noise": draw.normal(size=rows), "label": label})


def _learn(rows, **about):
    return learn(Lesson(rows, ("a", "noise"), **about), plan=PLAN, learning=LearningSettings())


@pytest.mark.parametrize(("rows", "rungs"), [(60, {"rate"}), (230, {"rate", "logistic"}), (900, {"rate", "logistic", "brisk", "blend"})])
def test_the_ladder_climbs_with_the_outcomes(rows, rungs):
    judged = _learn(_rows(rows))
    assert set(judged.said) == rungs
    assert rarer(judged.rows["label"].to_numpy()) < {60: 50, 230: 100, 900: 900}[rows]


def test_nothing_to_find_stays_on_rates():
    judged = _learn(_rows(strength=0.0))
    assert judged.winner == "rate"


def test_a_model_that_ranks_upside_down_is_not_taken():
    rows = _rows(3000).assign(asked=np.arange(3000))
    rows["label"] = np.where(rows["asked"] < 2000, rows["label"], 1 - rows["label"])  # what spoke for it speaks against it
    judged = _learn(rows, at="asked")
    said = judged.model.predict(rows.assign(customer_id="x"))["value"]
    assert said.max() - said.min() < 0.01  # the same for all: nothing that was learned holds any more


def test_a_straight_line_is_told_by_a_regression():
    assert _learn(_rows(3000)).winner == "logistic"


def test_a_corner_is_told_by_trees():
    rows = _rows(3000)
    draw = np.random.default_rng(3)
    rows["label"] = (((rows["a"] > 0) ^ (rows["noise"] > 0)) & (draw.random(3000) < 0.9)).astype(float)
    assert _learn(rows).winner in ("brisk", "blend")


def test_rows_of_one_customer_are_not_learned_and_judged_by_each_other():
    rows = pd.concat([_rows(60, strength=0.0)] * 15, ignore_index=True)  # the same sixty, fifteen times: trees know them by heart
    rows["customer_id"] = np.arange(len(rows)) % 60
    assert _learn(rows).winner == "rate"


def test_later_rows_judge_three_stretches():
    rows = _rows(3000).assign(asked=np.arange(3000))
    judged = _learn(rows, at="asked")
    assert judged.forward
    assert len(judged.rows) == 450 * 3
    assert judged.rows["asked"].is_monotonic_increasing


def test_a_column_that_moved_away_is_dropped_where_that_helps():
    rows = _rows(3000).assign(asked=np.arange(3000))
    rows["noise"] = rows["asked"] // 30.0 + np.where(rows["label"] > 0, 2.0, -2.0) * np.where(rows["asked"] < 1500, 1, -1)
    judged = _learn(rows, at="asked")
    assert judged.shifted == ("noise",)
    assert judged.dropped == ("noise",)
    assert judged.model.needs == ("a",)


def test_a_column_whose_meaning_turned_round_is_dropped():
    rows = _rows(3000).assign(asked=np.arange(3000))
    turned = np.where(rows["asked"] < 1600, 1, -1)  # what spoke for it speaks against it
    rows["noise"] = np.where(rows["label"] > 0, 1.0, -1.0) * turned + np.random.default_rng(5).normal(size=3000)
    judged = _learn(rows, at="asked")
    assert judged.dropped == ("noise",)


def test_the_model_is_brought_to_how_often_it_happens_now():
    rows = _rows(4000).assign(asked=np.arange(4000))
    draw = np.random.default_rng(4)
    rare = (rows["asked"] >= 3400) & (draw.random(4000) < 0.7)
    rows["label"] = np.where(rare, 0.0, rows["label"])
    judged = _learn(rows, at="asked")
    late = rows[rows["asked"] >= 3400].assign(customer_id="x")
    assert judged.model.predict(late)["value"].mean() == pytest.approx(late["label"].mean(), abs=0.03)


def test_with_too_few_later_outcomes_rows_left_out_judge():
    judged = _learn(_rows(60).assign(asked=np.arange(60)), at="asked")
    assert not judged.forward
    assert len(judged.said["rate"]) == 60
    nearly = _rows(60).assign(asked=np.arange(60), label=(np.arange(60) < 5).astype(float))
    assert _learn(nearly, at="asked").said == {}  # too little happened to judge by anything
