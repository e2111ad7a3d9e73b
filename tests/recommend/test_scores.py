import numpy as np
import pytest
import scipy.sparse as sp

from zhiyin.recommend.scores import Block, Few, LowRank, Points, Same, strongest

DENSE = np.array([[0.0, 3.0, 1.0, 2.0], [5.0, 0.0, 0.0, 4.0]], np.float32)
SHAPES = {
    "few": Few(sp.csr_matrix(DENSE)),
    "block": Block(DENSE),
    "low rank": LowRank(DENSE, Points(np.eye(4, dtype=np.float32))),
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


@pytest.mark.parametrize("spread", [0.0, 1.0], ids=["alike in length", "long and short"])
@pytest.mark.parametrize("k", [1, 7, 500])
def test_among_many_items_one_row_gets_exactly_what_looking_at_all_would_give(monkeypatch, spread, k):
    draw = np.random.default_rng(1)
    points = Points((draw.normal(size=(300, 8)) * np.exp(spread * draw.normal(size=(300, 1)))).astype(np.float32))
    rows = np.r_[draw.normal(size=(5, 8)), np.zeros((1, 8))].astype(np.float32)
    without = sp.random(6, 300, 0.3, format="csr", random_state=2, dtype=np.float32)
    whole = [LowRank(rows[[row]], points).best(k, without=without[row]) for row in range(6)]
    monkeypatch.setattr("zhiyin.recommend.scores.MANY", 10)
    monkeypatch.setattr("zhiyin.recommend.scores._FIRST_LOOK", 4)
    for row in range(6):
        found = LowRank(rows[[row]], points).best(k, without=without[row])
        if rows[row].any():  # else all are equal, and it is left open which come
            assert found.item.tolist() == whole[row].item.tolist()
        np.testing.assert_allclose(found.score, whole[row].score, rtol=1e-5, atol=1e-6)
    assert len(LowRank(rows[:1], points).best(k).item) == min(k, 300)


def test_many_rows_are_answered_piece_by_piece(monkeypatch):
    draw = np.random.default_rng(1)
    rows, points = draw.normal(size=(5, 3)).astype(np.float32), Points(draw.normal(size=(7, 3)).astype(np.float32))
    without = sp.random(5, 7, 0.3, format="csr", random_state=2, dtype=np.float32)
    whole = LowRank(rows, points).best(4, without=without)
    monkeypatch.setattr("zhiyin.recommend.scores._CELLS", 15)
    for one, other in zip(LowRank(rows, points).best(4, without=without), whole, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)
    assert len(LowRank(rows[:0], points).best(4).item) == 0
