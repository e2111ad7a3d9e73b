"""Do people have the day off? Public holidays of a country, and the weekends that are worked in their stead (调休)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from zhiyin.core.errors import SettingsError
from zhiyin.core.words import Say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from holidays import HolidayBase

__all__ = ["HOLIDAY", "ORDINARY", "WORKED", "DayOff", "country_of", "days_off", "unannounced"]

ORDINARY, HOLIDAY, WORKED = 0, 1, 2
_EXCHANGED = "休息日"  # how the calendar begins the name of a day off for which a weekend is worked
_COUNTRIES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("Shanghai", "Urumqi", "Chongqing", "Harbin"), "CN"),
        **{"Hong_Kong": "HK", "Macau": "MO", "Taipei": "TW", "Singapore": "SG", "Kuala_Lumpur": "MY", "Bangkok": "TH", "Jakarta": "ID"},
        **{"Ho_Chi_Minh": "VN", "Manila": "PH", "Tokyo": "JP", "Seoul": "KR", "Kolkata": "IN", "Dubai": "AE", "Riyadh": "SA"},
        **dict.fromkeys(("New_York", "Chicago", "Denver", "Los_Angeles", "Phoenix", "Detroit", "Anchorage", "Honolulu"), "US"),
        **{"Toronto": "CA", "Vancouver": "CA", "Mexico_City": "MX", "Sao_Paulo": "BR", "Sydney": "AU", "Melbourne": "AU", "Auckland": "NZ"},
        **{"London": "GB", "Dublin": "IE", "Paris": "FR", "Berlin": "DE", "Madrid": "ES", "Rome": "IT", "Amsterdam": "NL", "Vienna": "AT"},
        **{"Zurich": "CH", "Brussels": "BE", "Stockholm": "SE", "Oslo": "NO", "Copenhagen": "DK", "Helsinki": "FI", "Warsaw": "PL"},
    }
)


class DayOff(NamedTuple):
    """What kind of day it is: ordinary (weekends too), a holiday, or a weekend that is worked; and the name of the holiday."""

    kind: int
    name: str


def country_of(timezone: str) -> str:
    """The country whose people live by a time zone, for example CN for Asia/Shanghai; empty where that is not clear."""
    return _COUNTRIES.get(timezone.rpartition("/")[2], "")


def days_off(days: Iterable[date], country: str) -> list[DayOff]:
    """What kind of day each one is; all are ordinary without a country.

    Args:
        days: local days.
        country: ISO 3166 code, or empty.

    Raises:
        SettingsError: when nobody knows the holidays of the country.
    """
    return [_kind(day, country) for day in days]


def unannounced(days: Iterable[date], country: str) -> list[int]:
    """Years of these days for which the worked weekends are not known, where the country announces them year by year."""
    years = sorted({day.year for day in days})
    if country != "CN":
        return []
    return [year for year in years if not any(day.year == year for day in _calendar(country, year).weekend_workdays)]


def _kind(day: date, country: str) -> DayOff:
    if not country:
        return DayOff(ORDINARY, "")
    calendar = _calendar(country, day.year)
    if day in calendar:
        return DayOff(HOLIDAY, _festival(calendar, day))
    return DayOff(WORKED, "") if day in calendar.weekend_workdays else DayOff(ORDINARY, "")


def _festival(calendar: HolidayBase, day: date) -> str:
    """The festival that the day is off for: a day off in exchange for a worked weekend has none of its own, and belongs to the nearest."""
    own = {on: name for on, name in calendar.items() if not name.startswith(_EXCHANGED)}
    nearest = min(own, key=lambda on: (abs((on - day).days), on))
    return own[nearest].partition(";")[0].removesuffix("（补假）").removesuffix(" (observed)")


@cache
def _calendar(country: str, year: int) -> HolidayBase:
    import holidays

    try:
        language = "zh_CN" if country == "CN" else None
        return holidays.country_holidays(country, years=year, expand=False, language=language)
    except NotImplementedError as unknown:
        raise SettingsError(
            Say("不知道这个国家的节假日。", "The holidays of this country are not known."),
            got=country,
            fix=Say("写 CN、US 这样的国家代码，或留空。", "Write the code of a country such as CN or US, or leave it empty."),
        ) from unknown
