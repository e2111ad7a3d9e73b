"""Why, in the words of a salesperson: features that tell one story are summed and said once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from itertools import islice
from string import Formatter
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from zhiyin.core.units import money_text
from zhiyin.core.words import Say
from zhiyin.predict.question import Question

__all__ = ["TOPICS", "Topic", "Values", "by_topic", "said", "topic_of"]

Floats = npt.NDArray[np.float64]

SMALLEST = 0.05  # log-odds: less is not worth a sentence
MOST = 3


class Values(Protocol):
    """The values of one row by name, such as a dict."""

    def get(self, name: str, /) -> object:
        """The value, None where it is not known."""


class Topic(NamedTuple):
    """Features that begin like this, and the facts to say about them: the first whose slots are all known is said."""

    name: str
    begins: tuple[str, ...]
    facts: tuple[Say, ...]


TOPICS: tuple[Topic, ...] = (
    Topic(
        "recency",
        ("days_since_order", "overdue", "gap_ratio"),
        (
            Say(
                "距上次购买{days_since_order}天，平时约{gap_mean}天买一次",
                "last order {days_since_order} days ago, usually every {gap_mean} days",
            ),
            Say("距上次购买{days_since_order}天", "last order {days_since_order} days ago"),
        ),
    ),
    Topic(
        "frequency",
        ("orders_", "days_", "gap_", "last_gap"),
        (Say("近28天下单{orders_28d}次，近84天{orders_84d}次", "{orders_28d} orders in the last 28 days, {orders_84d} in the last 84"),),
    ),
    Topic(
        "money",
        ("spend_", "ticket_", "last_ticket"),
        (Say("近28天消费{spend_28d}，近84天{spend_84d}", "spent {spend_28d} in the last 28 days, {spend_84d} in the last 84"),),
    ),
    Topic(
        "variety",
        ("products_", "categories_", "lines_"),
        (
            Say(
                "近84天买过{categories_84d}个品类、{products_84d}种商品",
                "{categories_84d} categories and {products_84d} products in the last 84 days",
            ),
            Say("近84天买过{lines_84d}件商品", "{lines_84d} items in the last 84 days"),
        ),
    ),
    Topic(
        "discount", ("discount_",), (Say("近84天优惠占{discount_share_84d}", "discounts were {discount_share_84d} of the last 84 days"),)
    ),
    Topic(
        "coupon",
        ("coupon_", "days_since_coupon"),
        (
            Say(
                "历来{coupon_share_all}的订单用券，最近一次在{days_since_coupon}天前",
                "a coupon on {coupon_share_all} of orders, the last {days_since_coupon} days ago",
            ),
            Say("从未用过优惠券", "never used a coupon"),
        ),
    ),
    Topic("tenure", ("tenure_",), (Say("首次购买至今{tenure_days}天", "first bought {tenure_days} days ago"),)),
    Topic(
        "answers",
        ("offers_", "answer_", "days_since_answer"),
        (
            Say(
                "收到过{offers_received}次活动，回应过{offers_answered}次",
                "received {offers_received} campaigns, answered {offers_answered}",
            ),
        ),
    ),
    Topic(
        "offer",
        ("offer_",),
        (
            Say(
                "买过本次活动的{offer_products}种商品，近84天花了{offer_spend_84d}",
                "bought {offer_products} of the products on offer, {offer_spend_84d} in the last 84 days",
            ),
        ),
    ),
    Topic(
        "campaign",
        ("campaign_", "kind_"),
        (Say("本次活动覆盖{campaign_products}种商品", "the campaign covers {campaign_products} products"),),
    ),
    Topic("attributes", ("has_attributes",), (Say("会员资料是否齐全", "whether the member's details are known"),)),
    Topic(
        "pair",
        ("pair_", "due_"),
        (
            Say(
                "买过「{category}」{pair_orders}次，上次在{pair_days_since}天前",
                "bought {category} {pair_orders} times, last {pair_days_since} days ago",
            ),
        ),
    ),
    Topic(
        "category",
        ("category_",),
        (
            Say(
                "近28天有{category_buyers_28d}位客户买「{category}」",
                "{category_buyers_28d} customers bought {category} in the last 28 days",
            ),
        ),
    ),
    Topic(
        "department",
        ("department_",),
        (
            Say(
                "近28天有{department_days_28d}天买过同类商品",
                "bought from the same department on {department_days_28d} of the last 28 days",
            ),
        ),
    ),
)
_FIRST = {begin: topic for topic in TOPICS for begin in topic.begins}


@cache
def topic_of(feature: str) -> Topic | None:
    """The topic with the longest beginning that the feature has."""
    fits = [begin for begin in _FIRST if feature.startswith(begin)]
    return _FIRST[max(fits, key=len)] if fits else None


def by_topic(features: Sequence[str], amounts: Floats) -> Floats:
    """What the features of each topic add together: `(rows, topics)` in the order of `TOPICS`, log-odds.

    Args:
        features: names of the columns.
        amounts: `(rows, features)`, log-odds.
    """
    belongs = np.array([[topic_of(feature) is topic for topic in TOPICS] for feature in features], dtype=np.float64)
    return np.asarray(amounts @ belongs.reshape(len(features), len(TOPICS)))


def said(sums: Sequence[float], values: Values, *, question: Question, currency: str) -> list[Say]:
    """At most three sentences, the strongest topic first: what is the fact, and which way it speaks.

    Args:
        sums: one row of `by_topic`.
        values: feature or column -> value of this row.
        question: closes each sentence with its `more` or `less`.
        currency: of the money columns, ISO 4217.
    """
    strong = sorted(
        ((topic, amount) for topic, amount in zip(TOPICS, sums, strict=True) if abs(amount) >= SMALLEST), key=lambda one: -abs(one[1])
    )
    found = ((_fact(topic, values, currency), amount) for topic, amount in strong)
    known = ((fact, amount) for fact, amount in found if fact is not None)
    return [_closed(fact, question.more if amount > 0 else question.less) for fact, amount in islice(known, MOST)]


def _closed(fact: Say, end: Say) -> Say:
    return Say(f"{fact.zh}：{end.zh}。", f"{fact.en[0].upper()}{fact.en[1:]}: {end.en}.")


def _fact(topic: Topic, values: Values, currency: str) -> Say | None:
    for fact in topic.facts:
        slots = {name: _readable(name, values.get(name), currency) for name in _slots(fact)}
        if all(slots.values()):
            return fact.fill(**slots)
    return None


@cache
def _slots(fact: Say) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in Formatter().parse(fact.zh) if name)


def _readable(name: str, value: object, currency: str) -> str:
    """A value rounded for people: money in its currency, shares in percent, counts whole; empty when not known."""
    if isinstance(value, str):
        return value
    number = math.nan if value is None else float(value)  # type: ignore[arg-type]
    if not math.isfinite(number):
        return ""
    if "spend" in name or "ticket" in name:
        return money_text(number, currency)
    return f"{number:.0%}" if "share" in name else f"{number:,.0f}"
