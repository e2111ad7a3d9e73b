from datetime import date, timedelta

import numpy as np
import pytest

from zhiyin.sandbox.chance import Chance
from zhiyin.sandbox.holidays import day_kind
from zhiyin.sandbox.places import CITIES
from zhiyin.sandbox.scenarios.registry import SCENARIOS, scenario_named
from zhiyin.sandbox.seasons import COLD, HOT, WET, Seasons

YEAR = [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]


def _seasons(name="appliances"):
    return Seasons(scenario_named(name), Chance(7))


def _slowly(seasons, on):
    """The factors by the words of the scenario, one city and department after the other."""
    scenario, kind = seasons.scenario, day_kind(on)
    day = scenario.holiday if kind.name and kind.day_off else scenario.weekdays[on.weekday()]
    rows = []
    for sky in seasons.weather(on):
        row = []
        for name in seasons.departments:
            moves = scenario.moves[name]
            percent = moves.months[on.month - 1] * day
            percent = percent * moves.hot // 100 if sky.high >= HOT else percent
            percent = percent * moves.cold // 100 if sky.low <= COLD else percent
            percent = percent * moves.rain // 100 if sky.rain_mm >= WET else percent
            row.append(np.float32(percent / 10_000))
        rows.append(row)
    return np.array(rows)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_the_factors_are_those_of_month_day_and_weather(name):
    seasons = _seasons(name)
    for on in YEAR[::23]:
        assert (seasons.factors(on) == _slowly(seasons, on)).all(), on


def test_air_conditioners_are_wanted_in_summer_and_heaters_in_winter():
    seasons = _seasons()
    cold, warm = (seasons.departments.index(name) for name in ("制冷", "取暖"))
    summer, winter = (np.mean([seasons.factors(date(2026, month, day)) for day in range(5, 19)], axis=(0, 1)) for month in (7, 1))
    assert summer[cold] > 3 * winter[cold]
    assert winter[warm] > 3 * summer[warm]


@pytest.mark.parametrize(("name", "more"), [("restaurant", True), ("saas", False)])
def test_a_holiday_is_not_a_usual_day(name, more):
    holiday, usual = (_seasons(name).factors(on).mean() for on in (date(2026, 10, 1), date(2026, 10, 15)))
    assert bool(holiday > usual) is more


def test_the_weather_is_told_of_every_city():
    assert len(_seasons().weather(date(2026, 5, 1))) == len(CITIES)
    assert _seasons().factors(date(2026, 5, 1)).dtype == np.float32
