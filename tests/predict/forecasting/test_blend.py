import numpy as np

from zhiyin.predict.forecasting.blend import blended, weights

ACTUAL = np.tile([[[1.0, 2, 3, 4]]], (3, 1, 1))
ONE = np.ones_like(ACTUAL)


def test_a_way_that_is_always_right_takes_all():
    assert weights({"right": ACTUAL, "wrong": ACTUAL + 5}, ACTUAL, size=ONE) == {"right": 1.0}


def test_errors_that_cancel_out_share():
    shares = weights({"above": ACTUAL + 1, "below": ACTUAL - 1}, ACTUAL, size=ONE)
    assert shares == {"above": 0.5, "below": 0.5}


def test_repeating_must_earn_its_place():
    shares = weights({"repeat": ACTUAL + 1.1, "theta": ACTUAL + 1}, ACTUAL, size=ONE)
    assert shares == {"theta": 1.0}


def test_where_a_way_has_no_answer_the_others_stand_in():
    said = {"a": np.asarray([1.0, np.nan]), "b": np.asarray([3.0, 3.0])}
    assert blended(said, {"a": 0.5, "b": 0.5}).tolist() == [2, 3]
