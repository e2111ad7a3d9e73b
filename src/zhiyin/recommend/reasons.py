"""Why is this offered? One plain sentence, with the numbers that it rests on."""

from __future__ import annotations

import math

from zhiyin.core.words import Say

# Shortest mean interval and most purchases that make a rhythm worth naming.
_RHYTHM_FROM = 3

__all__ = ["WORDS", "replacing", "why_again", "why_upgrade"]

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
