"""A rule fires once an episode, whatever the grouping in which events arrive."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from zhiyin.unify.live import Day, StepKey
from zhiyin.unify.triggers import RULES, Alert, judged

NOW = datetime(2026, 11, 20, 12)  # noqa: DTZ001 - naive UTC, as all moments of this room
HALF = timedelta(minutes=30)


def _ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def _steps(*told) -> dict[StepKey, Day]:
    """(name, minutes ago, product) each."""
    made: dict[StepKey, Day] = {}
    for name, minutes, product in told:
        at = _ago(minutes)
        key, day = StepKey("r1", product, name, at.date()), Day(1, 0, 0, at, at, f"{name}{minutes}")
        made[key] = made[key].and_(day) if key in made else day
    return made


def _cart(minutes: float = 5, state: str = "waiting") -> Alert:
    opened = _ago(minutes)
    ended = None if state == "waiting" else opened + HALF
    return Alert("cart_left", opened.isoformat(timespec="microseconds"), state, opened, opened + HALF, ended, "p1", "Product Added5")


def test_a_cart_waits_half_an_hour():
    assert judged(_steps(("Product Added", 5, "p1")), [], now=NOW) == [_cart()]


def test_the_same_again_changes_nothing():
    assert judged(_steps(("Product Added", 5, "p1")), [_cart()], now=NOW) == []


def test_more_in_the_cart_puts_it_off():
    [later] = judged(_steps(("Product Added", 5, "p1"), ("Product Added", 1, "p2")), [_cart()], now=NOW)
    assert (later.episode, later.due_at, later.cause) == (_cart().episode, _ago(1) + HALF, "Product Added1")


def test_an_order_stops_it():
    [over] = judged(_steps(("Product Added", 5, "p1"), ("Order Completed", 2, "p1")), [_cart()], now=NOW)
    assert (over.state, over.ended_at, over.cause) == ("stopped", _ago(2), "Order Completed2")


def test_an_order_after_the_cart_in_one_batch_opens_nothing():
    assert judged(_steps(("Product Added", 5, "p1"), ("Order Completed", 2, "p1")), [], now=NOW) == []


def test_a_cart_after_the_order_is_another_episode():
    steps = _steps(("Product Added", 50, "p1"), ("Order Completed", 20, "p1"), ("Product Added", 3, "p2"))
    opened = judged(steps, [_cart(50, "stopped")], now=NOW)
    assert [(alert.episode, alert.product_id) for alert in opened] == [(_ago(3).isoformat(timespec="microseconds"), "p2")]


def test_what_was_fired_covers_what_came_before():
    assert judged(_steps(("Product Added", 50, "p1"), ("Product Added", 45, "p1")), [_cart(50, "fired")], now=NOW) == []


def test_old_events_are_no_reason_to_act_now():
    assert judged(_steps(("Product Added", 2000, "p1"), *[("Product Viewed", 2000, "p1")] * 3), [], now=NOW) == []


@pytest.mark.parametrize(("times", "found"), [(2, 0), (3, 1), (5, 1)])
def test_three_looks_at_one_product_fire_once(times, found):
    steps = _steps(*[("Product Viewed", n, "p1") for n in range(times)], ("Product Viewed", 1, "p2"))
    fired = judged(steps, [], now=NOW)
    assert [(alert.rule, alert.product_id, alert.state) for alert in fired] == [("looked_thrice", "p1", "fired")] * found
    assert judged(steps, fired, now=NOW) == []


def test_looks_at_several_products_are_no_look_at_one():
    assert judged(_steps(*[("Product Viewed", n, f"p{n}") for n in range(5)]), [], now=NOW) == []


def test_a_page_about_prices_is_told_once_a_day():
    [alert] = judged(_steps(("Price Page Viewed", 3, "")), [], now=NOW)
    assert (alert.rule, alert.state) == ("price_page", "fired")


def test_every_rule_has_words_and_advice():
    assert all(rule.words.zh and rule.words.en and rule.advice.zh and rule.advice.en for rule in RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)
