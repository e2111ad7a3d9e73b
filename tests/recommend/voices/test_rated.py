"""Four customers rate five items; every likeness and every score was computed by hand.

|    | A | B | C | D | E | mean | less the mean            |
|----|---|---|---|---|---|------|--------------------------|
| c0 | 5 | 3 | 4 |   |   | 4    | A +1, B -1, C 0          |
| c1 | 4 | 2 | 3 | 5 | 1 | 3    | A +1, B -1, C 0, D +2, E -2 |
| c2 | 1 | 3 |   | 2 |   | 2    | A -1, B +1, D 0          |
| c3 |   | 2 | 4 |   | 3 | 3    | B -1, C +1, E 0          |

Items, over the customers who rated both:
A and B (c0, c1, c2): (-1 - 1 - 1) / (root 3 x root 3) = -1.      A and D (c1, c2): (2 + 0) / (root 2 x 2) = .7071.
A and E (c1): -2 / (1 x 2) = -1.                                  B and C (c0, c1, c3): -1 / (root 3 x 1) = -.5774.
B and D (c1, c2): -2 / (root 2 x 2) = -.7071.                     B and E (c1, c3): 2 / (root 2 x 2) = .7071.
D and E (c1): -4 / (2 x 2) = -1.                                  A and C, C and D, C and E: 0, for nobody differs in both.

Customers, over the items that both rated:
c0 and c1 (A, B, C): (1 + 1 + 0) / (root 2 x root 2) = 1.         c0 and c2 (A, B): (-1 - 1) / (root 2 x root 2) = -1.
c0 and c3 (B, C): (1 + 0) / (1 x root 2) = .7071.
"""

import numpy as np
import pytest
import scipy.sparse as sp

from recommend.histories import trails
from zhiyin.recommend.voices.rated import AlikeRaters, Liked, RatedItems, centred, in_common, opinions

A, B, C, D, E = range(5)
RATED = [{A: 5, B: 3, C: 4}, {A: 4, B: 2, C: 3, D: 5, E: 1}, {A: 1, B: 3, D: 2}, {B: 2, C: 4, E: 3}]
HALF = 1 / np.sqrt(2)


def rated():
    histories = trails(*[list(one) for one in RATED], items=5)
    told = np.array([value for one in RATED for value in one.values()], np.float32)
    histories.weight[:] = np.log2(1 + told)
    return histories


GIVEN = opinions(rated())


def test_weights_come_back_as_they_were_told():
    assert GIVEN.toarray()[0].tolist() == pytest.approx([5, 3, 4, 0, 0])


def test_ratings_are_told_from_the_mean_of_their_customer():
    assert centred(GIVEN).toarray()[1].tolist() == pytest.approx([1, -1, 0, 2, -2])


def test_a_customer_without_ratings_has_none():
    given = sp.vstack([GIVEN[:1], sp.csr_matrix((1, 5)), GIVEN[1:2], sp.csr_matrix((1, 5))]).tocsr()
    assert centred(given).toarray()[[0, 2]].tolist() == pytest.approx(centred(GIVEN).toarray()[:2])
    assert not centred(given).toarray()[[1, 3]].any()


def test_likeness_of_items_by_hand():
    expected = np.zeros((5, 5))
    pairs = {(A, B): -1, (A, D): HALF, (A, E): -1, (B, C): -1 / np.sqrt(3), (B, D): -HALF, (B, E): HALF, (D, E): -1}
    for (left, right), value in pairs.items():
        expected[left, right] = expected[right, left] = value
    np.testing.assert_allclose(RatedItems(GIVEN, shrink=0).links.toarray(), expected, atol=1e-6)


def test_likeness_of_customers_by_hand():
    voice = AlikeRaters(GIVEN, np.arange(4), shrink=0)
    np.testing.assert_allclose(voice.alike(rated().take(np.array([0]))).toarray()[0], [0, 1, -1, HALF], atol=1e-6)


def test_scores_by_hand():
    first = rated().take(np.array([0]))
    # From items: D is .7071 x 1 (like A) + -.7071 x -1 (unlike B); E is -1 x 1 + .7071 x -1.
    by_items = RatedItems(GIVEN, shrink=0).score(first)
    np.testing.assert_allclose(by_items.at(np.zeros(2, np.int32), np.array([D, E])), [2 * HALF, -1 - HALF], atol=1e-6)
    # From customers: D is 1 x 2 (c1) + -1 x 0 (c2); E is 1 x -2 (c1) + .7071 x 0 (c3).
    by_customers = AlikeRaters(GIVEN, np.arange(4), shrink=0).score(first)
    np.testing.assert_allclose(by_customers.at(np.zeros(2, np.int32), np.array([D, E])), [2, -2], atol=1e-6)


def test_few_common_ratings_count_less():
    plain, shrunk = (in_common(centred(GIVEN), centred(GIVEN), shrink=shrink).toarray() for shrink in (0, 3))
    assert shrunk[0, 1] == pytest.approx(plain[0, 1] * 3 / 6)  # three in common
    assert shrunk[0, 2] == pytest.approx(plain[0, 2] * 2 / 5)


def test_how_satisfied_people_are_by_hand():
    voice = Liked(GIVEN)
    # A: (1 + 1 - 1) of three, D: (2 + 0) of two; five of the usual satisfaction are added.
    np.testing.assert_allclose(voice.satisfied[[A, D]], [1 / 8, 2 / 7], rtol=1e-6)
    assert voice.score(rated()).best(1).item.tolist() == [D] * 4


def test_what_was_turned_down_is_an_opinion_too():
    disliked = sp.csr_matrix(([-3.0], ([0], [E])), shape=(4, 5))
    assert opinions(rated().take(np.array([0])), disliked).toarray()[0].tolist() == pytest.approx([5, 3, 4, 0, -3])
    stranger = trails([A], items=5, strangers=True)
    assert opinions(stranger, disliked).toarray()[0].tolist() == pytest.approx([1, 0, 0, 0, 0])


def test_what_was_taken_several_times_counts_by_its_mean():
    again = trails([A, A, B], items=2)
    again.weight[:] = np.log2([1 + 4, 1 + 2, 1 + 1])
    assert opinions(again).toarray()[0].tolist() == pytest.approx([3, 1])


def test_items_in_pieces_are_those_in_one(monkeypatch):
    whole = RatedItems(GIVEN).links.toarray()
    monkeypatch.setattr("zhiyin.recommend.voices.rated._CELLS", 11)
    np.testing.assert_allclose(RatedItems(GIVEN).links.toarray(), whole)
