"""Why, in the words of a salesperson: features that tell one story are summed and said once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from itertools import islice
from string import Formatter
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from zhiyin.core.units import money_text
from zhiyin.core.words import Say
from zhiyin.predict.question import Question

__all__ = ["TOPICS", "Heard", "Topic", "Values", "said", "strongest", "summed", "topic_of"]

Floats = npt.NDArray[np.float64]

SMALLEST = 0.05  # log-odds: less is not worth a sentence
MOST = 3
_SAID = 4096  # sentences remembered: those about one customer are those about many


class Values(Protocol):
    """The values of one row by name, such as a dict."""

    def get(self, name: str, /) -> object:
        """The value, None where it is not known."""


class Topic(NamedTuple):
    """Features that begin like this, and the facts to say about them: the first whose slots are all known is said.

    `strongest` holds what is said before these where the feature that speaks loudest fits the pattern: who ordered a hundred times
    and not once of late is likely to buy for the hundred orders, and a sentence about the last weeks would say the contrary.
    `nothing` is said where a fact would list zeros only.
    """

    name: str
    begins: tuple[str, ...]
    facts: tuple[Say, ...]
    strongest: tuple[tuple[str, Say], ...] = ()
    nothing: Say | None = None


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
        strongest=(
            ("*_all", Say("至今一共下单{orders_all}次", "{orders_all} orders so far")),
            ("*gap*", Say("平时约{gap_mean}天买一次", "usually buys every {gap_mean} days")),
        ),
        nothing=Say("近84天没有下单", "no order in the last 84 days"),
    ),
    Topic(
        "money",
        ("spend_", "ticket_", "last_ticket"),
        (Say("近28天消费{spend_28d}，近84天{spend_84d}", "spent {spend_28d} in the last 28 days, {spend_84d} in the last 84"),),
        strongest=(
            ("*_all", Say("至今一共消费{spend_all}", "spent {spend_all} so far")),
            ("last_ticket", Say("最近一次消费{last_ticket}", "spent {last_ticket} the last time")),
        ),
        nothing=Say("近84天没有消费", "spent nothing in the last 84 days"),
    ),
    Topic(
        "variety",
        ("products_", "categories_", "lines_"),
        (
            Say(
                "近84天买过{categories_84d}个品类、{products_84d}种商品",
                "{categories_84d} categories and {products_84d} products in the last 84 days",
            ),
            Say("近84天买过{products_84d}种商品", "{products_84d} products in the last 84 days"),
            Say("近84天买过{lines_84d}件商品", "{lines_84d} items in the last 84 days"),
        ),
        strongest=(("*_all", Say("至今一共买过{lines_all}件商品", "{lines_all} items so far")),),
        nothing=Say("近84天没有买过东西", "bought nothing in the last 84 days"),
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
        "calls",
        ("calls_", "call_", "days_since_call"),
        (
            Say(
                "联系过{calls_all}次，有意{calls_yes_all}次，上次在{days_since_call}天前",
                "called {calls_all} times, interested {calls_yes_all} times, last {days_since_call} days ago",
            ),
            Say("还没有电话联系过", "never called"),
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
    Topic(
        "logins",
        ("logins_", "days_since_login"),
        (
            Say(
                "近28天登录{logins_28d}次，近84天{logins_84d}次",
                "signed in {logins_28d} times in the last 28 days, {logins_84d} in the last 84",
            ),
        ),
        strongest=(("days_since_login", Say("上次登录在{days_since_login}天前", "last signed in {days_since_login} days ago")),),
        nothing=Say("近84天没有登录", "did not sign in within the last 84 days"),
    ),
    Topic(
        "renewal",
        ("days_since_renewal",),
        (
            Say("上次续订在{days_since_renewal}天前", "last renewed {days_since_renewal} days ago"),
            Say("从未续订", "never renewed"),
        ),
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


class Heard(NamedTuple):
    """What one topic adds to a row, log-odds, and which of its features speaks loudest in that direction."""

    topic: Topic
    amount: float
    loudest: str


def strongest(features: Sequence[str], amounts: Floats) -> list[list[Heard]]:
    """For each row the topics that are worth a sentence, the strongest first.

    Args:
        features: names of the columns.
        amounts: `(rows, features)`, log-odds.
    """
    parts = [(topic, [at for at, name in enumerate(features) if topic_of(name) is topic]) for topic in TOPICS]
    heard: list[list[Heard]] = [[] for _ in amounts]
    for topic, columns in parts:
        sums = amounts[:, columns].sum(axis=1)
        strong = np.flatnonzero(np.abs(sums) >= SMALLEST)
        loudest = (amounts[strong][:, columns] * np.sign(sums[strong, None])).argmax(axis=1) if len(strong) else strong
        for row, amount, at in zip(strong.tolist(), sums[strong].tolist(), loudest.tolist(), strict=True):
            heard[row].append(Heard(topic, amount, features[columns[at]]))
    for one_row in heard:
        one_row.sort(key=lambda one: -abs(one.amount))
    return heard


def summed(features: Sequence[str], amounts: Floats) -> tuple[list[str], Floats]:
    """What each topic adds to each row, so that base and topics make the whole sum; a feature of no topic stands by its own name.

    Args:
        features: names of the columns.
        amounts: `(rows, features)`, log-odds.

    Returns:
        Names of the topics, and `(rows, topics)`.
    """
    owners = [topic.name if (topic := topic_of(name)) else name for name in features]
    names = list(dict.fromkeys(owners))
    of = np.asarray([[owner == name for name in names] for owner in owners], dtype=np.float64).reshape(len(features), len(names))
    return names, amounts @ of


def said(heard: Sequence[Heard], values: Values, *, question: Question, currency: str) -> list[Say]:
    """At most three sentences, the strongest topic first: what is the fact, and which way it speaks.

    Args:
        heard: one row of `strongest`.
        values: feature or column -> value of this row.
        question: closes each sentence with its `more` or `less`.
        currency: of the money columns, ISO 4217.
    """
    found = ((_fact(one, values, currency), one.amount) for one in heard)
    known = ((fact, amount) for fact, amount in found if fact is not None)
    return [_closed(fact, question.more if amount > 0 else question.less) for fact, amount in islice(known, MOST)]


@lru_cache(maxsize=_SAID)
def _closed(fact: Say, end: Say) -> Say:
    return Say(f"{fact.zh}：{end.zh}。", f"{fact.en[0].upper()}{fact.en[1:]}: {end.en}.")


def _fact(heard: Heard, values: Values, currency: str) -> Say | None:
    topic = heard.topic
    for fact in (*(say for pattern, say in topic.strongest if fnmatchcase(heard.loudest, pattern)), *topic.facts):
        slots = {name: _readable(name, values.get(name), currency) for name in _slots(fact)}
        if all(slots.values()):
            empty = topic.nothing is not None and not any(values.get(name) for name in slots)
            return topic.nothing if empty else _filled(fact, tuple(slots.items()))
    return None


@lru_cache(maxsize=_SAID)
def _filled(fact: Say, slots: tuple[tuple[str, str], ...]) -> Say:
    return fact.fill(**dict(slots))


@cache
def _slots(fact: Say) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in Formatter().parse(fact.zh) if name)


def _readable(name: str, value: object, currency: str) -> str:
    """A value rounded for people: money in its currency, shares in percent, counts whole; empty when not known."""
    if isinstance(value, str):
        return value
    number = math.nan if value is None else float(value)  # type: ignore[arg-type]
    if not math.isfinite(number) or (number == 0 and name.startswith("categories")):  # no category is known of what was bought
        return ""
    if "spend" in name or "ticket" in name:
        return money_text(number, currency)
    return f"{number:.0%}" if "share" in name else f"{number:,.0f}"
