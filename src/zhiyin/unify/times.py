"""When was it? Days and times as people and programs write them, and which local day that was."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple
from zoneinfo import ZoneInfo

from zhiyin.core.clock import FIRST_YEAR, LAST_YEAR
from zhiyin.unify.values import id_text

if TYPE_CHECKING:
    import numpy as np

DateOrder = Literal["auto", "ymd", "dmy", "mdy"]

__all__ = [
    "FIRST_MOMENT",
    "LAST_MOMENT",
    "AmbiguousDate",
    "DateOrder",
    "Moment",
    "NotATime",
    "date_order",
    "local_days",
    "moment",
    "utc_of_local",
]

MICROSECONDS = 1_000_000
_QUARTER = 900 * MICROSECONDS  # zones change their offset on quarters of an hour
_DAY = 86_400 * MICROSECONDS
_EXCEL_START = datetime(1899, 12, 30)  # noqa: DTZ001 - day 0 of Excel, a local day
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local times are counted from here as well
# Microseconds from 1970: what is outside is no date of a sale.
FIRST_MOMENT, LAST_MOMENT = (int((datetime(year, 1, 1) - _EPOCH).total_seconds()) * MICROSECONDS for year in (FIRST_YEAR, LAST_YEAR + 1))  # noqa: DTZ001

_TIME = (
    r"(?:[ T]*(?P<half>上午|下午|凌晨|早上|中午|晚上)?\s*(?P<hour>\d{1,2})(?::|时|点)(?P<minute>\d{2})分?(?::?(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?秒?)?"
    r"\s*(?P<noon>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_YEAR_FIRST = re.compile(r"(?P<a>\d{4})(?:[-/.]|年)(?P<b>\d{1,2})(?:[-/.]|月)(?P<c>\d{1,2})日?" + _TIME)
_YEAR_LAST = re.compile(r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<c>\d{4}|\d{2})" + _TIME)
_DIGITS = re.compile(r"(?P<a>(?:19|20)\d{2})(?P<b>\d{2})(?P<c>\d{2})(?:[ T]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?")
_MONTH_NAMES = re.compile(
    r"(?:(?P<day>\d{1,2})[ -](?P<month>[A-Za-z]{3,9})\.?,?[ -]|(?P<month2>[A-Za-z]{3,9})\.? (?P<day2>\d{1,2}),? )(?P<year>\d{4})" + _TIME
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")  # days of Excel, 1927 to 2173
_UNIX = re.compile(r"[1-4]\d{9}(?:\d{3})?(?:\.\d+)?")  # seconds or milliseconds since 1970
_AFTERNOON = ("下午", "晚上", "p")


class AmbiguousDate(ValueError):
    """Day and month cannot be told apart."""


class NotATime(ValueError):
    """The text names no day."""


class Moment(NamedTuple):
    """Microseconds since 1970, and whether they are counted in UTC (a zone was written) or in local time."""

    at: int
    in_utc: bool


def moment(text: str, order: DateOrder = "auto") -> Moment | None:
    """The moment that a text names; a day alone means its midnight.

    Example:
        >>> moment("2026年11月21日 下午2:30") == moment("2026-11-21 14:30:00") == moment("46347.604166667")
        True
        >>> moment("无") is None
        True

    Raises:
        AmbiguousDate: when day and month cannot be told apart and `order` does not say.
        ValueError: when it is no day.
    """
    found = id_text(text)
    if found is None:
        return None
    if match := _YEAR_FIRST.fullmatch(found) or _DIGITS.fullmatch(found):
        parts = match.groupdict()
        return _at(int(parts["a"]), int(parts["b"]), int(parts["c"]), parts)
    if match := _YEAR_LAST.fullmatch(found):
        return _at(*_ordered(int(match["a"]), int(match["b"]), match["c"], order), match.groupdict())
    if match := _MONTH_NAMES.fullmatch(found):
        parts = match.groupdict()
        name = (parts["month"] or parts["month2"])[:3].lower()
        return _at(int(parts["year"]), _MONTHS.index(name) + 1, int(parts["day"] or parts["day2"]), parts)
    return _counted(found)


def date_order(texts: Iterable[str]) -> DateOrder:
    """What most of the texts prove about the order of day and month: dmy, mdy, or auto where they prove nothing.

    Example:
        >>> date_order(["03/04/2026", "25/04/2026"])
        'dmy'
    """
    votes = {"dmy": 0, "mdy": 0}
    for text in texts:
        match = _YEAR_LAST.fullmatch(text.strip())
        first, second = (int(match["a"]), int(match["b"])) if match else (0, 0)
        votes["dmy"] += first > 12 >= second > 0
        votes["mdy"] += second > 12 >= first > 0
    if votes["dmy"] == votes["mdy"]:
        return "auto"
    return "dmy" if votes["dmy"] > votes["mdy"] else "mdy"


def utc_of_local(local: np.ndarray, zone: ZoneInfo) -> np.ndarray:
    """Microseconds of local time as UTC. An hour that comes twice is the first one; one that is skipped moves on."""
    utc: np.ndarray = local - _offsets(local, zone, local=True)
    return utc


def local_days(utc: np.ndarray, zone: ZoneInfo) -> np.ndarray:
    """Days since 1970 on the local calendar."""
    days: np.ndarray = (utc + _offsets(utc, zone, local=False)) // _DAY
    return days


def _offsets(at: np.ndarray, zone: ZoneInfo, *, local: bool) -> np.ndarray:
    import numpy as np

    quarters, where = np.unique(at // _QUARTER, return_inverse=True)
    return np.array([_offset(int(quarter), zone, local) for quarter in quarters], dtype=np.int64)[where] if len(at) else at


@lru_cache(maxsize=1 << 17)
def _offset(quarter: int, zone: ZoneInfo, local: bool) -> int:
    at = _EPOCH + timedelta(minutes=15 * quarter)
    there = at.replace(tzinfo=zone) if local else at.replace(tzinfo=UTC).astimezone(zone)
    shift = there.utcoffset() or timedelta()
    return int(shift.total_seconds()) * MICROSECONDS


def _ordered(first: int, second: int, year: str, order: DateOrder) -> tuple[int, int, int]:
    """Year, month, day of 03/04/2026, by the order that is given or, where it is auto, that the numbers prove."""
    if order == "ymd" and len(year) == 2:
        return 2000 + first, second, int(year)
    full = int(year) if len(year) == 4 else 2000 + int(year) - (100 if int(year) >= 70 else 0)
    if order in ("dmy", "mdy"):
        day_first = second <= 12 if order == "dmy" else first > 12
    elif first == second or first > 12 or second > 12:
        day_first = first > 12
    else:
        raise AmbiguousDate
    return (full, second, first) if day_first else (full, first, second)


def _at(year: int, month: int, day: int, time: dict[str, str | None]) -> Moment:
    hour = _hour(int(time.get("hour") or 0), str(time.get("half") or time.get("noon") or "").lower())
    part = int((time.get("part") or "0")[:6].ljust(6, "0"))
    there = datetime(year, month, day, hour, int(time.get("minute") or 0), int(time.get("second") or 0), part)  # noqa: DTZ001 - zone below
    shift = _shift(time.get("zone"))
    at = (there - _EPOCH - (shift or timedelta())) // timedelta(microseconds=1)
    return Moment(at, shift is not None)


def _hour(hour: int, half: str) -> int:
    if half.startswith(_AFTERNOON) or half == "中午":
        return hour + 12 if hour < (12 if half != "中午" else 6) else hour
    return 0 if half and hour == 12 else hour


def _shift(written: str | None) -> timedelta | None:
    """How far ahead of UTC; None where no zone is written."""
    if not written:
        return None
    if written in ("Z", "UTC", "GMT"):
        return timedelta()
    digits = written[1:].replace(":", "").ljust(4, "0")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return ahead if written[0] == "+" else -ahead


def _counted(text: str) -> Moment:
    """Days of Excel (local), seconds or milliseconds since 1970 (UTC)."""
    if _SERIAL.fullmatch(text):
        seconds = round(float(text) * 86_400)
        return Moment((_EXCEL_START - _EPOCH) // timedelta(microseconds=1) + seconds * MICROSECONDS, in_utc=False)
    if _UNIX.fullmatch(text):
        whole = text.partition(".")[0]
        return Moment(round(float(text) * (MICROSECONDS if len(whole) == 10 else 1000)), in_utc=True)
    raise NotATime
