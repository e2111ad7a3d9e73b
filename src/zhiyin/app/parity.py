"""Do groups of people get the same price? Discounts granted, beside others who are worth as much."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from zhiyin.app.promoting import beside
from zhiyin.core.settings import Settings
from zhiyin.core.words import Say
from zhiyin.learn.fairness import grouped, prices

if TYPE_CHECKING:
    import ibis
    import pandas as pd

    from zhiyin.app.work import Work

__all__ = ["discount_notes", "discount_parity"]

_UNLIKE = Say(
    "同等价值等级的客户里，{attribute}为「{group}」的折扣与其他人相差 {difference:+.1%}（{low:+.1%} - {high:+.1%}），超过 {limit:.0%}：请检查定价和优惠。",
    "Among customers of equal value tier, those with {attribute} {group} get {difference:+.1%} discount beside the others "
    "({low:+.1%} - {high:+.1%}), beyond {limit:.0%}: check prices and offers.",
)


def discount_parity(
    settings: Settings, table: Callable[[str], ibis.Table], *, frame: Callable[[ibis.Table], pd.DataFrame]
) -> list[dict[str, object]]:
    """The discount share of the last 84 days by protected group, within value tiers, beside everybody else.

    Args:
        settings: which attributes are protected, and how far groups may lie apart.
        table: gives a table as its reader may see it.
        frame: runs a relation.

    Returns:
        attribute, group, difference, low, high (shares of the price), and ok: whether the interval reaches into what is allowed.
    """
    known = beside(settings, table, frame=frame)
    if known.protected.columns.empty:
        return []
    profile, at = table("profile"), table("profile_at")
    share = at.select("customer_id", "at_on", "discount_share_84d")
    rows = frame(profile.select("customer_id", "at_on", "tier").inner_join(share, ["customer_id", "at_on"])).dropna(
        subset=["discount_share_84d"]
    )
    groups = known.protected.apply(grouped).reindex(rows["customer_id"]).reset_index(drop=True)
    limit = settings.fairness.max_discount
    return [
        {
            "attribute": gap.attribute,
            "group": gap.group,
            "difference": gap.difference.value,
            "low": gap.difference.low,
            "high": gap.difference.high,
            "ok": gap.difference.low <= limit and gap.difference.high >= -limit,
        }
        for gap in prices(rows["discount_share_84d"], rows["tier"], groups=groups, smallest=known.smallest)
    ]


def discount_notes(work: Work) -> list[Say]:
    """A sentence for each group whose discounts certainly lie beyond the limit."""
    settings = work.home.settings
    rows = discount_parity(settings, work.table, frame=work.frame)
    return [_UNLIKE.fill(**row, limit=settings.fairness.max_discount) for row in rows if not row["ok"]]
