"""One customer, judged by the rows of `activity` alone, stands where the profile of the run says."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unify.shop import DAY, Shop, ago, sql
from zhiyin.unify.live import Day, DayKey
from zhiyin.unify.norms import norms
from zhiyin.unify.stages import stages
from zhiyin.unify.standing import Cause, Entry, Last, derive


def _at(day: int, hour: int = 12) -> datetime:
    return datetime.combine(ago(day), datetime.min.time()) + timedelta(hours=hour)


def _row(days_ago: int, name: str = "Order Completed", *, hour: int = 12, times: int = 1, amount: int = 0, channel: str = "shop"):
    at = _at(days_ago, hour)
    return DayKey("r1", channel, name, ago(days_ago)), Day(times, amount, 0, at, at, f"{name}{days_ago}")


def _rows(*rows) -> dict[DayKey, Day]:
    return dict(rows)


def _norms(facts):
    return norms(facts.days, at=DAY)


def _stages(facts):
    return stages(facts.days, at=DAY)


@given(st.lists(st.lists(st.integers(0, 400), min_size=1, max_size=8), min_size=1, max_size=4))
def test_the_stage_and_its_day_are_those_of_the_profile(customers):
    shop = Shop()
    shop.orders([{"record_id": f"c{n}", "ordered_on": ago(day), "amount": 100} for n, days in enumerate(customers) for day in days])
    found = shop.run(sql(_stages)).set_index("customer_id")
    usual = dict(shop.lake.execute(sql(_norms)).fetchall()).get("order_gap")
    shop.lake.close()
    for n, days in enumerate(customers):
        standing = derive(_rows(*(_row(day) for day in days)), at=DAY, usual=usual)
        if f"c{n}" not in found.index:
            assert (standing.stage, set(days)) == ("lead", {0})
            continue
        told = found.loc[f"c{n}"]
        assert (standing.stage, standing.since) == (told["stage"], told["stage_since_on"].date())
        assert standing.history[-1].stage == standing.stage


def test_what_is_usual_is_counted_over_all_customers(shop):
    spent = {"a": [(30, 100), (20, 100)], "b": [(10, 700)], "c": [(9, 300), (5, 10)]}
    shop.orders([{"record_id": who, "ordered_on": ago(day), "amount": money} for who, all_ in spent.items() for day, money in all_])
    # gaps: a 10, c 4; three customers have no highest fifth
    assert dict(shop.lake.execute(sql(_norms)).fetchall()) == {"order_gap": 7.0}


def test_the_highest_fifth_of_eleven_begins_at_the_ninth(shop):
    shop.orders([{"record_id": f"c{n}", "ordered_on": ago(3), "amount": 100 * n} for n in range(1, 12)])
    assert dict(shop.lake.execute(sql(_norms)).fetchall()) == {"top_spend": pytest.approx(900.0)}


def test_nobody_ordered_and_nothing_is_usual(shop):
    assert shop.lake.execute(sql(_norms)).fetchall() == []


def test_an_order_turns_a_lead_into_a_customer_and_the_history_says_why():
    lead = _rows(_row(9, "Product Viewed", channel="web"))
    assert derive(lead, at=DAY).stage == "lead"
    bought = derive(lead | _rows(_row(2)), at=DAY)
    viewed = Cause("Product Viewed", "web", "Product Viewed9", _at(9))
    ordered = Cause("Order Completed", "shop", "Order Completed2", _at(2))
    assert (bought.stage, bought.since) == ("new", ago(2))
    assert bought.history == [Entry("lead", ago(9), viewed), Entry("new", ago(2), ordered)]


def test_silence_and_return_stand_in_the_history():
    told = derive(_rows(_row(300), _row(290), _row(5)), at=DAY, usual=10.0)
    assert [(entry.stage, entry.since) for entry in told.history] == [
        ("new", ago(300)),
        ("active", ago(272)),
        ("quiet", ago(290 - 181)),
        ("active", ago(5)),
    ]
    assert (told.stage, told.since) == ("active", ago(5))


def test_an_order_that_was_given_back_makes_no_customer():
    assert derive(_rows(_row(2, times=0)), at=DAY).stage == "lead"


def test_what_comes_on_the_day_or_later_is_not_known():
    assert derive(_rows(_row(0)), at=DAY).channels == []


def test_a_customer_of_a_list_is_a_lead_since_the_day_on_the_list():
    told = derive({}, at=DAY, since=ago(3))
    assert (told.stage, told.since, told.history) == ("lead", ago(3), [Entry("lead", ago(3), None)])


def test_counters_count_the_days_of_their_window():
    rows = _rows(
        _row(1, "Product Viewed", times=3), _row(8, "Product Viewed", times=2), _row(29, "Product Viewed"),
        _row(7, "Products Searched"), _row(3, amount=500), _row(60, amount=70), _row(3, "Discount Used", amount=50),
    )  # fmt: skip
    figures = derive(rows, at=DAY).figures
    assert {name: figures[name] for name in ("views_7d", "views_28d", "searches_7d", "orders_7d", "spend_28d", "spend_84d", "spend_all")} == {
        "views_7d": 3, "views_28d": 5, "searches_7d": 1, "orders_7d": 1, "spend_28d": 500, "spend_84d": 570, "spend_all": 570,
    }  # fmt: skip
    assert (figures["saved_84d"], figures["discounted_84d"], figures["visits_28d"], figures["visits_7d"]) == (50, 1, 3, 2)


def test_what_was_wanted_before_an_order_is_wanted_no_more():
    wanted = _rows(_row(2, "Product Added", hour=9), _row(1, "Product Viewed"))
    assert derive(wanted, at=DAY).figures["wanting_7d"] == 4
    assert derive(wanted | _rows(_row(2, hour=10)), at=DAY).figures["wanting_7d"] == 1


def test_every_channel_tells_its_last_event_latest_first():
    rows = _rows(_row(9, "Product Viewed", channel="web"), _row(8, "Page Viewed", channel="web"), _row(1, "Contacted", channel="mail"))
    assert derive(rows, at=DAY).channels == [
        Last("mail", "Contacted", "Contacted1", _at(1), 1),
        Last("web", "Page Viewed", "Page Viewed8", _at(8), 2),
    ]
