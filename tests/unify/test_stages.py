from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unify.shop import DAY, Shop, ago, sql
from zhiyin.unify.rhythm import NEW_DAYS
from zhiyin.unify.stages import STAGES, rhythm, stages


def _bought(shop: Shop, days: dict[str, list[int]]) -> None:
    shop.orders([{"record_id": customer, "ordered_on": ago(day), "amount": 100} for customer, all_ in days.items() for day in all_])


def _stages(facts):
    return stages(facts.days, at=DAY)


def _staged(shop: Shop) -> pd.DataFrame:
    return shop.run(sql(_stages)).set_index("customer_id")


def test_the_rhythm_leans_on_the_typical_customer_until_own_gaps_speak(shop):
    # typical gap: the median of 10 (a) and 10 (b) = 10; c has none of its own
    _bought(shop, {"a": [100, 90, 80, 70, 60, 50, 40, 30, 20, 10], "b": [20, 10], "c": [5]})
    found = shop.frame(rhythm(shop.facts.days)).set_index("customer_id")
    # c: mean 10, mean square 200, deviation 10 -> 30 days. a: 9 gaps of 10 and 2 of the prior: (900 + 400) / 11 - 100 = 18.2
    assert found["quiet_after"].to_dict() == {"a": 19, "b": 27, "c": 30}
    assert found["lost_after"].to_dict() == {"a": 84, "b": 84, "c": 84}


def test_without_any_gap_four_weeks_are_usual(shop):
    _bought(shop, {"a": [5]})
    found = shop.frame(rhythm(shop.facts.days)).iloc[0]
    assert (found["quiet_after"], found["lost_after"]) == (84, 168)


def test_quiet_never_takes_more_than_half_a_year(shop):
    _bought(shop, {"a": [900, 500, 100]})
    assert shop.frame(rhythm(shop.facts.days))["quiet_after"].item() == 180


def test_five_customers_five_stages(shop):
    regular = list(range(10, 200, 10))
    _bought(
        shop,
        {
            "active": regular,
            "back": [day + 15 for day in regular if day > 60] + [12],
            "lost": [day + 100 for day in regular],
            "new": [8],
            "quiet": [day + 20 for day in regular],
            "tomorrow": [0],
        },
    )
    found = _staged(shop)
    assert found["stage"].to_dict() == {"active": "active", "back": "active", "lost": "lost", "new": "new", "quiet": "quiet"}
    assert set(found["stage"]) < set(STAGES)
    since = found["stage_since_on"].dt.date.to_dict()
    assert since["active"] == ago(190 - NEW_DAYS)
    assert since["back"] == ago(12)
    assert since["new"] == ago(8)
    assert since["lost"] == ago(110) + timedelta(days=int(found.loc["lost", "lost_after"]) + 1)
    assert since["quiet"] == ago(30) + timedelta(days=int(found.loc["quiet", "quiet_after"]) + 1)


def test_an_order_that_was_only_returned_is_no_order(shop):
    shop.orders([{"record_id": "a", "ordered_on": ago(3), "amount": -100}])
    assert _staged(shop).empty


@pytest.fixture(scope="module")
def one_shop():
    made = Shop()
    yield made
    made.lake.close()


def _stage_on(day, orders, row) -> str:
    known = [order for order in orders if order < day]
    if not known:
        return "lead"
    silent = (day - known[-1]).days
    if silent > row.lost_after:
        return "lost"
    if silent > row.quiet_after:
        return "quiet"
    return "new" if (day - known[0]).days < NEW_DAYS else "active"


@settings(max_examples=15)
@given(days=st.lists(st.integers(1, 250), min_size=1, max_size=8, unique=True))
def test_the_stage_began_on_the_day_it_says(one_shop, days):
    _bought(one_shop, {"a": days})
    row = next(one_shop.run(sql(_stages)).itertuples())
    orders = sorted(ago(day) for day in days)
    since = row.stage_since_on.date()
    assert _stage_on(DAY, orders, row) == row.stage
    later = [since + timedelta(days=n) for n in range(1, (DAY - since).days + 1)]
    assert all(_stage_on(day, orders, row) == row.stage for day in later)
    assert _stage_on(since - timedelta(days=1), orders, row) != row.stage
