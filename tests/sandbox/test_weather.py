from datetime import date, timedelta
from itertools import pairwise

import pytest

from zhiyin.sandbox.places import CITIES
from zhiyin.sandbox.weather import CLIMATES, weather

YEAR = [date(2026, 1, 1) + timedelta(days=step) for step in range(365)]


def test_every_city_has_a_climate_of_twelve_months():
    assert {city.climate for city in CITIES} == set(CLIMATES)
    for climate in CLIMATES.values():
        for months in (climate.highs, climate.lows, climate.wet, climate.amounts):
            assert len(months) == 12
        assert all(low < high for low, high in zip(climate.lows, climate.highs, strict=True))


def test_the_same_draw_gives_the_same_weather_and_another_one_another():
    one, two = ([weather("成都", day, draw=draw) for day in YEAR] for draw in (1, 2))
    assert one == [weather("成都", day, draw=1) for day in YEAR]
    assert one != two


def test_the_values_of_one_day_stay_what_they_are():
    assert weather("杭州", date(2026, 7, 20), draw=3) == weather("杭州", date(2026, 7, 20), draw=3)
    assert str(weather("杭州", date(2026, 7, 20), draw=3)) == "Weather(high=32, low=28, rain_mm=4, words='雷阵雨')"


@pytest.mark.parametrize("city", [city.name for city in CITIES])
def test_a_year_looks_like_the_climate_of_the_city(city):
    climate = CLIMATES[next(place.climate for place in CITIES if place.name == city)]
    days = [weather(city, day, draw=5) for day in YEAR]
    assert abs(sum(day.high for day in days) / 365 - sum(climate.highs) / 12) < 1.5
    assert abs(sum(day.rain_mm > 0 for day in days) / 365 - sum(climate.wet) / 1200) < 0.08
    assert all(day.low < day.high for day in days)


def test_a_day_resembles_the_day_before():
    highs = [weather("杭州", day, draw=5).high for day in YEAR]
    near = sum(abs(a - b) for a, b in pairwise(highs)) / 364
    far = sum(abs(highs[day] - highs[(day + 30) % 365]) for day in range(365)) / 365
    assert near < far * 0.6


def test_neighbours_share_their_luck():
    def alike(one, other):
        pairs = [(weather(one, day, draw=5).rain_mm > 0, weather(other, day, draw=5).rain_mm > 0) for day in YEAR]
        return sum(a == b for a, b in pairs)

    assert alike("杭州", "宁波") > alike("杭州", "兰州")


def test_it_snows_in_the_north_and_never_in_the_far_south():
    words = {city: {weather(city, day, draw=5).words for day in YEAR} for city in ("哈尔滨", "广州")}
    assert {"小雪", "晴", "多云", "阴"} <= words["哈尔滨"]
    assert not {word for word in words["广州"] if "雪" in word}


def test_heat_and_frost_come_where_they_belong():
    assert sum(weather("重庆", day, draw=5).high > 33 for day in YEAR) > 15
    assert sum(weather("沈阳", day, draw=5).low < 3 for day in YEAR) > 100
    assert not any(weather("昆明", day, draw=5).high > 33 for day in YEAR)
