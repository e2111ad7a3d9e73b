import numpy as np
import pandas as pd

from zhiyin.predict.rates import RateModel, rates_told


def test_rates_of_small_groups_lean_to_the_rate_of_all():
    rows = pd.DataFrame({"a": [0.0] * 100 + [1.0] * 2, "label": [0.0] * 50 + [1.0] * 50 + [1.0] * 2})
    found = RateModel(needs=("a",), groups=2).fit(rows).predict(pd.DataFrame({"customer_id": ["many", "few"], "a": [0.0, 1.0]}))
    assert 0.5 < found["value"][1] < 0.6  # two of two, shrunken from 1.0


def test_what_is_not_known_has_a_rate_of_its_own():
    rows = pd.DataFrame({"a": [1.0] * 50 + [np.nan] * 50, "label": [1.0] * 50 + [0.0] * 50})
    found = RateModel(needs=("a",), weight=1.0).fit(rows).predict(pd.DataFrame({"customer_id": ["x", "y"], "a": [1.0, np.nan]}))
    assert found["value"][0] > 0.9 > 0.1 > found["value"][1]


def test_the_rates_of_a_column_are_those_of_its_model():
    draw = np.random.default_rng(0)
    early = pd.DataFrame({"a": draw.normal(size=500)}).assign(label=lambda rows: (draw.random(500) < 1 / (1 + np.exp(-rows["a"]))) * 1.0)
    late = pd.DataFrame({"customer_id": range(6), "a": [-2.0, -1.0, 0.0, 1.0, 2.0, np.nan]})
    told = rates_told(early, late, name="a")
    assert np.allclose(told, RateModel(needs=("a",)).fit(early).predict(late)["value"])
    assert np.allclose(rates_told(early.assign(a=1.0), late, name="a"), early["label"].mean())  # a column that says nothing
