import re
from collections import Counter

import pytest

from zhiyin.core.errors import NotFound
from zhiyin.sandbox.scenario import SYSTEMS
from zhiyin.sandbox.scenarios.registry import SCENARIOS, scenario_named


def test_four_companies_by_name():
    assert list(SCENARIOS) == ["appliances", "saas", "restaurant", "finance"]
    assert all(scenario_named(name).name == name for name in SCENARIOS)
    assert scenario_named("saas").subscription
    assert scenario_named("finance").transfers


def test_an_unknown_scenario_is_refused_with_those_that_exist():
    with pytest.raises(NotFound, match=r"There is no such scenario\.") as refused:
        scenario_named("hospital")
    assert refused.value.fix.en == "Use one of appliances, saas, restaurant, finance."
    assert refused.value.in_("zh") == "没有这个场景。看到的是：hospital。解决办法：使用其中之一：appliances, saas, restaurant, finance。"


@pytest.mark.parametrize("name", SCENARIOS)
def test_goods_hold_together(name):
    goods = {good.product_id: good for good in scenario_named(name).goods}
    assert len(goods) == len(scenario_named(name).goods) >= 35
    assert len({good.name for good in goods.values()}) == len(goods)
    for good in goods.values():
        assert good.price > 0
        assert 0 < good.cost_share < 1
        assert good.every >= 0
        assert good.features
        assert good.brand
        assert re.search("[\u4e00-\u9fff]", good.name)
        if good.successor:
            assert goods[good.successor].category == good.category
            assert not goods[good.successor].hidden
            assert good.successor != good.product_id
    assert any(good.hidden for good in goods.values())
    assert any(good.successor for good in goods.values())
    assert any(good.every for good in goods.values())


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_category_can_be_sold(name):
    scenario = scenario_named(name)
    assert set(scenario.categories) == {good.category for good in scenario.goods if not good.hidden}
    assert set(scenario.department_of.values()) == set(scenario.moves)
    assert len(scenario.categories) >= 15


@pytest.mark.parametrize("name", SCENARIOS)
def test_numbers_of_a_company_are_possible(name):
    scenario = scenario_named(name)
    assert len(scenario.shares) == len(SYSTEMS)
    assert sum(scenario.shares) == 100
    assert min(scenario.shares) > 0
    assert scenario.shops
    assert 0 < scenario.firms < 100
    fast, usual, slow = scenario.pace
    assert 0 < fast < usual < slow
    assert 0 <= scenario.regular <= 100
    assert len(scenario.weekdays) == 7
    assert abs(sum(scenario.weekdays) - 700) <= 7
    for moves in scenario.moves.values():
        assert len(moves.months) == 12
        assert 1080 <= sum(moves.months) <= 1320


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_happens_in_a_life_calls_for_something_sold(name):
    life = scenario_named(name).life
    assert len(life) >= 5
    assert all(event.category in scenario_named(name).categories for event in life)
    assert max(Counter(event.words for event in life).values()) == 1
    assert all(event.words[-1] not in "。！" for event in life)


def test_heat_sells_cooling_and_cold_sells_heating():
    moves = scenario_named("appliances").moves
    assert moves["制冷"].hot > 200 > 100 > moves["制冷"].cold
    assert moves["取暖"].cold > 200 > 100 > moves["取暖"].hot
