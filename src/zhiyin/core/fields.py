"""What a source may tell us: the kinds of files and the fields that a mapping can name.

`collect` proposes and applies mappings with these names, `unify` turns them into the tables of `tables.py`.
A field that is not listed here is dropped at the door and counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zhiyin.core.words import Say

FieldType = Literal["id", "text", "number", "money", "time", "flag", "identifier"]

__all__ = ["ATTRIBUTE", "CONSENT", "IDENTIFIERS", "KINDS", "NORMAL_FORMS", "PERSONALISATION", "PROPOSED", "Field", "FieldType", "field_of"]

ATTRIBUTE = "attribute."  # attribute.age, attribute.city: any declared property of the person, or of the product
CONSENT = "consent."  # consent.sms, consent.email: may we contact through this channel
PERSONALISATION = "personalisation"  # consent.personalisation: may lists be made from what the person did; no channel of contact

# Direct identifiers: sealed in the vault, never in the lake; those marked True also link records.
IDENTIFIERS: dict[str, bool] = {
    "name": False,
    "phone": True,
    "email": True,
    "openid": True,
    "id_number": True,
    "address": False,
    "anonymous_id": True,
}
# Normal forms that the vault keeps beside what was told: for comparing, never shown instead.
NORMAL_FORMS = ("name_normal", "address_normal")
# Identifiers that a correction proposes instead; shown masked until a person accepts them.
PROPOSED = ("email_proposed",)


@dataclass(frozen=True)
class Field:
    """One field of a kind of file: its type, whether rows need it, and the headers that usually hold it."""

    name: str
    type: FieldType
    needed: bool
    words: Say
    headers: tuple[str, ...]


def _fields(text: str) -> dict[str, Field]:
    """Read fields from text: a line each, `name | type | needed | zh | en | header, header`."""
    found = {}
    for row in filter(str.strip, text.splitlines()):
        name, type_, needed, zh, en, headers = (cell.strip() for cell in row.split("|"))
        known = tuple(header.strip().lower() for header in headers.split(",") if header.strip())
        found[name] = Field(name, type_, needed == "yes", Say(zh, en), known)  # type: ignore[arg-type]
    return found


_PERSON = """
customer | id | yes | 客户号 | customer id | customer_id, customer id, customerid, household_id, user_id, userid, member_id, member id, buyer_id, client_id, 客户号, 客户编号, 客户id, 会员号, 会员编号, 会员id, 用户id, 买家会员名, 客户
name | identifier | no | 姓名 | name | full_name, fullname, contact_name, name, billing name, 姓名, 客户姓名, 收货人姓名, 联系人, 收货人, 收货人/提货人
phone | identifier | no | 手机号 | phone | phone, mobile, mobile_no, telephone, tel, billing phone, 手机, 手机号, 手机号码, 联系手机, 联系电话, 电话, 买家手机号, 收货人手机号/提货人手机号
email | identifier | no | 邮箱 | e-mail | email, e-mail, mail, email_address, 邮箱, 电子邮箱
openid | identifier | no | 微信号 | openid | openid, wechat_openid, unionid, 微信openid
id_number | identifier | no | 证件号 | id number | id_number, id_card, idcard, 身份证, 身份证号, 证件号
address | identifier | no | 地址 | address | address, billing address1, shipping address1, 地址, 收货地址, 详细收货地址/提货地址
owner | id | no | 负责人 | owner | owner, owner_id, sales_rep, rep, lead_owner, 负责人, 销售, 客户经理, 跟进人
team | id | no | 团队 | team | team, team_id, 团队, 部门, 销售组
"""

KINDS: dict[str, dict[str, Field]] = {
    "orders": _fields(
        _PERSON
        + """
order_id | id | yes | 订单号 | order id | order_id, order id, orderid, invoice, invoice_no, invoiceno, basket_id, transaction_id, order number, 订单号, 订单编号, 主订单编号, 单号, 流水号
line_id | id | no | 订单行号 | line id | line_id, order_line_id, item_line, 子订单编号, 行号
product_id | id | no | 商品号 | product id | product_id, product id, sku, stock_code, stockcode, item_id, lineitem sku, 商品编号, 商品编码, 商家编码, 商品id, 货号, 外部系统编号
product | text | no | 商品名 | product name | product_name, product, description, item_name, title, lineitem name, 商品名称, 商品, 标题, 宝贝标题, 全部商品名称
category | text | no | 品类 | category | category, product_category, 品类, 类目, 分类, 商品类目
department | text | no | 部门 | department | department, 大类, 一级类目
brand | text | no | 品牌 | brand | brand, vendor, 品牌
quantity | number | no | 数量 | quantity | quantity, qty, count, units, lineitem quantity, 数量, 购买数量, 宝贝总数量, 件数
price | money | no | 单价 | unit price | price, unit_price, unitprice, lineitem price, 单价, 价格
amount | money | no | 实付金额 | money paid for the line | amount, total, sales_value, line_total, revenue, paid, subtotal, 金额, 实付金额, 买家实际支付金额, 订单实付金额, 总金额, 商家应收
discount | money | no | 折扣 | discount | discount, retail_disc, discount amount, 折扣, 优惠金额
coupon | money | no | 优惠券 | coupon discount | coupon, coupon_disc, 优惠券, 券金额
currency | text | no | 币种 | currency | currency, 币种, 货币
ordered_at | time | yes | 下单时间 | time of the order | ordered_at, order_date, invoice_date, invoicedate, transaction_timestamp, created at, created_at, date, time, order time, paid at, 下单时间, 订单创建时间, 订单付款时间, 付款时间, 买家付款时间, 日期, 购买时间
store | text | no | 门店 | shop or channel | store, store_id, shop, channel, source, 门店, 店铺, 店铺名称, 渠道
"""
    ),
    "customers": _fields(
        _PERSON
        + """
