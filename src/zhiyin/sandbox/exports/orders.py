"""Orders as four systems export them: own mall, marketplace, tills, and contracts of the reps. Refunds are rows with negative money."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhiyin.sandbox.chance import Ids
from zhiyin.sandbox.exports.office import Office
from zhiyin.sandbox.exports.part import Part, clock, money, picked, plain, table, times, worded
from zhiyin.sandbox.happened import Day, Rows, kept
from zhiyin.sandbox.people import team_of
from zhiyin.sandbox.scenario import SYSTEMS
from zhiyin.sandbox.shopping import NUMBERS

__all__ = ["order_ids", "orders"]

_STARTS = 10**11  # the number of the first order of each system


def order_ids(system: str, number: Ids, *, branch: int = 0) -> pa.Array:
    """The order number in its system, of the number of the order in the world."""
    day, turn = np.divmod(number, NUMBERS)
    digits = plain((1 + branch) * _STARTS + day * NUMBERS + turn)
    prefix = {"mall": "M", "tmall": "4317", "pos": "LS", "crm": "XS"}[system]
    return pc.binary_join_element_wise(prefix, digits, "")


def orders(office: Office, day: Day) -> Iterator[Part]:
    """The order files of one day."""
    sales, back = day.rows("orders"), day.rows("refunds")
    for place, (system, write) in enumerate(zip(SYSTEMS, (_mall, _tmall, _pos, _crm), strict=True)):
        sold, returned = kept(sales, sales["system"] == place), kept(back, back["system"] == place)
        if len(sold["person"]) + len(returned["person"]):
            yield write(_Lines(office, day, system=system, rows=_together(sold, returned)))


def _together(sold: Rows, returned: Rows) -> Rows:
    """Sales and refunds in the order of the day; a refund has negative pieces and money."""
    n = len(returned["person"])
    negative = returned | {"quantity": -returned["quantity"], "paid": -returned["paid"]}
    empty = np.zeros(n, dtype=np.int64)
    both = {name: np.concatenate([column, negative.get(name, empty)]) for name, column in sold.items()}
    order = np.argsort(both["second"], kind="stable")
    return {name: column[order] for name, column in both.items()}


class _Lines:
    """The columns that the exports have in common."""

    def __init__(self, office: Office, day: Day, *, system: str, rows: Rows) -> None:
        self.ground, self.written, self.day, self.rows = office.ground, office.written, day, rows
        goods = self.ground.scenario.goods
        self.order = order_ids(system, rows["number"], branch=self.ground.branch)
        self.line = worded("<order>-<line>", order=self.order, line=plain(rows["line"] + 1))
        self.key = picked(self.written.key(system), rows["person"])
        self.code = picked([good.product_id for good in goods], rows["product"])
        self.title = picked([good.name for good in goods], rows["product"])
        self.category = picked([good.category for good in goods], rows["product"])
        self.back = rows["paid"] < 0

    def of(self, texts: pa.Array) -> pa.Array:
        """A text about the customer of each line."""
        return picked(texts, self.rows["person"])

    def said(self, sale: str, back: str) -> pa.Array:
        """One word for sales, one for refunds."""
        return picked([sale, back], self.back.astype(np.int64))


def _mall(lines: _Lines) -> Part:
    rows = lines.rows
    each = rows["paid"] + rows["discount"] + rows["coupon"]
    columns = {
        "订单号": lines.order,
        "子订单号": lines.line,
        "类型": lines.said("销售", "退款"),
        "会员编号": lines.key,
        "收货人": lines.of(lines.written.name),
        "手机号": lines.of(lines.written.mobile),
        "收货地址": lines.of(lines.written.address),
        "商品编码": lines.code,
        "商品名称": lines.title,
        "类目": lines.category,
        "单价": money(each // rows["quantity"]),
        "数量": plain(rows["quantity"]),
        "优惠金额": money(rows["discount"]),
        "优惠券": money(rows["coupon"]),
        "实付金额": money(rows["paid"]),
        "下单时间": times(lines.day.on, rows["second"]),
        "配送方式": picked(lines.ground.scenario.delivery, rows["person"] % 7 // 6),
    }
    return table(f"小程序商城_订单_{lines.day.month}.csv", columns, encoding="utf-8-sig")


def _tmall(lines: _Lines) -> Part:
    rows = lines.rows
    guarded = worded('="<order>"', order=lines.order)
    columns = {
        "订单编号": guarded,
        "子订单编号": lines.line,
        "买家会员名": lines.key,
        "收货人姓名": lines.of(lines.written.masked_name),
        "联系手机": lines.of(lines.written.masked_phone),
        "订单状态": lines.said("交易成功", "退款成功"),
        "宝贝标题": lines.title,
        "商家编码": lines.code,
        "宝贝总数量": plain(rows["quantity"]),
        "优惠金额": money(rows["discount"] + rows["coupon"]),
        "买家实际支付金额": money(rows["paid"]),
        "订单付款时间": times(lines.day.on, rows["second"]),
        "店铺名称": pa.repeat(f"{lines.ground.scenario.company}旗舰店", len(rows["person"])),
    }
    return table(f"天猫_订单_{lines.day.month}.csv", columns, encoding="gb18030")


def _pos(lines: _Lines) -> Part:
    rows = lines.rows
    columns = {
        "流水号": lines.order,
        "行号": lines.line,
        "类型": lines.said("销售", "退货"),
        "门店": picked(lines.ground.scenario.shops or ("总店",), rows["shop"]),
        "会员卡号": lines.key,
        "手机": lines.of(lines.written.till),
        "货号": lines.code,
        "品名": lines.title,
        "数量": plain(rows["quantity"]),
        "折扣": money(rows["discount"]),
        "券": money(rows["coupon"]),
        "金额": money(rows["paid"]),
        "交易时间": clock(lines.day.on, rows["second"]),
    }
    return table(f"门店POS_流水_{lines.day.month}.txt", columns, encoding="gb18030", tab="\t")


def _crm(lines: _Lines) -> Part:
    rows = lines.rows
    rep = lines.ground.people.rep[rows["person"]]
    columns = {
        "销售单号": lines.order,
        "行号": lines.line,
        "类型": lines.said("成交", "退款"),
        "客户编号": lines.key,
        "产品编码": lines.code,
        "产品名称": lines.title,
        "产品线": lines.category,
        "数量": plain(rows["quantity"]),
        "成交金额": money(rows["paid"]),
        "成交日期": pa.repeat(lines.day.on.isoformat(), len(rep)),
        "负责人": picked(lines.written.reps, rep),
        "团队": worded("销售<team>组", team=plain(team_of(rep) + 1)),
    }
    return table(f"CRM_销售单_{lines.day.month}.csv", columns, encoding="utf-8-sig")
