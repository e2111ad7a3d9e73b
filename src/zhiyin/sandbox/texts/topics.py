"""What do people mean when they say something? The topics, who brings them up, and how content the speaker is."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from zhiyin.sandbox.texts.words.asking import ASKING
from zhiyin.sandbox.texts.words.deciding import DECIDING
from zhiyin.sandbox.texts.words.english import ENGLISH
from zhiyin.sandbox.texts.words.feeling import FEELING
from zhiyin.sandbox.texts.words.serving import SERVING
from zhiyin.sandbox.texts.words.staff import STAFF

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ENGLISH_TOPICS", "SCENARIOS", "SLOTS", "TOPICS", "WORDS", "Manner", "Topic"]

SCENARIOS = ("appliances", "saas", "restaurant", "finance")

# What the caller may fill in: {price} is ours, {bid} what the customer would pay, {days} a few days, {other} a competitor or another
# product, {life} what happened to the customer. {why} follows from {feature} (`personas.why`).
SLOTS = ("product", "category", "feature", "price", "days", "city", "name", "rep", "shop", "life", "other", "bid", "why")

# How one begins and ends: a question, a statement, bad or good news, something so short that nothing goes before or after it, staff.
Manner = Literal["ask", "say", "sour", "glad", "bare", "staff"]


@dataclass(frozen=True)
class Topic:
    """What one sentence is about.

    Args:
        name: the topic.
        who: "customer" or "staff".
        sentiment: -1, 0 or 1, of the customer; staff say nothing about how they feel: 0.
        manner: how it is begun and ended.
        block: its sentences in Chinese.
        english: its sentences in English, empty where there are none.
    """

    name: str
    who: Literal["customer", "staff"]
    sentiment: int
    manner: Manner
    block: str
    english: str


_CUSTOMER: tuple[tuple[str, int, Manner], ...] = (
    ("greet", 0, "bare"),
    ("ask_price", 0, "ask"),
    ("bargain", 0, "say"),
    ("ask_feature", 0, "ask"),
    ("ask_stock", 0, "ask"),
    ("ask_delivery", 0, "ask"),
    ("compare", 0, "ask"),
    ("hesitate", 0, "say"),
    ("buy_intent", 1, "say"),
    ("life_event", 0, "say"),
    ("praise", 1, "glad"),
    ("thanks", 1, "bare"),
    ("complaint_late", -1, "sour"),
    ("complaint_quality", -1, "sour"),
    ("complaint_attitude", -1, "sour"),
    ("complaint_soldout", -1, "sour"),
    ("refund", -1, "say"),
    ("invoice", 0, "ask"),
    ("ask_usage", 0, "ask"),
    ("renew", 0, "say"),
    ("cancel", -1, "say"),
    ("refuse_contact", -1, "bare"),
    ("no_need", 0, "bare"),
    ("call_back", 0, "bare"),
    ("accept", 1, "bare"),
    ("fraud_worry", -1, "say"),
    ("not_settled", -1, "sour"),
    ("settled", 0, "bare"),
    ("not_renew", -1, "say"),
    ("answer_phone", 0, "bare"),
    ("listen", 0, "bare"),
    ("give_detail", 0, "bare"),
    ("okay", 0, "bare"),
)

WORDS: Mapping[str, str] = MappingProxyType(ASKING | DECIDING | FEELING | SERVING | STAFF)

TOPICS: Mapping[str, Topic] = MappingProxyType(
    {name: Topic(name, "customer", feeling, manner, WORDS[name], ENGLISH.get(name, "")) for name, feeling, manner in _CUSTOMER}
    | {name: Topic(name, "staff", 0, "staff", block, ENGLISH.get(name, "")) for name, block in STAFF.items()}
)

ENGLISH_TOPICS = tuple(topic.name for topic in TOPICS.values() if topic.english)
