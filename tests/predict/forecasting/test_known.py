import numpy as np
import pandas as pd

from zhiyin.predict.forecasting.known import read_known

PLACE = np.arange(10)


def test_words_become_codes_and_unknown_ones_are_missing():
    known = read_known(pd.Series(["rain", *["sun"] * 9]), np.zeros(10, dtype=int), place=PLACE, shape=(1, 10))
    assert known.words == {"sun": 0, "rain": 1} and known.usual == 0
    np.testing.assert_array_equal(known.read(pd.Series(["rain", "hail"])), [1, np.nan])
    assert known.special().cells[0].tolist() == [1, *[0] * 9]


def test_numbers_that_vary_have_no_usual_value():
    known = read_known(pd.Series([1.0, np.inf, *range(8)]), np.zeros(10, dtype=int), place=PLACE, shape=(1, 10))
    assert np.isnan(known.usual) and np.isnan(known.cells[0, 1])


def test_beyond_its_columns_nothing_is_known():
    known = read_known(pd.Series(np.arange(10.0)), np.zeros(10, dtype=int), place=PLACE, shape=(1, 10))
    np.testing.assert_array_equal(known.at(np.zeros(3, dtype=int), np.asarray([-1, 9, 10])), [np.nan, 9, np.nan])
    longer = known.longer(np.asarray([[7.0]], dtype=np.float32))
    assert longer.at(np.zeros(1, dtype=int), np.asarray([10])).tolist() == [7]
