import pandas as pd
import pytest

from zhiyin.recommend.rules import Offered, catalogue, may_offer, still_offered


@pytest.mark.parametrize(
    ("item", "kind", "may"),
    [
        (Offered(), "new", True),
        (Offered(hidden=True), "new", False),
        (Offered(pieces=0.0), "new", False),
        (Offered(pieces=-1.0), "repeat", False),
        (Offered(pieces=2.0), "repeat", True),
        (Offered(repeatable=False), "repeat", False),
        (Offered(repeatable=False), "new", True),
        (Offered(repeatable=True), "repeat", True),
    ],
)
def test_what_may_be_offered(item, kind, may):
    assert may_offer(item, kind) is may


def test_the_catalogue_takes_the_latest_count_and_forgives_empty_cells():
    products = pd.DataFrame(
        {"product_id": ["a", "b", "c"], "name": ["茶", None, "盐"], "hidden": [None, True, False], "repeatable": [False, None, pd.NA]}
    )
    stock = pd.DataFrame({"product_id": ["a", "a", "c"], "counted_on": ["2026-01-02", "2026-01-01", "2026-01-01"], "pieces": [0, 5, None]})
    assert catalogue(products, stock) == {
        "a": Offered("茶", hidden=False, pieces=0.0, repeatable=False),
        "b": Offered("", hidden=True, pieces=None, repeatable=None),
        "c": Offered("盐", hidden=False, pieces=None, repeatable=None),
    }


def test_products_alone_are_enough():
    assert catalogue(pd.DataFrame({"product_id": ["a"]})) == {"a": Offered()}


def test_what_vanished_leaves_the_list_and_ranks_close_up():
    rows = [
        {"customer_id": "x", "product_id": "tea", "kind": "new", "rank": 1},
        {"customer_id": "x", "product_id": "rice", "kind": "new", "rank": 2},
        {"customer_id": "x", "product_id": "tea", "kind": "repeat", "rank": 1},
        {"customer_id": "x", "product_id": "new here", "kind": "repeat", "rank": 2},
    ]
    found = still_offered(rows, {"tea": Offered(repeatable=False, pieces=3), "rice": Offered(hidden=True)})
    assert [(row["kind"], row["product_id"], row["rank"]) for row in found] == [("new", "tea", 1), ("repeat", "new here", 1)]
