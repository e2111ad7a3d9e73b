import pandas as pd

from zhiyin.predict.logistic import LogisticModel, rows_a_key


def test_logistic_coefficients_name_the_strongest_first(two_columns):
    found = LogisticModel(needs=("a", "b")).fit(two_columns).coefficients()
    assert list(found["feature"]) == ["a", "b"]
    assert found["weight"].iloc[0] > 1


def test_the_same_customer_on_many_days_is_not_many_customers(two_columns):
    once = LogisticModel(needs=("a", "b")).fit(two_columns).predict(two_columns)
    four_times = LogisticModel(needs=("a", "b")).fit(pd.concat([two_columns] * 4)).predict(two_columns)
    width, other = (once["high"] - once["low"]).mean(), (four_times["high"] - four_times["low"]).mean()
    assert other > 0.8 * width
    assert rows_a_key(pd.concat([two_columns] * 4), "customer_id") == 4
