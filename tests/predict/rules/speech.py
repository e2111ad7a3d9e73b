"""A vocabulary as an actor has it, for the tests of the rule language."""

from __future__ import annotations

from zhiyin.core.tables import TABLES
from zhiyin.core.words import Say
from zhiyin.predict.rules.parse import Speech
from zhiyin.predict.rules.terms import vocabulary

COLUMNS = {name: TABLES[name].names for name in ("profile", "profile_at", "customer", "prediction", "segment")}
CHOICES = {
    "stage": {"lost": Say("流失客户", "lost"), "active": Say("活跃客户", "active")},
    "tier": {"champion": Say("核心客户", "champion"), "asleep": Say("沉睡客户", "asleep")},
}
QUESTIONS = {
    "churn": ("share", Say("会流失", "leaves"), False),
    "value": ("money", Say("未来一年的消费", "spend of the next year"), False),
    "category_raise": ("share", Say("再买某个品类", "buys a category again"), True),
}
SEGMENTS = {"大客户": "spend >= 5000", "绕": "in segment 圈", "圈": "in segment 绕"}


def words(columns=COLUMNS, attributes=("city", "年龄")):
    return vocabulary(columns, choices=CHOICES, questions=QUESTIONS, attributes=attributes)


def speech(currency="CNY"):
    return Speech(words(), currency, SEGMENTS)
