"""The demand of next week in one sentence: how much, how sure, how much more than the last week, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from zhiyin.core.words import Say

__all__ = ["Week", "reason", "sentence"]

_LIKE = 0.03  # share below which a week is as the one before
_PART = 1 / 3  # of the difference that a cause must explain to be named
_ALL = Say("全店", "the whole shop")
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

    `value`: expected. `last`: sold in the week before. `usual`: expected of a week like the last four. `holiday`: factor of the holidays of
    the week, beside those of the last one. `name`: of the holiday. `offered`: share on offer, less that of the last week.
    """

    value: float
    last: float
    usual: float
    holiday: float = 1.0
    name: str = ""
    offered: float = 0.0


def reason(week: Week) -> Say:
    """Why the week differs from the last one, as a clause; empty where it hardly does or nothing explains it."""
    if not week.last > 0 or not np.isfinite(week.usual) or abs(week.value / week.last - 1) < _LIKE:
        return Say("", "")
    far = np.log(max(week.value, 1e-9) / week.last)
    named = week.name or "节假日"
    causes: list[tuple[float, Say]] = []
    if week.holiday != 1:
        english = week.name if week.name.isascii() and week.name else "the holidays"
        called = Say(f"{named}", english) if week.name else Say("上周的节假日已过", "the holidays of last week are over")
        causes.append((np.log(max(week.holiday, 1e-9)), called))
    low = np.log(max(week.usual, 1e-9) / week.last)
    causes.append(
        (low, Say("上周比平时少", "last week was below the usual") if low > 0 else Say("上周比平时多", "last week was above the usual"))
    )
    if abs(week.offered) > 0.05:
        shown = Say("有活动", "more is on offer") if week.offered > 0 else Say("活动结束", "an offer has ended")
        causes.append((far / 2 if (week.offered > 0) == (far > 0) else 0.0, shown))
    rest = np.log(max(week.value, 1e-9) / max(week.usual, 1e-9)) - np.log(max(week.holiday, 1e-9))
    causes.append((rest, Say("近来在涨", "it has been growing") if rest > 0 else Say("近来在跌", "it has been falling")))
    size, said = max(causes, key=lambda cause: cause[0] * np.sign(far))
    return said if size * np.sign(far) >= _PART * abs(far) else Say("", "")


def sentence(row: Mapping[str, object], *, level: str, name: str = "") -> Say:
    """A week of a series in one sentence.

    Args:
        row: value, low, high, last_week (empty where not known), reason_zh, reason_en.
        level: total, department, category or product.
        name: of the series, as people read it.
    """
    named = _ALL if level == "total" else _NAMED.get(level, _PRODUCT).fill(name=name) if name else _NONE
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
