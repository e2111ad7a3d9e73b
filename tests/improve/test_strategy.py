import math

import pytest

from zhiyin.improve.strategy import paired


def test_what_both_worlds_share_falls_out_of_the_interval() -> None:
    theirs = [1000.0, 50.0, 700.0, 20.0]
    found = paired([value + gain for value, gain in zip(theirs, [9, 10, 11, 10], strict=True)], theirs)
    assert found.mean == 10
    assert 8 < found.low < 9.5 < 10.5 < found.high < 12
    assert found.is_sure


def test_the_interval_is_students() -> None:
    found = paired([1.0, 2.0, 3.0], [0.0, 0.0, 0.0])
    assert found.high - found.mean == pytest.approx(4.302653 * 1 / math.sqrt(3), rel=1e-6)  # t of two degrees of freedom


def test_a_gain_that_may_be_none_is_not_sure() -> None:
    assert not paired([5.0, -4.0, 1.0], [0.0, 0.0, 0.0]).is_sure
    assert paired([-5.0, -4.0, -6.0], [0.0, 0.0, 0.0]).is_sure


def test_one_world_proves_nothing() -> None:
    found = paired([7.0], [0.0])
    assert (found.mean, found.low, found.high, found.is_sure) == (7.0, -math.inf, math.inf, False)
