import numpy as np
import pandas as pd
import pytest

from zhiyin.predict.forecasting.panel import read_panel
from zhiyin.predict.forecasting.view import views_of


def hours(values):
    at = pd.date_range("2026-01-01", periods=len(values), freq="h")
    table = pd.DataFrame({"series": "a", "at": at, "value": values, "holiday": np.where(at == "2026-01-20", "spring", "none")})
    return views_of(read_panel(table), (24, 168))["trees"]


def made(values, step):
    view = hours(values)
    return view.maker.make(view.asked(np.zeros(len(step), dtype=int), np.asarray(step), back=100)).features


def test_no_feature_sees_beyond_its_origin():
    past = np.random.default_rng(0).random(900)
    later = past.copy()
    later[-100:] = past[-100:][::-1]  # the unit of the series, the mean of all its values, stays the same
    one, other = made(past, [1, 30, 100]), made(later, [1, 30, 100])
    pd.testing.assert_frame_equal(one, other)


def test_the_same_hour_of_the_day_before_is_found():
    day = np.tile(np.arange(24.0), 40)
    view = hours(day)
    rows = view.maker.make(view.asked(np.zeros(3, dtype=int), np.asarray([1, 2, 30])))
    found = rows.features["same_24_0"] * rows.spread + rows.level
    assert view.scale.back(found.to_numpy(), np.zeros(3, dtype=int)).round(2).tolist() == [0, 1, 5]


def test_a_holiday_told_in_its_first_hour_holds_all_day_and_its_neighbours_know():
    view = hours(np.ones(600))
    first = 19 * 24 - (600 - 200)  # 20 January, seen from an origin 200 hours before the end
    rows = view.maker.make(view.asked(np.zeros(3, dtype=int), np.asarray([first + 5, first + 29, first - 20]) + 1, back=200)).features
    assert rows["holiday_day"].tolist() == [1, 0, 0]
    assert rows["holiday_day_-1"].tolist() == [0, 1, 0] and rows["holiday_day_+1"].tolist() == [0, 0, 1]


@pytest.mark.parametrize(("seasons", "window"), [((24, 168), 168), ((7,), 14), ((12,), 12), ((52,), 12), ((), 6)])
def test_the_level_is_taken_over_about_a_dozen_steps(seasons, window):
    table = pd.DataFrame({"series": "a", "at": np.arange(2000), "value": 1.0})
    assert views_of(read_panel(table), seasons)["trees"].maker.window == window
