from datetime import date, timedelta

import numpy as np
import pandas as pd

from zhiyin.predict.shifts import shifts

FIRST = date(2026, 1, 1)
NAMES = ("冰箱", "空调", "洗衣机", "电视", "净水器", "烤箱", "音箱", "台灯", "风扇", "水壶")


def _acts(*rows):
    return pd.DataFrame(
        [(who, FIRST + timedelta(days=day), category) for who, day, category in rows], columns=["customer_id", "on", "category"]
    )


def _others(n=60, seed=7):
    """Customers who look at one category most of the time, each at their own."""
    chance = np.random.default_rng(seed)
    return [
        (f"o{who}", int(day), NAMES[who % 10] if chance.uniform() < 0.8 else NAMES[int(chance.integers(10))])
        for who in range(n) for day in chance.choice(120, 12, replace=False)
    ]  # fmt: skip


def _found(rows, since=0, upto=120):
    return shifts(_acts(*rows), since=FIRST + timedelta(days=since), upto=FIRST + timedelta(days=upto))


def _steady(who, category, days):
    return [(who, day, category) for day in days]


def test_who_turns_to_something_else_is_noticed_once():
    rows = [*_others(), *_steady("a", "冰箱", (2, 9, 15, 22)), *_steady("a", "台灯", (60, 62, 65, 70))]
    (shift,) = [one for one in _found(rows) if one.customer_id == "a"]
    assert (shift.before, shift.after) == ("冰箱", "台灯")
    assert (shift.shifted_on, shift.noticed_on) == (FIRST + timedelta(days=60), FIRST + timedelta(days=65))
    assert shift.evidence == 3
    assert shift.nats > 6


def test_one_visit_to_another_shelf_is_no_shift_and_neither_is_a_habit_of_both():
    once = _steady("a", "冰箱", (2, 9, 15, 22, 60)) + _steady("a", "台灯", (61,))
    both = _steady("b", "冰箱", range(0, 100, 6)) + _steady("b", "台灯", range(3, 100, 6))
    assert [one for one in _found([*_others(), *once, *both]) if one.customer_id in "ab"] == []


def test_steady_customers_hardly_ever_shift():
    found = _found(_others(n=300))
    assert len(found) <= 6  # of 3 600 days with an act


def test_who_turns_back_has_shifted_twice():
    rows = [
        *_others(),
        *_steady("a", "冰箱", (1, 3, 5, 8)),
        *_steady("a", "台灯", (40, 41, 42, 44, 46)),
        *_steady("a", "冰箱", (80, 82, 84, 86, 88)),
    ]
    assert [(one.before, one.after) for one in _found(rows) if one.customer_id == "a"] == [("冰箱", "台灯"), ("台灯", "冰箱")]


def test_what_came_before_the_days_asked_about_or_after_them_is_not_told():
    rows = [*_others(), *_steady("a", "冰箱", (2, 9, 15, 22)), *_steady("a", "台灯", (60, 62, 65))]
    assert [one for one in _found(rows, since=66) if one.customer_id == "a"] == []
    assert [one for one in _found(rows, upto=62) if one.customer_id == "a"] == []


def test_nothing_and_one_category_are_no_shift():
    assert shifts(_acts(), since=FIRST, upto=FIRST) == []
    assert _found(_steady("a", "冰箱", range(20))) == []
