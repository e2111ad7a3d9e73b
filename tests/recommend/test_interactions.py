from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recommend.histories import trails
from zhiyin.recommend.interactions import hide_after, hide_last, hide_some, read_interactions, satisfied
from zhiyin.recommend.moments import moments


def table(rows, columns=("customer_id", "item_id")):
    return pd.DataFrame(rows, columns=list(columns))


def test_twice_the_same_is_one_interaction_of_more_weight():
    found = read_interactions(table([("a", "x"), ("a", "x"), ("a", "y")]))
    assert found.trails.item.tolist() == [0, 1]
    np.testing.assert_allclose(found.trails.weight, [np.log2(3), 1])


def test_in_order_every_row_is_a_step():
    found = read_interactions(table([("a", "y"), ("b", "x"), ("a", "x"), ("a", "y")]), ordered=True)
    assert found.items[found.trails.item].tolist() == ["y", "x", "y", "x"]


def test_time_orders_what_rows_do_not():
    rows = [("a", "x", 3), ("a", "y", 1), ("a", "z", 2)]
    found = read_interactions(table(rows, ("customer_id", "item_id", "at")), ordered=True)
    assert found.items[found.trails.item].tolist() == ["y", "z", "x"]


def test_what_was_turned_down_is_no_interaction_and_is_remembered():
    rows = [("a", "x", 1.0), ("a", "x", -3.0), ("a", "y", 1.0), ("b", "x", 1.0), ("b", "z", 0.0)]
    found = read_interactions(table(rows, ("customer_id", "item_id", "weight")))
    assert found.trails.seen().toarray().tolist() == [[0, 1, 0], [1, 0, 0]]
    assert found.disliked.toarray().tolist() == [[-2, 0, 0], [0, 0, 0]]


def test_items_without_interactions_have_their_place():
    assert read_interactions(table([("a", "x")]), more=np.array(["w", "x"])).items.tolist() == ["w", "x"]


def test_the_last_step_is_hidden():
    exam = hide_last(trails([1, 2, 3], [4], [5, 0]), most=10, seed=0)
    assert exam.asked.who.tolist() == [0, 2]
    assert exam.known.item.tolist() == [1, 2, 4, 5]
    assert exam.truth.toarray().argmax(axis=1).tolist() == [3, 0]


def test_a_fifth_is_hidden_the_latest_where_order_is_time():
    whole = trails(list(range(10)), [1], items=10)
    exam = hide_some(whole, most=10, seed=0, by_time=True)
    assert np.flatnonzero(exam.truth.toarray()[0]).tolist() == [8, 9]
    drawn = hide_some(whole, most=10, seed=0, by_time=False)
    assert drawn.truth.nnz == 2
    assert set(drawn.asked.item) | set(drawn.truth.indices) == set(range(10))


def test_of_many_histories_a_third_is_asked_about(monkeypatch):
    monkeypatch.setattr("zhiyin.recommend.interactions._ALL", 3)
    exam = hide_last(trails(*[[1, 2]] * 30), most=100, seed=0)
    assert len(exam.asked) == 10
    assert len(exam.known.item) == 50


def dated(*histories: list[tuple[int, int]], items: int = 10):
    """Histories of (item, day)."""
    some = trails(*[[item for item, _ in one] for one in histories], items=items)
    moment = np.array([day for one in histories for _, day in one])
    return replace(some, moment=moment, now=np.full(len(some), moment.max()))


@pytest.fixture
def two_are_enough(monkeypatch):
    monkeypatch.setattr("zhiyin.recommend.interactions._ENOUGH", 2)
    monkeypatch.setattr("zhiyin.recommend.interactions._TOO_FEW", 2)
    monkeypatch.setattr("zhiyin.recommend.interactions.HIDDEN", 0.5)


GOING_ON = ([(0, 1), (1, 2), (2, 8), (3, 9)], [(4, 3), (5, 9)], [(6, 8), (7, 9)], [(8, 1), (9, 4)], [(0, 2), (1, 5)])


@pytest.mark.usefixtures("two_are_enough")
def test_with_times_what_is_hidden_lies_at_the_end_of_time_and_nobody_knows_of_it():
    whole = dated(*GOING_ON)
    exam = hide_after(whole, most=10, seed=0, only_first=False)
    assert exam.first == 9  # the latest day after which two go on
    assert exam.known.moment.max() < exam.first
    assert exam.asked.who.tolist() == [0, 1, 2]
    assert [row.nonzero()[0].tolist() for row in exam.truth.toarray()] == [[3], [5], [7]]
    assert exam.asked.now.tolist() == [9, 9, 9]


@pytest.mark.usefixtures("two_are_enough")
def test_only_the_next_step_is_asked_for_on_the_day_it_was_taken(monkeypatch):
    monkeypatch.setattr("zhiyin.recommend.interactions._ENOUGH", 3)
    whole = dated([(0, 1), (1, 8), (2, 9)], [(4, 3), (5, 9)], [(6, 8)], [(8, 1), (9, 4)], [(0, 2), (1, 5)], [(2, 1), (3, 8)], [(4, 8)])
    exam = hide_after(whole, most=10, seed=0, only_first=True)
    assert (exam.first, exam.asked.who.tolist()) == (8, [0, 1, 5])  # the third and the last began that day
    assert exam.truth.toarray().argmax(axis=1).tolist() == [1, 5, 3]
    assert exam.truth.nnz == 3
    assert exam.asked.now.tolist() == [8, 9, 8]
    assert 2 not in exam.known.take(np.array([0])).item


def test_where_hardly_anybody_goes_on_the_end_of_time_tells_nothing():
    assert hide_after(dated(*GOING_ON), most=10, seed=0, only_first=False) is None
    assert hide_after(trails([1, 2]), most=10, seed=0, only_first=False) is None


def test_histories_are_asked_for_the_day_on_which_they_go_on():
    assert hide_last(dated([(0, 1), (1, 7)], [(2, 2), (3, 3), (4, 5)]), most=10, seed=0).asked.now.tolist() == [7, 5]


def test_only_what_weighs_as_much_as_usual_is_a_hit():
    whole = trails([0, 1, 2, 3], [4, 5], items=6)
    whole.weight[:] = [1, 1, 3, 0.5, 2, 2]
    exam = hide_some(whole, most=10, seed=0, by_time=True)
    assert exam.truth.nnz == 2
    assert satisfied(exam).truth.toarray().nonzero()[0].tolist() == [1]  # 0.5 is less than the mean of the first, 2 that of the second


def test_lists_are_made_for_the_latest_day_at_the_latest_place_of_each():
    rows = [("a", "x", 1, 5), ("a", "y", 2, 9), ("b", "x", 1, 7)]
    found = read_interactions(
        pd.DataFrame(
            [(who, what, day, moments(np.array(day), place)) for who, what, place, day in rows],
            columns=["customer_id", "item_id", "at", "moment"],
        )
    )
    assert found.trails.now.tolist() == moments(np.array([9, 9]), np.array([2, 1])).tolist()
