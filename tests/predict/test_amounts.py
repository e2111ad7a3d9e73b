import numpy as np
import pandas as pd
import pytest

from zhiyin.lab import fit_predictor
from zhiyin.predict.amounts import AmountModel


def _spend(rows=600, seed=1):
    """Spend grows with visits, twice as fast in Shanghai; it spreads more the larger it is."""
    draw = np.random.default_rng(seed)
    visits, city = draw.integers(1, 30, rows), draw.choice(["上海", "杭州"], rows)
    mean = visits * np.where(city == "上海", 20.0, 10.0)
    return pd.DataFrame({"visits": visits, "city": city, "spend": mean * draw.normal(1.0, 0.2, rows)})


@pytest.fixture(scope="module")
def fitted():
    return fit_predictor(_spend(), "spend")


def test_an_amount_is_predicted_and_nine_of_ten_lie_within(fitted):
    asked = _spend(seed=2)
    said = fitted.predict(asked)
    assert np.abs(said["value"] - asked["spend"]).mean() < 0.6 * np.abs(asked["spend"] - asked["spend"].mean()).mean()
    assert asked["spend"].between(said["low"], said["high"]).mean() == pytest.approx(0.9, abs=0.04)


def test_reasons_add_up_to_the_amount(fitted):
    asked = _spend(rows=40, seed=3)
    np.testing.assert_allclose(fitted.reasons(asked).sum(axis=1), fitted.predict(asked)["value"], rtol=1e-6)


def test_the_card_says_how_far_off(fitted):
    card = fitted.card()
    assert card.metrics["mae"].value < 0.6 * card.baseline.metrics["mae"].value
    assert "is an amount: on rows left out it is off by" in card.notes[0].en


def test_small_amounts_have_a_narrower_interval(fitted):
    said = fitted.predict(pd.DataFrame({"visits": [1, 29], "city": ["杭州", "上海"]}))
    width = (said["high"] - said["low"]).to_numpy()
    assert width[0] < width[1] / 2


def test_later_rows_judge_where_there_is_a_time():
    frame = _spend().assign(asked_on=pd.date_range("2026-01-01", periods=600))
    assert "on later rows" in fit_predictor(frame, "spend", time="asked_on").card().notes[0].en


def test_a_handful_of_rows_is_told_by_a_line():
    model = AmountModel(needs=("a",)).fit(pd.DataFrame({"a": [1.0, 2.0, 3.0], "label": [10.0, 20.0, 30.0]}))
    said = model.predict(pd.DataFrame({"customer_id": ["x"], "a": [2.0]}))
    assert 10 <= said["value"][0] <= 30
