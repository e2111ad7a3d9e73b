from datetime import date, timedelta
from pathlib import Path

import pytest
from holidays import country_holidays

from zhiyin.sandbox.holidays import Holiday, day_kind, known

CALENDAR = Path(__file__).parents[3] / "shared/data/chinese_calendar/calendar.parquet"


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 11, 1), Holiday(True, "", False)),  # a Sunday
        (date(2026, 11, 2), Holiday(False, "", False)),
        (date(2026, 10, 10), Holiday(False, "国庆节", True)),
        (date(2025, 10, 6), Holiday(True, "中秋节", False)),
        (date(2022, 12, 31), Holiday(True, "元旦", False)),
        (date(2020, 2, 1), Holiday(True, "春节", False)),
    ],
)
def test_a_day_is_off_worked_or_made_up(day, kind):
    assert day_kind(day) == kind


def test_years_without_a_notice_have_the_days_that_never_move():
    assert [year for year in range(2015, 2032) if known(year)] == [2020, 2021, 2022, 2023, 2024, 2025, 2026]
    assert day_kind(date(2028, 10, 3)) == Holiday(True, "国庆节", False)
    assert day_kind(date(2028, 10, 9)) == Holiday(False, "", False)
    assert day_kind(date(2028, 10, 8)) == Holiday(True, "", False)


def test_days_worked_in_their_stead_are_weekends():
    days = [date(2020, 1, 1) + timedelta(days=step) for step in range(7 * 365)]
    made_up = [day for day in days if day_kind(day).made_up]
    assert len(made_up) == 46
    assert all(day.weekday() >= 5 and not day_kind(day).day_off for day in made_up)


def test_the_library_that_the_product_asks_says_the_same():
    calendars = {year: country_holidays("CN", years=year, expand=False) for year in range(2020, 2027)}
    for day in (date(2020, 1, 1) + timedelta(days=step) for step in range(2557)):
        told, kind = calendars[day.year], day_kind(day)
        weekend = day.weekday() >= 5 and day not in told.weekend_workdays
        assert (kind.day_off, kind.made_up) == (day in told or weekend, day in told.weekend_workdays)


def test_the_table_equals_the_published_calendar():
    if not CALENDAR.exists():
        pytest.skip("the calendar of shared/data is not here")
    pandas = pytest.importorskip("pandas")
    rows = pandas.read_parquet(CALENDAR).query("date >= '2020-01-01'")
    assert len(rows) == 2557
    kinds = [day_kind(day.date()) for day in rows["date"]]
    assert [kind.day_off for kind in kinds] == rows["is_day_off"].tolist()
    assert [bool(kind.name) for kind in kinds] == rows["holiday_name"].notna().tolist()
    assert [kind.made_up for kind in kinds] == (rows["is_workday"] & (rows["date"].dt.weekday >= 5)).tolist()
