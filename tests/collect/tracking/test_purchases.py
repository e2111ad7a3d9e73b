from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracked import facts, heard, said
from zhiyin.collect.tracking.purchases import purchase


def _order(properties: dict[str, Any], *, event: str = "Order Completed", id_: str = "m1") -> dict[str, Any]:
    return {"type": "track", "event": event, "userId": "u1", "messageId": id_, "properties": properties}


def _lines(properties: dict[str, Any], **more: Any) -> list[tuple[str, str | None, str | None, str | None]]:
    lines = purchase(said(_order(properties, **more))[0], dropped={})
    return [(line["line_id"], line["quantity"], line["amount"], line.get("discount")) for line in lines]


APPLE, PEAR = {"product_id": "P1", "name": "苹果", "price": 25, "quantity": 2}, {"sku": "P2", "price": "50.00"}


def test_each_product_is_a_line():
    assert _lines({"order_id": "E1", "products": [APPLE, PEAR, PEAR]}) == [
        ("E1/P1/0", "2", "50", None), ("E1/P2/0", None, "50.00", None), ("E1/P2/1", None, "50.00", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "said_by", [{"subtotal": 80}, {"revenue": "80.00"}, {"discount": 20}, {"subtotal": 80, "total": 99, "revenue": 95}]
)
def test_what_the_order_was_cheaper_is_shared(said_by: dict[str, Any]):
    assert _lines({"order_id": "E1", "products": [APPLE, PEAR], **said_by}) == [
        ("E1/P1/0", "2", "40.00", "10.00"), ("E1/P2/0", None, "40.00", "10.00"),
    ]  # fmt: skip


def test_shipping_and_tax_are_no_goods():
    assert [line[2] for line in _lines({"order_id": "E1", "products": [APPLE, PEAR], "total": 120, "revenue": 100})] == ["50", "50.00"]


@given(st.lists(st.tuples(st.integers(1, 99_999), st.integers(1, 9)), min_size=1, max_size=8), st.integers(0, 100))
def test_the_shares_sum_to_what_was_paid(goods: list[tuple[int, int]], percent: int):
    listed = sum(cents * pieces for cents, pieces in goods)
    paid = listed * percent // 100
    products = [{"product_id": f"P{at}", "price": f"{cents / 100:.2f}", "quantity": pieces} for at, (cents, pieces) in enumerate(goods)]
    rows = facts(said(_order({"order_id": "E1", "subtotal": f"{paid / 100:.2f}", "products": products})))["order_line"]
    assert sum(row["amount"] for row in rows) == paid
    assert sum(row["amount"] + row.get("discount", 0) for row in rows) == listed


def test_an_order_without_products_is_one_line():
    assert _lines({"order_id": "E1", "revenue": 80, "total": 90}) == [("E1//0", None, "80", None)]
    assert _lines({"order_id": 17, "total": 90}) == [("17//0", None, "90", None)]
    assert _lines({"revenue": 80}) == [("m1//0", None, "80", None)]


def test_one_product_may_stand_in_the_order_itself():
    assert _lines({"order_id": "E1", "product_id": "P1", "price": 5, "quantity": 2}) == [("E1/P1/0", "2", "10", None)]
    assert _lines({"order_id": "E1", "product_id": "P1", "revenue": 9}) == [("E1/P1/0", None, "9", None)]


@pytest.mark.parametrize("event", ["Order Refunded", "Order Cancelled", "Refunded Order"])
def test_what_comes_back_is_negative_and_has_ids_of_its_own(event: str):
    (line,) = _lines({"order_id": "E1", "products": [{**APPLE, "quantity": 1}]}, event=event)
    assert line[1:3] == ("-1", "-25")
    assert line[0] != _lines({"order_id": "E1", "products": [APPLE]})[0][0]
    assert _lines({"order_id": "E1", "products": [APPLE]}, event=event, id_="m2")[0][0] != line[0]
    (whole,) = _lines({"order_id": "E1", "total": 90}, event=event)
    assert whole[1:3] == ("-1", "-90")


def test_an_order_and_its_return_leave_nothing():
    told = said(
        _order({"order_id": "E1", "products": [APPLE, PEAR]}),
        _order({"order_id": "E1", "products": [APPLE, PEAR]}, event="Order Refunded", id_="m2"),
    )
    rows = facts(told)["order_line"]
    assert sum(row["amount"] for row in rows) == 0
    assert {row["order_id"] for row in rows} == {"E1"}


def test_the_order_says_where_and_in_which_currency():
    told = said(_order({"order_id": "E1", "affiliation": "杭州店", "currency": "USD", "revenue": "12.34", "coupon_note": "x"}))
    dropped: dict[str, int] = {}
    (line,) = purchase(told[0], dropped=dropped)
    assert (line["store"], line["currency"]) == ("杭州店", "USD")
    assert dropped == {"coupon_note": 1}
    assert facts(told)["order_line"][0]["amount"] == 1234


def test_fields_of_products_that_nobody_declared_are_counted():
    dropped: dict[str, int] = {}
    (line,) = purchase(
        said(_order({"order_id": "E1", "items": [{"item_id": "P1", "item_name": "梨", "price": 1, "colour": "red"}]}))[0], dropped=dropped
    )
    assert (line["product_id"], line["product"]) == ("P1", "梨")
    assert dropped == {"products.colour": 1}


@pytest.mark.parametrize("money", ["free", None, True, [1], 1e300, "1e400"])
def test_money_that_is_none_leaves_the_event_and_refuses_the_line(money: object):
    assert _lines({"order_id": "E1", "products": [{"product_id": "P1", "price": money}]}) == [("E1/P1/0", None, None, None)]
    told = [one for one in heard(_order({"order_id": "E1", "products": [{"product_id": "P1", "price": money}]}))]
    assert [row["name"] for row in facts(told)["event"]] == ["Order Completed"]  # type: ignore[arg-type]
