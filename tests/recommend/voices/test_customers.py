import numpy as np

from recommend.histories import trails
from zhiyin.recommend.voices.customers import SHARP, SimilarCustomers


def test_the_nearest_vote_and_nobody_votes_for_himself():
    voice = SimilarCustomers(trails([0, 1], [0, 1, 2], [3, 4], items=5))
    alike = voice.alike(trails([0, 1], items=5)).toarray()[0]
    assert alike[0] == alike[2] == 0
    assert alike[1] > 0


def test_likeness_by_hand():
    voice = SimilarCustomers(trails([0, 1], [0, 2], [3], items=4))
    stranger = trails([0], items=4, strangers=True)
    rarity = np.log(3 / np.array([2, 1, 1, 1]))
    first = rarity[0] ** 2 / np.sqrt(rarity[0] ** 2 + rarity[1] ** 2)
    np.testing.assert_allclose(voice.alike(stranger).toarray()[0], [first**SHARP, first**SHARP, 0], rtol=1e-5)


def test_peers_are_those_with_the_longest_histories(monkeypatch):
    monkeypatch.setattr("zhiyin.recommend.voices.customers.MOST_PEERS", 2)
    assert SimilarCustomers(trails([0], [0, 1, 2], [3, 4], items=5)).who.tolist() == [1, 2]
