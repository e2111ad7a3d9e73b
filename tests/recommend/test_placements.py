"""Who gets which way of filling a place, and with which probability does a product stand there?"""

from __future__ import annotations

from collections import Counter

import pytest

from zhiyin.recommend.placements import HOLDOUT, MAIN, assigned, capped, in_turns, placed

CUSTOMERS = [f"r{n}" for n in range(20_000)]
GOODS = [f"p{n}" for n in range(30)]


def test_customers_are_drawn_by_the_shares_that_are_logged():
    ways = [assigned("home", customer, holdout=0.1, shares={"a": 0.3, "b": 0.2}) for customer in CUSTOMERS]
    found = {way: count / len(CUSTOMERS) for way, count in Counter(ways).items()}
    assert {way.variant for way in found} == {HOLDOUT, "a", "b", MAIN}
    assert sum(way.chance for way in found) == pytest.approx(1)
    assert all(share == pytest.approx(way.chance, abs=0.01) for way, share in found.items())


def test_a_customer_stays_where_the_draw_has_put_him_and_placements_draw_apart():
    first = [assigned("home", customer, holdout=0.5, shares={}).variant for customer in CUSTOMERS]
    assert first == [assigned("home", customer, holdout=0.5, shares={"new": 1e-9}).variant for customer in CUSTOMERS]
    other = [assigned("mail", customer, holdout=0.5, shares={}).variant for customer in CUSTOMERS]
    both = sum(one == two == HOLDOUT for one, two in zip(first, other, strict=True)) / len(CUSTOMERS)
    assert both == pytest.approx(0.25, abs=0.01)
    # Who is held back says nothing about the variant that the others get.
    of_the_rest = [assigned("home", customer, holdout=0.5, shares={"a": 0.5}) for customer in CUSTOMERS]
    shares = Counter(way.variant for way in of_the_rest)
    assert shares["a"] / (shares["a"] + shares[MAIN]) == pytest.approx(0.5, abs=0.02)


def test_lists_take_turns_and_a_category_has_an_end():
    assert in_turns([["u"], ["a", "b"], ["x", "y", "z"]]) == ["u", "a", "x", "b", "y", "z"]
    assert in_turns([]) == in_turns([[], []]) == []
    categories = {"a": "tea", "b": "tea", "c": "tea", "d": "rice"}
    assert capped(["a", "b", "c", "x", "d", "a"], categories, at_most=2) == ["a", "b", "x", "d"]
    assert capped(["a", "b", "c", "d"], categories, at_most=0) == ["a", "b", "c", "d"]


def test_nothing_is_drawn_where_nothing_explores_or_nothing_is_left():
    plain = [(product, place, 1.0, product) for place, product in enumerate(GOODS[:5], 1)]
    assert placed(GOODS, k=5) == plain
    assert placed(GOODS[:5], k=5, explore=2, seed=1) == plain
    assert placed(GOODS[:3], k=5, explore=2, seed=1) == plain[:3]


def test_the_propensity_is_how_often_a_product_stands_there():
    counts = {"p9": (200.0, 60.0), "p4": (500.0, 1.0)}
    seen: Counter[tuple[int, str]] = Counter()
    told: dict[tuple[int, str], float] = {}
    for seed in range(4000):
        shown = placed(GOODS, k=5, explore=2, counts=counts, seed=seed)
        assert [one.product_id for one in shown[:3]] == GOODS[:3]
        assert [one.usual for one in shown] == GOODS[:5]
        assert len({one.product_id for one in shown}) == 5
        seen.update((one.place, one.product_id) for one in shown[3:])
        told |= {(one.place, one.product_id): one.propensity for one in shown[3:]}
    assert all(count / 4000 == pytest.approx(told[key], abs=0.03) for key, count in seen.items())
    assert max(told, key=told.__getitem__)[1] == "p9"  # what was clicked most where places explored
    assert told[4, "p9"] > 5 * told[4, "p4"]
