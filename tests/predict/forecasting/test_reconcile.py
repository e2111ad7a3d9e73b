import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import DataError, MissingColumns
from zhiyin.predict.forecasting.reconcile import reconcile

TREE = pd.DataFrame({"parent": ["all", "all", "drinks", "drinks"], "child": ["food", "drinks", "tea", "milk"]})
NAMES = ["all", "food", "drinks", "tea", "milk"]


def said(values, names=NAMES):
    return pd.DataFrame({"series": names, "at": 1, "value": values})


def test_without_errors_parents_are_the_sums_of_what_the_smallest_parts_say():
    assert reconcile(said([99.0, 5, 50, 1, 2]), TREE)["value"].tolist() == [8, 5, 3, 1, 2]


def test_the_surer_ones_move_less():
    flat = TREE[:2]
    found = reconcile(said([10.0, 2, 4], NAMES[:3]), flat, errors={"all": 1, "food": 1, "drinks": 1})["value"]
    assert found.round(3).tolist() == [8.667, 3.333, 5.333]  # the gap of 4 shared by three alike
    sure = reconcile(said([10.0, 2, 4], NAMES[:3]), flat, errors={"all": 0.001, "food": 0.001, "drinks": 1})["value"]
    assert sure.round(3).tolist() == [10, 2, 8]


@pytest.mark.parametrize("seed", range(20))
def test_it_is_weighted_least_squares_on_every_tree(seed):
    draw = np.random.default_rng(seed)
    n = int(draw.integers(3, 14))
    parent = np.asarray([-1, *(int(draw.integers(0, child)) for child in range(1, n))])
    tree = pd.DataFrame({"parent": [f"s{p}" for p in parent[1:]], "child": [f"s{child}" for child in range(1, n)]})
    error = draw.uniform(0.5, 3, n)
    leaves = [node for node in range(n) if node not in parent]
    sums = np.zeros((n, len(leaves)))
    for place, leaf in enumerate(leaves):
        node = leaf
        while node >= 0:
            sums[node, place], node = 1, parent[node]
    value = sums @ draw.uniform(50, 100, len(leaves)) + draw.normal(0, 5, n)
    weighted = sums / error[:, None]
    expected = sums @ np.linalg.lstsq(weighted, value / error, rcond=None)[0]
    names = [f"s{node}" for node in range(n)]
    found = reconcile(said(value, names), tree, errors=dict(zip(names, error, strict=True)))["value"]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_children_sum_to_their_parent_and_nothing_sold_falls_below_zero(seed):
    draw = np.random.default_rng(seed)
    table = pd.DataFrame([(name, at) for name in NAMES for at in range(3)], columns=["series", "at"])
    table["value"] = draw.exponential(10, len(table)).round()
    table = table.assign(low=table["value"] * 0.5, high=table["value"] + 4)
    found = reconcile(table, TREE, errors={name: draw.uniform(0.1, 5) for name in NAMES})
    wide = found.pivot_table(index="at", columns="series", values="value")
    np.testing.assert_allclose(wide["all"], wide["food"] + wide["drinks"])
    np.testing.assert_allclose(wide["drinks"], wide["tea"] + wide["milk"])
    assert (found[["value", "low"]] >= 0).all(axis=None)
    assert (found["low"] <= found["value"]).all() and (found["value"] <= found["high"]).all()


def test_what_stands_in_no_hierarchy_keeps_its_forecast():
    found = reconcile(said([9.0, 2, 3, 7], ["all", "food", "drinks", "apart"]), TREE[:2])
    assert found["value"].tolist() == [5, 2, 3, 7]


@pytest.mark.parametrize(
    ("tree", "errors", "wrong"),
    [
        (pd.concat([TREE, pd.DataFrame({"parent": ["food"], "child": ["tea"]})]), None, "belongs to two parents. Got tea"),
        (pd.DataFrame({"parent": ["all", "food"], "child": ["food", "all"]}), None, "runs in a circle"),
        (pd.concat([TREE, pd.DataFrame({"parent": ["food"], "child": ["rice"]})]), None, "lacks forecasts. Got rice"),
        (TREE, {"all": 1.0}, "have no positive error. Got food, drinks, tea, milk"),
    ],
)
def test_what_is_no_tree_is_refused(tree, errors, wrong):
    with pytest.raises(DataError, match=wrong):
        reconcile(said([1.0, 2, 3, 4, 5]), tree, errors=errors)


def test_missing_columns_are_named():
    with pytest.raises(MissingColumns, match="The columns child are missing"):
        reconcile(said([1.0, 2, 3, 4, 5]), TREE[["parent"]])
