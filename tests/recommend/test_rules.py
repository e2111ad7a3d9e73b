import json
from datetime import date, datetime

import pytest

from zhiyin.recommend.rules import Offered, catalogue, discontinued, may_offer, newest, successors

MAY = date(2026, 5, 1)


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
        (Offered(repeatable=False), "upgrade", True),
    ],
)
def test_what_may_be_offered(item, kind, may):
    assert may_offer(item, kind) is may


@pytest.mark.parametrize(
    ("from_", "until", "may"),
    [
        (None, None, True),
        (MAY, None, True),
        (date(2026, 5, 2), None, False),
        (None, MAY, True),
        (None, date(2026, 4, 30), False),
        (date(2026, 4, 1), date(2026, 6, 1), True),
    ],
)
def test_it_is_sold_from_its_first_day_to_its_last(from_, until, may):
    item = Offered(sold_from=from_, sold_until=until)
    assert may_offer(item, "new", at=MAY) is may
    assert may_offer(item, "new")  # of no day in particular


@pytest.mark.parametrize(
    ("sold_in", "region", "may"),
    [
        ((), {"杭州市", "浙江省"}, True),
        (("浙江省",), {"杭州市", "浙江省"}, True),
        (("上海市", "杭州市"), {"杭州市", "浙江省"}, True),
        (("上海市",), {"杭州市", "浙江省"}, False),
        (("上海市",), (), True),
    ],
)
def test_it_is_sold_where_the_customer_is_as_far_as_that_is_known(sold_in, region, may):
    assert may_offer(Offered(regions=frozenset(sold_in)), "new", region=region) is may


@pytest.mark.parametrize(
    ("item", "over"),
    [
        (Offered(), False),
        (Offered(pieces=0), False),  # sold out is not gone
        (Offered(hidden=True), True),
        (Offered(sold_until=MAY), False),
        (Offered(sold_until=date(2026, 4, 30)), True),
        (Offered(sold_from=date(2026, 6, 1)), False),
    ],
)
def test_what_is_hidden_or_over_is_discontinued(item, over):
    assert discontinued(item, MAY) is over


CHAIN = {"a": Offered(successor="b"), "b": Offered(successor="c", pieces=5), "c": Offered(successor="d"), "d": Offered(hidden=True)}


def test_the_newest_that_may_be_offered_stands_for_all_before_it():
    assert list(successors("a", CHAIN)) == ["b", "c", "d"]
    assert newest("a", CHAIN, kind="new") == "c"  # d is hidden
    assert newest("a", CHAIN | {"c": Offered(pieces=0)}, kind="new") == "b"
    assert newest("a", CHAIN | {"b": Offered(hidden=True, successor="c")}, kind="new") == "c"
    assert newest("d", CHAIN, kind="new") == "d"
    assert newest("a", {"a": Offered(successor="gone")}, kind="new") == "a"  # nobody knows what that is


def test_products_that_replace_each_other_in_a_circle_end():
    circle = {"a": Offered(successor="b"), "b": Offered(successor="c"), "c": Offered(successor="b"), "s": Offered(successor="s")}
    assert list(successors("a", circle)) == ["b", "c"]
    assert newest("a", circle, kind="new") == "c"
    assert newest("s", circle, kind="new") == "s"


def test_the_catalogue_takes_the_latest_count_and_forgives_empty_cells():
    products = [
        {"product_id": "a", "name": "茶", "hidden": None, "repeatable": False},
        {"product_id": "b", "name": None, "hidden": True, "repeatable": None},
        {"product_id": "c", "name": "盐", "hidden": False, "repeatable": True},
    ]
    stock = [
        {"product_id": "a", "counted_on": date(2026, 1, 2), "pieces": 0},
        {"product_id": "a", "counted_on": date(2026, 1, 1), "pieces": 5},
        {"product_id": "c", "counted_on": date(2026, 1, 1), "pieces": None},
    ]
    assert catalogue(products, stock) == {
        "a": Offered("茶", hidden=False, pieces=0.0, repeatable=False),
        "b": Offered("", hidden=True, pieces=None, repeatable=None),
        "c": Offered("盐", hidden=False, pieces=None, repeatable=True),
    }


def test_products_alone_are_enough():
    assert catalogue([{"product_id": "a"}]) == {"a": Offered()}


def test_the_catalogue_knows_when_where_and_instead_of_what_an_item_is_sold():
    row = {
        "product_id": "a",
        "category": "茶",
        "sold_from": datetime(2026, 3, 1, 8),  # noqa: DTZ001 - a stamp of the lake has no zone
        "sold_until": "2026-05-31",
        "regions": '["浙江省"]',
        "margin": 0,
        "successor_id": "b",
        "attributes": json.dumps({"colour": "red", "weight": 500}),
    }
    assert catalogue([row])["a"] == Offered(
        category="茶",
        sold_from=date(2026, 3, 1),
        sold_until=date(2026, 5, 31),
        regions=frozenset(["浙江省"]),
        margin=0,
        successor="b",
        attributes=frozenset([("colour", "red"), ("weight", "500")]),
    )
