"""What does a code of a table mean to the person who reads it?"""

from __future__ import annotations

from collections.abc import Mapping

from zhiyin.act.goals import ACTIONS
from zhiyin.act.words import BLOCKED
from zhiyin.app.scores import question_words
from zhiyin.core.fields import KINDS
from zhiyin.core.tables import TABLES
from zhiyin.core.words import Language, Say
from zhiyin.improve.outcomes import KINDS as OUTCOMES

__all__ = ["CHANNELS", "CONTACT", "STAGES", "identifier_words", "label_of", "words_of"]

CHANNELS = {
    "phone": Say("电话", "phone"),
    "sms": Say("短信", "text message"),
    "email": Say("邮件", "e-mail"),
    "wechat": Say("微信", "WeChat"),
}
CONTACT = {
    "allowed": Say("已同意联系", "agreed to be contacted"),
    "refused": Say("不同意联系", "refuses contact"),
    "unknown": Say("未登记是否同意", "consent not recorded"),
    "closed": Say("联系方式无效", "no usable address"),
}
STAGES = {
    "lead": Say("潜在客户", "lead"),
    "new": Say("新客户", "new"),
    "active": Say("活跃客户", "active"),
    "quiet": Say("沉默客户", "quiet"),
    "lost": Say("流失客户", "lost"),
}
_CODES: dict[str, Mapping[str, Say]] = {
    "action": {name: action.words for name, action in ACTIONS.items()},
    "blocked": BLOCKED,
    "channel": CHANNELS,
    "contact": CONTACT,
    "stage": STAGES,
    "tier": {
        "champion": Say("核心客户", "champion"),
        "loyal": Say("忠诚客户", "loyal"),
        "promising": Say("潜力客户", "promising"),
        "slipping": Say("下滑客户", "slipping"),
        "asleep": Say("沉睡客户", "asleep"),
        "lead": Say("潜在客户", "lead"),
    },
    "scheme": {
        "rfm": Say("价值分层", "value tier"),
        "behaviour": Say("行为分群", "behaviour"),
        "rule": Say("自定义分群", "segment"),
        "lifecycle": Say("生命周期", "lifecycle"),
    },
    "offer": {
        "asked": Say("客户要的", "asked for"),
        "upgrade": Say("换新", "upgrade"),
        "repeat": Say("再买", "buy again"),
        "new": Say("新品", "new"),
    },
    "outcome": OUTCOMES,
    "topic": {
        "recency": Say("多久没买", "time since the last order"),
        "frequency": Say("买得勤不勤", "how often"),
        "money": Say("花了多少", "money spent"),
        "variety": Say("买得杂不杂", "variety"),
        "discount": Say("折扣", "discounts"),
        "coupon": Say("优惠券", "coupons"),
        "tenure": Say("老客新客", "how long a customer"),
        "answers": Say("回应活动的习惯", "answers to campaigns"),
        "offer": Say("本次活动的商品", "products on offer"),
        "campaign": Say("活动本身", "the campaign"),
        "logins": Say("登录", "signing in"),
        "renewal": Say("续订", "renewal"),
        "attributes": Say("资料是否齐全", "details known"),
        "pair": Say("买这个品类的习惯", "habit of the category"),
        "category": Say("品类的热度", "demand of the category"),
        "department": Say("同类商品", "same department"),
        "others": Say("其他", "others"),
    },
    "purpose": {
        "identity": Say("识别身份", "identity"),
        "analysis": Say("分析", "analysis"),
        "contact": Say("联系", "contact"),
        "display": Say("查看", "display"),
        "measurement": Say("衡量效果", "measurement"),
    },
    "audited": {
        "row": Say("查看", "read"),
        "rows": Say("查看", "read"),
        "masked": Say("查看（已遮盖）", "read masked"),
        "shown_names": Say("查看姓名", "read names"),
        "reveal": Say("查看完整联系方式", "revealed"),
        "counted": Say("数人数", "counted"),
    },
}
# Features that are made of columns and stand in no table.
_MADE = {
    "others": Say("其他", "others"),
    "overdue": Say("超过平时间隔的天数", "overdue"),
    "gap_ratio": Say("距上次与平时间隔之比", "gap ratio"),
    "spend_trend_28d": Say("近28天消费走势", "spend trend 28d"),
    "spend_trend_14d": Say("近14天消费走势", "spend trend 14d"),
    "orders_trend_28d": Say("近28天下单走势", "orders trend 28d"),
    "orders_trend_14d": Say("近14天下单走势", "orders trend 14d"),
    "spend_spread": Say("消费的起伏", "spend spread"),
    "coupon_share_28d": Say("近28天用券订单占比", "coupon share 28d"),
    "coupon_share_84d": Say("近84天用券订单占比", "coupon share 84d"),
    "coupon_share_all": Say("历来用券订单占比", "coupon share all"),
    "call_yes_rate": Say("通话有意的比例", "share of calls that said yes"),
    "call_no_rate": Say("通话无需求的比例", "share of calls judged no need"),
    "answer_rate": Say("活动回应率", "answer rate"),
    "offer_share": Say("活动商品占近84天消费", "offer share"),
    "pair_rate": Say("购买这个品类的频率", "rate of the category"),
    "pair_due": Say("距上次与这个品类平时间隔之比", "due by the usual gap"),
    "pair_due_most": Say("距上次与这个品类最长间隔之比", "due by the longest gap"),
    "pair_expected": Say("近28天应买这个品类的天数", "expected in 28d"),
    "due_relative": Say("距上次与大家平时间隔之比", "due by everybody's gap"),
    "category_trend": Say("买这个品类的人数走势", "trend of the category"),
}
_KIND = "kind_"  # a flag for each kind of campaign
_SOURCE_KEY = Say("您系统里的编号", "id in your system")


def words_of(column: str, code: object) -> Say:
    """A code in words; one that nobody has put into words stays as it is.

    Example:
        >>> words_of("stage", "quiet").zh
        '沉默客户'
    """
    text = str(code)
    if column == "question":
        return question_words({"question": text})
    return _CODES.get(column, {}).get(text, Say(text, text))


def label_of(column: str, *tables: str, language: Language) -> str:
    """A column as a person calls it: in Chinese by the vocabulary of the tables, in English by its name.

    Example:
        >>> label_of("days_since_order", "profile", language="zh"), label_of("days_since_order", "profile", language="en")
        ('距上次购买天数', 'days since order')
    """
    if column in _MADE:
        return _MADE[column].in_(language)
    if column.startswith(_KIND):
        return Say(f"活动类型 {column.removeprefix(_KIND)}", f"campaign kind {column.removeprefix(_KIND)}").in_(language)
    plain = "as of" if column == "at_on" else column.removesuffix("_on").replace("_", " ")
    if language == "en":
        return plain
    found = (known.words.zh for table in tables for known in TABLES[table].columns if known.name == column)
    return next(found, plain)


def identifier_words(name: str) -> Say:
    """An identifier as a person calls it."""
    known = KINDS["orders"].get(name)
    return known.words if known else _SOURCE_KEY if name == "source_key" else Say(name, name)
