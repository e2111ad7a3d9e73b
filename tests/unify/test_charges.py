"""What is a charge, and what only sounds like one."""

from __future__ import annotations

import pyarrow as pa
import pytest

from unify.batches import facts, orders
from zhiyin.unify.charges import charges

CHARGES = [
    "POSTAGE", "DOTCOM POSTAGE", "CARRIAGE", "Shipping & handling", "Delivery charge", "Bank Charges", " Bank Charges", "AMAZON FEE", "CRUK Commission",
    "Manual", "Discount", "SAMPLES", "Adjustment by john on 26/01/2010 16", "Adjust bad debt", "This is a test product.",
    "邮费", "运费", "补运费", "顺丰快递费", "补差价专用链接", "邮费差价", "手续费", "测试商品", "满减",
]  # fmt: skip
GOODS = [
    "POSTAGE STAMP SET", "WOODEN CARRIAGE CLOCK", "DISCOUNT STORE SIGN", "ADJUSTABLE LAMP", "MANUAL COFFEE GRINDER", "TEST TUBE VASE",
    "SAMPLE BOX OF TEA", "包装盒", "快递袋100个", "优惠装洗衣液", "小费列罗礼盒装巧克力",
]  # fmt: skip


@pytest.mark.parametrize("name", CHARGES)
def test_a_charge_is_not_to_be_offered(name):
    assert charges(pa.array([name])).to_pylist() == [True]


@pytest.mark.parametrize("name", GOODS)
def test_of_goods_nothing_is_said(name):
    assert charges(pa.array([name, None])).to_pylist() == [None, None]


def test_a_charge_among_order_lines_is_a_product_that_is_hidden():
    made = facts("orders", orders(product_id=["P1", "POST"], product=["鲜牛奶", "Postage"], amount=["10", "6"]))
    assert {row["product_id"]: row["hidden"] for row in made.tables["product"].to_pylist()} == {"P1": None, "POST": True}
    assert made.tables["order_line"]["amount"].to_pylist() == [1000, 600]  # its money counts
