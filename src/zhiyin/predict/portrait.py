"""How does a group look beside all customers, in figures that everybody knows?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

__all__ = ["FIGURES", "portrait"]

# Figure -> the table that has it.
FIGURES = {
    "orders": "profile", "spend": "profile", "days_since_order": "profile", "orders_84d": "profile_at", "spend_84d": "profile_at",
    "discount_share_84d": "profile_at", "categories_84d": "profile_at",
}  # fmt: skip


def portrait(profile: Table, profile_at: Table, *, members: Table, at: date) -> Table:
    """Means of the group and of all, where known: one row with `group_` and `all_` before the name of each figure."""
    today = profile_at.filter(profile_at["at_on"] == ibis.date(at))
    own = [name for name, table in FIGURES.items() if table == "profile"]
    rows = profile.select("customer_id", *own).left_join(
        today.select("customer_id", *(name for name in FIGURES if name not in own)), "customer_id"
    )
    marked = rows.left_join(members.select(member_id="customer_id"), rows["customer_id"] == members["customer_id"])
    inside = marked["member_id"].notnull()
    means = {f"group_{name}": marked[name].mean(where=inside) for name in FIGURES} | {
        f"all_{name}": marked[name].mean() for name in FIGURES
    }
    return marked.agg(**means)