since | time | no | 建档日期 | first day known | since, created, created_at, created at, register_date, signup_date, 注册时间, 建档日期, 创建时间
anonymous_id | identifier | no | 匿名号 | anonymous id of a browser or device | anonymous_id, anonymousid, 匿名号
told_at | time | no | 告知时间 | when it was said | told_at
"""
    ),
    "contacts": _fields("""
customer | id | yes | 联系人编号 | contact id | contact_id, contact id, 联系人编号, 联系人id
firm | id | yes | 企业客户号 | customer id of the firm | account_id, account id, company_id, firm_id, 客户编号, 客户号, 企业编号, 公司编号
firm_name | text | no | 企业名称 | name of the firm | account_name, company, company_name, firm, 客户名称, 企业名称, 公司, 公司名称, 单位
title | text | no | 职务 | role at the firm | title, role, position, job_title, 职务, 职位, 岗位
name | identifier | no | 姓名 | name | full_name, contact_name, name, 姓名, 联系人, 联系人姓名
phone | identifier | no | 手机号 | phone | phone, mobile, mobile_no, telephone, tel, 手机, 手机号, 手机号码, 联系电话, 电话
email | identifier | no | 邮箱 | e-mail | email, e-mail, mail, 邮箱, 电子邮箱
openid | identifier | no | 微信号 | openid | openid, unionid, 微信openid
since | time | no | 建档日期 | first day known | since, created, created_at, 创建时间, 建档日期
"""),
    "events": _fields("""
customer | id | yes | 客户号 | customer id | customer_id, user_id, userid, distinct_id, member_id, 客户号, 用户id, 会员号
event_id | id | no | 事件号 | event id | event_id, message_id, messageid, 事件id
event | text | yes | 事件名 | event name | event, event_name, action, behavior, behaviour, type, 事件, 事件名, 行为
product_id | id | no | 商品号 | product id | product_id, item_id, sku, 商品编号, 商品id
page | text | no | 页面 | page | page, url, path, 页面, 网址
query | text | no | 搜索词 | words searched for | query, keyword, search_term, 搜索词, 关键词
seconds | number | no | 停留秒数 | seconds spent | seconds, duration, dwell, 停留时间, 停留秒数
utm_source | text | no | 流量来源 | traffic source | utm_source, 流量来源
utm_medium | text | no | 流量媒介 | traffic medium | utm_medium, 流量媒介
utm_campaign | text | no | 流量活动 | traffic campaign | utm_campaign, 流量活动
request_id | id | no | 推荐请求号 | answer of recommendations that led to it | request_id, recommendation_id, 推荐请求号
happened_at | time | yes | 发生时间 | time | happened_at, timestamp, time, event_time, date, 时间, 发生时间
"""),
    "products": _fields("""
product_id | id | yes | 商品号 | product id | product_id, sku, stock_code, item_id, 商品编号, 商品编码, 商品id, 货号
product | text | no | 商品名 | product name | product_name, product, name, title, 商品名称, 名称, 标题
category | text | no | 品类 | category | category, product_category, 品类, 类目
department | text | no | 部门 | department | department, 大类, 一级类目
brand | text | no | 品牌 | brand | brand, vendor, manufacturer, 品牌
price | money | no | 标价 | list price | price, list_price, 价格, 标价
currency | text | no | 币种 | currency | currency, 币种
repeatable | flag | no | 可复购 | bought again and again | repeatable, consumable, 可复购
hidden | flag | no | 下架 | not to be offered | hidden, archived, discontinued, 下架
sold_from | time | no | 开售日期 | first day on which it may be sold | sold_from, available_from, on_sale_from, launch_date, 开售日期, 上市日期, 上架日期, 上架时间
sold_until | time | no | 停售日期 | last day on which it may be sold | sold_until, available_until, on_sale_until, end_of_sale, 停售日期, 退市日期, 下架日期, 下架时间
regions | text | no | 可售地区 | where alone it may be sold | regions, sold_in, sales_regions, 可售地区, 销售区域, 销售地区, 可售区域
margin | money | no | 单件毛利 | what is left of the price of one | margin, unit_margin, gross_profit, 单件毛利, 毛利, 毛利额
cost | money | no | 成本价 | cost of one; the margin is the list price less it | cost, cost_price, unit_cost, 成本价, 成本, 进价, 采购价
successor_id | id | no | 替代商品 | product that replaces it | successor_id, successor, replaced_by, 替代商品, 替代品, 升级款, 换代商品
description | text | no | 商品描述 | what it is, in words | description, details, product_description, long_description, body_html, 商品描述, 商品简介, 描述, 简介, 详情
"""),
    "stock": _fields("""
