"""What is usual among all customers, so that one of them can be judged without looking at the others?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from zhiyin.unify.asof import shaped

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

__all__ = ["norms"]

_FEW = 10  # customers; among fewer there is no highest fifth
_TOP = 0.8  # spend that one of five customers exceeds


def norms(days: Table, *, at: date) -> Table:
    """Figures over all customers who ordered before `at`; none where nobody did.

    `order_gap`: days between two orders of the typical customer (the median over customers of their mean gap), as in `stages.rhythm`.
    `top_spend`: the spend from which on a customer belongs to the highest fifth; not told of fewer than ten.

    Args:
        days: `order_days`.
        at: known is what happened before this day.

    Returns:
        The columns of `norm`.
    """
    known = days.filter(days["on"] < ibis.date(at))
    gap = known["gap"].cast("float64")
    own = known.group_by("customer_id").agg(orders=known["orders"].sum(), spend=known["spend"].sum(), gaps=gap.count(), gap_sum=gap.sum())
    own = own.filter(own["orders"] > 0)
    found = own.agg(
        buyers=own.count(),
        order_gap=(own["gap_sum"] / own["gaps"].nullif(0)).median(),
        top_spend=own["spend"].cast("float64").quantile(_TOP),
    )
    found = found.mutate(top_spend=(found["buyers"] >= _FEW).ifelse(found["top_spend"], None))
    rows = ibis.union(*(found.select(name=ibis.literal(name), value=found[name]) for name in ("order_gap", "top_spend")))
    return shaped(rows.filter(rows["value"].notnull()), "norm")
