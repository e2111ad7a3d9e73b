import numpy as np
import pandas as pd
import pytest

from zhiyin.predict.forecasting.panel import read_panel
from zhiyin.predict.forecasting.seasons import find_hints, find_seasons


@pytest.mark.parametrize("season", [4, 7, 12, 24])
def test_the_season_of_counted_steps_is_seen(season):
    draw = np.random.default_rng(0)
    step = np.arange(season * 8)
    value = 10 + 3 * np.sin(2 * np.pi * step / season) + 3 * (step % season == 2) + draw.normal(0, 0.3, len(step))
    assert find_seasons(read_panel(pd.DataFrame({"series": "a", "at": step, "value": value}))) == (season,)


def test_a_walk_has_no_season():
    value = np.random.default_rng(0).normal(size=200).cumsum()
    assert find_seasons(read_panel(pd.DataFrame({"series": "a", "at": np.arange(200), "value": value}))) == ()


def test_a_calendar_knows_its_seasons_when_it_is_long_enough():
    days = pd.date_range("2026-01-01", periods=100, freq="h")
    assert find_seasons(read_panel(pd.DataFrame({"series": "a", "at": days, "value": 1.0}))) == (24,)


def test_a_faint_season_is_a_hint_but_no_season():
    draw = np.random.default_rng(1)
    step = np.arange(416)
    wave = np.tile(draw.normal(0, 1, 52), 8)
    rows = [
        pd.DataFrame({"series": name, "at": step, "value": draw.normal(0, 3.2, 416).cumsum() * 0.3 + wave * 0.27}) for name in range(60)
    ]
    panel = read_panel(pd.concat(rows))
    assert (find_seasons(panel), find_hints(panel)) == ((), (52,))


def test_a_calendar_gives_no_hints():
    days = pd.date_range("2026-01-01", periods=400)
    assert find_hints(read_panel(pd.DataFrame({"series": "a", "at": days, "value": np.tile([1.0, 2, 3, 4], 100)}))) == ()


def test_a_year_of_weeks_stands_beside_a_month_of_them_and_two_days_are_one_day_twice():
    draw = np.random.default_rng(2)
    step = np.arange(520)
    month, year = np.tile(draw.normal(0, 1, 4), 130), np.tile(draw.normal(0, 1, 52), 10)
    rows = [pd.DataFrame({"series": name, "at": step, "value": draw.normal(0, 0.3, 520) + month + year}) for name in range(20)]
    assert find_seasons(read_panel(pd.concat(rows))) == (4, 52)
    hour = np.arange(480)
    days = [
        pd.DataFrame({"series": name, "at": hour, "value": np.tile(draw.normal(0, 1, 24), 20) + draw.normal(0, 0.1, 480)})
        for name in range(20)
    ]
    assert find_seasons(read_panel(pd.concat(days))) == (24,)
