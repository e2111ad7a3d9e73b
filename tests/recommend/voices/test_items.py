import numpy as np

from recommend.histories import trails
from zhiyin.recommend.voices.items import SHRINK, SimilarItems


def test_likeness_by_hand():
    # 0 and 1 share two of their customers, who took two items each: each counts 1 / log(4).
    found = SimilarItems(trails([0, 1], [0, 1], [2], items=3)).links.toarray()
    quiet = 1 / np.log1p(3)
    assert np.isclose(found[0, 1], 2 * quiet / (2 + SHRINK))
    assert found[0, 2] == found[0, 0] == 0


def test_because_names_the_item_that_speaks_loudest():
    voice = SimilarItems(trails([0, 1], [0, 1], [2, 1], items=4))
    asked = trails([0, 2], [3], items=4, strangers=True)
    assert voice.because(asked, np.array([1, 1])).tolist() == [0, -1]
