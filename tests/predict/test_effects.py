import pytest

from zhiyin.predict.effects import effects
from zhiyin.predict.logistic import LogisticModel
from zhiyin.predict.rates import RateModel


def test_what_decides_stands_first_and_rises(two_columns):
    model = LogisticModel(needs=("a", "b")).fit(two_columns)
    found = effects(model, two_columns)
    assert [(one.topic, one.feature) for one in found] == [("a", ""), ("b", ""), ("a", "a"), ("b", "b")]
    values, parts = zip(*found[2].curve, strict=True)
    assert len(values) == 10
    assert list(values) == sorted(values)
    assert list(parts) == sorted(parts)
    assert found[0].strength == pytest.approx(found[2].strength)


def test_kinds_have_no_curve_and_no_rows_no_effects(two_columns):
    rows = two_columns.assign(city=["x", "y"] * 200)
    model = LogisticModel(needs=("a", "city")).fit(rows)
    assert next(one.curve for one in effects(model, rows) if one.feature == "city") == ()
    assert effects(model, rows.iloc[:0]) == ()


def test_features_of_one_topic_are_summed(two_columns):
    rows = two_columns.rename(columns={"a": "orders_28d", "b": "orders_84d"})
    found = effects(LogisticModel(needs=("orders_28d", "orders_84d")).fit(rows), rows)
    assert [one.topic for one in found if not one.feature] == ["frequency"]


def test_rows_without_a_key_can_be_asked_too(two_columns):
    assert effects(RateModel(needs=("a",)).fit(two_columns), two_columns.drop(columns="customer_id"))[0].strength == pytest.approx(
        effects(RateModel(needs=("a",)).fit(two_columns), two_columns)[0].strength
    )
