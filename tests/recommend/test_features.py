import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.features import candidates, feature_names, taken
from zhiyin.recommend.scores import Block, Few

SAID = {
    "loud": Block(np.array([[4.0, 2.0, 0.0]], np.float32)),
    "quiet": Few(sp.csr_matrix(np.array([[0.0, 0.0, 1.0]], np.float32))),
}


def found(**more):
    return candidates(SAID, np.array([3]), without=sp.csr_matrix((1, 3), dtype=np.float32), **more)


def test_each_voice_proposes_its_best_and_all_voices_speak_of_each():
    some = found(proposed=1)
    assert some.item.tolist() == [0, 2]
    assert some.said.shape == (2, len(feature_names(SAID)))


def test_what_is_said_by_hand():
    some = found(proposed=2)
    table = dict(zip(feature_names(SAID), some.said.T.tolist(), strict=True))
    # "loud" proposes 4 and 2: mean 3, deviation 1; places 1 and 2 of it count 1 / 5 and 1 / 6.
    assert table["loud_high"] == [1, -1, -3]
    np.testing.assert_allclose(table["loud_place"], [1 / 5, 1 / 6, 0], rtol=1e-6)
    np.testing.assert_allclose(table["quiet_place"], [0, 0, 1 / 5], rtol=1e-6)
    np.testing.assert_allclose(table["length"], np.log1p(3), rtol=1e-6)


def test_what_must_not_be_offered_is_no_candidate():
    without = sp.csr_matrix(np.array([[1, 0, 0]], np.float32))
    assert candidates(SAID, np.array([3]), without=without).item.tolist() == [1, 2]


def test_taken_looks_up_each_candidate():
    assert taken(found(proposed=2), sp.csr_matrix(np.array([[0, 1, 0]], np.float32))).tolist() == [False, True, False]
    assert taken(found(proposed=2).only(np.array([False, True, False])), sp.csr_matrix(np.array([[0, 1, 0]], np.float32))).tolist() == [
        True
    ]
