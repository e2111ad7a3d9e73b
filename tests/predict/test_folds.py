import numpy as np
import pandas as pd

from zhiyin.predict.folds import folds_of


def test_rows_of_one_customer_are_left_out_together():
    rows = pd.DataFrame({"customer_id": [f"c{number % 40}" for number in range(200)]})
    fold = folds_of(rows, "customer_id", labels=np.zeros(200), folds=5)
    assert rows.assign(fold=fold).groupby("customer_id")["fold"].nunique().eq(1).all()
    assert set(fold) == {0, 1, 2, 3, 4}
    again = folds_of(rows.iloc[::-1], "customer_id", labels=np.zeros(200), folds=5)
    np.testing.assert_array_equal(again[::-1], fold)


def test_without_customers_each_part_gets_its_share_of_what_happened():
    labels = np.array([1.0] * 10 + [0.0] * 90)
    fold = folds_of(pd.DataFrame({"a": range(100)}), "customer_id", labels=labels, folds=5)
    assert [int(labels[fold == number].sum()) for number in range(5)] == [2, 2, 2, 2, 2]
