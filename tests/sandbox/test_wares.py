import numpy as np
import pytest

from zhiyin.sandbox.chance import Chance
from zhiyin.sandbox.scenarios.registry import SCENARIOS, scenario_named
from zhiyin.sandbox.wares import Wares


def _wares(name="appliances"):
    return Wares(scenario_named(name), Chance(7), orders=50)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_nobody_takes_what_is_hidden(name):
    wares = _wares(name)
    hidden = [place for place, good in enumerate(wares.scenario.goods) if good.hidden]
    assert hidden
    assert not np.isin(wares.takes, hidden).any()
    assert (wares.category[wares.takes] == np.arange(len(wares.takes))[:, None]).all()


def test_who_has_more_to_spend_takes_what_is_dearer():
    wares = _wares()
    categories = np.repeat(np.arange(len(wares.takes)), 100)
    prices = [
        wares.price[
            wares.taken(categories, purse=np.full(len(categories), purse, np.float32), mood=np.full(len(categories), 0.5, np.float32))
        ].mean()
        for purse in (0.05, 0.5, 0.95)
    ]
    assert prices[0] < prices[1] < prices[2]


def test_the_margin_is_price_less_cost():
    wares = _wares()
    purse = np.zeros(1, np.float32)
    product = wares.takes[0, 0]
    assert wares.margin(np.zeros(1, np.int64), purse).tolist() == [wares.price[product] - wares.cost[product]]
    assert (wares.cost < wares.price).all()


def test_what_is_sold_leaves_the_shelf_and_comes_back_on_restocking():
    wares = _wares()
    wares.pieces[:] = 5
    wares.sell(np.array([0, 0, 1]), np.array([2, 4, 1]))
    assert wares.pieces[:3].tolist() == [0, 4, 5]
    assert wares.there(np.array([0, 1])).tolist() == [False, True]
    free = next(day for day in range(60) if not wares.waiting(day).any())
    wares.restock(free)
    assert (wares.pieces >= 20).all()


def test_two_products_a_block_are_sold_out_for_two_weeks():
    wares = _wares()
    waiting = np.array([wares.waiting(day) for day in range(60)])
    assert set(waiting.sum(axis=0).tolist()) - {0} <= {14, 28}
    assert 14 <= waiting.sum() <= 28
    day = int(np.flatnonzero(waiting.any(axis=1))[0])
    wares.empty(day)
    assert (wares.pieces[waiting[day]] == 0).all()
    wares.restock(day)
    assert (wares.pieces[waiting[day]] == 0).all()


def test_what_is_wanted_is_forgotten_slowly():
    wares = _wares()
    wares.wanted[:] = 0
    wares.want(np.array([2]), np.array([10]))
    assert wares.wanted[2] == pytest.approx(1)
    wares.want(np.array([2]), np.array([0]))
    assert wares.wanted[2] == pytest.approx(0.9)


def test_instead_of_what_is_missing_the_cheapest_of_its_kind():
    wares = _wares()
    product = wares.takes[5, -1]
    instead = wares.instead(np.array([product]))[0]
    offered = wares.takes[5]
    assert wares.price[instead] == wares.price[offered].min()


def test_supplies_are_used_up():
    assert (_wares().every[_wares().supplies] > 0).all()


def test_a_copy_has_a_shelf_of_its_own():
    wares = _wares()
    twin = wares.copy()
    twin.pieces[0] = 12345
    assert wares.pieces[0] != 12345
