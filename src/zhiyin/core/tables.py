"""The tables that all rooms meet in: key, type, unit, sensitivity and purposes of every column.

Nothing else defines a table. A stage names the tables that it reads and writes; `store` creates them from here,
`guard` decides by the sensitivity and the purposes given here, `docs/tables.md` is printed from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zhiyin.core.errors import NotFound, listed
from zhiyin.core.words import Say

Kind = Literal["fact", "derived"]
Sensitivity = Literal["public", "personal", "sensitive"]
Purpose = Literal["identity", "analysis", "contact", "display", "measurement"]

PURPOSES: dict[Purpose, Say] = {
    "identity": Say("识别是否同一位客户", "tell whether two records are one customer"),
    "analysis": Say("建立画像、预测与推荐", "build profiles, predictions and recommendations"),
    "contact": Say("决定联系谁并联系客户", "decide whom to contact, and contact them"),
    "display": Say("给有权限的人查看", "show to who may see it"),
    "measurement": Say("衡量效果", "measure what worked"),
}
_PURPOSES_OF: dict[str, tuple[Purpose, ...]] = {
    "all": ("identity", "analysis", "contact", "display", "measurement"),
    "work": ("analysis", "contact", "display", "measurement"),
    "identity": ("identity",),
    "show": ("display",),
}

__all__ = ["FACTS", "PURPOSES", "TABLES", "WINDOWS", "Column", "Kind", "Purpose", "Sensitivity", "Table", "table_named"]


@dataclass(frozen=True)
class Column:
    """One column: what it is called, in which unit, how private, and what it may be used for."""

    name: str
    type: str
    unit: str
    sensitivity: Sensitivity
    purposes: tuple[Purpose, ...]
    words: Say


@dataclass(frozen=True)
class Table:
    """One table of the lake: its key, its columns, and whether it is a fact or derived from facts."""

    name: str
    kind: Kind
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    words: Say

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def types(self) -> dict[str, str]:
        """Column name -> type, in the words of Ibis (string, int64, float64, boolean, date, timestamp)."""
        return {column.name: column.type for column in self.columns}

    @property
    def person(self) -> str:
        """The column that says whose row this is: customer_id, record_id, or empty where rows belong to nobody."""
        return next((name for name in ("customer_id", "record_id") if name in self.names), "")


def table_named(name: str) -> Table:
    """The definition of one table.

    Raises:
        NotFound: when there is no such table; lists those that exist.
    """
    if name not in TABLES:
        raise NotFound(
            Say("没有这张表。", "There is no such table."),
            got=name,
            fix=Say(f"使用其中之一：{listed(TABLES, most=99)}。", f"Use one of {listed(TABLES, most=99)}."),
        )
    return TABLES[name]


def _table(name: str, kind: Kind, key: str, zh: str, en: str, columns: str) -> Table:
    """Read a table from text: a line a column, `name | type | unit | sensitivity | purposes | zh | en`."""
    rows = [[cell.strip() for cell in row.split("|")] for row in columns.splitlines() if row]
    parsed = tuple(Column(n, t, u, s, _PURPOSES_OF[p], Say(z, e)) for n, t, u, s, p, z, e in rows)  # type: ignore[arg-type]
    return Table(name, kind, tuple(key.split()), parsed, Say(zh, en))


_ORIGIN = """
batch_id | string | - | public | all | 导入批次 | the import that brought the row
source_row | int64 | row | public | all | 来源行号 | row of the source file, the header is row 1
"""

# Features are counted over the last N days before the day asked about, and over all that is known.
WINDOWS = (7, 14, 28, 56, 84)


def _windowed(name: str, type_: str, unit: str, zh: str, en: str) -> str:
    """One column a window, `name_28d`, and one over all time, `name_all`."""
    rows = [f"{name}_{days}d | {type_} | {unit} | personal | work | 近{days}天{zh} | {en}, last {days} days" for days in WINDOWS]
    return "\n".join([*rows, f"{name}_all | {type_} | {unit} | personal | work | 累计{zh} | {en}, all time"]) + "\n"


_FACTS = [
    _table("batch", "fact", "batch_id", "导入批次", "one import of one file or source", """
