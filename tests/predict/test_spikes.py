from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from zhiyin.predict.spikes import Alarm, levels, spikes

FIRST = date(2026, 1, 5)  # a Monday
DAYS = 140
CATEGORIES = ("茶", "奶", "米", "面")


def _counts(people, *, places=("mall",), days=DAYS, seed=7, measure="orders"):
    """Poisson counts; `people(day, category, place)` is how many are expected."""
    chance = np.random.default_rng(seed)
    rows = [
        (place, category, measure, FIRST + timedelta(days=day), int(chance.poisson(people(day, category, place))))
        for place in places for category in CATEGORIES for day in range(days)
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["place", "category", "measure", "on", "people"])
    return frame[frame["people"] > 0]


def _last(days=DAYS):
    return FIRST + timedelta(days=days - 1)


def _found(counts, **alarm):
    return spikes(counts, Alarm(**alarm), upto=_last())


def test_a_planted_rush_is_one_alert_within_its_first_days():
    def people(day, category, place):
        return 5 * (6 if category == "茶" and place == "mall" and 90 <= day < 94 else 1)

    (spike,) = _found(_counts(people, places=("mall", "pos")))
    assert (spike.place, spike.category, spike.measure) == ("mall", "茶", "orders")
    assert (spike.noticed_on - FIRST).days == 90  # within the day
    assert (spike.ends_on - FIRST).days == 93
    assert spike.people > 3 * spike.expected


@pytest.mark.parametrize("seed", range(6))
def test_weekly_peaks_holidays_and_a_gradual_trend_raise_none(seed):
    def people(day, category, place):
        weekend = 3 if day % 7 >= 5 else 1
        holiday = 4 if 100 <= day < 107 else 1  # for everybody
        payday = 1.8 if day % 30 == 10 else 1
        return 4 * weekend * holiday * payday * 1.01**day

    assert _found(_counts(people, seed=seed)) == []


@pytest.mark.parametrize("seed", range(6))
def test_years_of_nothing_unusual_raise_hardly_any(seed):
    found = _found(_counts(lambda day, category, place: 0.4, places=("mall", "pos", "crm", "web"), seed=seed))
    assert len(found) <= 1


def test_a_long_rush_is_still_one_alert_and_a_second_one_another():
    def people(day, category, place):
        return 5 * (6 if category == "茶" and (70 <= day < 80 or 120 <= day < 122) else 1)

    found = _found(_counts(people))
    assert [(spike.noticed_on - FIRST).days for spike in found] == [70, 120]


def test_a_rush_of_few_people_needs_several_days():
    counts = _counts(lambda day, category, place: 0.2)
    extra = pd.DataFrame(
        {"place": "mall", "category": "茶", "measure": "orders", "on": [FIRST + timedelta(days=day) for day in range(90, 94)], "people": 4}
    )
    counts = pd.concat([counts[~(counts["category"].eq("茶") & counts["on"].isin(extra["on"]))], extra], ignore_index=True)
    (spike,) = _found(counts)
    assert (spike.noticed_on - FIRST).days == 91
    assert spike.people == 8


def test_one_rush_counted_twice_is_one_alert():
    def people(day, category, place):
        return 5 * (6 if category == "茶" and 90 <= day < 94 else 1)

    both = pd.concat([_counts(people), _counts(people, measure="interest", seed=8)])
    assert len(_found(both)) == 1


def test_least_people_and_least_times_are_kept():
    def people(day, category, place):
        return 5 * (6 if category == "茶" and 90 <= day < 94 else 1)

    counts = _counts(people)
    assert _found(counts, least_people=1000) == []
    assert _found(counts, least_times=50.0) == []


def test_what_is_expected_today_knows_the_weekday():
    counts = _counts(lambda day, category, place: 30 if day % 7 == 5 else 10)
    saturday, sunday = (next(one for one in levels(counts, at=FIRST + timedelta(days=day)) if one.category == "茶") for day in (138, 139))
    assert saturday.expected == pytest.approx(30, rel=0.25)
    assert sunday.expected == pytest.approx(10, rel=0.35)
    assert saturday.chance(30) > 0.1 > 1e-6 > saturday.chance(120)


def test_without_history_nothing_is_unusual():
    empty = pd.DataFrame(columns=["place", "category", "measure", "on", "people"])
    assert (spikes(empty, Alarm(), upto=FIRST), levels(empty, at=FIRST)) == ([], [])
    short = _counts(lambda day, category, place: 100 if day == 9 else 1, days=10)
    assert (spikes(short, Alarm(), upto=_last(10)), levels(short, at=_last(10))) == ([], [])
