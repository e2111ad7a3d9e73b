"""Whether something grows, and since when."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from zhiyin.predict.demand_trend import latest_shift, past_weeks, trends


def test_a_step_is_found_where_it_is_and_noise_is_none():
    chance = np.random.default_rng(2)
    level = chance.normal(100, 5, 40)
    assert latest_shift(level) is None
    stepped = np.concatenate([level[:25], level[25:] * 1.6])
    found = latest_shift(stepped)
    assert found.place == 25
    assert found.after / found.before == pytest.approx(1.6, rel=0.05)


def test_the_latest_of_two_steps_counts():
    values = np.concatenate([np.full(15, 50.0), np.full(12, 100.0), np.full(10, 70.0)]) + np.tile([1.0, -1.0], 19)[:37]
    found = latest_shift(values)
    assert (found.place, round(found.before), round(found.after)) == (27, 100, 70)


def test_a_small_or_short_change_is_none():
    assert latest_shift(np.array([100.0, 101] * 10 + [108.0, 109] * 10)) is None
    assert latest_shift(np.array([1.0, 5, 9])) is None


def test_growth_is_told_where_the_history_reaches():
    days = pd.date_range("2025-01-06", periods=7 * 60)
    sold = pd.DataFrame({"old": np.repeat([1.0, 2.0], [7 * 56, 7 * 4]), "new": [np.nan] * 7 * 57 + [3.0] * 21}, index=days)
    old, new = trends(sold, at=date(2026, 3, 2)).to_dict("records")
    assert (old["last_week"], old["now"], old["before"], old["year_ago"]) == (14, 14, 7, 7)
    assert (old["growth"], old["growth_year"]) == (1.0, 1.0)
    assert (old["changed_on"], old["change"]) == (days[7 * 56].date(), pytest.approx(1.0))
    assert (new["last_week"], new["changed_on"]) == (21, None)
    assert np.isnan([new["now"], new["before"], new["growth"], new["change"]]).all()


def test_weeks_of_the_past_end_with_the_history():
    days = pd.date_range("2026-01-01", periods=16)
    sold = pd.DataFrame({"a": 1.0, "b": [np.nan] * 12 + [2.0] * 4}, index=days)
    found = past_weeks(sold)
    assert found[found["series"] == "a"][["on", "value"]].to_numpy().tolist() == [[date(2026, 1, 3), 7.0], [date(2026, 1, 10), 7.0]]
    assert found[found["series"] == "b"]["value"].tolist() == [8.0]
