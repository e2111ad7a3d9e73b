from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.core.errors import DataError, MissingColumns, TooLittleData, UsageError
from zhiyin.learn.splits import Split, panel, refuse_leak, rows_on, split_rows, time_split

TODAY = date(2026, 11, 21)


def test_the_last_label_of_a_panel_is_complete_today():
    assert panel(TODAY, horizon=28, dates=3) == (date(2026, 8, 29), date(2026, 9, 26), date(2026, 10, 24))
    assert panel(TODAY, horizon=28, dates=2, every=7) == (date(2026, 10, 17), date(2026, 10, 24))


def test_days_without_a_past_are_left_out():
    assert panel(TODAY, horizon=28, dates=6, first=date(2026, 9, 1)) == (date(2026, 9, 26), date(2026, 10, 24))


def test_a_history_without_one_label_is_too_short():
    with pytest.raises(TooLittleData, match=r"not one label is complete. Got 20 days. Fix: At least 29 days"):
        panel(TODAY, horizon=28, dates=3, first=date(2026, 11, 1))


def test_a_panel_needs_a_horizon_and_days():
    for wrong in ({"horizon": 0, "dates": 1}, {"horizon": 1, "dates": 0}, {"horizon": 1, "dates": 1, "every": -1}):
        with pytest.raises(UsageError, match=r"Horizon and number of days must be at least 1"):
            panel(TODAY, **wrong)


def test_the_latest_day_judges_what_was_complete_before():
    days = panel(TODAY, horizon=28, dates=4, every=14)
    split = time_split(days, horizon=28)
    assert split.judge == (days[-1],)
    assert split.train == days[:2]  # the day 14 days before the last has a label that is not complete yet


@given(st.sets(st.integers(0, 300), min_size=1, max_size=12), st.integers(1, 60), st.integers(1, 3))
def test_no_split_ever_leaks(offsets, horizon, judge):
    days = [TODAY + timedelta(days=offset) for offset in offsets]
    try:
        split = time_split(days, horizon=horizon, judge=judge)
    except TooLittleData:
        return
    assert max(split.train) + timedelta(days=horizon) <= min(split.judge)
    assert len(split.judge) == judge


def test_nothing_early_enough_is_too_little():
    with pytest.raises(TooLittleData, match=r"No day is early enough to learn from. Got 2026-11-21"):
        time_split([TODAY], horizon=28)
    with pytest.raises(TooLittleData, match=r"Got -"):
        time_split([], horizon=28)


def test_a_leak_is_named():
    with pytest.raises(DataError, match=r"look beyond the day that is judged. Got 2026-11-01 \+ 28 > 2026-11-21"):
        refuse_leak([date(2026, 10, 1), date(2026, 11, 1)], [TODAY], horizon=28)
    with pytest.raises(DataError, match=r"look beyond"):
        Split((date(2026, 11, 1),), (TODAY,), 28)


def test_a_label_may_end_on_the_day_that_is_judged():
    assert refuse_leak([TODAY - timedelta(days=28)], [TODAY], horizon=28) is None
    assert refuse_leak([TODAY], [], horizon=28) is None


@pytest.mark.parametrize("write", [lambda day: day, pd.Timestamp, lambda day: day.isoformat()])
def test_rows_are_split_by_day(write):
    early, late = TODAY - timedelta(days=30), TODAY
    rows = pd.DataFrame({"customer_id": ["a", "b", "a"], "at_on": [write(day) for day in (early, late, late)]})
    train, judge = split_rows(rows, Split((early,), (late,), 28))
    assert train["customer_id"].tolist() == ["a"]
    assert judge["customer_id"].tolist() == ["b", "a"]


def test_both_sides_need_rows():
    rows = pd.DataFrame({"at_on": [TODAY]})
    with pytest.raises(TooLittleData, match=r"One side of the split has no rows. Got 0 / 1"):
        split_rows(rows, Split((TODAY - timedelta(days=30),), (TODAY,), 28))


def test_rows_need_their_day():
    with pytest.raises(MissingColumns, match=r"split needs at_on"):
        rows_on(pd.DataFrame({"day": [TODAY]}), [TODAY])
    with pytest.raises(DataError, match=r"These are not days. Got at_on \(object\)"):
        rows_on(pd.DataFrame({"at_on": ["soon"]}), [TODAY])
