"""The list now: the list of the day, and what the customer has done since."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.recommend.arrange import Candidate, arrange
from zhiyin.recommend.live import (
    HALF_LIFE,
    ITSELF,
    LATEST,
    LINKED,
    MOST,
    WITHIN,
    Because,
    Link,
    Session,
    Step,
    moved,
    session,
)

NOW = datetime(2026, 11, 22, 12)  # noqa: DTZ001 - naive UTC, as the live rows have it
PRODUCTS = [f"p{n}" for n in range(8)]
DAY = [Candidate(f"p{n}", 0.2 - n / 100) for n in range(4)]


def step(product: str, way: str = "viewed", *, times: int = 1, minutes: float = 0) -> Step:
    return Step(product, way, times, NOW - timedelta(minutes=minutes))  # type: ignore[arg-type]


def now(*steps: Step) -> Session:
    return session(steps, now=NOW)


def order(rows: list[Candidate]) -> list[str]:
    return [row.product_id for row in rows]


def odds(chance: float) -> float:
    return math.log(chance / (1 - chance))


STEPS = st.lists(
    st.builds(
        step,
        st.sampled_from(PRODUCTS),
        st.sampled_from(["viewed", "carted", "removed", "bought"]),
        times=st.integers(1, 9),
        minutes=st.floats(-60, 3000),
    ),
    max_size=12,
)
LINKS = st.lists(
    st.builds(Link, st.sampled_from(PRODUCTS), st.sampled_from(PRODUCTS), st.floats(0.001, 1), st.integers(2, 99)), max_size=30
)
LISTS = st.lists(st.builds(Candidate, st.sampled_from(PRODUCTS), st.floats(0, 1)), max_size=6, unique_by=lambda row: row.product_id).map(
    lambda rows: sorted(rows, key=lambda row: -row.score)
)
OWNS = st.frozensets(st.sampled_from(PRODUCTS), max_size=4)


@given(LISTS, LINKS, OWNS, st.sampled_from(["repeat", "new"]))
def test_without_a_step_the_list_is_unchanged_scores_and_all(rows, links, owns, kind):
    assert moved(rows, links, now=now(), kind=kind, owns=owns) == (rows, {})


@given(LISTS, LINKS, STEPS, OWNS)
def test_what_was_bought_is_never_new_and_what_was_just_bought_is_not_repeated(rows, links, steps, owns):
    done = now(*steps)
    owns = owns | done.bought
    listed = [row for row in rows if row.product_id not in owns]  # of the day: nothing owned is new
    found, _ = moved(listed, links, now=done, kind="new", owns=owns)
    assert owns.isdisjoint(order(found))
    again, _ = moved([row for row in rows if row.product_id in owns], links, now=done, kind="repeat", owns=owns)
    assert done.bought.isdisjoint(order(again))
    assert set(order(again)) <= owns


@given(LISTS, LINKS, STEPS, OWNS, st.randoms())
def test_the_order_of_what_is_told_does_not_matter_and_ranks_are_1_to_n(rows, links, steps, owns, chance):
    links = list({(link.product_id, link.other_id): link for link in links}.values())
    first = moved(rows, links, now=now(*steps), kind="new", owns=owns)
    chance.shuffle(steps)
    chance.shuffle(links)
    again = moved(rows, links, now=now(*steps), kind="new", owns=owns)
    assert order(first[0]) == order(again[0])
    assert [row.score for row in first[0]] == pytest.approx([row.score for row in again[0]])
    scores = [row.score for row in first[0]]
    assert scores == sorted(scores, reverse=True)
    placed = arrange(first[0], {}, kind="new", k=10)
    assert [one.rank for one in placed] == list(range(1, len(placed) + 1))


def test_a_look_lifts_the_product_and_what_goes_with_it_and_says_why():
    links = [Link("p7", "p3", 0.4, 12), Link("p7", "p9", 0.03, 3), Link("p0", "p2", 0.9, 50)]
    found, because = moved(DAY, links, now=now(step("p7", minutes=5)), kind="new", owns=())
    assert order(found) == ["p7", "p3", "p0", "p9", "p1", "p2"]
    assert because == {
        "p7": Because("p7", "viewed", True),
        "p3": Because("p7", "viewed", True, 12),
        "p9": Because("p7", "viewed", True, 3),
    }
    loud = 0.5 * 0.5 ** (timedelta(minutes=5) / HALF_LIFE)
    score = {row.product_id: odds(row.score) for row in found}
    assert score["p7"] == pytest.approx(odds(0.17) + ITSELF * loud)  # not on the list: at most as likely as its last
    assert score["p3"] == pytest.approx(odds(0.17) + LINKED * 0.4 * loud)
    assert score["p0"] == pytest.approx(odds(0.2))


def test_a_product_that_only_keeps_its_place_keeps_its_reason():
    found, because = moved(DAY, [Link("p7", "p0", 0.2, 5)], now=now(step("p7", "carted", minutes=600)), kind="new", owns=["p7"])
    assert order(found) == ["p0", "p1", "p2", "p3"]
    assert because == {}


def test_what_was_bought_before_and_not_listed_starts_below_the_list():
    found, _ = moved(DAY, [], now=now(step("p9")), kind="repeat", owns=["p9"])
    assert odds(found[0].score) == pytest.approx(odds(0.17) - 1 + ITSELF * 0.5)
    assert moved(DAY, [], now=now(step("p9")), kind="new", owns=["p9"]) == (DAY, {})


def test_a_later_step_and_a_cart_say_more():
    late, early = now(step("a", minutes=1)).loud["a"], now(step("a", minutes=240)).loud["a"]
    assert late > early == pytest.approx(0.25)
    assert now(step("a", "carted")).loud["a"] == 1 == 2 * now(step("a")).loud["a"]
    assert now(step("a", times=3)).loud["a"] == 1
    assert now(step("a", minutes=-30)).loud["a"] == 0.5  # a clock that runs ahead


def test_what_was_taken_out_of_the_cart_was_only_looked_at():
    added, removed = step("a", "carted", minutes=30), step("a", "removed", minutes=10)
    assert now(added, removed).ways["a"] == ("viewed", True)
    assert now(added, removed).loud["a"] == now(step("a", minutes=30)).loud["a"]
    assert now(step("a", "removed", minutes=30), step("a", "carted", minutes=10)).ways["a"] == ("carted", True)
    assert now(removed).loud == {}


def test_what_was_done_a_day_ago_is_for_the_list_of_the_day():
    assert now(step("a", "bought", minutes=WITHIN.total_seconds() / 60)) == Session()
    assert now(step("a", minutes=61)).ways["a"] == ("viewed", False)
    assert now(step("", minutes=1)) == Session()


def test_only_the_latest_products_are_heard_and_a_list_has_an_end():
    done = now(*(step(f"q{n:02}", minutes=n) for n in range(LATEST + 5)))
    assert sorted(done.loud) == [f"q{n:02}" for n in range(LATEST)]
    links = [Link("q00", f"r{n}", 0.5, 2) for n in range(MOST + 5)]
    assert len(moved([], links, now=done, kind="new", owns=())[0]) == MOST


def test_somebody_without_a_list_gets_one_from_the_steps():
    found, because = moved([], [Link("p1", "p2", 0.3, 4)], now=now(step("p1", "carted")), kind="new", owns=())
    assert order(found) == ["p1", "p2"]
    assert set(because) == {"p1", "p2"}
