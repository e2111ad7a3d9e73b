import numpy as np
import pytest
import scipy.sparse as sp

from zhiyin.recommend.scores import Block, Few, LowRank, Same, strongest

DENSE = np.array([[0.0, 3.0, 1.0, 2.0], [5.0, 0.0, 0.0, 4.0]], np.float32)
SHAPES = {
    "few": Few(sp.csr_matrix(DENSE)),
    "block": Block(DENSE),
    "low rank": LowRank(DENSE, np.eye(4, dtype=np.float32), np.eye(4, dtype=np.float32)),
}
WITHOUT = sp.csr_matrix(np.array([[0, 1, 0, 0], [0, 0, 0, 0]], np.float32))


@pytest.mark.parametrize("scores", SHAPES.values(), ids=SHAPES)
def test_every_shape_gives_the_same_best(scores):
    found = scores.best(2, without=WITHOUT)
    assert list(zip(found.row.tolist(), found.item.tolist(), found.score.tolist(), strict=True)) == [
        (0, 3, 2),
        (0, 2, 1),
        (1, 0, 5),
        (1, 3, 4),
    ]
    assert scores.at(np.array([0, 1]), np.array([1, 3])).tolist() == [3, 4]


def test_more_places_than_items_give_what_there_is():
    assert SHAPES["block"].best(9).item.tolist() == [1, 3, 2, 0, 0, 3, 1, 2]
    assert SHAPES["few"].best(9).item.tolist() == [1, 3, 2, 0, 3]


def test_the_same_for_all_leaves_out_what_each_must_not_get():
    found = Same(np.array([1.0, 9.0, 5.0, 7.0], np.float32), np.array([1, 3, 2, 0]), 2).best(2, without=WITHOUT)
    assert list(zip(found.row.tolist(), found.item.tolist(), strict=True)) == [(0, 3), (0, 2), (1, 1), (1, 3)]


def test_strongest_keeps_the_largest_of_each_row():
    kept = strongest(sp.csr_matrix(DENSE), 2).toarray()
    assert kept.tolist() == [[0, 3, 0, 2], [5, 0, 0, 4]]


def test_pairs_are_multiplied_piece_by_piece(monkeypatch):
    monkeypatch.setattr("zhiyin.recommend.scores._PIECE", 1)
    assert SHAPES["low rank"].at(np.array([0, 1, 1]), np.array([3, 0, 1])).tolist() == [2, 5, 0]
