import numpy as np

from recommend.histories import trails
from zhiyin.recommend.voices.steps import Steps


def test_the_step_is_counted_forward_and_near_ones_most():
    voice = Steps(trails([0, 1, 2], items=3), window=2, near=0.5, back=0.0, fade=1.0)
    links = voice.links.toarray()
    assert links[0, 1] > links[0, 2] > 0
    assert links[1, 0] == links[2, 0] == 0


def test_by_hand():
    voice = Steps(trails([0, 1], [0, 1], [0, 2], items=3), window=1, near=1.0, back=0.0, fade=1.0)
    # Three steps leave 0, two to 1, which was taken twice, one to 2, which was taken once.
    np.testing.assert_allclose(voice.links.toarray()[0], [0, 2 / np.sqrt(3) / 2**0.3, 1 / np.sqrt(3)], rtol=1e-5)


def test_the_latest_step_says_most():
    voice = Steps(trails([0, 1], [2, 3], items=5), window=1, near=1.0, back=0.0, fade=0.5)
    found = voice.score(trails([0, 2], items=5, strangers=True)).best(2)
    assert found.item.tolist() == [3, 1]


def test_histories_of_one_step_lead_nowhere():
    assert Steps(trails([0], [1], items=3), window=3, near=0.5, back=0.5, fade=0.5).links.nnz == 0
