import doctest
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.unify import times
from zhiyin.unify.times import AmbiguousDate, NotATime, date_order, local_days, moment, utc_of_local

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local times are counted from here too
SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)).map(lambda at: at.replace(microsecond=0))  # noqa: DTZ001 - local


def _micros(*parts: int) -> int:
    return (datetime(*parts) - EPOCH) // timedelta(microseconds=1)  # type: ignore[arg-type]  # noqa: DTZ001 - local


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(times).failed == 0


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21 14:30", "2026/11/21 14:30:00", "2026.11.21 14:30", "2026年11月21日 14:30", "2026年11月21日14时30分", "2026年11月21日 下午2:30",
        "20261121143000", "202611211430", "2026-11-21T14:30:00.000", "2026-11-21 2:30 PM", "21/11/2026 14:30", "11/21/2026 2:30pm",
        "Nov 21, 2026 14:30", "21 Nov 2026 14:30", "21-November-2026 14:30", "２０２６-１１-２１ １４:３０", "46347.604166667", "21.11.26 14:30",
    ],
)  # fmt: skip
def test_one_moment_in_many_words(text):
    assert moment(text) == (_micros(2026, 11, 21, 14, 30), False)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T06:30:00Z",
        "2026-11-21 06:30:00 +0000",
        "2026-11-21 14:30:00+08:00",
        "2026-11-21 01:30 -05",
        "1795242600",
        "1795242600000",
        "2026-11-21 06:30 UTC",
    ],
)
def test_a_written_zone_makes_it_utc(text):
    assert moment(text) == (_micros(2026, 11, 21, 6, 30), True)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "2026-13-01",
        "hello",
        "12",
        "2026-11-21 25:00",
        "99/99/9999",
        "20261399",
        "2026-11",
        "21 Foo 2026",
        "32/13/2026",
    ],
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises((NotATime, ValueError)):
        moment(text)


def test_a_day_alone_is_its_midnight_and_nothing_is_nothing():
    assert moment("2026-11-21") == moment("20261121") == moment("46347") == (_micros(2026, 11, 21), False)
    assert [moment(text) for text in ("", "-", "无")] == [None, None, None]


def test_noon_and_midnight_in_twelve_hours():
    assert [
        moment(f"2026-01-01 {time}").at - _micros(2026, 1, 1) for time in ("12:00 AM", "12:00 PM", "上午12:00", "下午12:00", "中午1:00")
    ] == [hours * 3_600_000_000 for hours in (0, 12, 0, 12, 13)]


def test_day_and_month_are_told_apart_or_refused():
    with pytest.raises(AmbiguousDate):
        moment("03/04/2026")
    assert moment("03/04/2026", "dmy") == (_micros(2026, 4, 3), False)
    assert moment("03/04/2026", "mdy") == (_micros(2026, 3, 4), False)
    assert moment("05/05/2026") == (_micros(2026, 5, 5), False)
    assert moment("25/04/2026", "mdy") == moment("25/04/2026")
    assert moment("26/04/03", "ymd") == (_micros(2026, 4, 3), False)


def test_the_majority_proves_the_order():
    assert date_order(["03/04/2026", "25/04/2026", "26/04/2026", "04/27/2026"]) == "dmy"
    assert date_order(["03/04/2026"]) == date_order([]) == date_order(["25/04/2026", "04/25/2026"]) == "auto"


@given(MOMENTS)
def test_times_come_back_as_they_were_written(at):
    expected = (at - EPOCH) // timedelta(microseconds=1)
    for form in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H时%M分%S秒", "%Y%m%d%H%M%S", "%b %d, %Y %H:%M:%S"):
        assert moment(at.strftime(form)) == (expected, False)
    assert moment(at.strftime("%d/%m/%Y %H:%M:%S"), "dmy") == (expected, False)
    assert moment(at.strftime("%m/%d/%Y %H:%M:%S"), "mdy") == (expected, False)


@given(MOMENTS, st.sampled_from([SHANGHAI, NEW_YORK, ZoneInfo("Europe/London"), ZoneInfo("Asia/Kathmandu")]))
def test_local_days_are_those_of_the_calendar(at, zone):
    local = at.replace(tzinfo=zone)
    there_and_back = local.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    utc = utc_of_local(np.array([(at - EPOCH) // timedelta(microseconds=1)]), zone)
    assert utc[0] == (local.astimezone(UTC).replace(tzinfo=None) - EPOCH) // timedelta(microseconds=1)
    assert local_days(utc, zone)[0] == (there_and_back.date() - EPOCH.date()).days


def test_the_hour_that_is_skipped_and_the_hour_that_comes_twice():
    skipped, twice = _micros(2026, 3, 8, 2, 30), _micros(2026, 11, 1, 1, 30)
    assert list(utc_of_local(np.array([skipped, twice]), NEW_YORK)) == [_micros(2026, 3, 8, 7, 30), _micros(2026, 11, 1, 5, 30)]
    assert len(local_days(np.array([], dtype=np.int64), NEW_YORK)) == 0
