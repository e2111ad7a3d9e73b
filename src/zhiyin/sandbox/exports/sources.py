"""Which column of which file means what: the text of `sources.toml`, as the company's own people would set it up."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date

__all__ = ["sources"]

# name | kind | file | system | field = column, field = column ...
_SOURCES = """
crm-customers | customers | CRM_客户.csv | crm | customer=客户编号 name=客户名称 phone=手机 email=邮箱 owner=负责人 team=团队 since=建档日期 attribute.kind=类型 attribute.province=省份 attribute.city=城市 attribute.industry=行业 attribute.source=来源 consent.phone=同意电话 consent.sms=同意短信
mall-members | customers | 小程序商城_会员.csv | mall | customer=会员编号 name=姓名 phone=手机号 openid=微信openid since=注册时间 attribute.gender=性别 attribute.birthday=生日 attribute.city=城市 attribute.level=会员等级 consent.sms=接收短信
erp-products | products | ERP_商品.xlsx | erp | product_id=商品编码 product=商品名称 category=类目 department=部门 brand=品牌 price=标价 repeatable=可复购 hidden=下架 cost=成本价 successor_id=替代商品 attribute.features=卖点
mall-orders | orders | 小程序商城_订单_*.csv | mall | customer=会员编号 name=收货人 phone=手机号 address=收货地址 order_id=订单号 line_id=子订单号 product_id=商品编码 quantity=数量 amount=实付金额 discount=优惠金额 coupon=优惠券 ordered_at=下单时间
tmall-orders | orders | 天猫_订单_*.csv | tmall | customer=买家会员名 name=收货人姓名 phone=联系手机 order_id=订单编号 line_id=子订单编号 product_id=商家编码 quantity=宝贝总数量 amount=买家实际支付金额 discount=优惠金额 store=店铺名称 ordered_at=订单付款时间
pos-orders | orders | 门店POS_流水_*.txt | pos | customer=会员卡号 phone=手机 order_id=流水号 line_id=行号 product_id=货号 quantity=数量 amount=金额 discount=折扣 coupon=券 store=门店 ordered_at=交易时间
crm-orders | orders | CRM_销售单_*.csv | crm | customer=客户编号 order_id=销售单号 line_id=行号 product_id=产品编码 quantity=数量 amount=成交金额 ordered_at=成交日期 owner=负责人 team=团队
transfers | transfers | 账户流水_*.csv | mall | customer=会员编号 transfer_id=交易流水号 direction=方向 payee=对方账户 new_payee=是否首次收款人 amount=金额 moved_at=交易时间
app-events | events | 埋点_*.jsonl | mall | customer=distinct_id event_id=event_id event=event product_id=properties.product_id happened_at=time
erp-stock | stock | ERP_库存_*.csv | erp | product_id=商品编码 pieces=库存数量 counted_at=盘点日期
campaigns | campaigns | 营销_活动.csv | mall | campaign=活动编号 title=活动名称 kind=活动类型 starts_at=开始日期 ends_at=结束日期
campaign-offers | offers | 营销_优惠券.csv | mall | campaign=活动编号 offer=优惠券编号 product_id=商品编码
campaign-touches | touches | 营销_触达_*.csv | mall | customer=会员编号 campaign=活动编号 channel=渠道 touched_at=发送时间 holdout=是否对照 propensity=触达概率 policy=策略
campaign-answers | outcomes | 营销_核销_*.csv | mall | customer=会员编号 campaign=活动编号 offer=优惠券编号 outcome=结果 amount=金额 happened_at=核销时间
calls | touches | CRM_跟进记录_*.csv | crm | customer=客户编号 channel=跟进方式 touched_at=跟进时间
call-results | outcomes | CRM_跟进记录_*.csv | crm | customer=客户编号 outcome=结果 happened_at=跟进时间
"""


def sources(files: Collection[str], *, as_of: date, goal: str) -> str:
    """The settings for the files that there are, and `as_of`, the day of the list: the one after the last of the data."""
    told = [
        "# 这家公司是虚构的；每段 [[source]] 说明一个导出文件的列对应什么。",
        "# An invented company; each [[source]] says what the columns of one export mean.",
        f'as_of = "{as_of}"',
        f'goal = "{goal}"',
        'timezone = "Asia/Shanghai"',
        'currency = "CNY"',
    ]
    for row in filter(None, _SOURCES.splitlines()):
        name, kind, file, system, columns = (cell.strip() for cell in row.split("|"))
        start, _, end = file.partition("*")
        if any(there.startswith(start) and there.endswith(end) for there in files):
            told += ["", "[[source]]", *(f"{key} = {_quoted(value)}" for key, value in _head(name, kind, file, system)), ""]
            told += ["[source.columns]", *(_pair(pair) for pair in columns.split())]
    return "\n".join([*told, ""])


def _head(name: str, kind: str, file: str, system: str) -> list[tuple[str, str]]:
    return [("name", name), ("kind", kind), ("file", file), ("system", system)]


def _pair(pair: str) -> str:
    field, column = pair.split("=")
    return f"{_quoted(field) if '.' in field else field} = {_quoted(column)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a TOML string
