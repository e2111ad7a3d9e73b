"""The lab and the run learn with the same engine."""

import numpy as np
import pandas as pd

from predict.conftest import learning, panel
from zhiyin.lab import fit_predictor
from zhiyin.predict.climb import climb
from zhiyin.predict.questions import QUESTIONS

__all__ = ["learning", "panel"]


def test_the_run_and_the_lab_say_the_same_about_the_same_examples(panel, learning):
    question, draw = QUESTIONS["purchase"], np.random.default_rng(8)
    panel["spend_28d"] = draw.integers(0, 9_000, len(panel))
    panel["spend_84d"] = panel["spend_28d"] + 3_000
    panel["label"] = (panel["orders_28d"] + panel["spend_28d"] / 1_000 + draw.normal(0, 2, len(panel)) > 8.5).astype(
        float
    )  # no column tells it alone
    through_the_run = climb(question, panel, learning=learning)
    examples = question.rows(panel).sort_values(["at_on", "customer_id"], kind="stable")
    needs = list(question.readable(examples))
    frame = examples[[*needs, "customer_id", "at_on", "known_on", "label"]]
    through_the_lab = fit_predictor(frame, "label", time="at_on", id="customer_id", budget_s=learning.budget_s)
    assert through_the_lab.card().name == through_the_run.card.name != "rate"
    asked = examples.tail(50)
    said = through_the_run.model.predict(asked)[["value", "low", "high"]]
    pd.testing.assert_frame_equal(through_the_lab.predict(asked)[["value", "low", "high"]].reset_index(drop=True), said)