batch_id | string | - | public | all | 导入批次 | the import
source | string | - | public | all | 来源 | name of the source in zhiyin.toml
content | string | sha256 | public | all | 内容指纹 | fingerprint of content and mapping
read | int64 | row | public | all | 读入行数 | rows read
stored | int64 | row | public | all | 新增行数 | rows that were new
duplicate | int64 | row | public | all | 重复行数 | rows that were known
refused | int64 | row | public | all | 拒收行数 | rows refused
imported_at | timestamp | UTC | public | all | 导入时间 | when
"""),
    _table("record", "fact", "record_id", "档案", "one person or firm in one source system", """
record_id | string | - | personal | all | 档案号 | keyed id of the person in the source
source | string | - | public | all | 来源 | system the record lives in
kind | string | person, firm | public | all | 类型 | person or firm
owner_id | string | - | personal | work | 负责人 | rep who owns the customer
team_id | string | - | public | work | 团队 | team of the rep
since_on | date | local day | personal | all | 建档日期 | first day known in the source
""" + _ORIGIN),
    _table("link_key", "fact", "record_id kind digest", "匹配键", "keyed digests by which records are linked; no identifier", """
record_id | string | - | personal | identity | 档案号 | the record
kind | string | - | public | identity | 键类型 | phone, email, openid, id_number
digest | string | HMAC | personal | identity | 摘要 | keyed blind index of the value
""" + _ORIGIN),
    _table("attribute", "fact", "record_id name", "属性", "a declared property of a record", """
record_id | string | - | personal | all | 档案号 | the record
name | string | - | public | work | 属性名 | name of the property
value | string | - | personal | work | 属性值 | its value
""" + _ORIGIN),
    _table("consent", "fact", "record_id channel since_on", "同意", "may we contact this record through this channel", """
