import pytest

from predict.rules.speech import speech
from zhiyin.predict.rules.parse import parse
from zhiyin.predict.rules.written import sentence, written

CASES = [
    (
        '消费额 >= 5000元 且 距上次购买天数 > 60 且 city in (上海, 杭州) 且 非 tier = 核心客户',
        'spend >= 5000 and days_since_order > 60 and attribute.city in ("上海", "杭州") and not tier = "champion"',
        "消费额至少 ¥5,000、超过 60 天没下单、城市是上海或杭州、价值等级不是核心客户的客户。",
        "Customers with spend of at least ¥5,000, no order for more than 60 days, city 上海 or 杭州, and tier not champion.",
    ),
    (
        "prediction.churn >= 60% and (stage = lost or orders <= 1)",
        'prediction.churn >= 0.6 and (stage = "lost" or orders <= 1)',
        "“会流失”的概率至少 60%、（生命周期是流失客户，或者订单数至多 1）的客户。",
        "Customers with chance of “leaves” of at least 60% and (stage lost or orders of at most 1).",
    ),
    (
        "first_order_on >= 2026-05-01 and first_order_on < 30天前",
        "first_order_on >= 2026-05-01 and first_order_on < 30 days ago",
        "首购日期在 2026-05-01 或以后、首购日期早于 30 天前的客户。",
        "Customers with first order on or after 2026-05-01 and first order before 30 days ago.",
    ),
    (
        "orders between 1 and 1 and city unknown and not in segment 大客户",
        'orders between 1 and 1 and attribute.city is unknown and not in segment "大客户"',
        "订单数在 1 到 1 之间、不知道城市、不属于“大客户”的客户。",
        "Customers with orders from 1 to 1, an unknown city, and no place in “大客户”.",
    ),
    (
        "interests = 乳品 and orders not in (1, 2) and spend != 0.5",
        'interests = "乳品" and not orders in (1, 2) and spend != 0.5',
        "喜欢的品类有乳品、订单数不是1也不是2、消费额不是 ¥0.50的客户。",
        "Customers with favourite categories 乳品, orders neither 1 nor 2, and spend other than ¥0.50.",
    ),
    (
        "not (spend > 5 or orders < 3) and days_since_order <= 1 day",
        "not (spend > 5 or orders < 3) and days_since_order <= 1",
        "并非（消费额超过 ¥5，或者订单数不到 3）、最多 1 天前下过单的客户。",
        "Customers with not (spend above ¥5 or orders below 3) and an order at most 1 day ago.",
    ),
    (
        "city is known and in segment 大客户 and not not orders = 1 and not orders in (3)",
        'attribute.city is known and in segment "大客户" and not not orders = 1 and not orders in (3)',
        "知道城市、属于“大客户”、订单数是 1、订单数不是3的客户。",
        "Customers with a known city, a place in “大客户”, orders 1, and orders not 3.",
    ),
    (
        "segment.behaviour = g1 and not (city is known and orders > 1)",
        'segment.behaviour = "g1" and not (attribute.city is known and orders > 1)',
        "行为分群是g1、并非（知道城市、订单数超过 1）的客户。",
        "Customers with behaviour group g1 and not (a known city and orders above 1).",
    ),
    ("""city = 'a"b'""", """attribute.city = 'a"b'""", '城市是a"b的客户。', 'Customers with city a"b.'),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text", "zh", "en"), CASES)
def test_a_rule_is_said_and_reads_back(rule, text, zh, en):
    found = parse(rule, speech())
    assert written(found, currency="CNY") == text
    assert parse(text, speech()) == found
    assert sentence(found, currency="CNY") == (zh, en)


def test_money_without_cents_has_no_point():
    found = parse("spend > 12345", speech("JPY"))
    assert written(found, currency="JPY") == "spend > 12345"
    assert "JP¥12,345" in sentence(found, currency="JPY").en
