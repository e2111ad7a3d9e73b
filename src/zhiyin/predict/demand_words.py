"""The demand of next week in one sentence: how much, how sure, how much more than the last week, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from zhiyin.core.words import Say

__all__ = ["LEVELS", "Week", "reason", "sentence"]

LEVELS = {
    "total": Say("全店", "the whole shop"), "department": Say("部门", "department"), "category": Say("品类", "category"),
    "product": Say("商品", "product"),
}  # fmt: skip

_LIKE = 0.03  # share below which a week is as the one before
_OFFERED = 0.05  # share of a category on offer, more or less than in the last week, that may move it
_PART = 1 / 3  # of the difference that a cause must explain to be named
_NONE = Say("没有品类的商品", "products without a category")
_NAMED = {"total": Say("{name}", "{name}"), "department": Say("部门“{name}”", "the department {name}")}
_PRODUCT = Say("“{name}”", "{name}")
_EXPECTED = Say("下周{name}预计卖 {value} 件（{low}–{high}）", "Next week {name} will sell about {value} ({low}-{high})")
_MORE = Say("，比上周多 {share}", ", {share} more than last week")
_LESS = Say("，比上周少 {share}", ", {share} less than last week")
_SAME = Say("，和上周差不多", ", about as last week")
_FIRST = Say("，上周没有卖出", "; last week none were sold")


class Week(NamedTuple):
    """What is known of a week that may explain it.

    `value`: expected. `last`: sold in the week before. `usual`: a week's mean of the last four. `growth`: of that mean, beside the four
    weeks before, as a share. `holiday`: factor of the holidays of the week beside those of the last one, and the name of the first.
    `offered`: share on offer, less that of the last week.
    """

    value: float
    last: float
    usual: float
    growth: float = 0.0
    holiday: tuple[float, str] = (1.0, "")
    offered: float = 0.0


def reason(week: Week) -> Say:
    """Why the week differs from the last one, as a clause; empty where it hardly does or nothing explains it."""
    if not (week.last > 0 and week.value > 0 and week.usual > 0) or abs(week.value / week.last - 1) < _LIKE:
        return Say("", "")
    far = float(np.log(week.value / week.last))
    towards = np.sign(far)
    size, said = max(_causes(week, far), key=lambda cause: cause[0] * towards)
    return said if size * towards >= _PART * abs(far) else Say("", "")


def _causes(week: Week, far: float) -> list[tuple[float, Say]]:
    """What may have moved the week, each with how far it moves the logarithm of the sales."""
    low, (factor, name) = float(np.log(week.usual / week.last)), week.holiday
    holiday = float(np.log(factor))
    found = [
        (low, Say("上周比平时少", "last week was below the usual") if low > 0 else Say("上周比平时多", "last week was above the usual")),
        (
            holiday,
            Say(name, name if name.isascii() else "the holidays")
            if name
            else Say("上周的节假日已过", "the holidays of last week are over"),
        ),
    ]
    rest = far - low - holiday
    if rest * week.growth > 0 and abs(week.growth) >= _LIKE:
        found.append((rest, Say("近来在涨", "it has been growing") if rest > 0 else Say("近来在跌", "it has been falling")))
    if abs(week.offered) >= _OFFERED and week.offered * rest > 0:
        found.append((rest, Say("活动多了", "more is on offer") if rest > 0 else Say("活动少了", "less is on offer")))
    return found


def sentence(row: Mapping[str, object], *, level: str, name: str = "") -> Say:
    """A week of a series in one sentence.

    Args:
        row: value, low, high, last_week (empty where not known), reason_zh, reason_en.
        level: total, department, category or product.
        name: of the series, as people read it.
    """
    named = LEVELS["total"] if level == "total" else _NAMED.get(level, _PRODUCT).fill(name=name) if name else _NONE
    value, last = float(str(row["value"])), row.get("last_week")
    figures = {key: f"{float(str(row[key])):,.0f}" for key in ("value", "low", "high")}
    zh, en = (part.format(name=who, **figures) for part, who in zip(_EXPECTED, named, strict=True))
    parts = [Say(zh, en), _beside(value, None if last is None else float(str(last)))]
    if row.get("reason_zh"):
        parts.append(Say(f"，主要因为{row['reason_zh']}", f", mainly: {row['reason_en']}"))
    return Say("".join(part.zh for part in parts) + "。", "".join(part.en for part in parts) + ".")


def _beside(value: float, last: float | None) -> Say:
    if last is None or not np.isfinite(last):
        return Say("", "")
    if last <= 0:
        return _FIRST if value >= 1 else Say("", "")
    share = value / last - 1
    if abs(share) < _LIKE:
        return _SAME
    return (_MORE if share > 0 else _LESS).fill(share=f"{abs(share):.0%}")
