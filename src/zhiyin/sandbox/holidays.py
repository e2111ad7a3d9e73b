"""Do people work on this day? Public holidays of the mainland, with the days that are worked in their stead (调休).

Written down here, not asked of the library that the product asks: the same seed makes the same world whatever version of it is installed.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Holiday", "day_kind", "known"]

# The yearly notices of the State Council; 2020 with the Spring Festival lengthened to 2 February by the notice of 26 January 2020.
# A line: year | name | first day off - last day off | days worked in their stead.
_NOTICES = """
2020 | 元旦 | 0101-0101 |
2020 | 春节 | 0124-0202 | 0119
2020 | 清明节 | 0404-0406 |
2020 | 劳动节 | 0501-0505 | 0426 0509
2020 | 端午节 | 0625-0627 | 0628
2020 | 国庆节 | 1001-1008 | 0927 1010
2021 | 元旦 | 0101-0103 |
2021 | 春节 | 0211-0217 | 0207 0220
2021 | 清明节 | 0403-0405 |
2021 | 劳动节 | 0501-0505 | 0425 0508
2021 | 端午节 | 0612-0614 |
2021 | 中秋节 | 0919-0921 | 0918
2021 | 国庆节 | 1001-1007 | 0926 1009
2022 | 元旦 | 0101-0103 |
2022 | 春节 | 0131-0206 | 0129 0130
2022 | 清明节 | 0403-0405 | 0402
2022 | 劳动节 | 0430-0504 | 0424 0507
2022 | 端午节 | 0603-0605 |
2022 | 中秋节 | 0910-0912 |
2022 | 国庆节 | 1001-1007 | 1008 1009
2022 | 元旦 | 1231-1231 |
2023 | 元旦 | 0101-0102 |
2023 | 春节 | 0121-0127 | 0128 0129
2023 | 清明节 | 0405-0405 |
2023 | 劳动节 | 0429-0503 | 0423 0506
2023 | 端午节 | 0622-0624 | 0625
2023 | 中秋节 | 0929-0929 |
2023 | 国庆节 | 0930-1006 | 1007 1008
2023 | 元旦 | 1230-1231 |
2024 | 元旦 | 0101-0101 |
2024 | 春节 | 0210-0217 | 0204 0218
2024 | 清明节 | 0404-0406 | 0407
2024 | 劳动节 | 0501-0505 | 0428 0511
2024 | 端午节 | 0610-0610 |
2024 | 中秋节 | 0915-0917 | 0914
2024 | 国庆节 | 1001-1007 | 0929 1012
2025 | 元旦 | 0101-0101 |
2025 | 春节 | 0128-0204 | 0126 0208
2025 | 清明节 | 0404-0406 |
2025 | 劳动节 | 0501-0505 | 0427
2025 | 端午节 | 0531-0602 |
2025 | 国庆节 | 1001-1008 | 0928 1011
2025 | 中秋节 | 1006-1006 |
2026 | 元旦 | 0101-0103 | 0104
2026 | 春节 | 0215-0223 | 0214 0228
2026 | 清明节 | 0404-0406 |
2026 | 劳动节 | 0501-0505 | 0509
2026 | 端午节 | 0619-0621 |
2026 | 中秋节 | 0925-0927 |
2026 | 国庆节 | 1001-1007 | 0920 1010
"""
# Where no notice is known: what falls on the same day every year. Festivals of the moon are missing then.
_FIXED = MappingProxyType({(1, 1): "元旦", (5, 1): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"})


class Holiday(NamedTuple):
    """What kind of day it is.

    `day_off`: no work, weekends included. `name`: the festival that the day is off for, or worked for (empty: a usual day or weekend).
    `made_up`: a Saturday or Sunday worked for a day off near a festival.
    """

    day_off: bool
    name: str
    made_up: bool


def known(year: int) -> bool:
    """Whether the holidays of this year are those of the notice; others have weekends and days that are the same every year only."""
    return any(day.year == year for day in _announced())


@cache
def day_kind(day: date) -> Holiday:
    """What kind of day this is.

    Example:
        >>> day_kind(date(2026, 10, 10))
        Holiday(day_off=False, name='国庆节', made_up=True)
    """
    told = _announced().get(day)
    if told is not None:
        return told
    name = "" if known(day.year) else _FIXED.get((day.month, day.day), "")
    return Holiday(bool(name) or day.weekday() >= 5, name, made_up=False)


@cache
def _announced() -> Mapping[date, Holiday]:
    return MappingProxyType(dict(_read(_NOTICES)))


def _read(notices: str) -> Iterator[tuple[date, Holiday]]:
    for line in notices.strip().splitlines():
        year, name, span, worked = (part.strip() for part in line.split("|"))
        first, last = (_day(year, part) for part in span.split("-"))
        for step in range((last - first).days + 1):
            yield first + timedelta(days=step), Holiday(day_off=True, name=name, made_up=False)
        for part in worked.split():
            yield _day(year, part), Holiday(day_off=False, name=name, made_up=True)


def _day(year: str, part: str) -> date:
    return date(int(year), int(part[:2]), int(part[2:]))
