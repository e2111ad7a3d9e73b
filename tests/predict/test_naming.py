import numpy as np
import pytest

from zhiyin.predict.naming import Apart, names_of, sets_apart

FEATURES = ("discount_share_84d", "orders_84d", "line_price_84d")


def groups_of(*differences, size=200, seed=3):
    """One group of `size` a row of differences, in deviations; and their numbers."""
    draw = np.random.default_rng(seed)
    places = np.vstack([np.asarray(row) + draw.normal(0, 1, (size, len(row))) for row in differences])
    return places, np.repeat(np.arange(len(differences)), size)


def test_a_name_says_only_what_sets_the_group_apart():
    places, numbers = groups_of([1.5, 0, 0], [0, 1.5, 0], [0, 0, 0])
    names = names_of(sets_apart(places, numbers, features=FEATURES), 3)
    assert names[0].zh.startswith("价格敏感型·爱折扣")
    assert names[1].zh.startswith("常客")
    assert "价格敏感" not in names[1].zh + names[2].zh


def test_discounts_below_the_others_are_not_price_sensitive():
    names = names_of(sets_apart(*groups_of([-1.5, 0, 0], [0, 0, 0]), features=FEATURES), 2)
    assert "价格敏感" not in names[0].zh
    assert "不看折扣" in names[0].zh


def test_dear_goods_are_quality_unless_they_are_bought_by_discount():
    quality = names_of(sets_apart(*groups_of([0, 0, 1.5], [0, 0, 0]), features=FEATURES), 2)
    hunters = names_of(sets_apart(*groups_of([1.5, 0, 1.5], [0, 0, 0]), features=FEATURES), 2)
    assert quality[0].en.startswith("quality seeking")
    assert hunters[0].en.startswith("price sensitive")


def test_who_buys_what_is_new_is_trend_oriented():
    names = names_of(sets_apart(*groups_of([1.5], [0.0]), features=["new_share_84d"]), 2)
    assert names[0] == ("潮流导向型·爱新品", "trend oriented, new products")


def test_chance_makes_no_name():
    """Forty groups drawn from the same customers: nearly every one stays without a word."""
    places, numbers = groups_of(*[[0, 0, 0]] * 40, size=50)
    found = sets_apart(places, numbers, features=FEATURES)
    assert sum(one.sure for one in found) <= 2
    assert names_of(found, 40)[0].zh == "普通客户"
    assert len(set(names_of(found, 40))) == 40  # and yet no two are called the same


def test_too_few_tell_nothing():
    places, numbers = groups_of([9, 9, 9], size=1)
    assert not any(one.sure for one in sets_apart(places, numbers, features=FEATURES))


def test_the_same_in_all_is_no_difference_and_another_figure_in_all_is():
    flat = np.repeat([0.0, 0.0, 1.0], 10)[:, None]
    found = {one.group: one for one in sets_apart(flat, np.repeat([0, 1, 2], 10), features=["orders_84d"])}
    assert found[2].difference == 1.0
    assert found[2].sure
    same = sets_apart(np.zeros((20, 1)), np.repeat([0, 1], 10), features=["orders_84d"])
    assert [(one.difference, one.chance) for one in same] == [(0.0, 1.0)] * 2


def test_what_is_not_known_does_not_count():
    places, numbers = groups_of([1.5], [0.0])
    gaps = np.vstack([places, np.full((200, 1), np.nan)])
    found = sets_apart(gaps, np.concatenate([numbers, np.zeros(200, dtype=int)]), features=["orders_84d"])
    assert found[0].difference == pytest.approx(sets_apart(places, numbers, features=["orders_84d"])[0].difference)


def test_two_groups_alike_are_told_apart_by_more_words():
    apart = [
        Apart(group, name, size, 0.0, True)
        for group in (0, 1)
        for name, size in (("orders_84d", 1.0), ("spend_84d", 0.9), ("categories_84d", 0.4))
    ]
    first, second = names_of(apart, 2)
    assert (first.zh, second.zh) == ("常客·大额", "常客·大额·品类广")
