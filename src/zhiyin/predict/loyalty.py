"""How loyal is each customer: how often, how long, and is there still a customer at all?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.tables import TABLES
from zhiyin.core.words import Say

__all__ = ["LEVELS", "NEEDS", "SCHEME", "loyalty_segments"]

SCHEME = "loyalty"
NEEDS = ("days_all", "days_84d", "tenure_days", "days_since_order", "gap_mean")

OFTEN = 4  # buying days from which somebody who stays is a regular
STAYS = 0.5  # probability of still being a customer

LEVELS: dict[str, Say] = {
    "devoted": Say("铁杆", "devoted"),
    "regular": Say("常客", "regular"),
    "returning": Say("回头客", "returning"),
    "new": Say("只买过一次", "bought once"),
    "fading": Say("正在流失", "fading"),
}
_BOUGHT = Say(
    "{years}买过 {days} 天，平均每 {gap} 天一次，上次在 {since} 天前，仍是客户的可能性 {here}。",
    "Bought on {days} days in {years}, every {gap} days on average, last {since} days ago; still a customer with a probability of {here}.",
)
_ONCE = Say(
    "只在 {since} 天前买过一次，仍是客户的可能性 {here}。", "Bought once, {since} days ago; still a customer with a probability of {here}."
)


def loyalty_segments(rows: pd.DataFrame, *, staying: npt.ArrayLike) -> pd.DataFrame:
    """Rows of `segment`, scheme `loyalty`, for everybody who ever bought.

    Who has probably left is fading, however often they bought; who bought once has no loyalty yet to speak of. Of the others the regulars
    bought on four days or more, and the devoted are the regulars who bought lately and more often than half of them.

    Args:
        rows: `profile_at` of one day for customers who bought: `customer_id` and the columns of `NEEDS`.
        staying: probability that each is still a customer.
    """
    here, days = np.asarray(staying, dtype=np.float64), rows["days_all"].to_numpy(dtype=np.float64)
    gap = rows["gap_mean"].to_numpy(dtype=np.float64)
    regular = (days >= OFTEN) & (here >= STAYS)
    usual = float(np.nanmedian(gap[regular])) if regular.any() else np.inf
    devoted = regular & (gap <= usual) & (rows["days_84d"].to_numpy(dtype=np.float64) > 0)
    levels = np.select([here < STAYS, days <= 1, devoted, regular], ["fading", "new", "devoted", "regular"], "returning")
    said = [_reason(*facts) for facts in zip(days, rows["tenure_days"], gap, rows["days_since_order"], here, strict=True)]
    table = pd.DataFrame(
        {
            "customer_id": rows["customer_id"].to_numpy(),
            "scheme": SCHEME,
            "segment_id": levels,
            "name_zh": [LEVELS[level].zh for level in levels],
            "name_en": [LEVELS[level].en for level in levels],
            "reason_zh": [reason.zh for reason in said],
            "reason_en": [reason.en for reason in said],
        }
    )
    return table[list(TABLES["segment"].names)]


def _reason(days: float, tenure: float, gap: float, since: float, here: float) -> Say:
    sure = "<1%" if here < 0.01 else ">99%" if here > 0.99 else f"{here:.0%}"  # nothing is certain
    if days <= 1 or not np.isfinite(gap):
        return _ONCE.fill(since=f"{since:.0f}", here=sure)
    zh = f"{tenure / 365:.1f} 年里" if tenure >= 365 else f"{tenure:.0f} 天里"
    en = f"{tenure / 365:.1f} years" if tenure >= 365 else f"{tenure:.0f} days"
    facts = {"days": f"{days:.0f}", "gap": f"{gap:.0f}", "since": f"{since:.0f}", "here": sure}
    return Say(_BOUGHT.zh.replace("{years}", zh), _BOUGHT.en.replace("{years}", en)).fill(**facts)
