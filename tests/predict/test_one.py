import numpy as np
import pytest

from zhiyin.core.errors import MissingColumns, NotFitted, UsageError
from zhiyin.learn.base import PredictorBase
from zhiyin.learn.reasons import logit
from zhiyin.learn.registry import MODELS, model_class
from zhiyin.predict.blend import BlendModel
from zhiyin.predict.boosting import BoostingModel
from zhiyin.predict.logistic import LogisticModel
from zhiyin.predict.one import answer_one
from zhiyin.predict.value import RepeatValueModel

EXPLAINED = sorted(
    name for name in MODELS if issubclass(kind := model_class(name), PredictorBase) and kind.unit == "probability" and kind.explains
)


@pytest.mark.parametrize("name", EXPLAINED)
def test_one_customer_gets_what_the_batch_gives(name, two_columns):
    model = model_class(name).example()
    model.needs = ("a", "b") if name != "rate" else ("a",)
    model.fit(two_columns)
    model.move(0.1, 1.2)
    rows = two_columns.iloc[[0, 1, 10, 399]]
    said, why = model.predict(rows), model.reasons(rows)
    for place, values in enumerate(rows.to_dict("records")):
        one = answer_one(model, values)
        assert (one.value, one.low, one.high) == pytest.approx(tuple(said.loc[place, ["value", "low", "high"]]), abs=1e-9)
        assert one.base + sum(one.parts.values()) == pytest.approx(float(logit(one.value)), abs=1e-9)
        assert one.parts == pytest.approx(dict(why.loc[place, list(model.needs)]), abs=1e-9)


def test_kinds_days_and_what_was_never_seen_are_read_as_in_the_batch(two_columns):
    rows = two_columns.assign(
        city=np.tile(["沪", "杭", None, "京"], 100), on=[f"2026-01-{1 + n % 28:02}" for n in range(400)], yes=np.tile([True, False], 200)
    )
    model = LogisticModel(needs=("a", "city", "on", "yes")).fit(rows)
    strange = rows.head(4).assign(city=["沪", "深", None, ""], on=["2026-02-01", "", None, "2025-12-31"])
    said = model.predict(strange)["value"]
    for place, values in enumerate(strange.to_dict("records")):
        assert answer_one(model, values).value == pytest.approx(said[place], abs=1e-12)


def test_one_label_only_is_answered_too(two_columns):
    one = answer_one(BlendModel.example().fit(two_columns.assign(label=1.0)), {"a": 1.0, "b": None})
    assert one.low < one.value < one.high
    assert set(one.parts.values()) == {0.0}


def test_a_feature_that_is_not_named_is_said(two_columns):
    model = BoostingModel(needs=("a", "b"), trees=5).fit(two_columns)
    with pytest.raises(MissingColumns, match="These features are missing: b") as told:
        answer_one(model, {"a": 1.0})
    assert "缺少特征：b" in told.value.in_("zh")


def test_a_model_that_cannot_say_why_is_refused():
    with pytest.raises(UsageError, match="This model does not explain a probability") as told:
        answer_one(RepeatValueModel(), dict.fromkeys(RepeatValueModel().needs, 1.0))
    assert "不能逐个解释概率" in told.value.in_("zh")


def test_a_model_that_has_not_learned_is_refused():
    with pytest.raises(NotFitted):
        answer_one(LogisticModel(needs=("a",)), {"a": 1.0})
