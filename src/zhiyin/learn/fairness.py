"""Does a model treat groups of people alike: who is picked, who is found, and what is promised to whom?

A difference counts only where it is more than luck: a group of twelve can look treated badly by chance.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from zhiyin.core.words import Say
from zhiyin.learn.card import Gap, Group, Interval
from zhiyin.learn.cut import picked
from zhiyin.learn.frames import Floats

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["OTHERS", "Limits", "Treated", "breach", "grouped", "is_protected", "judged", "prices", "sentence", "wilson"]

OTHERS = "*"  # groups that are too small to be shown, together
MOST_GROUPS = 12  # of one column; more of them are a list of small ones
LEVEL = 0.95
_YEAR = re.compile(r"(?:18|19|20)\d\d(?=[-/.年]|$)")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


class Limits(NamedTuple):
    """What a model may do at most: share of the best treated group that each group must reach, and difference in who is found."""

    ratio: float = 0.8  # the four-fifths rule of 29 CFR 1607.4 D
    opportunity: float = 0.1


class Treated(NamedTuple):
    """The groups, and each beside the one that fares best."""

    groups: tuple[Group, ...]
    gaps: tuple[Gap, ...]


def is_protected(name: str, protected: Iterable[str]) -> bool:
    """Whether a column tells what no decision may rest on: English words of its name, or Chinese ones within it."""
    words = [word.lower() for word in _WORDS.findall(name)]
    return any(one in name if _CHINESE.search(one) else _within(one.lower().split("_"), words) for one in protected if one)


def _within(wanted: list[str], words: list[str]) -> bool:
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))


def grouped(values: pd.Series) -> pd.Series:
    """Values of a protected column as groups: ages in tens, days of birth in decades, kinds as they are; None where nothing is known."""
    import pandas as pd

    known = values.dropna().astype(str).str.strip()
    known = known[known != ""]
    numbers = pd.to_numeric(known, errors="coerce")
    if len(known) and numbers.notna().all() and numbers.nunique() > MOST_GROUPS:
        tens = (numbers // 10 * 10).astype(int)
        known = tens.astype(str) + "-" + (tens + 9).astype(str)
    elif len(known) and known.str.match(_YEAR).all():
        known = known.str[:3] + "0s"
    kept = known.value_counts().index[:MOST_GROUPS]
    return known.where(known.isin(kept), OTHERS).reindex(values.index).astype(object).where(lambda found: found.notna(), None)


def judged(
    labels: npt.ArrayLike, values: npt.ArrayLike, *, groups: pd.DataFrame, keys: npt.ArrayLike, share: float, smallest: int
) -> Treated:
    """How each protected group is treated when the likeliest `share` of all rows is picked.

    Args:
        labels: 0 or 1, what happened.
        values: probabilities.
        groups: a column an attribute, in the order of the labels; None where a group is not known.
        keys: whom a row is about: rows of one customer count as one in the intervals.
        share: of all rows that are picked.
        smallest: customers that a group must have to be shown; smaller ones are put together.
    """
    happened, said = np.asarray(labels, dtype=np.float64), np.asarray(values, dtype=np.float64)
    chosen, who = picked(said, share=share), np.asarray(keys)
    found: list[Group] = []
    gaps: list[Gap] = []
    for attribute in groups.columns:
        names = _shown(_names(groups[attribute]), who, smallest=smallest)
        kinds = sorted({name for name in names if name is not None})
        if len(kinds) < 2:
            continue
        z = _deviations(len(kinds))
        masks = [(kind, np.asarray(names == kind)) for kind in kinds]
        found += [_group(str(attribute), kind, (happened[m], said[m], chosen[m], who[m]), smallest=smallest) for kind, m in masks]
        for measure, which in (("selection", np.ones(len(happened), dtype=bool)), ("opportunity", happened > 0)):
            counted = [(kind, *_counted(chosen[m & which], who[m & which])) for kind, m in masks]
            gaps += _gaps(measure, str(attribute), [one for one in counted if one[2] >= smallest], z=z)
    return Treated(tuple(found), tuple(gaps))


def _names(values: pd.Series) -> npt.NDArray[np.object_]:
    """The group of each row, None where it is not known: joining leaves NaN for who is not there."""
    return np.asarray([name if isinstance(name, str) else None for name in values], dtype=object)


def _shown(names: npt.NDArray[np.object_], who: npt.NDArray[np.generic], *, smallest: int) -> npt.NDArray[np.object_]:
    """Groups of fewer customers than may be shown are put together, and left out where they are too few even so."""
    shown = names.copy()
    for only in ((), (OTHERS,)):
        for kind in only or sorted({name for name in names if name is not None}):
            mask = shown == kind
            if len(np.unique(who[mask])) < smallest:
                shown[mask] = None if only else OTHERS
    return shown


def _group(attribute: str, kind: str, rows: tuple[Floats, ...], *, smallest: int) -> Group:
    happened, said, chosen, who = rows
    yes = happened > 0
    few = len(np.unique(who[yes])) < smallest
    found = Interval(math.nan, math.nan, math.nan) if few else wilson(*_counted(chosen[yes], who[yes]))
    n = len(np.unique(who))
    return Group(
        attribute, kind, n, int(yes.sum()), wilson(*_counted(chosen, who)), found, float(said.mean()), wilson(*_counted(happened, who))
    )


def _counted(shares: Floats, who: npt.ArrayLike) -> tuple[float, int]:
    """The rate over rows, and how many customers stand behind it."""
    return (float(shares.mean()) if len(shares) else math.nan), len(np.unique(np.asarray(who)))


def wilson(rate: float, n: int, *, z: float = NormalDist().inv_cdf(0.5 + LEVEL / 2)) -> Interval:
    """A rate among `n` customers, and where it really lies.

    References:
        Wilson (1927), Probable inference, the law of succession, and statistical inference.
    """
    if not n:
        return Interval(math.nan, math.nan, math.nan)
    middle, reach = rate + z * z / (2 * n), z * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return Interval(rate, max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale))


def _deviations(kinds: int) -> float:
    """Deviations of an interval that holds for all pairs of the groups at once (Bonferroni): the best one is only known by looking."""
    return NormalDist().inv_cdf(1 - (1 - LEVEL) / 2 / math.comb(kinds, 2))


def _gaps(measure: str, attribute: str, counted: Sequence[tuple[str, float, int]], *, z: float) -> Iterator[Gap]:
    if len(counted) < 2:
        return
    best = max(counted, key=lambda one: one[1])
    top = wilson(best[1], best[2], z=z)
    for kind, rate, n in counted:
        if kind != best[0]:
            mine = wilson(rate, n, z=z)
            yield Gap(measure, attribute, kind, best[0], _ratio(mine, top), _difference(mine, top))


def _difference(one: Interval, other: Interval) -> Interval:
    """One rate less the other.

    References:
        Newcombe (1998), Interval estimation for the difference between independent proportions, method 10.
    """
    value = one.value - other.value
    low = value - math.hypot(one.value - one.low, other.high - other.value)
    return Interval(value, low, value + math.hypot(one.high - one.value, other.value - other.low))


def _ratio(one: Interval, other: Interval) -> Interval:
    """One rate as a share of the other.

    References:
        Donner and Zou (2012), Closed-form confidence intervals for functions of the normal mean and standard deviation (MOVER).
    """
    if other.value == 0:
        return Interval(math.nan, math.nan, math.nan)
    p, q = one.value, other.value
    low = (p * q - math.sqrt(max(0.0, (p * q) ** 2 - one.low * other.high * (2 * p - one.low) * (2 * q - other.high)))) / (
        other.high * (2 * q - other.high)
    )
    under = other.low * (2 * q - other.low)
    high = (
        (p * q + math.sqrt(max(0.0, (p * q) ** 2 - one.high * other.low * (2 * p - one.high) * (2 * q - other.low)))) / under
        if under
        else math.inf
    )
    return Interval(p / q, max(0.0, low), high)


def breach(gaps: Iterable[Gap], limits: Limits) -> Gap | None:
    """The worst gap that lies beyond the limits even at the kind end of its interval; None where all may be luck."""
    beyond = [
        gap
        for gap in gaps
        if (gap.measure == "selection" and gap.ratio.high < limits.ratio)
        or (gap.measure == "opportunity" and gap.difference.high < -limits.opportunity)
    ]
    return min(beyond, key=lambda gap: (gap.difference.value, gap.attribute, gap.group), default=None)


def sentence(gap: Gap, limits: Limits) -> Say:
    """What a model does to a group, in one sentence."""
    if gap.measure == "selection":
        return Say(
            "{attribute}为「{group}」的客户被选中的机会只有「{beside}」的 {ratio:.0%}（{low:.0%} - {high:.0%}），低于 {limit:.0%} 的下限。",
            "Customers with {attribute} {group} are picked {ratio:.0%} as often as {beside} ({low:.0%} - {high:.0%}), below the limit of {limit:.0%}.",
        ).fill(**_slots(gap), ratio=gap.ratio.value, low=gap.ratio.low, high=gap.ratio.high, limit=limits.ratio)
    return Say(
        "同样会发生的客户里，{attribute}为「{group}」的被找到的比例比「{beside}」低 {gap:.0%}（{low:.0%} - {high:.0%}），超过 {limit:.0%} 的上限。",
        "Of customers to whom it happens, those with {attribute} {group} are found {gap:.0%} less often than {beside} "
        "({low:.0%} - {high:.0%}), above the limit of {limit:.0%}.",
    ).fill(**_slots(gap), gap=-gap.difference.value, low=-gap.difference.high, high=-gap.difference.low, limit=limits.opportunity)


def _slots(gap: Gap) -> dict[str, str]:
    return {"attribute": gap.attribute, "group": gap.group, "beside": gap.beside}


def prices(discounts: npt.ArrayLike, tiers: npt.ArrayLike, *, groups: pd.DataFrame, smallest: int) -> tuple[Gap, ...]:
    """What discount each protected group gets, beside all others of the same value tier.

    Customers are compared within a tier and the differences averaged by how many of the group are in it, so that a group that
    spends more and therefore gets more is not called favoured.

    Args:
        discounts: share of the price that was given away, a customer each (0-1).
        tiers: of the same customers.
        groups: a column an attribute, in the order of the discounts; None where a group is not known.
        smallest: customers that a group must have to be shown.

    Returns:
        Gaps of the measure `discount`; `difference` is that of the shares, with its 95 % interval, `ratio` the same as a share.
    """
    given, tier = np.asarray(discounts, dtype=np.float64), np.asarray(tiers, dtype=object)
    found = []
    for attribute in groups.columns:
        names = _names(groups[attribute])
        for kind in sorted({name for name in names if name is not None}):
            mine, others = names == kind, np.asarray([name is not None and name != kind for name in names])
            if min(mine.sum(), others.sum()) >= smallest:
                gap = _within_tiers(given, tier, mine, others)
                found += [Gap("discount", str(attribute), kind, OTHERS, *gap)] if gap else []
    return tuple(found)


def _within_tiers(given: Floats, tier: npt.NDArray[np.object_], mine: Floats, others: Floats) -> tuple[Interval, Interval] | None:
    weights, means, beside, doubt = [], [], [], []
    for name in sorted(set(tier)):
        one, other = given[mine & (tier == name)], given[others & (tier == name)]
        if min(len(one), len(other)) >= 2:
            weights.append(len(one))
            means.append(one.mean())
            beside.append(other.mean())
            doubt.append(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))
    if not weights:
        return None
    share = np.asarray(weights) / sum(weights)
    mean, base = float(share @ means), float(share @ beside)
    reach = NormalDist().inv_cdf(0.5 + LEVEL / 2) * math.sqrt(float(share**2 @ doubt))
    difference = Interval(mean - base, mean - base - reach, mean - base + reach)
    return (
        Interval(mean / base, *((base + end) / base for end in difference[1:])) if base else Interval(math.nan, math.nan, math.nan)
    ), difference
