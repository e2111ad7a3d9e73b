"""The tables that all rooms meet in: key, type, unit, sensitivity and purposes of every column.

Nothing but this file (facts) and derived.py (what is made of them) defines a table. A stage names the tables that it reads and writes; `store` creates them from here,
`guard` decides by the sensitivity and the purposes given here, `docs/tables.md` is printed from here.
"""

from __future__ import annotations

from zhiyin.core.derived import DERIVED
from zhiyin.core.errors import one_of
from zhiyin.core.schema import PURPOSES, WINDOWS, Column, Kind, Purpose, Sensitivity, Table, read_table
from zhiyin.core.words import Say

__all__ = ["FACTS", "PURPOSES", "TABLES", "WINDOWS", "Column", "Kind", "Purpose", "Sensitivity", "Table", "table_named"]

# A table a block, a column a line: formatted, the same lists take three times the lines.
# fmt: off
_ORIGIN = """
batch_id | string | - | public | all | 导入批次 | the import that brought the row
source_row | int64 | row | public | all | 来源行号 | row of the source file, the header is row 1
"""

_FACTS = [
    read_table("batch", "fact", "batch_id", "导入批次", "one import of one file or source", """
batch_id | string | - | public | all | 导入批次 | the import
source | string | - | public | all | 来源 | name of the source in zhiyin.toml
content | string | sha256 | public | all | 内容指纹 | fingerprint of content and mapping
read | int64 | row | public | all | 读入行数 | rows read
stored | int64 | row | public | all | 新增行数 | rows that were new
duplicate | int64 | row | public | all | 重复行数 | rows that were known
refused | int64 | row | public | all | 拒收行数 | rows refused
dropped | int64 | values | public | all | 丢弃值数 | values of columns that nobody declared, dropped at the door
imported_at | timestamp | UTC | public | all | 导入时间 | when
"""),
    read_table("record", "fact", "record_id", "档案", "one person or firm in one source system", """
record_id | string | - | personal | all | 档案号 | keyed id of the person in the source
source | string | - | public | all | 来源 | system the record lives in
kind | string | person, firm | public | all | 类型 | person or firm
owner_id | string | - | personal | work | 负责人 | rep who owns the customer
team_id | string | - | public | work | 团队 | team of the rep
since_on | date | local day | personal | all | 建档日期 | first day known in the source
""" + _ORIGIN),
    read_table("link_key", "fact", "record_id kind digest", "匹配键", "keyed digests by which records are linked; no identifier", """
record_id | string | - | personal | identity | 档案号 | the record
kind | string | - | public | identity | 键类型 | phone, email, openid, id_number, anonymous_id; near_phone, near_name, near_company, near_door: compared only
digest | string | HMAC | personal | identity | 摘要 | keyed blind index of the value
""" + _ORIGIN),
    read_table("attribute", "fact", "record_id name", "属性", "a declared property of a record", """
record_id | string | - | personal | all | 档案号 | the record
name | string | - | public | all | 属性名 | name of the property
value | string | - | personal | all | 属性值 | its value; city and birthday also tell who is who
""" + _ORIGIN),
    read_table("trait", "fact", "trait_id", "属性变动", "one thing said about a property of a record, and when; attributes follow from all of them", """
trait_id | string | - | public | all | 变动号 | event that says it, and what it changes
record_id | string | - | personal | all | 档案号 | the record
name | string | - | public | all | 属性名 | name of the property
change | string | set, set_once, increment, append, unset, delete | public | all | 变动 | how it changes; delete is about all properties and names none
value | string | - | personal | all | 值 | value, number or member; empty where it is taken away
told_at | timestamp | UTC | personal | all | 告知时间 | when it was said
""" + _ORIGIN),
    read_table("role", "fact", "record_id firm_id", "任职", "a person speaks for a firm", """
record_id | string | - | personal | all | 档案号 | the person
firm_id | string | - | personal | all | 企业档案号 | record of the firm
title | string | - | personal | work | 职务 | what the person is there
""" + _ORIGIN),
    read_table("consent", "fact", "record_id channel since_on", "同意", "may we contact this record through this channel", """
record_id | string | - | personal | all | 档案号 | the record
channel | string | - | public | work | 渠道 | phone, sms, email, wechat, any; personalisation: lists made from what the person did
allowed | boolean | - | personal | work | 是否同意 | true: agreed, false: refused or withdrawn
since_on | date | local day | personal | work | 起始日期 | since when
""" + _ORIGIN),
    read_table("order_line", "fact", "source line_id", "订单行", "one product of one order", """
source | string | - | public | all | 来源 | system of the order
line_id | string | - | public | all | 订单行号 | order / product / occurrence
record_id | string | - | personal | all | 档案号 | who bought
order_id | string | - | personal | work | 订单号 | the order in its source
product_id | string | - | public | work | 商品号 | what was bought
quantity | float64 | pieces | personal | work | 数量 | pieces; negative for returns
amount | int64 | minor units | personal | work | 实付金额 | money paid for the line; negative for returns
discount | int64 | minor units | personal | work | 折扣 | shop discount, positive
coupon | int64 | minor units | personal | work | 优惠券 | coupon discount, positive
currency | string | ISO 4217 | public | work | 币种 | currency of the money columns
store_id | string | - | public | work | 门店 | shop or channel
ordered_at | timestamp | UTC | personal | work | 下单时间 | when
ordered_on | date | local day | personal | work | 下单日期 | local day of the order
""" + _ORIGIN),
    read_table("transfer", "fact", "source transfer_id", "转账", "money that a customer moved between accounts", """
source | string | - | public | all | 来源 | system of the transfer
transfer_id | string | - | personal | all | 转账号 | id of the transfer in its source
record_id | string | - | personal | all | 档案号 | who
direction | string | out, in | personal | work | 方向 | out: sent, in: received
payee | string | HMAC | personal | work | 对方账户 | keyed digest of the account of the other side
new_payee | boolean | - | personal | work | 首次收款人 | first payment to this account, as the source says; empty: worked out
amount | int64 | minor units | personal | work | 金额 | money moved
currency | string | ISO 4217 | public | work | 币种 | currency of the money
moved_at | timestamp | UTC | personal | work | 转账时间 | when
moved_on | date | local day | personal | work | 转账日期 | local day
""" + _ORIGIN),
    read_table("event", "fact", "source event_id", "行为事件", "something a person did on a page or in an app", """
source | string | - | public | all | 来源 | system of the event
event_id | string | - | public | all | 事件号 | id of the event in its source
record_id | string | - | personal | all | 档案号 | who
name | string | - | public | work | 事件名 | Product Viewed, Order Completed ...
product_id | string | - | public | work | 商品号 | about which product
page | string | - | personal | work | 页面 | path of the page, without what follows a question mark
query | string | - | personal | work | 搜索词 | words searched for; empty where they name a person
seconds | float64 | seconds | personal | work | 停留秒数 | time spent on the page
utm_source | string | - | public | work | 流量来源 | where the visit came from
utm_medium | string | - | public | work | 流量媒介 | through what
utm_campaign | string | - | public | work | 流量活动 | by which campaign
request_id | string | - | public | work | 推荐请求号 | the answer of recommendations that led to it, where the page says
happened_at | timestamp | UTC | personal | work | 发生时间 | when
happened_on | date | local day | personal | work | 发生日期 | local day
""" + _ORIGIN),
    read_table("product", "fact", "product_id", "商品", "one thing for sale", """
product_id | string | - | public | all | 商品号 | the product
source | string | - | public | all | 来源 | system of the product
name | string | - | public | work | 商品名 | what it is called
category | string | - | public | work | 品类 | category
department | string | - | public | work | 部门 | group of categories
brand | string | - | public | work | 品牌 | brand or maker
price | int64 | minor units | public | work | 标价 | list price
currency | string | ISO 4217 | public | work | 币种 | currency of the price
repeatable | boolean | - | public | work | 可复购 | bought again and again (empty: learned)
hidden | boolean | - | public | work | 下架 | not to be offered
sold_from | date | local day | public | work | 开售日期 | first day on which it may be sold (empty: always)
sold_until | date | local day | public | work | 停售日期 | last day on which it may be sold (empty: for good)
regions | string | JSON | public | work | 可售地区 | where alone it may be sold, provinces and cities by their full names (none or an empty list: everywhere)
margin | int64 | minor units | public | work | 单件毛利 | what is left of the list price of one after its cost
successor_id | string | - | public | work | 替代商品 | product that replaces it
attributes | string | JSON | public | work | 商品属性 | name and value of whatever else tells items of its kind apart: a course, a trip and a home are items too
description | string | - | public | work | 商品描述 | what it is, in words for customers
""" + _ORIGIN),
    read_table("stock", "fact", "product_id counted_on", "库存", "pieces on the shelf", """
product_id | string | - | public | work | 商品号 | the product
counted_on | date | local day | public | work | 盘点日期 | when counted
pieces | float64 | pieces | public | work | 件数 | how many
""" + _ORIGIN),
    read_table("campaign", "fact", "campaign_id", "活动", "a marketing campaign", """
campaign_id | string | - | public | work | 活动号 | the campaign
source | string | - | public | all | 来源 | system of the campaign
name | string | - | public | work | 活动名 | what it is called
kind | string | - | public | work | 活动类型 | type of campaign
starts_on | date | local day | public | work | 开始日期 | first day
ends_on | date | local day | public | work | 结束日期 | last day
""" + _ORIGIN),
    read_table("offer", "fact", "campaign_id offer_id product_id", "优惠", "a product that an offer of a campaign covers", """
campaign_id | string | - | public | work | 活动号 | the campaign
offer_id | string | - | public | work | 优惠号 | coupon or offer
product_id | string | - | public | work | 商品号 | product covered
""" + _ORIGIN),
    read_table("touch", "fact", "touch_id", "触达", "a contact that we made, or held back for the experiment", """
touch_id | string | - | public | all | 触达号 | the contact
record_id | string | - | personal | all | 档案号 | whom
campaign_id | string | - | public | work | 活动号 | in which campaign
channel | string | - | public | work | 渠道 | through what
policy | string | - | public | work | 策略版本 | rule or model version that chose it
propensity | float64 | probability | public | work | 选中概率 | probability with which it was chosen
holdout | boolean | - | public | work | 留出对照 | held back at random, not contacted
touched_at | timestamp | UTC | personal | work | 触达时间 | when
touched_on | date | local day | personal | work | 触达日期 | local day
""" + _ORIGIN),
    read_table("outcome", "fact", "outcome_id", "结果", "what came of a contact", """
outcome_id | string | - | public | all | 结果号 | the outcome
record_id | string | - | personal | all | 档案号 | whose
campaign_id | string | - | public | work | 活动号 | answer to which campaign
offer_id | string | - | public | work | 优惠号 | which offer was used
kind | string | - | public | work | 结果类型 | redeemed, bought, answered, no_need, unreachable, wrong_number, bounced, refused_contact
amount | int64 | minor units | personal | work | 金额 | money that came of it
happened_at | timestamp | UTC | personal | work | 发生时间 | when
happened_on | date | local day | personal | work | 发生日期 | local day
""" + _ORIGIN),
    read_table("fill", "fact", "record_id product_id column_name method", "补值", "a value that nobody told and that is inferred, with how and how sure; what is told goes before it", """
record_id | string | - | personal | all | 档案号 | the record, empty for a product
product_id | string | - | public | all | 商品号 | the product, empty for a person
column_name | string | - | public | all | 列 | which attribute or column is filled
method | string | address, phone, id_number, title, behaviour, name | public | all | 推断方法 | what it was inferred from
value | string | - | personal | work | 推测值 | the inferred value
confidence | float64 | probability | personal | work | 置信度 | how sure
""" + _ORIGIN),
    read_table("bad_contact", "fact", "record_id channel code", "无效联系方式", "a phone or e-mail that cannot be used, why and since when", """
record_id | string | - | personal | all | 档案号 | the record
channel | string | - | public | all | 渠道 | phone, email
code | string | - | public | all | 原因代码 | reason, as a code
since_on | date | local day | personal | work | 起始日期 | since when
""" + _ORIGIN),
    read_table("cursor", "fact", "name", "读取位置", "up to where a stream of events is in this generation", """
name | string | - | public | all | 名称 | inbox
position | int64 | - | public | all | 位置 | the last request that was taken over
"""),
    read_table("refused", "fact", "batch_id source_row code field", "拒收", "a row that could not be taken, and why", """
batch_id | string | - | public | all | 导入批次 | the import
source | string | - | public | all | 来源 | system
source_row | int64 | row | public | all | 来源行号 | row of the source file
code | string | - | public | all | 原因代码 | reason, as a code
field | string | - | public | all | 字段 | field at fault
reason_zh | string | - | public | all | 原因 | reason in Chinese
reason_en | string | - | public | all | 英文原因 | reason in English
sealed_id | string | - | personal | identity | 原始行编号 | vault entry with the original row
"""),
]
# fmt: on

FACTS: dict[str, Table] = {table.name: table for table in _FACTS}
TABLES: dict[str, Table] = FACTS | {table.name: table for table in DERIVED}


def table_named(name: str) -> Table:
    """The definition of one table.

    Raises:
        NotFound: when there is no such table; lists those that exist.
    """
    return one_of(TABLES, name, what=Say("没有这张表。", "There is no such table."))
