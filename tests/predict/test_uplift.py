import pandas as pd
import pytest

from predict.held_back import drawn
from zhiyin.core.errors import TooLittleData
from zhiyin.predict.uplift import UpliftModel


def test_who_is_moved_is_told_from_who_buys_anyway():
    model = UpliftModel(needs=("a", "b")).fit(drawn())
    asked = pd.DataFrame({"customer_id": ["moved", "sure"], "a": [1.0, 0.0], "b": [0.0, 1.0]})
    found = model.predict(asked)
    assert found["value"][0] == pytest.approx(0.3, abs=0.08)
    assert found["low"][0] > 0.1
    assert found["low"][1] < 0.08 < 0.4 < model.without(asked)[1]


def test_where_nobody_differs_the_arms_are_held_together():
    even = UpliftModel(needs=("a", "b")).fit(drawn(moves=0.0))
    apart = UpliftModel(needs=("a", "b")).fit(drawn())
    assert apart.same_ < even.same_


def test_reasons_add_up_to_the_difference_itself():
    model = UpliftModel(needs=("a", "b")).fit(drawn())
    asked = pd.DataFrame({"customer_id": ["x"], "a": [1.0], "b": [0.0]})
    parts = model.reasons(asked)
    assert parts[["base", "a", "b"]].sum(axis=1)[0] == pytest.approx(model.predict(asked)["value"][0])
    assert parts["a"][0] > abs(parts["b"][0])


def test_without_anybody_held_back_nothing_is_learned():
    with pytest.raises(TooLittleData, match="customers held back"):
        UpliftModel(needs=("a", "b")).fit(drawn().assign(treated=1.0))
