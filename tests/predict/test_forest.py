import numpy as np
import pandas as pd
import pytest

from zhiyin.learn.reasons import logit
from zhiyin.predict.forest import ForestModel, TreeModel


@pytest.fixture
def stairs():
    """Who came three times or more buys; `b` is the same for all."""
    visits = np.arange(200) % 6
    return pd.DataFrame(
        {"customer_id": [f"c{n}" for n in range(200)], "a": visits.astype(float), "b": 1.0, "label": (visits >= 3).astype(float)}
    )


def test_one_question_is_enough_for_one_step(stairs):
    model = TreeModel(needs=("a", "b"), least=5).fit(stairs)
    assert model.tree_["depth"] == 1
    found = model.predict(pd.DataFrame({"customer_id": ["x", "y"], "a": [2.0, 3.0], "b": [1.0, 1.0]}))
    assert found["value"][0] < 0.1 < 0.9 < found["value"][1]


def test_the_path_of_a_customer_is_the_reason(stairs):
    model = TreeModel(needs=("a", "b"), least=5).fit(stairs)
    parts = model.reasons(stairs.head(6))
    assert (parts["b"] == 0).all()
    assert parts["base"].iloc[0] == pytest.approx(float(logit(stairs["label"].mean())))


def test_not_known_goes_the_way_of_the_middle(stairs):
    model = TreeModel(needs=("a", "b"), least=5).fit(stairs)
    asked = pd.DataFrame({"customer_id": ["x", "y"], "a": [np.nan, stairs["a"].median()], "b": [1.0, 1.0]})
    assert model.predict(asked)["value"].nunique() == 1


def test_a_forest_of_three_parts_is_calibrated(stairs):
    model = ForestModel(needs=("a", "b"), trees=5, least=5, folds=3).fit(stairs)
    assert len(model.parts_) == 3
    found = model.predict(stairs)
    assert found["value"].mean() == pytest.approx(stairs["label"].mean(), abs=0.02)
