"""The lab and the run learn with the same engine."""

import pandas as pd

from predict.conftest import learning, panel
from zhiyin.lab import fit_predictor
from zhiyin.predict.climb import climb
from zhiyin.predict.questions import QUESTIONS

__all__ = ["learning", "panel"]


def test_the_run_and_the_lab_say_the_same_about_the_same_examples(panel, learning):
    question = QUESTIONS["purchase"]
    through_the_run = climb(question, panel, learning=learning)
    examples = question.rows(panel).sort_values(["at_on", "customer_id"], kind="stable")
    needs = list(question.readable(examples))
    frame = examples[[*needs, "customer_id", "at_on", "known_on", "label"]]
    through_the_lab = fit_predictor(frame, "label", time="at_on", id="customer_id", budget_s=learning.budget_s)
    assert through_the_lab.card().name == through_the_run.card.name != "rate"
    asked = examples.tail(50)
    said = through_the_run.model.predict(asked)[["value", "low", "high"]]
    pd.testing.assert_frame_equal(through_the_lab.predict(asked)[["value", "low", "high"]].reset_index(drop=True), said)
