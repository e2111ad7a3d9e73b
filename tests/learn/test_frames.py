import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import DataError
from zhiyin.learn.frames import between, broken, coded, finite, plain_rows


def test_plain_rows_are_new_and_counted_from_zero():
    frame = pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "flag": [True, False], "city": ["上海", None], "more": 1}, index=[7, 7])
    found = plain_rows(frame, ("flag", "n", "city"), who="M", accepts_missing=True)
    assert list(found.columns) == ["flag", "n", "city"]
    assert found["n"].isna().tolist() == [False, True]
    assert found["flag"].tolist() == [1.0, 0.0]
    found.loc[0, "flag"] = 9.0
    assert frame["flag"].tolist() == [True, False]


def test_no_columns_still_have_rows():
    assert len(plain_rows(pd.DataFrame({"a": [1, 2]}), (), who="M")) == 2


def test_only_numbers_one_a_row_are_finite():
    assert finite([1, 2], who="M", rows=2).dtype == np.float64
    with pytest.raises(DataError, match=r"The model M gave back what its verb does not allow. Got \(2, 1\)"):
        finite([[1], [2]], who="M", rows=2)


def test_large_money_may_be_off_by_rounding():
    values = np.array([1e12])
    assert between(values, low=1e12 + 100, high=np.inf, who="M").tolist() == [1e12 + 100]
    with pytest.raises(DataError, match=r"outside of its bounds: 1"):
        between(values, low=1e12 + 1e6, high=np.inf, who="M")


def test_a_broken_model_is_named_in_both_languages():
    error = broken("M", 3)
    assert error.in_("zh") == "模型 M 给出了不合约定的结果。看到的是：3。解决办法：修正这个模型，或换用另一个。"


def test_values_are_coded_in_their_order_whatever_the_order_of_the_categories():
    for values in (pd.Series(["b", None, "a", "b"]), pd.Series(pd.Categorical(["b", None, "a", "b"], ["c", "b", "a"]))):
        place, names = coded(values)
        assert (place.tolist(), names.tolist()) == ([1, -1, 0, 1], ["a", "b"])
