import numpy as np
import pandas as pd

from predict.rules.speech import words
from zhiyin.predict.described import as_rule, described
from zhiyin.predict.rules.written import written


def customers(size=300):
    """Three groups that two cuts tell apart: frequent ones, and of the others those with and without discounts."""
    draw = np.random.default_rng(5)
    orders = np.repeat([12, 2, 2], size) + draw.integers(0, 3, 3 * size)
    discount = np.repeat([0.1, 0.6, 0.05], size) + draw.uniform(0, 0.1, 3 * size)
    return pd.DataFrame({"orders_84d": orders, "discount_share_84d": discount}), np.repeat([0, 1, 2], size)


def test_groups_are_told_by_few_conditions():
    rows, groups = customers()
    found = described(rows, groups, seed=7)
    assert found.accuracy == 1.0
    assert 0.3 < found.biggest < 0.4
    frequent = written(as_rule(found.leaves[0], words()), currency="CNY")
    assert "orders_84d > 8" in frequent
    assert written(as_rule(found.leaves[1], words()), currency="CNY") == "discount_share_84d > 0.4"


def test_the_tree_is_judged_by_customers_it_was_not_shown():
    rows, _ = customers()
    noise = np.random.default_rng(1).integers(0, 3, len(rows))
    found = described(rows, noise, seed=7)
    assert found.accuracy < 0.45  # nothing can be told of chance


def test_one_group_needs_no_conditions():
    rows, groups = customers()
    assert described(rows, np.zeros_like(groups), seed=7).leaves == {}
    assert as_rule([], words()) is None


def test_a_column_that_may_not_be_used_makes_no_rule():
    assert as_rule([[["never", ">", 1]]], words()) is None


def test_several_leaves_are_joined_by_or():
    found = as_rule([[["orders_84d", ">", 4.0]], [["spend_84d", "<=", 100.0], ["orders_84d", "<=", 4.0]]], words())
    assert written(found, currency="CNY") == "orders_84d > 4 or (spend_84d <= 1 and orders_84d <= 4)"
