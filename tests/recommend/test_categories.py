import numpy as np
import pytest

from recommend.conftest import day, shop
from zhiyin.recommend.categories import CategoryTaste, ease


def test_ease_by_hand():
    # inverse of [[3, 1], [1, 3]] is [[3, -1], [-1, 3]] / 8; weight = 1/8 over 3/8
    found = ease(np.array([[2.0, 1.0], [1.0, 2.0]], dtype=np.float32), ridge=1.0)
    np.testing.assert_allclose(found, [[0, 1 / 3], [1 / 3, 0]], rtol=1e-5)


def test_who_buys_pasta_leans_to_sauce():
    pasta = [(f"p{number}", item, 1) for number in range(30) for item in ("pasta", "sauce")]
    nails = [(f"n{number}", item, 1) for number in range(30) for item in ("nails", "hammer")]
    rows = [*pasta, *nails, ("asked", "pasta", 1)]
    found = shop(rows, category=[f"of {item}" for _, item, _ in rows])
    liked = CategoryTaste(found, day(2), candidates=np.arange(4, dtype=np.int32))
    score = dict(zip(found.items, liked.score(np.flatnonzero(found.customers == "asked"))[0], strict=True))
    assert score["sauce"] > score["hammer"]
    assert score["sauce"] > 0 > score["hammer"]


def test_unknown_categories_say_nothing():
    found = shop([("a", "tea", 0), ("b", "tea", 0)])
    liked = CategoryTaste(found, day(1), candidates=np.array([0], np.int32))
    assert liked.score(np.array([0, 1])).tolist() == [[0.0], [0.0]]


def test_an_item_of_a_rare_category_gets_zero():
    rows = [(f"c{number}", "tea", 0) for number in range(25)] + [("c1", "salt", 0)]
    found = shop(rows, category=[f"of {item}" for _, item, _ in rows])
    score = CategoryTaste(found, day(1), candidates=np.arange(2, dtype=np.int32)).score(np.array([1]))
    assert score[0, list(found.items).index("salt")] == pytest.approx(0)
