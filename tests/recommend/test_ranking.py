import numpy as np
import pytest
import scipy.sparse as sp

from recommend.conftest import day, shop
from zhiyin.recommend.ranking import (
    average,
    best,
    bought_again,
    bought_new,
    halves,
    judged,
    learners,
    ndcg_at,
    places,
    recall_at,
    top_lists,
)

SHOP = shop([("a", "tea", 0), ("a", "tea", 10), ("a", "rice", 11), ("b", "tea", 12), ("b", "salt", 50)])


def named(truth):
    return [(SHOP.customers[row], SHOP.items[column]) for row, column in zip(*truth.nonzero(), strict=True)]


def test_again_and_new_split_what_was_bought():
    assert named(bought_again(SHOP, day(10), horizon=28)) == [("a", "tea")]
    assert named(bought_new(SHOP, day(10), horizon=28)) == [("a", "rice"), ("b", "tea")]


def test_places_within_groups_and_ties_in_the_order_given():
    assert places(np.array([1, 0, 1, 0, 1]), np.array([0.5, 0.1, 0.9, 0.7, 0.5])).tolist() == [1, 1, 0, 0, 2]
    assert places(np.zeros(0, int), np.zeros(0)).tolist() == []


def test_top_lists_are_filled_with_minus_one():
    found = top_lists(np.array([0, 0, 2]), np.array([7, 8, 9]), score=np.array([0.1, 0.2, 0.3]), count=3, k=2)
    assert found.tolist() == [[8, 7], [-1, -1], [9, -1]]


def test_best_ranks_rows_and_leaves_out_what_is_barred():
    scores = np.array([[0.1, 0.9, -np.inf, 0.5], [-np.inf, -np.inf, 0.3, -np.inf]])
    assert best(scores, 3).tolist() == [[1, 3, 0], [2, -1, -1]]
    assert best(scores, 9).tolist() == [[1, 3, 0, -1], [2, -1, -1, -1]]


def test_recall_and_ndcg_by_hand():
    truth = sp.csr_matrix(np.array([[1, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]]))
    lists = np.array([[0, 2], [3, -1], [0, 1]])
    assert recall_at(lists, truth)[:2].tolist() == [0.5, 1.0]
    # the first of two places hit, two possible: 1 / (1 + 1 / log2(3))
    assert ndcg_at(lists, truth)[:2].tolist() == pytest.approx([1 / (1 + 1 / np.log2(3)), 1.0])
    assert np.isnan(recall_at(lists, truth)[2])
    assert np.isnan(ndcg_at(lists, truth)[2])


def test_recall_divides_by_what_the_list_can_hold():
    truth = sp.csr_matrix(np.ones((1, 5)))
    assert recall_at(np.array([[0, 1]]), truth).tolist() == [1.0]


def test_average_leaves_out_who_wanted_nothing():
    score = average(np.array([1.0, 0.0, np.nan]), seed=1)
    assert (score.value, score.n) == (0.5, 2)
    assert score.interval.low <= 0.5 <= score.interval.high
    assert average(np.array([np.nan]), seed=1).n == 0


def test_judged_names_metric_and_variant():
    truth = sp.csr_matrix(np.array([[1, 0]]))
    scores = judged({"good": np.array([[0]]), "bad": np.array([[1]])}, truth, seed=1)
    assert {name: score.value for name, score in scores.items()} == {
        ("recall@10", "good"): 1.0,
        ("recall@10", "bad"): 0.0,
        ("ndcg@10", "good"): 1.0,
        ("ndcg@10", "bad"): 0.0,
    }


def test_halves_and_learners_are_drawn_by_the_seed():
    assert halves(10, seed=1).sum() == 5
    assert halves(10, seed=1).tolist() == halves(10, seed=1).tolist() != halves(10, seed=2).tolist()
    some = learners(np.arange(100), seed=1, most=10)
    assert len(set(some.tolist())) == 10
    assert some.tolist() == sorted(some.tolist())
    assert learners(np.arange(5), seed=1, most=10).tolist() == [0, 1, 2, 3, 4]
