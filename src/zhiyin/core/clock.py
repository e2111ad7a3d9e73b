"""What time is it, and which local day was that?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhiyin.core.errors import SettingsError, UsageError
from zhiyin.core.words import Say

Clock = Callable[[], datetime]

FIRST_YEAR, LAST_YEAR = 1900, 2100  # what lies outside is no day of a sale

__all__ = ["FIRST_YEAR", "LAST_YEAR", "Clock", "as_date", "days_before", "utc_now", "zone"]


def utc_now() -> datetime:
    """The wall clock in UTC; the only place that asks the machine."""
    return datetime.now(tz=UTC)


def zone(name: str) -> ZoneInfo:
    """The time zone called `name`, for example Asia/Shanghai.

    Raises:
        SettingsError: when no such zone is known.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise SettingsError(
            Say("没有这个时区。", "There is no such time zone."),
            got=name,
            fix=Say("写成 Asia/Shanghai 这样的名字。", "Write a name such as Asia/Shanghai."),
        ) from unknown


def as_date(text: str | date) -> date:
    """An ISO day, given as text or as a date.

    Raises:
        UsageError: when the text is no ISO day, or one that no sale can have.
    """
    if isinstance(text, datetime):
        return text.date()
    try:
        day = text if isinstance(text, date) else date.fromisoformat(text)
    except ValueError as wrong:
        raise UsageError(
            Say("日期看不懂。", "This is not a day."),
            got=text,
            fix=Say("写成 2026-11-21 这样。", "Write it like 2026-11-21."),
        ) from wrong
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UsageError(
            Say("这一天太早或太晚。", "This day is too early or too late."),
            got=day.isoformat(),
            fix=Say(f"写 {FIRST_YEAR} 年到 {LAST_YEAR} 年之间的一天。", f"Name a day of the years {FIRST_YEAR} to {LAST_YEAR}."),
        )
    return day


def days_before(day: date, steps: int, *, every: int) -> list[date]:
    """`steps` days before `day`, `every` days apart, latest first, `day` itself left out."""
    return [day - timedelta(days=every * step) for step in range(1, steps + 1)]
