import numpy as np

from recommend.histories import checkerboard
from zhiyin.recommend.voices.tastes import learn_tastes


def test_folding_in_solves_the_least_squares_of_the_article():
    board = checkerboard()
    voice = learn_tastes(board, factors=3, confidence=(5.0, 2.0))
    history = board.take(np.array([0])).then(np.array([1]))
    preferred = history.seen().toarray()[0]
    confidence = np.where(preferred > 0, 5.0, 1.0)
    items = voice.items
    exact = np.linalg.solve(items.T @ (confidence[:, None] * items) + 2 * np.eye(3), items.T @ (confidence * preferred))
    np.testing.assert_allclose(voice.score(history).rows[0], exact, rtol=1e-4)


def test_a_customer_whose_history_is_unchanged_has_the_learned_taste():
    board = checkerboard()
    voice = learn_tastes(board, factors=3, confidence=(5.0, 2.0))
    np.testing.assert_array_equal(voice.score(board.take(np.array([4]))).rows[0], voice.customers[4])
