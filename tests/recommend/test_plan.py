import numpy as np
import scipy.sparse as sp

from recommend.histories import checkerboard, trails
from zhiyin.recommend.plan import Knows, plan


def planned(some, **more):
    return plan(some, **({"task": "top", "budget_s": 60.0, "seed": 0, "threads": 1} | more))


def test_the_same_table_gives_the_same_plan_and_more_seconds_more():
    board = checkerboard()
    assert planned(board) == planned(board)
    assert planned(board, budget_s=60).judged > planned(board, budget_s=15).judged


def test_what_grows_with_the_cube_of_the_items_is_left_out_where_there_are_many():
    assert planned(trails([1, 2], items=1_000)).linear
    assert not planned(trails([1, 2], items=30_000)).linear


def test_the_voices_follow_the_task_and_what_is_known_of_items():
    board = checkerboard()
    about = sp.csr_matrix(np.ones((board.items, 2), np.float32))
    for task, names in (
        ("top", ["items", "customers", "tastes", "linear", "content", "popular"]),
        ("next", ["items", "customers", "tastes", "steps", "near", "lately", "linear", "content", "popular"]),
    ):
        effort = planned(board, task=task)
        tastes = effort.tastes(board, confidence=effort.confidence[0])
        assert list(effort.voices(board, learned={"tastes": tastes}, knows=Knows(about))) == names
        assert list(effort.voices(board, learned={"tastes": tastes}, knows=Knows(), only={"popular"})) == ["popular"]


def test_broad_patterns_are_looked_for_where_items_have_many_customers():
    assert planned(trails(*[[0, 1]] * 100, items=2)).patterns
    assert not planned(trails(*[[0, 1]] * 10, items=2)).patterns


def test_the_network_is_tried_for_the_next_item_with_torch_and_time(monkeypatch):
    board = checkerboard()
    monkeypatch.setattr("zhiyin.recommend.plan.can_learn", lambda: True)
    assert planned(board, task="next", budget_s=600).steps
    assert not planned(board, task="next", budget_s=10).steps
    assert not planned(board, budget_s=600).steps
    monkeypatch.setattr("zhiyin.recommend.plan.can_learn", lambda: False)
    assert not planned(board, task="next", budget_s=600).steps
