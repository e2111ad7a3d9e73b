from datetime import date

import numpy as np
import pandas as pd
import pytest

from zhiyin.core.tables import TABLES
from zhiyin.learn.reasons import from_json
from zhiyin.predict.answers import answer, asked_rows
from zhiyin.predict.climb import climb
from zhiyin.predict.logistic import LogisticModel
from zhiyin.predict.questions import QUESTIONS


def test_answers_are_rows_of_prediction_with_reasons_that_add_up(panel, learning):
    fitted = climb(QUESTIONS["purchase"], panel, learning=learning, use="logistic")
    today = panel[panel["at_on"] == panel["at_on"].max()]
    found = answer(QUESTIONS["purchase"], fitted.model, rows=today, at=date(2026, 5, 1), model_id="m1", currency="CNY").predictions
    assert tuple(found.columns) == TABLES["prediction"].names
    assert len(found) == 300
    first = from_json(found["reasons"][0])
    assert first.probability == pytest.approx(found["value"][0])
    assert 1 <= len(first.said) <= 3
    assert set(found["unit"]) == {"probability"}


def test_only_the_likeliest_categories_of_a_customer_are_kept():
    draw = np.random.default_rng(1)
    rows = pd.DataFrame({"customer_id": np.repeat(["c1", "c2"], 10), "category": [f"k{n}" for n in range(10)] * 2})
    rows = rows.assign(
        pair_days_since=60, pair_orders=draw.permutation(20) + 2, label=draw.permutation([0.0, 1.0] * 10), at_on=date(2026, 1, 1)
    )
    rows["label"] = (rows["pair_orders"] > 11).astype(float)
    question = QUESTIONS["category_raise"]
    model = LogisticModel(needs=("pair_orders",)).fit(rows)
    found = answer(question, model, rows=rows, at=date(2026, 1, 1), model_id="m", currency="CNY").predictions
    assert found.groupby("customer_id").size().to_dict() == {"c1": 3, "c2": 3}
    best = rows[rows["customer_id"] == "c1"].nlargest(3, "pair_orders")["category"]
    assert set(found[found["customer_id"] == "c1"]["subject_id"]) == set(best)


def test_a_kind_of_campaign_that_is_not_among_the_rows_is_there_for_the_model():
    rows = pd.DataFrame({"customer_id": ["c1"], "campaign_id": ["7"], "campaign_kind": ["A"]})
    model = LogisticModel(needs=("kind_A", "kind_B"))
    assert asked_rows(QUESTIONS["campaign_answer"], model, rows=rows)[["kind_A", "kind_B"]].to_numpy().tolist() == [[1.0, 0.0]]


def test_nobody_asked_nothing_answered(panel, learning):
    fitted = climb(QUESTIONS["purchase"], panel, learning=learning)
    nobody = panel.assign(orders_all=0)
    found = answer(QUESTIONS["purchase"], fitted.model, rows=nobody, at=date(2026, 5, 1), model_id="m1", currency="CNY").predictions
    assert found.empty
    assert tuple(found.columns) == TABLES["prediction"].names
