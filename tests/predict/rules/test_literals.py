from datetime import date

import pytest

from predict.rules.speech import speech
from zhiyin.core.errors import UsageError
from zhiyin.predict.rules.parse import parse
from zhiyin.predict.rules.tree import Within


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("spend >= ¥5,000", 500_000),
        ("spend >= 0.5万元", 500_000),
        ("spend >= 12.345", 1234),
        ("prediction.value > ¥1,000", 100_000),
        ("prediction.churn >= 60%", 0.6),
        ("discount_share_84d > 0.25", 0.25),
        ("days_since_order > 60", 60),
        ("days_since_order > 2 weeks", 14),
        ("days_since_order > 3个月", 90),
        ("orders > 1万", 10_000),
        ("first_order_on >= 2026-5-1", date(2026, 5, 1)),
        ("first_order_on >= 30 days ago", Within(30)),
        ("first_order_on >= 1年前", Within(365)),
        ("stage = 流失客户", "lost"),
        ("stage = LOST", "lost"),
        ("city = 上海", "上海"),
        ("年龄 > 30", 30),
        ("attribute.birthday < 1990-01-01", date(1990, 1, 1)),
    ],
)
def test_a_value_is_in_the_unit_of_its_column(rule, value):
    assert parse(rule, speech()).value == value


def test_money_counts_in_the_currency_of_the_workspace():
    assert parse("spend > 500", speech("JPY")).value == 500


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ('spend > "a"', "spend is an amount of money; a text stands here. Fix: Write something like 5000."),
        ("spend > 60 days", "spend is an amount of money; a number of days stands here"),
        ("spend > $5", "Money is counted in CNY here. Fix: Write ¥5, or the number alone."),
        ("spend > 30 days ago", "spend is an amount of money; a day stands here"),
        ("days_since_order > ¥60", "days_since_order is a number of days; an amount of money stands here"),
        ("orders > 60天", "orders is a number; a number of days stands here"),
        ("orders > 30%", "orders is a number; a share stands here"),
        ("first_order_on > 5", "first_order_on is a day; a number stands here. Fix: Write something like 2026-05-01."),
        ("first_order_on > 2026-02-31", "There is no such day."),
        ("prediction.churn > 60", "prediction.churn is a share: between 0 and 1. Fix: Write 60% or 0.6."),
        ("prediction.churn > ¥1", "prediction.churn is a share; an amount of money stands here"),
        ("stage = gone", "stage is never gone. Fix: Use one of lost, active."),
        ("tier = 5", "tier is a text; a number stands here"),
    ],
)
def test_a_value_of_another_kind_is_refused_where_it_stands(rule, says):
    with pytest.raises(UsageError) as caught:
        parse(rule, speech())
    assert says in caught.value.in_("en")
    assert caught.value.in_("en").split("\n")[2].index("^") == 2 + len(rule.rpartition("= " if "= " in rule else "> ")[0]) + 2


def test_yuan_is_no_money_of_another_country():
    with pytest.raises(UsageError, match=r"counted in USD here.*Write \$5"):
        parse("spend > 5元", speech("USD"))
