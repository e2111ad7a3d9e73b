from __future__ import annotations

import doctest

from zhiyin.unify import rhythm
from zhiyin.unify.rhythm import quiet_and_lost_after


def test_the_example_of_the_rule_holds():
    assert doctest.testmod(rhythm).failed == 0


def test_without_any_gap_four_weeks_are_usual():
    assert quiet_and_lost_after([], None) == (84, 168)
