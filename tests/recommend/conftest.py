"""Shops so small that the right list is seen by eye."""

from datetime import date, timedelta

import pandas as pd
import pytest

from zhiyin.recommend.purchases import Purchases, day_number, read

FIRST = date(2026, 1, 1)


def bought(rows: list[tuple[str, str, int]], **columns: list[str]) -> pd.DataFrame:
    """Order lines from (customer, item, days after the first day)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "item_id", "day"])
    return frame.assign(ordered_on=[FIRST + timedelta(days=day) for day in frame["day"]], **columns).drop(columns="day")


def day(number: int) -> int:
    """The number of a day, counted from the first."""
    return day_number(FIRST) + number


def shop(rows: list[tuple[str, str, int]], **columns: list[str]) -> Purchases:
    """The same as purchases."""
    return read(bought(rows, **columns))


def checkerboard(people: int = 40, items: int = 12, *, days: int = 84) -> list[tuple[str, str, int]]:
    """Even customers buy even items, odd customers odd ones; one item of the own colour is left out for each.

    The items come one after the other, so that each window of days holds something new for everybody.
    """
    return [
        (f"c{person:03d}", f"i{item:02d}", (item // 2 + person) % (items // 2) * days // (items // 2) + person % 7)
        for person in range(people)
        for item in range(items)
        if (person + item) % 2 == 0 and item // 2 != person // 2 % (items // 2)
    ]


@pytest.fixture
def board() -> pd.DataFrame:
    return bought(checkerboard())
