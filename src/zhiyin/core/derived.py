"""The tables that are made of facts, and can be made again: columns as in tables.py, where all are found."""

from __future__ import annotations

from zhiyin.core.schema import read_table, windowed

__all__ = ["DERIVED"]

# A table a block, a column a line: formatted, the same lists take three times the lines.
# fmt: off
DERIVED = [
    read_table("identity", "derived", "record_id", "身份", "which customer a record belongs to", """
record_id | string | - | personal | all | 档案号 | the record
customer_id | string | - | personal | all | 客户号 | the customer: id of the oldest record
"""),
    read_table("customer", "derived", "customer_id", "客户", "one person or firm across all sources", """
customer_id | string | - | personal | all | 客户号 | the customer
kind | string | person, firm | public | all | 类型 | person or firm
owner_id | string | - | personal | work | 负责人 | rep who owns the customer
team_id | string | - | public | work | 团队 | team of the rep
since_on | date | local day | personal | all | 首次出现 | first day known
records | int64 | records | public | all | 档案数 | how many source records
"""),
    read_table("activity", "derived", "record_id channel name happened_on", "每日行为", "what a record did in a channel on a day: what the live profile goes on from", """
record_id | string | - | personal | all | 档案号 | the record
channel | string | - | public | work | 渠道 | source of the events, orders, contacts and outcomes
name | string | - | public | work | 事件名 | Product Viewed, Order Completed ...
happened_on | date | local day | personal | work | 日期 | local day
count | int64 | events | personal | work | 次数 | how often
amount | int64 | minor units | personal | work | 金额 | money paid, returns deducted
seconds | float64 | seconds | personal | work | 停留秒数 | time spent
first_at | timestamp | UTC | personal | work | 首次时间 | the first of them
last_at | timestamp | UTC | personal | work | 最近时间 | the last of them
last_id | string | - | personal | work | 最近事件号 | event or order id of the last; the greatest of several at one moment
"""),
    read_table("norm", "derived", "name", "常模", "what is usual among all customers, so that one can be judged by oneself", """
name | string | - | public | work | 名称 | order_gap (days between two orders), top_spend (minor units)
value | float64 | - | public | work | 数值 | the figure
"""),
    read_table("prediction", "derived", "customer_id question subject_id at_on", "预测", "what a customer will do, how sure, and why", """
customer_id | string | - | personal | work | 客户号 | the customer
question | string | - | public | work | 问题 | which question
subject_id | string | - | public | work | 对象 | campaign or category asked about, empty for none
at_on | date | local day | public | work | 截止日期 | known up to the day before
value | float64 | unit | personal | work | 预测值 | probability, or money in minor units
low | float64 | unit | personal | work | 下限 | lower end of the 90 % interval
high | float64 | unit | personal | work | 上限 | upper end of the 90 % interval
unit | string | - | public | work | 单位 | probability, difference (of two probabilities), minor, days
reasons | string | JSON | personal | work | 理由 | base, contributions and sentence slots
model_id | string | - | public | work | 模型 | card of the model on the shelf
"""),
    read_table("segment", "derived", "customer_id scheme", "分群", "which group a customer is in", """
customer_id | string | - | personal | work | 客户号 | the customer
scheme | string | - | public | work | 分群方案 | rfm, behaviour, loyalty, effect (of a contact)
segment_id | string | - | public | work | 群 | the group
name_zh | string | - | public | work | 群名 | name in Chinese
name_en | string | - | public | work | 英文群名 | name in English
reason_zh | string | - | personal | work | 理由 | why, in Chinese
reason_en | string | - | personal | work | 英文理由 | why, in English
"""),
    read_table("membership", "derived", "customer_id scheme segment_id since_on", "群成员", "who was in which group from when until when, noted by each run", """
customer_id | string | - | personal | work | 客户号 | the customer
scheme | string | rfm, behaviour, rule | public | work | 分群方案 | rfm, behaviour, rule
segment_id | string | - | public | work | 群 | the group
since_on | date | local day | personal | work | 进入日期 | day of the run that found the customer in it
until_on | date | local day | personal | work | 离开日期 | day of the run that found the customer out of it, empty while in it
"""),
    read_table("recommendation", "derived", "customer_id product_id kind", "推荐", "what to offer a customer", """
customer_id | string | - | personal | work | 客户号 | the customer
product_id | string | - | public | work | 商品号 | the product
kind | string | repeat, new | public | work | 类型 | bought before, or new to the customer
rank | int64 | - | public | work | 名次 | 1 is best
score | float64 | - | personal | work | 得分 | higher is better, within one customer and kind
reason_zh | string | - | personal | work | 理由 | why, in Chinese
reason_en | string | - | personal | work | 英文理由 | why, in English
"""),
    read_table("product_link", "derived", "product_id other_id", "商品关联", "what customers of a product take too", """
product_id | string | - | public | work | 商品号 | the product
other_id | string | - | public | work | 关联商品号 | what they take too
rank | int64 | - | public | work | 名次 | 1 is best; at most 50
alike | float64 | 0-1 | public | work | 相近度 | shrunk cosine over customers, an order counting more than a cart, a cart more than a view
customers | int64 | customers | public | work | 共同客户数 | how many took both
"""),
    read_table("popular_product", "derived", "product_id", "热门商品", "what most customers took in the last 28 days", """
product_id | string | - | public | work | 商品号 | the product
rank | int64 | - | public | work | 名次 | 1 is best
share | float64 | share | public | work | 占比 | of the customers of these days, an order counting more than a cart, a cart more than a view
customers | int64 | customers | public | work | 客户数 | how many took it
"""),
    read_table("popular_in", "derived", "place category product_id", "分类热销", "what most customers bought lately in a place, or of a category", """
place | string | - | public | work | 地区 | full name of a province or city, empty: of a category
category | string | - | public | work | 品类 | category, empty: in a place
product_id | string | - | public | work | 商品号 | the product
rank | int64 | - | public | work | 名次 | 1 is bought by most; at most 50
customers | int64 | customers | public | work | 客户数 | who bought it within 28 days
"""),
    read_table("tried", "derived", "placement product_id", "已试商品", "what places that explore have shown so far, and how often it was clicked", """
placement | string | - | public | work | 推荐位 | name of the placement
product_id | string | - | public | work | 商品号 | the product
shows | int64 | times | public | work | 展示次数 | times shown at places that explore, as far as their window is over
clicks | int64 | times | public | work | 点击次数 | of them clicked
"""),
    read_table("next_step", "derived", "customer_id", "下一步", "what to do about a customer today, and what it gains", """
customer_id | string | - | personal | work | 客户号 | the customer
owner_id | string | - | personal | work | 负责人 | rep whose list it is on, empty for the pool
team_id | string | - | public | work | 团队 | team
rank | int64 | - | public | work | 名次 | place on the list of the owner, 0 when not listed
listed | boolean | - | public | work | 入列 | on the list today
holdout | boolean | - | public | work | 留出对照 | held back at random, to measure the effect
propensity | float64 | probability | public | work | 选中概率 | probability with which it was chosen
action | string | - | public | work | 动作 | what to do
channel | string | - | public | work | 渠道 | through what
contact | string | allowed, refused, unknown, closed | personal | work | 可否联系 | consent for the channel
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
    read_table("risk", "derived", "kind place fact_id", "可疑交易", "an order or transfer that the customer may not have made: for a person to look at", """
kind | string | order, transfer | public | work | 类型 | order or transfer
place | string | - | public | work | 来源 | system that it came through
fact_id | string | - | personal | work | 单号 | order or transfer, in its system
case_id | string | - | personal | work | 案件号 | acts of one customer that lie close together are one case
customer_id | string | - | personal | work | 客户号 | the customer
happened_at | timestamp | UTC | personal | work | 发生时间 | when
happened_on | date | local day | personal | work | 发生日期 | local day
amount | int64 | minor units | personal | work | 金额 | money of it
currency | string | ISO 4217 | public | work | 币种 | currency
log_odds | float64 | log-odds | personal | work | 对数几率 | prior and evidence together; 0: as likely as not
level | string | high, look | personal | work | 级别 | high: more likely than not; look: worth a look
reasons | string | JSON | personal | work | 理由 | pieces of evidence that add up to the log-odds
"""),
    read_table("spike", "derived", "place category measure starts_on", "需求激增", "many more people than usual wanted something through a channel", """
place | string | - | public | work | 渠道 | system through which they came
category | string | - | public | work | 品类 | category
measure | string | orders, interest | public | work | 依据 | counted by orders, or by views and carts
starts_on | date | local day | public | work | 开始日期 | first day
noticed_on | date | local day | public | work | 发现日期 | day on which it was noticed
ends_on | date | local day | public | work | 结束日期 | last day so far
people | int64 | people | public | work | 人数 | who came from the first day to the day it was noticed
expected | float64 | people | public | work | 预期人数 | how many were expected
chance | float64 | probability | public | work | 偶然概率 | chance of so many if nothing is unusual
"""),
    read_table("demand_level", "derived", "place category measure", "需求常态", "how many people a day are usual on the day of the list, which the live loop compares with", """
place | string | - | public | work | 渠道 | system through which they come
category | string | - | public | work | 品类 | category
measure | string | orders, interest | public | work | 依据 | counted by orders, or by views and carts
at_on | date | local day | public | work | 日期 | the day
expected | float64 | people | public | work | 预期人数 | people that day
spread | float64 | ratio | public | work | 离散度 | how much more than Poisson the days vary
basis_people | float64 | people | public | work | 依据人数 | people that the level rests on
"""),
    read_table("need_shift", "derived", "customer_id shifted_on", "需求转变", "what a customer is interested in has changed", """
customer_id | string | - | personal | work | 客户号 | the customer
shifted_on | date | local day | personal | work | 转变日期 | first day of the new interest
noticed_on | date | local day | personal | work | 发现日期 | day on which the evidence sufficed
before | string | - | personal | work | 原品类 | leading category before
after | string | - | personal | work | 现品类 | leading category since
nats | float64 | nats | personal | work | 证据 | logarithm of the Bayes factor
evidence | int64 | acts | personal | work | 行为数 | views, carts, searches and orders since
product_id | string | - | public | work | 建议商品 | product to speak about, empty where none fits
"""),
    read_table("forecast", "derived", "level series step on", "需求预测", "how much will be sold, by day and by week", """
level | string | total, department, category, product | public | work | 层级 | of what; products by week only
series | string | - | public | work | 序列 | category, department or product; empty for the whole shop
step | string | day, week | public | work | 步长 | a day, or seven from the first on
on | date | local day | public | work | 日期 | the day, or the first of the week
value | float64 | pieces | public | work | 预计销量 | pieces expected
low | float64 | pieces | public | work | 下限 | lower end of the 80 % interval
high | float64 | pieces | public | work | 上限 | upper end of the 80 % interval
money | int64 | minor units | public | work | 预计金额 | what they bring at the prices of late
currency | string | ISO 4217 | public | work | 币种 | currency of the money
basis | string | forecaster, usual | public | work | 依据 | the way by which it was forecast
at_on | date | local day | public | work | 预测日期 | day of the run; earlier days were known
"""),
    read_table("demand_trend", "derived", "level series", "需求走势", "does a category grow, beside four weeks and a year ago, and since when", """
level | string | total, department, category | public | work | 层级 | of what
series | string | - | public | work | 序列 | category or department; empty for the whole shop
last_week | float64 | pieces | public | work | 上周销量 | sold in the last seven days known
now | float64 | pieces | public | work | 近四周周均销量 | a week, mean of the last four
before | float64 | pieces | public | work | 再前四周周均销量 | a week, mean of the four before
year_ago | float64 | pieces | public | work | 去年同期周均销量 | a week, mean of the same four a year ago
growth | float64 | share | public | work | 增长 | now beside before
growth_year | float64 | share | public | work | 同比增长 | now beside a year ago
changed_on | date | local day | public | work | 水平变化日期 | first day of the present level, empty where it has not changed in a year
change | float64 | share | public | work | 水平变化幅度 | by how much the level changed then
reason_zh | string | - | public | work | 理由 | why next week differs from the last one, in Chinese
reason_en | string | - | public | work | 英文理由 | why next week differs from the last one, in English
at_on | date | local day | public | work | 日期 | day of the run
"""),
    read_table("demand_week", "derived", "level series on", "每周销量", "what was sold in each week of the last year", """
level | string | total, department, category | public | work | 层级 | of what
series | string | - | public | work | 序列 | category or department; empty for the whole shop
on | date | local day | public | work | 日期 | first day of the week
value | float64 | pieces | public | work | 销量 | pieces sold
"""),
    read_table("forecast_said", "derived", "at_on level series way on", "预测留档", "what each way said about whole weeks, kept to be judged by what came", """
at_on | date | local day | public | work | 预测日期 | day of the run
level | string | category | public | work | 层级 | of what
series | string | - | public | work | 序列 | category
way | string | forecaster, usual, last_week | public | work | 方法 | who said it
on | date | local day | public | work | 日期 | first day of the week
value | float64 | pieces | public | work | 预计销量 | pieces expected
used | boolean | - | public | work | 采用 | this way was published
"""),
    read_table("reorder", "derived", "product_id", "补货建议", "how much of a product to order now, from its demand and stock", """
product_id | string | - | public | work | 商品号 | the product
at_on | date | local day | public | work | 日期 | day of the list
pieces | float64 | pieces | public | work | 库存 | on the shelf at the last count, less what was sold since
counted_on | date | local day | public | work | 盘点日期 | when counted
daily | float64 | pieces | public | work | 日均需求 | expected a day
cover_days | int64 | days | public | work | 覆盖天数 | lead time and time between two orders
service | float64 | probability | public | work | 服务水平 | chance that the stock lasts so long
needed | float64 | pieces | public | work | 所需库存 | that quantile of the demand
quantity | int64 | pieces | public | work | 建议订货量 | to order, in packs
basis | string | forecast, counts | public | work | 依据 | a forecast, or the counts of late
reason_zh | string | - | public | work | 理由 | why, in Chinese
reason_en | string | - | public | work | 英文理由 | why, in English
"""),
    read_table("scorecard", "derived", "subject question metric at_on variant", "成绩单", "how good a model or the list was, beside its baseline", """
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
    read_table("quality", "derived", "source table_name column_name measure", "数据质量", "completeness, validity and consistency a source", """
source | string | - | public | all | 来源 | system
table_name | string | - | public | all | 表 | table
column_name | string | - | public | all | 列 | column, empty for the table
measure | string | - | public | all | 度量 | rows, filled, distinct, refused, fresh_days
value | float64 | measure | public | all | 数值 | the figure
before | float64 | measure | public | all | 上次数值 | the figure before it last changed, empty for the first import
"""),
    read_table("model", "derived", "model_id", "模型", "a trained model on the shelf", """
model_id | string | - | public | all | 模型 | folder on the shelf
question | string | - | public | all | 问题 | which question it answers
name | string | - | public | all | 模型名 | logistic, boosting, rate ...
snapshot | string | - | public | all | 快照 | lake generation it learned from
at_on | date | local day | public | all | 截止日期 | learned from what came before
card | string | JSON | public | all | 模型卡 | the model card
"""),
    read_table("profile", "derived", "customer_id", "画像", "attributes, behaviour and value of a customer today; no scores", """
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
tier | string | - | personal | work | 价值等级 | champion, loyal, promising, slipping, asleep, lead
interests | string | JSON | personal | work | 兴趣 | favourite categories with buying days, spend and last day
attributes | string | JSON | personal | work | 属性 | declared attributes with source
"""),
    read_table("profile_at", "derived", "customer_id at_on", "历史画像", "features of a customer as of a day, blind to what came later", """
customer_id | string | - | personal | work | 客户号 | the customer
at_on | date | local day | public | work | 截止日期 | known up to the day before
""" + windowed("orders", "int64", "orders", "订单数", "orders")
    + windowed("spend", "int64", "minor units", "消费额", "money paid, returns deducted")
    + windowed("lines", "int64", "lines", "商品行数", "lines paid for")
    + windowed("days", "int64", "days", "购买天数", "days with an order", days=(28, 56, 84)) + """
days_since_order | int64 | days | personal | work | 距上次购买天数 | days since the last order
tenure_days | int64 | days | personal | work | 客户年龄天数 | days since the first order
gap_mean | float64 | days | personal | work | 平均购买间隔 | mean days between two buying days
gap_std | float64 | days | personal | work | 购买间隔波动 | sample deviation of the gaps
gap_max | int64 | days | personal | work | 最长购买间隔 | longest gap
last_gap | int64 | days | personal | work | 最近购买间隔 | gap before the last buying day
ticket_std | float64 | minor units | personal | work | 单日消费波动 | sample deviation of the money spent a buying day
last_ticket | int64 | minor units | personal | work | 最近一次消费额 | money spent on the last buying day
products_84d | int64 | products | personal | work | 近84天商品种数 | different products, last 84 days
""" + windowed("categories", "int64", "categories", "品类数", "different categories", days=(28, 84), ever=False)
    + windowed("discount_share", "float64", "share", "折扣占比", "discount / (discount + money paid)", days=(28, 84))
    + windowed("coupon_orders", "int64", "orders", "用券订单数", "orders with a coupon", days=(28, 84))
    + windowed("coupon_lines", "int64", "lines", "用券行数", "lines with a coupon", days=(84,)) + """
days_since_coupon | int64 | days | personal | work | 距上次用券天数 | days since a coupon was used
offers_received | int64 | campaigns | personal | work | 收到活动数 | campaigns received
offers_answered | int64 | campaigns | personal | work | 响应活动数 | of them, campaigns answered
offers_used | int64 | outcomes | personal | work | 使用优惠次数 | answers given, several a campaign
days_since_answer | int64 | days | personal | work | 距上次响应天数 | days since the last answer
calls_84d | int64 | contacts | personal | work | 近84天通话次数 | calls and other contacts outside of campaigns with a noted result, last 84 days
calls_all | int64 | contacts | personal | work | 累计通话次数 | the same, ever
calls_yes_all | int64 | contacts | personal | work | 累计有意通话次数 | of them, those that were answered with interest or a purchase
calls_no_all | int64 | contacts | personal | work | 累计无需求通话次数 | of them, those judged "no need"
days_since_call | int64 | days | personal | work | 距上次通话天数 | days since the last of them
""" + windowed("visits", "int64", "days", "来访天数", "days with an event", days=(28, 84), ever=False) + """
days_since_visit | int64 | days | personal | work | 距上次来访天数 | days since the last event
""" + windowed("logins", "int64", "logins", "登录次数", "times signed in", days=(28, 84), ever=False) + """
days_since_login | int64 | days | personal | work | 距上次登录天数 | days since the customer last signed in
days_since_renewal | int64 | days | personal | work | 距上次续订天数 | days since a subscription was last begun or renewed
has_attributes | int64 | 0, 1 | personal | work | 有属性 | 1: something is declared about the customer
"""),
    read_table("interest_at", "derived", "customer_id category at_on", "历史兴趣", "a category that a customer bought once and then left, as of a day", """
customer_id | string | - | personal | work | 客户号 | the customer
category | string | - | public | work | 品类 | the category
at_on | date | local day | public | work | 截止日期 | known up to the day before
pair_orders | int64 | days | personal | work | 购买天数 | days on which the customer bought the category
pair_days_since | int64 | days | personal | work | 距上次天数 | days since the last of them
pair_age | int64 | days | personal | work | 距首次天数 | days since the first of them
pair_spend | int64 | minor units | personal | work | 消费额 | money paid
pair_lines | int64 | lines | personal | work | 商品行数 | lines paid for
pair_discount_share | float64 | share | personal | work | 折扣占比 | discount / (discount + money paid)
pair_gap_mean | float64 | days | personal | work | 平均间隔 | mean days between two of the days
pair_gap_std | float64 | days | personal | work | 间隔波动 | sample deviation of the gaps
pair_gap_median | float64 | days | personal | work | 间隔中位数 | median gap
pair_gap_max | int64 | days | personal | work | 最长间隔 | longest gap
pair_gap_last | int64 | days | personal | work | 最近间隔 | gap before the last of the days
pair_last_spend | int64 | minor units | personal | work | 最近消费额 | money paid on the last of the days
pair_days_140d | int64 | days | personal | work | 近140天购买天数 | of the days, those of the last 140 days
category_buyers_28d | int64 | customers | public | work | 品类近28天买家数 | customers who bought the category, last 28 days
category_buyers_56d | int64 | customers | public | work | 品类再前28天买家数 | customers who bought it in the 28 days before those
category_buyers_84d | int64 | customers | public | work | 品类近84天买家数 | customers who bought it, last 84 days
category_gap | float64 | days | public | work | 品类间隔中位数 | median gap of all customers, gaps that ended in the last 112 days
category_frequency | float64 | days | public | work | 品类人均购买天数 | buying days a customer of the category
category_promotion | float64 | share | public | work | 品类促销力度 | discount share of the last 14 days less that of all time
""" + windowed("department_days", "int64", "days", "部门购买天数", "days on which the customer bought from its department", days=(28, 56, 84), ever=False)),
    read_table("campaign_at", "derived", "customer_id campaign_id at_on", "历史活动关联", "what a customer had to do with the products of a campaign, as of a day", """
customer_id | string | - | personal | work | 客户号 | the customer
campaign_id | string | - | public | work | 活动号 | the campaign
at_on | date | local day | public | work | 截止日期 | known up to the day before
offer_products | int64 | products | personal | work | 买过的活动商品数 | different products of the campaign bought
offer_days | int64 | days | personal | work | 活动商品购买天数 | days on which one of them was bought
offer_days_84d | int64 | days | personal | work | 近84天活动商品购买天数 | the same, last 84 days
offer_spend | int64 | minor units | personal | work | 活动商品消费额 | money paid for them
offer_spend_28d | int64 | minor units | personal | work | 近28天活动商品消费额 | the same, last 28 days
offer_spend_84d | int64 | minor units | personal | work | 近84天活动商品消费额 | the same, last 84 days
offer_days_since | int64 | days | personal | work | 距上次买活动商品天数 | days since one of them was bought
offer_coupon_lines | int64 | lines | personal | work | 活动商品用券行数 | lines of them with a coupon
offer_category_spend_84d | int64 | minor units | personal | work | 近84天活动品类消费额 | money paid in the categories of the campaign, last 84 days
offer_category_coupon_lines | int64 | lines | personal | work | 活动品类用券行数 | lines with a coupon in the categories of the campaign
campaign_kind | string | - | public | work | 活动类型 | type of campaign
campaign_products | int64 | products | public | work | 活动商品数 | products that the campaign covers
campaign_offers | int64 | offers | public | work | 活动优惠数 | offers of the campaign
campaign_days | int64 | days | public | work | 活动天数 | days from the first to the last day
"""),
]
# fmt: on
