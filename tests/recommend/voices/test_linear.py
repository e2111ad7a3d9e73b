import numpy as np

from recommend.histories import checkerboard
from zhiyin.recommend.voices.linear import Spectrum


def test_the_patterns_are_those_of_an_exact_decomposition():
    board = checkerboard()
    voice = Spectrum(board, factors=3)
    seen = board.seen().toarray()
    normal = seen / np.sqrt(seen.sum(axis=1, keepdims=True)) / np.sqrt(seen.sum(axis=0))
    exact = np.linalg.svd(normal)[2][:2].T
    # The first two patterns are the colours: the same plane, whatever its axes.
    np.testing.assert_allclose(voice.patterns[:, :2] @ voice.patterns[:, :2].T, exact @ exact.T, atol=1e-4)
