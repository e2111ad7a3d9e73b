import numpy as np
import pandas as pd

from recommend.histories import trails
from zhiyin.recommend.interactions import hide_last, hide_some, read_interactions


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
    assert found.disliked.toarray().tolist() == [[1, 0, 0], [0, 0, 0]]


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
