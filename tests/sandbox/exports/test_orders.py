from decimal import Decimal

import numpy as np
import pytest

from sandbox.lived import exported, months, orders_of
from zhiyin.sandbox.exports.orders import order_ids
from zhiyin.sandbox.scenario import SYSTEMS
from zhiyin.sandbox.scenarios.registry import SCENARIOS, scenario_named

MALL = "小程序商城_订单_"


def test_order_numbers_are_of_their_system_and_branch():
    number = np.array([0, 10_000_001])
    assert order_ids("mall", number).to_pylist() == ["M100000000000", "M100010000001"]
    ids = [order for branch in range(3) for system in SYSTEMS for order in order_ids(system, number, branch=branch).to_pylist()]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_lines_of_the_mall_add_up_and_are_delivered_as_the_company_delivers(scenario):
    rows = [row for row in months(exported(scenario), MALL) if row["类型"] == "销售" and row["配送方式"]]
    assert rows
    good = 0
    for row in rows:
        assert row["配送方式"] in scenario_named(scenario).delivery
        if row["实付金额"].replace(".", "").isdigit():
            whole = Decimal(row["实付金额"]) + Decimal(row["优惠金额"]) + Decimal(row["优惠券"])
            good += whole // int(row["数量"]) == Decimal(row["单价"]) // 1
    assert good > 0.7 * len(rows)


def test_refunds_are_negative_and_of_the_same_customers():
    files = exported()
    for system in SYSTEMS:
        sold = {customer for at, _, _, customer, paid in orders_of(files) if at == system and Decimal(paid) > 0}
        back = {customer for at, _, _, customer, paid in orders_of(files) if at == system and Decimal(paid) < 0}
        assert back <= sold
    assert any(row["订单状态"] == "退款成功" for row in months(files, "天猫", encoding="gb18030"))


def test_the_marketplace_tells_no_name_and_no_phone():
    for row in months(exported(), "天猫_订单_", encoding="gb18030"):
        assert row["订单编号"].startswith('="4317')
        assert "*" in row["收货人姓名"]
        assert "****" in row["联系手机"]


def test_tills_write_times_as_excel_does_and_one_shop_a_customer():
    rows = months(exported(), "门店POS_流水_", encoding="gb18030", tab="\t")
    assert all(row["交易时间"].startswith("2026/3/") or row["交易时间"].startswith("2026/4/") for row in rows)
    assert len({(row["会员卡号"], row["门店"]) for row in rows}) == len({row["会员卡号"] for row in rows})


def test_orders_of_reps_have_a_rep_and_a_team():
    rows = months(exported(), "CRM_销售单_")
    assert all(row["负责人"] and row["团队"].startswith("销售") for row in rows)
