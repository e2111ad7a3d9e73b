"""Which days are free, of a country and of a time zone."""

from __future__ import annotations

from datetime import date

import pytest

from zhiyin.core.errors import SettingsError
from zhiyin.predict.days_off import HOLIDAY, ORDINARY, WORKED, country_of, days_off, unannounced


def test_the_national_week_is_free_and_a_saturday_is_worked_for_it():
    found = days_off([date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 10), date(2026, 10, 11)], "CN")
    assert [one.kind for one in found] == [ORDINARY, HOLIDAY, WORKED, ORDINARY]
    assert found[1].name == "国庆节"


def test_every_day_off_is_called_by_its_festival():
    assert [one.name for one in days_off([date(2026, 2, 20), date(2026, 4, 6), date(2026, 10, 7)], "CN")] == ["春节", "清明节", "国庆节"]
    assert days_off([date(2026, 7, 3)], "US")[0].name == "Independence Day"


def test_another_country_has_other_holidays_and_none_has_none():
    assert days_off([date(2017, 11, 23)], "US")[0] == (HOLIDAY, "Thanksgiving Day")
    assert days_off([date(2026, 10, 1)], "")[0] == (ORDINARY, "")


def test_the_time_zone_tells_the_country_where_it_can():
    assert [country_of(zone) for zone in ("Asia/Shanghai", "America/New_York", "UTC", "")] == ["CN", "US", "", ""]


def test_a_year_whose_worked_weekends_are_not_announced_is_named():
    assert unannounced([date(2026, 12, 31), date(2099, 1, 1)], "CN") == [2099]
    assert unannounced([date(2099, 1, 1)], "US") == []


def test_a_country_that_nobody_knows_is_refused():
    with pytest.raises(SettingsError, match="The holidays of this country are not known. Got XX"):
        days_off([date(2026, 1, 1)], "XX")
