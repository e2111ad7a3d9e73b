from dataclasses import replace

import pandas as pd
import pytest

from zhiyin.core.errors import MissingColumns, TooLittleData
from zhiyin.core.settings import LearningSettings
from zhiyin.predict.climb import climb
from zhiyin.predict.questions import QUESTIONS

PURCHASE = QUESTIONS["purchase"]


def test_a_model_beats_the_baseline_on_later_days(panel, learning):
    fitted = climb(PURCHASE, panel, learning=learning)
    auc = fitted.scores[fitted.scores["metric"] == "auc"].set_index("variant")["value"]
    assert auc[fitted.card.name] > 0.85 > 0.6 > auc["baseline"]
    assert fitted.card.metrics["auc"].low < fitted.card.metrics["auc"].value < fitted.card.metrics["auc"].high
    assert fitted.card.calibration
    assert fitted.scores["n"].eq(300).all()
    assert "采用" in fitted.verdict.zh
    assert "AUC" in fitted.verdict.en


def test_labels_that_were_not_known_before_the_latest_day_do_not_judge_it(panel, learning):
    late = panel["at_on"].max()
    cheating = panel.copy()
    unknown = (cheating["known_on"] > late) & (cheating["at_on"] < late)
    assert not unknown.any()
    cheating.loc[cheating["at_on"] < late, "known_on"] = late + pd.Timedelta(days=1)
    fitted = climb(PURCHASE, cheating, learning=learning)
    assert fitted.scores["n"].min() == len(PURCHASE.rows(cheating))  # no day is early enough: customers left out judge
    assert "judged on customers left out: too little happened lately" in fitted.verdict.en


def test_few_outcomes_stay_on_rates_and_say_how_many_are_missing(panel, learning):
    few = panel[panel["label"] == 0].head(400)
    few = pd.concat([few, panel[panel["label"] == 1].groupby("at_on").head(3)])
    fitted = climb(PURCHASE, few, learning=learning)
    assert fitted.card.name == "rate"
    assert "Outcomes so far: 12; regression needs about 38 more." in fitted.verdict.en


def test_boosting_is_tried_with_enough_outcomes_only(panel, learning):
    few = climb(PURCHASE, panel, learning=replace_learning(learning, boosting_outcomes=100_000))
    many = climb(PURCHASE, panel, learning=replace_learning(learning, boosting_outcomes=100))
    assert set(few.scores["variant"]) == {"baseline", "rate", "single", "logistic"}
    assert set(many.scores["variant"]) == {"baseline", "rate", "single", "logistic", "short", "blend"}


def replace_learning(learning, **changes):
    return LearningSettings(**{**learning.model_dump(), **changes})


@pytest.mark.parametrize("name", ["tree", "forest", "boosting", "logistic", "rate"])
def test_a_model_can_be_chosen_by_name(panel, learning, name):
    assert climb(PURCHASE, panel, learning=learning, use=name).card.name == name


def test_the_same_examples_in_another_order_give_the_same_model(panel, learning):  # not drawn from: all are learned from
    first = climb(PURCHASE, panel, learning=learning)
    second = climb(PURCHASE, panel.sample(frac=1.0, random_state=1), learning=learning)
    pd.testing.assert_frame_equal(first.scores, second.scores)


def test_long_panels_are_drawn_from(panel, learning):
    assert climb(replace(PURCHASE, most_rows=700), panel, learning=learning).card.examples == 700


def test_nobody_to_learn_from_is_said(panel, learning):
    with pytest.raises(TooLittleData, match="There are no examples to learn from"):
        climb(PURCHASE, panel.assign(orders_all=0), learning=learning)


def test_missing_labels_are_said(panel, learning):
    with pytest.raises(MissingColumns, match="The examples lack label, known_on"):
        climb(PURCHASE, panel.drop(columns=["label", "known_on"]), learning=learning)
