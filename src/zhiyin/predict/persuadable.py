"""Who should be contacted, who buys anyway, who does not buy either way, and who is better left alone?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from zhiyin.core.tables import TABLES
from zhiyin.core.words import Say

__all__ = ["GROUPS", "SCHEME", "effect_segments"]

SCHEME = "effect"
SURE = 0.5  # chance without a contact from which a customer counts as one who buys anyway


class _Group(NamedTuple):
    """What a group is called, and why a customer is in it."""

    name: Say
    reason: Say


GROUPS: dict[str, _Group] = {
    "persuadable": _Group(
        Say("一联系就多买", "persuadable"),
        Say(
            "联系使购买可能性增加 {value}（90% 区间 {low} 到 {high}）。",
            "A contact adds {value} to the chance (90 % interval {low} to {high}).",
        ),
    ),
    "leave_alone": _Group(
        Say("别打扰", "leave alone"),
        Say(
            "联系反而使购买可能性变化 {value}（90% 区间 {low} 到 {high}）。",
            "A contact changes the chance by {value} (90 % interval {low} to {high}).",
        ),
    ),
    "sure_thing": _Group(
        Say("不联系也会买", "sure thing"),
        Say(
            "不联系也有 {chance} 的可能购买；联系的作用看不出来（{low} 到 {high}）。",
            "Buys with a chance of {chance} without a contact; no effect can be told ({low} to {high}).",
        ),
    ),
    "lost_cause": _Group(
        Say("联系了也难买", "lost cause"),
        Say(
            "不联系只有 {chance} 的可能购买；联系的作用看不出来（{low} 到 {high}）。",
            "Buys with a chance of {chance} without a contact; no effect can be told ({low} to {high}).",
        ),
    ),
}


def effect_segments(effects: pd.DataFrame) -> pd.DataFrame:
    """Rows of `segment`, scheme `effect`: only an effect whose interval lies on one side of nothing makes a group of its own.

    Args:
        effects: `customer_id`, `value`, `low`, `high` (what a contact adds to the chance) and `chance` without a contact.
    """
    conditions = [effects["low"] > 0, effects["high"] < 0, effects["chance"] >= SURE]
    groups = np.select(conditions, ["persuadable", "leave_alone", "sure_thing"], "lost_cause")
    said = [
        GROUPS[group].reason.fill(value=f"{value:+.0%}", low=f"{low:+.0%}", high=f"{high:+.0%}", chance=f"{chance:.0%}")
        for group, value, low, high, chance in zip(
            groups, effects["value"], effects["low"], effects["high"], effects["chance"], strict=True
        )
    ]
    table = pd.DataFrame(
        {
            "customer_id": effects["customer_id"].to_numpy(),
            "scheme": SCHEME,
            "segment_id": groups,
            "name_zh": [GROUPS[group].name.zh for group in groups],
            "name_en": [GROUPS[group].name.en for group in groups],
            "reason_zh": [reason.zh for reason in said],
            "reason_en": [reason.en for reason in said],
        }
    )
    return table[list(TABLES["segment"].names)]
