import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import MissingColumns
from zhiyin.predict.question import everyone
from zhiyin.predict.questions import QUESTIONS


def test_purchase_is_asked_about_buyers_and_churn_about_active_ones():
    rows = pd.DataFrame({"customer_id": ["lead", "old", "new"], "orders_all": [0, 3, 3], "orders_84d": [0, 0, 2]})
    assert QUESTIONS["purchase"].rows(rows)["customer_id"].tolist() == ["old", "new"]
    assert QUESTIONS["churn"].rows(rows)["customer_id"].tolist() == ["new"]
    assert everyone(rows).all()


def test_a_missing_column_is_named():
    with pytest.raises(MissingColumns, match="churn lacks a column.*orders_84d"):
        QUESTIONS["churn"].rows(pd.DataFrame({"customer_id": ["c1"]}))


def test_features_that_say_nothing_are_not_read():
    rows = pd.DataFrame({"orders_28d": [1, 2], "orders_84d": [5, 5], "days_since_order": [np.nan, 3.0], "kind_A": [0.0, 1.0]})
    assert QUESTIONS["purchase"].readable(rows) == ("orders_28d", "days_since_order", "kind_A")
