import numpy as np

from recommend.conftest import checkerboard, day, shop
from zhiyin.recommend.factors import TasteFactors


def fitted(found, seed=1):
    return TasteFactors(found, day(84), candidates=np.arange(len(found.items), dtype=np.int32), seed=seed, threads=1)


def test_the_left_out_item_of_the_own_colour_fits_best():
    board = shop(checkerboard())
    customers = np.arange(8, dtype=np.int32)
    score = np.where(board.bought()[customers].toarray() > 0, -np.inf, fitted(board).score(customers))
    for customer, best in zip(customers, score.argmax(axis=1), strict=True):
        number = int(board.customers[customer][1:])
        assert int(board.items[best][1:]) == number // 2 % 6 * 2 + number % 2


def test_the_same_seed_gives_the_same_factors():
    board = shop(checkerboard())
    some = np.arange(3, dtype=np.int32)
    assert np.array_equal(fitted(board).score(some), fitted(board).score(some))
    assert not np.array_equal(fitted(board).score(some), fitted(board, seed=2).score(some))


def test_items_too_rare_to_tell_get_zero():
    rare = shop([("a", "tea", 0), ("b", "rice", 0)])
    assert fitted(rare).score(np.array([0, 1])).tolist() == [[0, 0], [0, 0]]
