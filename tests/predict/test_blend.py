import numpy as np
import pytest

from zhiyin.learn.metrics import auc
from zhiyin.learn.reasons import logit
from zhiyin.predict.blend import BlendModel
from zhiyin.predict.boosting import BoostingModel
from zhiyin.predict.forest import ForestModel, TreeModel
from zhiyin.predict.logistic import LogisticModel

EXPLAINING = [LogisticModel, BoostingModel, ForestModel, TreeModel, BlendModel]


@pytest.mark.parametrize("kind", EXPLAINING)
def test_the_column_that_decides_is_the_reason(kind, two_columns):
    model = kind(needs=("a", "b")).fit(two_columns)
    found = model.predict(two_columns)
    assert auc(two_columns["label"], found["value"]) > 0.9
    parts = model.reasons(two_columns)
    assert parts["a"].abs().mean() > 3 * parts["b"].abs().mean()
    np.testing.assert_allclose(parts[["base", "a", "b"]].sum(axis=1), logit(found["value"]), atol=1e-6)
    assert (found["low"] < found["high"]).all()


@pytest.mark.parametrize("kind", EXPLAINING)
def test_the_average_of_the_chances_is_the_rate(kind, two_columns):
    model = kind(needs=("a", "b")).fit(two_columns)
    assert model.predict(two_columns)["value"].mean() == pytest.approx(two_columns["label"].mean(), abs=0.04)


def test_the_blend_lies_between_its_parts(two_columns):
    parts = [LogisticModel(needs=("a", "b")), TreeModel(needs=("a", "b"))]
    said = np.stack([part.fit(two_columns).predict(two_columns)["value"] for part in parts])
    found = BlendModel(needs=("a", "b"), parts=("logistic", "tree")).fit(two_columns).predict(two_columns)["value"]
    assert ((found >= said.min(axis=0) - 1e-9) & (found <= said.max(axis=0) + 1e-9)).all()