product_id | id | yes | 商品号 | product id | product_id, sku, stock_code, item_id, 商品编号, 商品编码, 货号
pieces | number | yes | 件数 | pieces on the shelf | pieces, stock, quantity, on_hand, 库存, 库存数量
counted_at | time | yes | 盘点时间 | when counted | counted_at, date, updated_at, 盘点时间, 日期, 更新时间
"""),
    "campaigns": _fields("""
campaign | id | yes | 活动号 | campaign id | campaign_id, campaign, utm_campaign, 活动, 活动编号
title | text | no | 活动名 | campaign name | campaign_name, title, name, 活动名称
kind | text | no | 活动类型 | type | campaign_type, kind, type, 活动类型
starts_at | time | yes | 开始时间 | first day | start_date, starts_at, start, 开始时间, 开始日期
ends_at | time | yes | 结束时间 | last day | end_date, ends_at, end, 结束时间, 结束日期
"""),
    "offers": _fields("""
campaign | id | yes | 活动号 | campaign id | campaign_id, campaign, 活动编号
offer | id | yes | 优惠号 | offer or coupon id | coupon_upc, offer_id, coupon_id, 优惠券编号
product_id | id | yes | 商品号 | product covered | product_id, sku, 商品编号, 商品编码
"""),
    "touches": _fields("""
customer | id | yes | 客户号 | customer id | customer_id, household_id, user_id, 客户号
campaign | id | no | 活动号 | campaign id | campaign_id, campaign, 活动编号
channel | text | no | 渠道 | channel | channel, medium, utm_medium, 渠道
touched_at | time | yes | 触达时间 | when | touched_at, sent_at, date, 触达时间, 发送时间
holdout | flag | no | 留出对照 | held back for comparison, not contacted | holdout, control, control_group, 对照组, 留出, 是否对照
propensity | number | no | 选中概率 | probability with which it was chosen | propensity, probability, 选中概率, 触达概率
policy | text | no | 策略版本 | rule or model version that chose it | policy, strategy, 策略, 策略版本
"""),
    "outcomes": _fields("""
customer | id | yes | 客户号 | customer id | customer_id, household_id, user_id, 客户号
campaign | id | no | 活动号 | campaign id | campaign_id, campaign, 活动编号
offer | id | no | 优惠号 | offer or coupon id | coupon_upc, offer_id, coupon_id, 优惠券编号
outcome | text | no | 结果 | what came of it | outcome, result, kind, 结果
amount | money | no | 金额 | money | amount, value, 金额
currency | text | no | 币种 | currency | currency, 币种
happened_at | time | yes | 发生时间 | when | redemption_date, happened_at, date, 时间, 发生时间
"""),
    "transfers": _fields("""
customer | id | yes | 客户号 | customer id | customer_id, user_id, account_holder, 客户号, 会员编号
transfer_id | id | no | 流水号 | transfer id | transfer_id, transaction_id, reference, 交易流水号, 流水号
direction | text | no | 方向 | out or in | direction, 方向, 收支
payee | id | no | 对方账户 | account of the other side; only a keyed digest of it is kept | payee, counterparty, beneficiary, 对方账户, 收款账户
new_payee | flag | no | 首次收款人 | first payment to this account, as the bank knows it | new_payee, first_time_payee, 是否首次收款人
amount | money | no | 金额 | money | amount, value, 金额
currency | text | no | 币种 | currency | currency, 币种
moved_at | time | yes | 交易时间 | when | moved_at, transaction_time, date, 交易时间, 时间
"""),
    "traits": _fields("""
customer | id | yes | 客户号 | customer id | customer_id, user_id, distinct_id, 客户号
trait | text | no | 属性名 | name of the property | trait, 属性名
change | text | yes | 变动 | set, set_once, increment, append, unset or delete | change, 变动
value | text | no | 值 | value, number or member | value, 值
told_at | time | yes | 告知时间 | when it was said | told_at, 告知时间
message_id | text | no | 事件号 | id of the event that says it | message_id, messageid, 事件号
"""),
}


def field_of(kind: str, name: str) -> Field | None:
    """The field called `name` in a kind of file; attributes and consents are open families."""
    if name.startswith(ATTRIBUTE) and (kind == "products" or "customer" in KINDS[kind]):
        return Field(name, "text", False, Say(name.removeprefix(ATTRIBUTE), name.removeprefix(ATTRIBUTE)), ())
    if name.startswith(CONSENT) and "customer" in KINDS[kind]:
        return Field(name, "flag", False, Say(name.removeprefix(CONSENT), name.removeprefix(CONSENT)), ())
    return KINDS[kind].get(name)
