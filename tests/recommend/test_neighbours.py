import numpy as np
import pytest
import scipy.sparse as sp

from recommend.conftest import checkerboard, day, shop
from zhiyin.recommend.neighbours import SimilarCustomers, SimilarItems, cosine, nearest, standardised, taste, well_known

AT = 84


@pytest.fixture
def board():
    return shop(checkerboard())


def everything(found):
    return np.arange(len(found.items), dtype=np.int32)


def test_cosine_by_hand():
    bought = sp.csr_matrix(np.array([[1, 1, 0], [1, 0, 0], [0, 1, 2], [0, 1, 0]], dtype=np.float32))
    # columns: (1,1,0,0) length sqrt 2, (1,0,1,1) length sqrt 3, (0,0,2,0) length 2
    expected = [[1, 1 / np.sqrt(6), 0], [1 / np.sqrt(6), 1, 2 / (2 * np.sqrt(3))], [0, 2 / (2 * np.sqrt(3)), 1]]
    np.testing.assert_allclose(cosine(bought, bought), expected, rtol=1e-6)


def test_cosine_shrinks_by_what_is_added_to_the_norms():
    one = sp.csr_matrix(np.array([[1.0], [1.0]], dtype=np.float32))
    assert cosine(one, one, shrink=2.0)[0, 0] == pytest.approx(2 / (2 + 2))


def test_cosine_of_what_nobody_bought_is_zero():
    none = sp.csr_matrix((3, 1), dtype=np.float32)
    assert cosine(none, none).tolist() == [[0.0]]


def test_standardised_by_hand_and_a_constant_row_is_zero():
    # mean 2, deviation sqrt(2/3)
    found = standardised(np.array([[1, 2, 3], [5, 5, 5]], dtype=np.float32))
    np.testing.assert_allclose(found, [[-np.sqrt(1.5), 0, np.sqrt(1.5)], [0, 0, 0]], rtol=1e-6)


def test_nearest_keeps_the_largest():
    assert nearest(np.array([[0.1, 0.3, 0.2]], dtype=np.float32), 2)[0].tolist() == pytest.approx([0, 0.3, 0.2])
    assert nearest(np.array([[0.1]], dtype=np.float32), 2).tolist() == [[pytest.approx(0.1)]]


def test_taste_grows_with_how_often_and_fades_with_age():
    found = shop([("a", "rice", 0), ("a", "tea", 89), ("b", "tea", 89), ("b", "tea", 88)])
    liked = taste(found, day(90)).toarray()
    assert liked[0, 0] == pytest.approx(np.log1p(4 * 0.5))
    assert liked[1, 1] > liked[0, 1] > liked[0, 0]


def test_well_known_items_have_five_buyers():
    rows = [(f"c{number}", "tea", 0) for number in range(5)] + [(f"c{number}", "rice", 0) for number in range(4)]
    found = shop(rows)
    assert found.items[well_known(found.bought())].tolist() == ["tea"]


def test_bought_x_so_y_of_the_same_colour(board):
    items = SimilarItems(board, day(AT), candidates=everything(board))
    for customer, name in enumerate(board.customers[:6]):
        score = np.where(board.bought()[customer].toarray()[0] > 0, -np.inf, items.score(np.array([customer]))[0])
        best = int(board.items[int(np.argmax(score))][1:])
        assert best % 2 == int(name[1:]) % 2
        assert best // 2 == int(name[1:]) // 2 % 6  # the one that was left out


def test_an_item_does_not_speak_for_itself(board):
    items = SimilarItems(board, day(AT), candidates=everything(board))
    assert items.links.diagonal().tolist() == [0] * len(board.items)


def test_what_goes_with_an_item_has_its_colour_and_names_what_was_bought(board):
    items = SimilarItems(board, day(AT), candidates=everything(board))
    others, alike = items.goes_with(0, 3)
    assert [int(board.items[other][1:]) % 2 for other in others] == [0, 0, 0]
    assert list(alike) == sorted(alike, reverse=True)
    because = items.because(np.array([0, 0], np.int32), np.array([0, 1], np.int32))
    assert int(board.items[because[0]][1:]) % 2 == 0
    assert because[1] == -1  # nothing of the other colour was bought


def test_similar_customers_buy_the_same_colour(board):
    customers = SimilarCustomers(board, day(AT), candidates=everything(board), days=AT)
    alike = customers.alike(np.array([0], np.int32)).toarray()[0]
    colour = np.array([int(board.customers[peer][1:]) % 2 for peer in customers.peers])
    assert alike[colour == 0].sum() > 0
    assert alike[colour == 1].sum() == 0
    assert alike[np.flatnonzero(customers.peers == 0)] == 0  # oneself
    score = customers.score(np.array([0], np.int32))[0]
    assert score[1::2].max() == 0 < score[0::2].min()


def test_the_sentence_about_peers_counts_them(board):
    customers = SimilarCustomers(board, day(AT), candidates=everything(board), days=AT)
    peers, buyers = customers.count(np.array([0, 0], np.int32), np.array([0, 1], np.int32))
    # 19 other even customers; the item left out for c000 is left out for c012, c024 and c036 too
    assert (peers.tolist(), buyers.tolist()) == ([19, 19], [16, 0])
