from datetime import date

import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import TooLittleData
from zhiyin.core.tables import TABLES
from zhiyin.learn.reasons import from_json
from zhiyin.predict.value import RepeatValueModel, answer_value, fit_value


@pytest.fixture(scope="module")
def fitted():
    rows = RepeatValueModel().example_rows(300, seed=1)
    return fit_value(rows.drop(columns="label")), rows


def test_values_lie_in_their_intervals_and_the_busy_are_worth_more(fitted):
    model, rows = fitted
    found = model.predict(rows)
    assert ((found["low"] <= found["value"]) & (found["value"] <= found["high"])).all()
    busy = pd.DataFrame(
        {
            "customer_id": ["busy", "gone"],
            "days_all": [20, 20],
            "days_since_order": [3, 180],
            "tenure_days": [200, 200],
            "spend_all": [90_000] * 2,
        }
    )
    said = model.predict(busy)
    assert said["value"][0] > 5 * said["value"][1]
    assert said["low"][1] == 0.0
    assert model.staying(busy)[0] > model.staying(busy)[1]
    assert model.orders(busy)[0] > model.orders(busy)[1]


def test_answers_are_rows_of_prediction(fitted):
    model, rows = fitted
    lead = pd.DataFrame({"customer_id": ["lead"], "days_all": [0], "days_since_order": [np.nan], "tenure_days": [np.nan], "spend_all": [0]})
    found = answer_value(model, pd.concat([rows.head(3), lead]), at=date(2026, 1, 1), model_id="m", currency="CNY")
    assert tuple(found.columns) == TABLES["prediction"].names
    assert len(found) == 3
    assert set(found["unit"]) == {"minor"}
    assert from_json(found["reasons"][0]).said[0].zh.startswith("未来365天预计下单")


def test_without_returning_customers_value_is_not_guessed():
    rows = RepeatValueModel().example_rows(50, seed=1).assign(days_all=1)
    with pytest.raises(TooLittleData, match="20 more returning customers"):
        fit_value(rows)
