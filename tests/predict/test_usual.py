"""What is usual: the level of late, the weekday, the holidays."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.predict.usual import EIGHTY, Calendar, day_effects, looked_back, loose, usual


def _calendar(days, kinds=()):
    kind = np.zeros(days, dtype=np.int64)
    for place, what in kinds:
        kind[place] = what
    return Calendar(np.arange(days) % 7, kind)


def test_a_week_that_repeats_goes_on():
    week = np.array([1.0, 2, 3, 4, 5, 10, 10])
    values = np.tile(week, 30)[:, None]
    assert usual(values, _calendar(210 + 14))[:, 0] == pytest.approx(np.tile(week, 2), rel=0.03)


def test_the_level_of_late_counts_most():
    values = np.concatenate([np.full(140, 2.0), np.full(70, 8.0)])[:, None]
    assert 7 < usual(values, _calendar(217))[0, 0] < 8


def test_days_before_a_series_begins_are_unknown_not_zero():
    values = np.full((84, 2), 6.0)
    values[:56, 1] = np.nan
    assert usual(values, _calendar(91))[:, 1] == pytest.approx(np.full(7, 6.0))


def test_what_sold_nothing_of_late_sells_nothing():
    values = np.concatenate([np.full(100, 5.0), np.zeros(90)])[:, None]
    assert usual(values, _calendar(197)).sum() == 0


def test_a_holiday_moves_the_whole_shop():
    kinds = [(place, 1) for place in (*range(50, 57), *range(150, 157), *range(203, 206))]
    values = np.full((200, 3), 10.0)
    values[50:57] = values[150:157] = 30.0
    said = usual(values, _calendar(210, kinds))
    assert said[0] == pytest.approx([10, 10, 10], rel=0.05)
    assert 20 < said[3, 0] < 30  # twice seen, a little less than three times the usual
    assert day_effects(values, _calendar(210, kinds))[[0, 50]] == pytest.approx([1.0, said[3, 0] / said[0, 0]], rel=0.05)


def test_all_days_of_one_kind_say_nothing_of_another():
    values = np.full((28, 1), 4.0)
    assert usual(values, _calendar(35, [(30, 1)]))[2, 0] == pytest.approx(4.0)
    assert usual(values, _calendar(35, [(place, 1) for place in range(35)]))[2, 0] == pytest.approx(4.0)


def test_looking_back_knows_only_what_came_before():
    values = np.arange(100, dtype=float)[:, None]
    past = looked_back(values, _calendar(128), horizon=28, origins=5)
    assert past.said.shape == (3, 28, 1)  # a fourth origin would leave less than a week
    assert past.came[0, 0, 0] == 72
    assert past.repeated[0, :8, 0].tolist() == [65, 66, 67, 68, 69, 70, 71, 65]
    assert past.said[0].max() < 72


def test_pieces_that_vary_as_chance_does_are_as_loose_as_chance():
    values = np.random.default_rng(1).poisson(20, size=(200, 40)).astype(float)
    past = looked_back(values, _calendar(200), horizon=28, origins=3)
    assert np.median(loose(past, days=1)) == pytest.approx(1.0, abs=0.2)
    width = EIGHTY * np.sqrt(loose(past, days=7) * past.said[0, :7].sum(axis=0))
    assert (np.abs(past.said[0, :7].sum(axis=0) - past.came[0, :7].sum(axis=0)) <= width).mean() > 0.6


def test_a_series_that_was_not_judged_is_as_loose_as_the_middle():
    values = np.random.default_rng(1).poisson(20, size=(100, 3)).astype(float)
    values[:99, 2] = np.nan
    found = loose(looked_back(values, _calendar(100), horizon=28, origins=2), days=1)
    assert found[2] == pytest.approx(np.median(found[:2]), rel=0.3)
