"""Why is this offered? One plain sentence, with the numbers that it rests on."""

from __future__ import annotations

import math

from zhiyin.core.words import Say

# Shortest mean interval and most purchases that make a rhythm worth naming.
_RHYTHM_FROM = 3

__all__ = ["WORDS", "replacing", "why_again", "why_now", "why_popular", "why_upgrade"]

_AGAIN = {
    "once": Say("{days}天前买过一次。", "Bought once; days since then: {days}."),
    "some": Say("买过{count}次，最近一次在{days}天前。", "Bought {count} times; days since the last time: {days}."),
    "rhythm": Say(
        "买过{count}次，大约每{interval}天一次，距上次{days}天。",
        "Bought {count} times, about every {interval} days; days since the last time: {days}.",
    ),
}

# Voice -> sentence; the slots are filled by who knows the customer and the item.
WORDS = {
    "popular": Say("近{days}天有{buyers}位客户买过。", "Customers who bought it in the last {days} days: {buyers}."),
    "newcomers": Say(
        "近{days}天有{newcomers}位客户第一次买。", "Customers who tried it for the first time in the last {days} days: {newcomers}."
    ),
    "items": Say("买过「{because}」的客户也常买。", 'Customers who bought "{because}" often buy it too.'),
    "customers": Say(
        "购物最相似的{peers}位客户里，有{alike}位近{days}天买过。",
        "Of the {peers} customers who shop most alike, {alike} bought it in the last {days} days.",
    ),
    "categories": Say("这位客户比别人更偏爱「{category}」一类的商品。", 'This customer leans to "{category}" more than others do.'),
    "factors": Say("符合这位客户一贯的购物口味。", "It fits what this customer usually buys."),
}


def why_again(*, count: int, interval: float, days: int) -> Say:
    """The reason for offering what was bought before.

    Args:
        count: baskets with the item.
        interval: mean days between them, NaN for one basket.
        days: days since the last one.
    """
    if count == 1:
        return _AGAIN["once"].fill(days=days)
    rhythm = count >= _RHYTHM_FROM and not math.isnan(interval) and interval >= 1
    return _AGAIN["rhythm" if rhythm else "some"].fill(count=count, days=days, interval=round(interval) if rhythm else 0)


_REPLACES = Say("「{old}」有了新款「{new}」；「{old}」：{why}", '"{new}" replaces "{old}"; of "{old}": {why}')
_UPGRADE = {
    "discontinued": Say(
        "{days}天前买过「{old}」，它已停售，有了新款「{new}」。", '"{old}", bought {days} days ago, is no longer sold; "{new}" replaces it.'
    ),
    "shift": Say(
        "{days}天前买过「{old}」，它有了新款「{new}」；这位客户近来转而关注「{category}」。",
        '"{new}" replaces "{old}", bought {days} days ago; the need of this customer has shifted to "{category}" of late.',
    ),
}


def replacing(why: Say, *, old: str, new: str) -> Say:
    """The reason for a product that stands in the place of the one which the reason is about."""
    return Say(*(text.format(old=old, new=new, why=said) for text, said in zip(_REPLACES, why, strict=True)))


def why_upgrade(why: str, *, old: str, new: str, days: int, category: str = "") -> Say:
    """The reason for a newer product than the one that was bought.

    Args:
        why: `shift` or `discontinued`.
        old: name of what was bought.
        new: name of what replaces it.
        days: since it was bought.
        category: the one that the need has shifted to.
    """
    return _UPGRADE[why].fill(old=old, new=new, days=days, category=category)


_WHEN = {True: Say("刚刚", "Just now"), False: Say("一天之内", "Within the last day")}
_ITSELF = {
    "viewed": Say("这位客户{when}看过它，还没有下单。", "{when} this customer looked at it, and has not ordered it since."),
    "carted": Say(
        "这位客户{when}把它放进了购物车，还没有下单。", "{when} this customer put it into the cart, and has not ordered it since."
    ),
}
_LINKED = {
    "viewed": Say(
        "这位客户{when}看过「{because}」；两样都看过或买过的客户有{customers}位。",
        '{when} this customer looked at "{because}"; customers who took both: {customers}.',
    ),
    "carted": Say(
        "这位客户{when}把「{because}」放进了购物车；两样都看过或买过的客户有{customers}位。",
        '{when} this customer put "{because}" into the cart; customers who took both: {customers}.',
    ),
    "bought": Say(
        "这位客户{when}买了「{because}」；两样都看过或买过的客户有{customers}位。",
        '{when} this customer bought "{because}"; customers who took both: {customers}.',
    ),
}
_TAKEN = Say("近{days}天有{customers}位客户看过或买过。", "Customers who looked at it or bought it in the last {days} days: {customers}.")


def why_now(way: str, *, just: bool, because: str = "", customers: int = 0) -> Say:
    """The reason for a product that a step of the customer brought.

    Args:
        way: `viewed`, `carted` or `bought`.
        just: within the last hour.
        because: name of the product of the step; empty: this product itself.
        customers: who took both.
    """
    words = _LINKED[way] if because else _ITSELF[way]
    return Say(*(text.format(when=when, because=because, customers=customers) for text, when in zip(words, _WHEN[just], strict=True)))


def why_popular(*, customers: int, days: int) -> Say:
    """The reason for offering what many take to somebody of whom nothing is known."""
    return _TAKEN.fill(customers=customers, days=days)
