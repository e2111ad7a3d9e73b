from dataclasses import replace

import numpy as np

from recommend.histories import trails
from zhiyin.recommend.voices.popular import Popular, Trend


def test_counts_by_hand():
    some = trails([0, 1], [1], items=3)
    np.testing.assert_allclose(Popular(some).counts, [1, 2, 0])
    np.testing.assert_allclose(Popular(some, lately=True).counts, [2**-0.5, 2, 0], rtol=1e-6)
    assert Popular(some).score(trails([], items=3)).best(2).item.tolist() == [1, 0]


def test_what_was_taken_these_weeks_counts_more_than_what_once_was():
    some = replace(trails([0, 0, 0], [1], items=3), moment=np.array([0, 0, 0, 28]), now=np.array([28, 28]))
    voice = Trend(some, half_life=14)
    np.testing.assert_allclose(voice.counts, [3 / 4, 1, 0])
    assert voice.score(some).best(1).item.tolist() == [1, 1]
