from datetime import date

import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import TooLittleData
from zhiyin.core.tables import TABLES
from zhiyin.predict.spend import SpendModel, fit_spend, rank_correlation, total_error
from zhiyin.predict.value import answer_value


def histories(rows=400):
    """Customers who go on as before, three of ten of whom have left; the process alone does not know that they are three."""
    found = SpendModel(seen=90).example_rows(rows, seed=1)
    return found.assign(at_on=pd.Timestamp(date(2026, 1, 1)), before=found["spend_all"] * 90 / found["tenure_days"].max())


@pytest.fixture(scope="module")
def found():
    return fit_spend(histories(), histories(), seen=90)


def test_the_total_of_customers_left_out_is_met(found):
    scores = found.scores.set_index(["variant", "metric"])["value"]
    assert abs(scores["spend", "total_error"]) < 0.05
    assert scores["spend", "rank_correlation"] > 0.4
    assert found.scores.loc[found.scores["used"], "variant"].unique().tolist() == ["spend"]
    assert "checked on the last 90 days" in found.verdict.en
    assert found.card.baseline.metrics["mean_error"].value > found.card.metrics["mean_error"].value


def test_nine_of_ten_spends_lie_in_the_interval():
    rows = histories(2_000)
    said = SpendModel(days=90, seen=90).fit(rows).predict(rows)
    inside = (rows["label"] >= said["low"]) & (rows["label"] <= said["high"])
    assert 0.85 < inside.mean() < 0.97


def test_answers_say_orders_that_fit_the_money(found):
    rows = histories(5)
    said = answer_value(found.model, rows, at=date(2026, 4, 1), model_id="m", currency="CNY")
    assert tuple(said.columns) == TABLES["prediction"].names
    assert (said["low"] <= said["value"]).all()
    plain = found.model.predict(rows)["value"].to_numpy()
    assert np.allclose(said["value"], plain)


def test_today_s_histories_take_the_place_of_the_earlier_ones():
    rows = histories()
    model = SpendModel(seen=90).fit(rows)
    before = model.predict(rows.head(1))["value"][0]
    assert model.grown(rows.assign(spend_all=rows["spend_all"] * 10)).predict(rows.head(1))["value"][0] != before


def test_a_short_history_is_said():
    with pytest.raises(TooLittleData, match="too short to check"):
        fit_spend(histories().head(20), histories(), seen=90)
    with pytest.raises(TooLittleData, match="too short to check"):
        fit_spend(histories(), histories(), seen=20)


def test_where_nobody_spent_anything_nothing_is_expected():
    rows = histories(60).assign(label=[0.0] * 59 + [1.0])
    assert SpendModel(seen=90).fit(rows).predict(rows)["value"].max() < 10


def test_figures_of_money_are_seen_by_eye():
    assert total_error([1, 3], [2, 4]) == 0.5
    assert rank_correlation([1, 2, 3], [10, 20, 30]) == pytest.approx(1.0)
    assert np.isnan(rank_correlation([1, 1], [1, 2])) and np.isnan(total_error([0], [1]))
