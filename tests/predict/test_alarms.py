import numpy as np
import pandas as pd

from zhiyin.predict.alarms import leaks


def _leaks(frame, labels, auc=0.8):
    return [alarm.en for alarm in leaks(frame, labels, needs=list(frame), target="churn", auc=auc)]


def test_a_column_that_knows_the_answer_raises_an_alarm():
    draw = np.random.default_rng(1)
    labels = (draw.random(600) < 0.3).astype(float)
    frame = pd.DataFrame(
        {
            "noise": draw.normal(size=600),
            "cancelled_on": np.where(labels > 0, "2026-01-02", None),
            "churn_reason": draw.choice(["a", "b"], 600),
        }
    )
    said = _leaks(frame, labels)
    assert len(said) == 2
    assert said[0].startswith("Alarm: cancelled_on alone nearly tells the outcome (AUC 1.000)")
    assert said[1].startswith("Alarm: churn_reason is named like the target churn")


def test_a_result_too_good_raises_an_alarm_where_no_column_does():
    draw = np.random.default_rng(1)
    labels = (draw.random(600) < 0.3).astype(float)
    frame = pd.DataFrame({"noise": draw.normal(size=600)})
    assert _leaks(frame, labels) == []
    assert _leaks(frame, labels, auc=0.995)[0].startswith("Alarm: suspiciously good (AUC 0.995)")


def test_few_outcomes_raise_none():
    assert _leaks(pd.DataFrame({"a": range(40)}), np.array([0.0] * 35 + [1.0] * 5)) == []
