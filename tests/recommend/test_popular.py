from recommend.conftest import day, shop
from zhiyin.recommend.popular import buyers, candidates, newcomers

SHOP = [("a", "tea", 0), ("a", "tea", 30), ("b", "tea", 31), ("b", "rice", 32), ("c", "salt", 1), ("c", "tea", 60)]


def test_buyers_counts_customers_in_the_window_once():
    found = shop([*SHOP, ("b", "tea", 33)])
    assert dict(zip(found.items, buyers(found, day(40)), strict=True)) == {"rice": 1, "salt": 0, "tea": 2}


def test_newcomers_leaves_out_who_bought_it_before():
    found = shop(SHOP)
    assert dict(zip(found.items, newcomers(found, day(40)), strict=True)) == {"rice": 1, "salt": 0, "tea": 1}


def test_candidates_are_the_popular_first_and_never_what_nobody_bought_lately():
    found = shop(SHOP)
    assert found.items[candidates(found, day(40), most=10)].tolist() == ["tea", "rice"]
    assert found.items[candidates(found, day(40), most=1)].tolist() == ["tea"]
    assert len(candidates(found, day(-5), most=10)) == 0
