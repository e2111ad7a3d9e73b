"""What may a group be called? Only by what sets it apart from all others by more than chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zhiyin.core.words import Say
from zhiyin.learn.significance import discovered, two_sided

__all__ = ["FALSE_SHARE", "Apart", "joined", "names_of", "sets_apart", "word_of"]

Floats = npt.NDArray[np.float64]

FALSE_SHARE = 0.01  # of the words said, expected to be chance
PLAIN = 0.3  # deviations from the mean of the others below which a difference is not worth a word
STRONG = 0.5  # and below which it does not make a kind of customer

# What a feature far above or far below the mean of the others is called.
WORDS: dict[str, tuple[Say, Say]] = {
    "orders_84d": (Say("常客", "frequent"), Say("少来", "rare")),
    "spend_84d": (Say("大额", "high spend"), Say("小额", "low spend")),
    "days_since_order": (Say("久未到店", "long away"), Say("近期活跃", "recent")),
    "discount_share_84d": (Say("爱折扣", "discount"), Say("不看折扣", "full price")),
    "coupon_share_84d": (Say("爱用券", "coupon"), Say("不用券", "no coupon")),
    "categories_84d": (Say("品类广", "broad"), Say("品类窄", "narrow")),
    "orders_trend_28d": (Say("在升温", "warming"), Say("在降温", "cooling")),
    "line_price_84d": (Say("买得贵", "dear goods"), Say("买得便宜", "cheap goods")),
    "new_share_84d": (Say("爱新品", "new products"), Say("不追新", "nothing new")),
}
# Kinds of customers that everybody speaks of, and what must be far above the others for a group to be called so.
KINDS: tuple[tuple[Say, tuple[str, ...], tuple[str, ...]], ...] = (
    (Say("价格敏感型", "price sensitive"), ("discount_share_84d", "coupon_share_84d"), ()),
    (Say("潮流导向型", "trend oriented"), ("new_share_84d",), ()),
    (Say("品质追求型", "quality seeking"), ("line_price_84d",), ("discount_share_84d", "coupon_share_84d")),
)
_ORDINARY = Say("普通客户", "ordinary")


class Apart(NamedTuple):
    """How far a group lies from all others in one feature.

    Args:
        group: its number.
        feature: the feature.
        difference: in deviations of the feature among all.
        chance: p-value of a difference so great (Welch's test).
        sure: whether to believe it, after Benjamini and Hochberg over all groups and features.
    """

    group: int
    feature: str
    difference: float
    chance: float
    sure: bool


def sets_apart(places: Floats, groups: npt.NDArray[np.intp], *, features: Sequence[str]) -> list[Apart]:
    """Every group beside all others in every feature.

    Args:
        places: features on the scale of one deviation, shape `(n_customers, n_features)`; NaN where not known.
        groups: the number of the group of each customer.
        features: the names of the columns.
    """
    found = [
        (int(group), name, *_difference(column[groups == group], column[groups != group]))
        for group in np.unique(groups)
        for name, column in zip(features, places.T, strict=True)
    ]
    sure = discovered([chance for *_, chance in found], share=FALSE_SHARE)
    return [Apart(*one, believed) for one, believed in zip(found, sure, strict=True)]


def names_of(apart: Sequence[Apart], count: int) -> list[Say]:
    """A name a group: its kind where it has one, then the two words in which it differs most; a third where two names would be the same."""
    said: list[Say] = []
    for group in range(count):
        own = sorted((one for one in apart if one.group == group and _speaks(one)), key=lambda one: -abs(one.difference))
        kind = list(_kinds(own))[:1]
        words = [word for one in own if (word := word_of(one.feature, one.difference))]
        tries = [joined([*kind, *words[:shown]]) for shown in range(2 - len(kind), len(words) + 1)]
        fallback = joined([*kind, *words[:2]] or [_ORDINARY])
        number = len(said) + 1
        said.append(next((name for name in tries if name not in said and name.zh), _numbered(fallback, number, said)))
    return said


def word_of(feature: str, amount: float) -> Say:
    """A feature above (or below) the others, in a word."""
    up, down = WORDS.get(feature, (Say(f"{feature}高", f"high {feature}"), Say(f"{feature}低", f"low {feature}")))
    return up if amount > 0 else down


def joined(words: Sequence[Say]) -> Say:
    """Words as one name."""
    return Say("·".join(word.zh for word in words), ", ".join(word.en for word in words))


def _numbered(name: Say, number: int, said: Sequence[Say]) -> Say:
    return joined([name, Say(str(number), str(number))]) if name in said else name


def _kinds(own: Sequence[Apart]) -> Iterator[Say]:
    far = {one.feature: one.difference for one in own}
    for kind, any_of, none_of in KINDS:
        if any(far.get(name, 0.0) >= STRONG for name in any_of) and not any(far.get(name, 0.0) > 0 for name in none_of):
            yield kind


def _speaks(one: Apart) -> bool:
    return one.sure and abs(one.difference) >= PLAIN


def _difference(own: Floats, others: Floats) -> tuple[float, float]:
    """Difference of the means and its p-value by Welch's test, normal for the sizes at hand; nothing to say of fewer than two."""
    own, others = own[~np.isnan(own)], others[~np.isnan(others)]
    if min(len(own), len(others)) < 2:
        return 0.0, 1.0
    difference = float(own.mean() - others.mean())
    error = float(np.sqrt(own.var(ddof=1) / len(own) + others.var(ddof=1) / len(others)))
    if error == 0.0:
        return difference, 0.0 if difference else 1.0
    return difference, two_sided(difference / error)
