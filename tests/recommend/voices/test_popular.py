import numpy as np

from recommend.histories import trails
from zhiyin.recommend.voices.popular import Popular


def test_counts_by_hand():
    some = trails([0, 1], [1], items=3)
    np.testing.assert_allclose(Popular(some).counts, [1, 2, 0])
    np.testing.assert_allclose(Popular(some, lately=True).counts, [2**-0.5, 2, 0], rtol=1e-6)
    assert Popular(some).score(trails([], items=3)).best(2).item.tolist() == [1, 0]
