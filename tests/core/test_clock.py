from datetime import UTC, date, datetime

import pytest

from zhiyin.core.clock import as_date, days_before, utc_now, zone
from zhiyin.core.errors import SettingsError, UsageError


def test_the_wall_clock_is_utc():
    assert utc_now().tzinfo is UTC


def test_a_zone_knows_its_local_day():
    late = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    assert late.astimezone(zone("Asia/Shanghai")).date() == date(2026, 11, 21)


@pytest.mark.parametrize("name", ["Asia/Nowhere", "", "../secret"])
def test_an_unknown_zone_is_refused(name):
    with pytest.raises(SettingsError, match="There is no such time zone") as refused:
        zone(name)
    assert "Asia/Shanghai" in refused.value.fix.en


@pytest.mark.parametrize("day", ["2026-11-21", date(2026, 11, 21), datetime(2026, 11, 21, 23, 59, tzinfo=UTC)])
def test_a_day_is_a_day_however_it_is_given(day):
    assert as_date(day) == date(2026, 11, 21)


@pytest.mark.parametrize("text", ["21.11.2026", "2026-13-01", "yesterday", ""])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(UsageError, match="This is not a day"):
        as_date(text)


def test_days_before_leave_the_day_itself_out():
    assert days_before(date(2026, 3, 1), 2, every=28) == [date(2026, 2, 1), date(2026, 1, 4)]
