"""What is the weather like in this city on this day? A climate in whole numbers, and days that resemble the day before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from zhiyin.sandbox.picks import Picks
from zhiyin.sandbox.places import city_named

__all__ = ["CLIMATES", "Climate", "Weather", "weather"]

# climate | twelve means of the day's high (°C) | of its low (°C) | days of a hundred with rain or snow | mm on such a day.
# Rounded by hand from what is generally known of the cities in places.py; one city of a climate is like another.
_CLIMATES = """
lower_yangtze  | 8 10 15 21 26 28 33 33 28 23 17 11     | 1 3 7 12 18 22 26 26 21 15 9 3            | 32 32 38 36 36 44 38 38 30 24 26 24 | 5 6 7 7 8 13 12 12 9 6 6 5
middle_yangtze | 8 11 15 22 27 30 33 33 29 23 17 11     | 1 4 8 14 19 23 26 25 20 15 9 3            | 36 38 46 46 44 44 32 28 24 28 28 26 | 6 7 8 11 13 16 15 11 7 7 7 5
north          | 3 6 13 21 27 31 32 31 27 20 11 4       | -7 -4 2 9 15 20 23 22 16 9 1 -5           | 6 8 10 14 20 30 42 40 26 16 10 6    | 2 3 3 5 6 9 14 13 8 6 4 2
coast          | 3 5 10 16 21 24 27 28 25 20 12 6       | -3 -1 4 9 15 19 23 24 19 13 6 -1          | 10 12 14 18 24 30 42 38 26 18 16 12 | 2 3 4 5 7 9 12 12 9 6 5 3
northeast      | -5 -1 7 16 23 28 29 28 24 16 5 -3      | -17 -12 -4 4 12 17 21 19 12 4 -5 -13      | 10 12 16 22 30 40 44 38 26 22 18 12 | 2 2 3 5 6 8 13 13 7 5 4 2
far_north      | -11 -6 3 13 21 27 28 27 21 12 -1 -10   | -23 -18 -8 1 9 15 19 17 9 0 -11 -20       | 14 12 16 20 30 42 46 40 28 20 18 16 | 1 1 2 4 5 7 11 10 6 4 3 1
loess          | 5 9 15 21 26 31 32 30 25 19 12 6       | -5 -2 3 9 14 18 21 20 16 9 2 -4           | 10 12 18 22 26 26 32 32 34 28 16 8  | 1 2 3 4 5 6 8 8 7 5 3 1
gorge          | 10 13 18 23 27 30 34 35 28 22 17 11    | 7 8 12 16 20 23 26 26 22 17 13 8       | 24 26 32 42 48 46 36 34 40 46 32 26 | 2 2 4 7 10 12 15 12 9 6 5 3
basin          | 9 12 17 23 27 29 30 30 26 21 16 11     | 4 6 10 15 19 22 24 24 21 16 11 6          | 22 24 32 42 46 50 48 46 48 44 28 22 | 2 2 3 5 8 11 17 15 9 5 3 1
south          | 19 20 23 26 30 32 33 33 32 29 25 21    | 11 13 16 20 24 26 26 26 25 22 17 12       | 20 32 42 46 52 58 52 52 36 18 16 14 | 5 5 6 11 16 18 16 16 14 9 6 5
southeast      | 16 17 19 24 28 31 34 33 31 27 23 18    | 9 10 12 16 21 24 26 26 24 20 16 11        | 28 38 48 48 50 50 32 38 32 20 22 22 | 5 6 8 9 12 13 12 14 13 6 5 4
plateau        | 16 18 22 25 25 25 25 25 24 21 18 16    | 3 5 8 11 14 17 17 17 15 12 8 4            | 12 14 18 22 38 58 66 64 48 42 20 12 | 3 3 3 4 8 11 11 11 8 7 5 3
"""
# °C, month by month: how far a city moves when all of its luck is good or bad; summers are steadier than winters.
_SPREADS = (9, 9, 9, 8, 7, 6, 5, 5, 6, 7, 8, 9)
_LUCK = 1000  # a day's luck is a whole number below this
_MEMORY = 4  # days whose luck a day feels
# What falls on a wet day, in percent of the usual amount: each as likely as the others, together the usual amount.
_AMOUNTS = (5, 12, 22, 35, 50, 72, 100, 140, 204, 360)
_MIDDLE = 15  # the day of a month at which its means hold; in between a straight line leads to those of the next


@dataclass(frozen=True)
class Climate:
    """Twelve months: mean high and low (°C), days of a hundred with rain or snow, mm on such a day."""

    highs: tuple[int, ...]
    lows: tuple[int, ...]
    wet: tuple[int, ...]
    amounts: tuple[int, ...]


@dataclass(frozen=True)
class Weather:
    """One day in one city: highest and lowest temperature (°C), rain or melted snow (mm), and how a weather service calls it."""

    high: int
    low: int
    rain_mm: int
    words: str


def _read(lines: str) -> dict[str, Climate]:
    rows = ([part.strip() for part in line.split("|")] for line in lines.strip().splitlines())
    return {name: Climate(*(tuple(map(int, part.split())) for part in months)) for name, *months in rows}


CLIMATES = MappingProxyType(_read(_CLIMATES))


@lru_cache(maxsize=65536)
def weather(city: str, day: date, *, draw: int) -> Weather:
    """The weather of a day.

    Args:
        city: a name of `places.CITIES`.
        day: the day.
        draw: one number for the whole world; days and cities draw from it by themselves, and share draws with the days before.

    Example:
        >>> weather("杭州", date(2026, 7, 20), draw=3).high > weather("杭州", date(2026, 1, 20), draw=3).high
        True
    """
    found = CLIMATES[city_named(city).climate]
    # Cities of one climate share half of their luck: a cold spell comes to two neighbours together.
    lucks = (f"of {city_named(city).climate}", f"at {city}")
    moved = sum(_warmth(draw, where, day.toordinal() - back) for where in lucks for back in range(_MEMORY))
    warmth = _rounded((moved - _LUCK * _MEMORY) * _SPREADS[day.month - 1], _LUCK * _MEMORY // 2)
    damp, limit = _damp(draw, lucks, day), _between(found.wet, day)
    rain = _rain(draw, lucks[1], day, _between(found.amounts, day)) if damp < limit else 0
    high = _rounded(_between(found.highs, day), 10) + warmth - (2 if rain else -1)
    low = min(_rounded(_between(found.lows, day), 10) + _rounded(warmth, 2) + (1 if rain else 0), high - 2)
    return Weather(high, low, rain, _falling(rain, high, low) if rain else _dry(damp - limit, _LUCK - limit))


def _luck(draw: int, what: str) -> int:
    return Picks(draw, what).below(_LUCK)


@lru_cache(maxsize=4096)
def _warmth(draw: int, where: str, day: int) -> int:
    """Luck of the thermometer, felt on four days and in every city of a climate."""
    return _luck(draw, f"warmth {where} {day}")


def _damp(draw: int, lucks: tuple[str, str], day: date) -> int:
    """Luck of the sky: below the limit it rains. A day takes its own, or that of one of the two days before: rain comes in spells."""
    where = lucks[_luck(draw, f"whose damp {lucks[1]} {day.toordinal()}") * 2 // _LUCK]
    back = _luck(draw, f"which damp {where} {day.toordinal()}") * 3 // _LUCK
    return _luck(draw, f"damp {where} {day.toordinal() - back}")


def _rain(draw: int, where: str, day: date, usual: int) -> int:
    """Millimetres of a wet day, at least one; `usual` in tenths."""
    return max(1, _rounded(usual * Picks(draw, f"rain {where} {day.toordinal()}").of(_AMOUNTS), 1000))


def _between(months: tuple[int, ...], day: date) -> int:
    """Ten times the mean of this day: on the straight line between the middles of two months of thirty days."""
    late = min(day.day, 30) - _MIDDLE
    here, next_ = months[day.month - 1], months[(day.month - (2 if late < 0 else 0)) % 12]
    return _rounded(10 * (here * (30 - abs(late)) + next_ * abs(late)), 30)


def _rounded(number: int, by: int) -> int:
    """The whole number nearest to number / by."""
    return (2 * number + by) // (2 * by)


def _falling(rain: int, high: int, low: int) -> str:
    """What falls, by the amounts that the weather service draws the lines at (GB/T 28592-2012)."""
    if high + low <= 2:
        return "小雪" if rain < 3 else "中雪" if rain < 5 else "大雪" if rain < 10 else "暴雪"
    if high <= 4:
        return "雨夹雪"
    if high >= 29 and rain < 25:
        return "雷阵雨"
    return "小雨" if rain < 10 else "中雨" if rain < 25 else "大雨" if rain < 50 else "暴雨" if rain < 100 else "大暴雨"


def _dry(above: int, most: int) -> str:
    """The sky of a day without rain: the nearer to rain, the greyer."""
    return "阴" if above * 10 < most * 2 else "多云" if above * 10 < most * 6 else "晴"
