import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import DataError, MissingColumns, TooLittleData, UsageError
from zhiyin.predict.target import read_target


@pytest.mark.parametrize(
    ("values", "happened"),
    [
        ([0, 1, 1], "1"),
        ([0.0, 1.0, 1.0], "1"),
        ([True, True, False], "True"),
        (["No", "Yes", "Yes"], "Yes"),
        (["是", "否", "是"], "是"),
        (["Existing Customer", "Attrited Customer", "Existing Customer"], "Attrited Customer"),
    ],
)
def test_what_counts_as_happened(values, happened):
    frame = pd.DataFrame({"bought": values})
    target = read_target(frame, "bought")
    assert target.happened == happened
    assert target.labels(frame["bought"]).sum() == sum(str(value).removesuffix(".0") == happened for value in values)


def test_it_can_be_named():
    frame = pd.DataFrame({"kind": ["a", "b", "c", "a"]})
    assert read_target(frame, "kind", positive="a").labels(frame["kind"]).tolist() == [1.0, 0.0, 0.0, 1.0]
    with pytest.raises(UsageError, match="kind never has this value. Got d. Fix: It has: a, b, c."):
        read_target(frame, "kind", positive="d")
    with pytest.raises(TooLittleData, match="Every row of the target kind says the same"):
        read_target(frame.head(1), "kind", positive="a")


def test_many_numbers_are_an_amount():
    target = read_target(pd.DataFrame({"spend": [1.0, 2.5, 9.0]}), "spend")
    assert target.is_amount
    assert target.labels(pd.Series([1.0, 2.5])).tolist() == [1.0, 2.5]


def test_what_cannot_be_predicted_is_said():
    with pytest.raises(MissingColumns, match="There is no target column boughd. Got bought"):
        read_target(pd.DataFrame({"bought": [0, 1]}), "boughd")
    with pytest.raises(TooLittleData, match="there is nothing to tell apart. Got 2 rows, 1 value"):
        read_target(pd.DataFrame({"bought": [1, 1]}), "bought")
    with pytest.raises(DataError, match="holds more than two kinds. Got a, b, c"):
        read_target(pd.DataFrame({"kind": ["a", "b", "c"]}), "kind")
    with pytest.raises(DataError, match="holds an infinite number. Got 1"):
        read_target(pd.DataFrame({"spend": [1.0, np.inf, 3.0]}), "spend")
