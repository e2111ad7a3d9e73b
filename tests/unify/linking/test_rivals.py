import numpy as np

from zhiyin.unify.linking.rivals import known, mutual, rivals

# Left row 0 is near right rows 0 and 1; left row 1 is near right row 1 only.
PAIRS = np.array([[0, 0], [0, 1], [1, 1]])
SCORE = np.array([0.9, 0.5, 0.8])


def test_a_pair_is_placed_among_the_pairs_of_its_two_rows():
    beside = rivals(PAIRS, SCORE, name="s")
    assert beside["s place>"].tolist() == [0, 1, 0] and beside["s place<"].tolist() == [0, 1, 0]
    assert np.allclose(beside["s margin>"], [0.4, -0.4, 0.8]) and np.allclose(beside["s margin<"], [0.9, -0.3, 0.3])
    assert mutual(PAIRS, SCORE).tolist() == [True, False, True]


def test_equal_scores_share_the_better_place():
    assert mutual(PAIRS, np.array([0.5, 0.5, 0.1])).tolist() == [True, True, False]


def test_a_known_partner_speaks_against_the_others_and_not_against_itself():
    told = known(PAIRS, np.zeros(3), places=np.array([0]), truth=np.array([True]))
    assert told["known partners>"].tolist()[:2] == [0, 1] and np.isnan(told["known partners>"][2])
    assert told["known best>"][1] == 8 and told["known itself"].tolist()[0] == 1


def test_nothing_known_says_nothing():
    told = known(PAIRS, SCORE, places=np.array([], dtype=np.int64), truth=np.array([], dtype=bool))
    assert told[["known itself", "known partners>", "known partners<"]].isna().all(axis=None)