record_id | string | - | personal | all | 档案号 | the record
channel | string | - | public | work | 渠道 | phone, sms, email, wechat, any
allowed | boolean | - | personal | work | 是否同意 | true: agreed, false: refused or withdrawn
since_on | date | local day | personal | work | 起始日期 | since when
""" + _ORIGIN),
    _table("order_line", "fact", "source line_id", "订单行", "one product of one order", """
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
    _table("event", "fact", "source event_id", "行为事件", "something a person did on a page or in an app", """
source | string | - | public | all | 来源 | system of the event
event_id | string | - | public | all | 事件号 | id of the event in its source
record_id | string | - | personal | all | 档案号 | who
name | string | - | public | work | 事件名 | Product Viewed, Order Completed ...
product_id | string | - | public | work | 商品号 | about which product
happened_at | timestamp | UTC | personal | work | 发生时间 | when
happened_on | date | local day | personal | work | 发生日期 | local day
""" + _ORIGIN),
    _table("product", "fact", "product_id", "商品", "one thing for sale", """
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
""" + _ORIGIN),
    _table("stock", "fact", "product_id counted_on", "库存", "pieces on the shelf", """
product_id | string | - | public | work | 商品号 | the product
counted_on | date | local day | public | work | 盘点日期 | when counted
pieces | float64 | pieces | public | work | 件数 | how many
""" + _ORIGIN),
    _table("campaign", "fact", "campaign_id", "活动", "a marketing campaign", """
campaign_id | string | - | public | work | 活动号 | the campaign
source | string | - | public | all | 来源 | system of the campaign
name | string | - | public | work | 活动名 | what it is called
kind | string | - | public | work | 活动类型 | type of campaign
starts_on | date | local day | public | work | 开始日期 | first day
ends_on | date | local day | public | work | 结束日期 | last day
""" + _ORIGIN),
    _table("offer", "fact", "campaign_id offer_id product_id", "优惠", "a product that an offer of a campaign covers", """
campaign_id | string | - | public | work | 活动号 | the campaign
offer_id | string | - | public | work | 优惠号 | coupon or offer
product_id | string | - | public | work | 商品号 | product covered
""" + _ORIGIN),
    _table("touch", "fact", "touch_id", "触达", "a contact that we made, or held back for the experiment", """
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
    _table("outcome", "fact", "outcome_id", "结果", "what came of a contact", """
outcome_id | string | - | public | all | 结果号 | the outcome
record_id | string | - | personal | all | 档案号 | whose
campaign_id | string | - | public | work | 活动号 | answer to which campaign
offer_id | string | - | public | work | 优惠号 | which offer was used
kind | string | - | public | work | 结果类型 | redeemed, bought, answered, no_need, unreachable, refused_contact
amount | int64 | minor units | personal | work | 金额 | money that came of it
happened_at | timestamp | UTC | personal | work | 发生时间 | when
happened_on | date | local day | personal | work | 发生日期 | local day
""" + _ORIGIN),
    _table("refused", "fact", "batch_id source_row code field", "拒收", "a row that could not be taken, and why", """
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

_DERIVED = [
    _table("identity", "derived", "record_id", "身份", "which customer a record belongs to", """
record_id | string | - | personal | all | 档案号 | the record
customer_id | string | - | personal | all | 客户号 | the customer: id of the oldest record
"""),
    _table("customer", "derived", "customer_id", "客户", "one person or firm across all sources", """
customer_id | string | - | personal | all | 客户号 | the customer
kind | string | person, firm | public | all | 类型 | person or firm
owner_id | string | - | personal | work | 负责人 | rep who owns the customer
team_id | string | - | public | work | 团队 | team of the rep
since_on | date | local day | personal | all | 首次出现 | first day known
records | int64 | records | public | all | 档案数 | how many source records
"""),
    _table("prediction", "derived", "customer_id question subject_id at_on", "预测", "what a customer will do, how sure, and why", """
customer_id | string | - | personal | work | 客户号 | the customer
question | string | - | public | work | 问题 | which question
subject_id | string | - | public | work | 对象 | campaign or category asked about, empty for none
at_on | date | local day | public | work | 截止日期 | known up to the day before
value | float64 | unit | personal | work | 预测值 | probability, or money in minor units
low | float64 | unit | personal | work | 下限 | lower end of the 90 % interval
high | float64 | unit | personal | work | 上限 | upper end of the 90 % interval
unit | string | - | public | work | 单位 | probability, minor, days
reasons | string | JSON | personal | work | 理由 | base, contributions and sentence slots
model_id | string | - | public | work | 模型 | card of the model on the shelf
"""),
    _table("segment", "derived", "customer_id scheme", "分群", "which group a customer is in", """
customer_id | string | - | personal | work | 客户号 | the customer
scheme | string | - | public | work | 分群方案 | rfm, behaviour
segment_id | string | - | public | work | 群 | the group
name_zh | string | - | public | work | 群名 | name in Chinese
name_en | string | - | public | work | 英文群名 | name in English
reason_zh | string | - | personal | work | 理由 | why, in Chinese
reason_en | string | - | personal | work | 英文理由 | why, in English
"""),
    _table("recommendation", "derived", "customer_id product_id kind", "推荐", "what to offer a customer", """
customer_id | string | - | personal | work | 客户号 | the customer
product_id | string | - | public | work | 商品号 | the product
kind | string | repeat, new | public | work | 类型 | bought before, or new to the customer
rank | int64 | - | public | work | 名次 | 1 is best
score | float64 | - | personal | work | 得分 | higher is better, within one customer and kind
reason_zh | string | - | personal | work | 理由 | why, in Chinese
reason_en | string | - | personal | work | 英文理由 | why, in English
"""),
    _table("next_step", "derived", "customer_id", "下一步", "what to do about a customer today, and what it gains", """
customer_id | string | - | personal | work | 客户号 | the customer
owner_id | string | - | personal | work | 负责人 | rep whose list it is on, empty for the pool
team_id | string | - | public | work | 团队 | team
rank | int64 | - | public | work | 名次 | place on the list of the owner, 0 when not listed
listed | boolean | - | public | work | 入列 | on the list today
holdout | boolean | - | public | work | 留出对照 | held back at random, to measure the effect
propensity | float64 | probability | public | work | 选中概率 | probability with which it was chosen
action | string | - | public | work | 动作 | what to do
channel | string | - | public | work | 渠道 | through what
contact | string | allowed, refused, unknown | personal | work | 可否联系 | consent for the channel
question | string | - | public | work | 依据问题 | question that the gain rests on
subject_id | string | - | public | work | 对象 | campaign or category
product_id | string | - | public | work | 商品号 | product to offer
probability | float64 | probability | personal | work | 概率 | chance of success if contacted
uplift | float64 | probability | personal | work | 提升 | what the contact adds to the chance
margin | int64 | minor units | personal | work | 毛利 | margin if it succeeds
cost | int64 | minor units | public | work | 成本 | cost of the contact
gain | float64 | minor units | personal | work | 期望增益 | uplift x margin - cost
currency | string | ISO 4217 | public | work | 币种 | currency
reasons | string | JSON | personal | work | 理由 | three sentences with slots
opening_zh | string | template | public | work | 开场白 | opening words with slots, filled at read
opening_en | string | template | public | work | 英文开场白 | opening words in English
blocked | string | - | personal | work | 未入列原因 | why not on the list, empty when listed
"""),
    _table("scorecard", "derived", "subject question metric at_on variant", "成绩单", "how good a model or the list was, beside its baseline", """
subject | string | model, list, recommendation, kpi | public | work | 对象 | what is judged
question | string | - | public | work | 问题 | which question
metric | string | - | public | work | 指标 | AUC, precision at k, gain ...
at_on | date | local day | public | work | 截止日期 | judged by what came after this day
variant | string | - | public | work | 方案 | model, or the name of the baseline
value | float64 | metric | public | work | 数值 | the figure
low | float64 | metric | public | work | 下限 | lower end of the 95 % bootstrap interval
high | float64 | metric | public | work | 上限 | upper end
n | int64 | rows | public | work | 样本数 | rows judged
used | boolean | - | public | work | 采用 | this variant is the one in use
"""),
    _table("quality", "derived", "source table_name column_name measure", "数据质量", "completeness, validity and consistency a source", """
source | string | - | public | all | 来源 | system
table_name | string | - | public | all | 表 | table
column_name | string | - | public | all | 列 | column, empty for the table
measure | string | - | public | all | 度量 | rows, filled, distinct, refused, fresh_days
value | float64 | measure | public | all | 数值 | the figure
"""),
    _table("model", "derived", "model_id", "模型", "a trained model on the shelf", """
model_id | string | - | public | all | 模型 | folder on the shelf
question | string | - | public | all | 问题 | which question it answers
name | string | - | public | all | 模型名 | logistic, boosting, rate ...
snapshot | string | - | public | all | 快照 | lake generation it learned from
at_on | date | local day | public | all | 截止日期 | learned from what came before
card | string | JSON | public | all | 模型卡 | the model card
"""),
    _table("profile", "derived", "customer_id", "画像", "attributes, behaviour and value of a customer today; no scores", """
customer_id | string | - | personal | work | 客户号 | the customer
at_on | date | local day | public | work | 截止日期 | known up to the day before
stage | string | - | personal | work | 生命周期 | lead, new, active, quiet, lost
stage_since_on | date | local day | personal | work | 进入阶段日期 | since when in this stage
first_order_on | date | local day | personal | work | 首购日期 | first order
last_order_on | date | local day | personal | work | 最近购买日期 | last order
orders | int64 | orders | personal | work | 订单数 | orders with money paid
spend | int64 | minor units | personal | work | 消费额 | money paid, returns deducted
currency | string | ISO 4217 | public | work | 币种 | currency
days_since_order | int64 | days | personal | work | 距上次购买天数 | days since the last order
recency_score | int64 | 1-5 | personal | work | 近度分 | R of RFM, 5 is most recent
frequency_score | int64 | 1-5 | personal | work | 频度分 | F of RFM
monetary_score | int64 | 1-5 | personal | work | 额度分 | M of RFM
tier | string | - | personal | work | 价值等级 | RFM tier: champion, loyal, promising, slipping, asleep, lead
interests | string | JSON | personal | work | 兴趣 | favourite categories with orders, spend and last day
attributes | string | JSON | personal | work | 属性 | declared attributes with source
"""),
    _table("profile_at", "derived", "customer_id at_on", "历史画像", "features of a customer as of a day, blind to what came later", """
customer_id | string | - | personal | work | 客户号 | the customer
at_on | date | local day | public | work | 截止日期 | known up to the day before
""" + _windowed("orders", "int64", "orders", "订单数", "orders")
    + _windowed("spend", "int64", "minor units", "消费额", "money paid")
    + """
days_since_order | int64 | days | personal | work | 距上次购买天数 | days since the last order
tenure_days | int64 | days | personal | work | 客户年龄天数 | days since the first order
"""),
]

FACTS: dict[str, Table] = {table.name: table for table in _FACTS}
TABLES: dict[str, Table] = FACTS | {table.name: table for table in _DERIVED}
