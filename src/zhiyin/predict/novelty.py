"""Who buys what has just come out?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

__all__ = ["NEW_DAYS", "new_shares"]

NEW_DAYS = 60  # a product is new for so long after it was first sold
WINDOW_DAYS = 84


def new_shares(lines: Table, *, at: date) -> Table:
    """Which share of the lines of the last 84 days was of products that were new on that day: `customer_id`, `new_share_84d`.

    Products sold in the first 60 days of the data are not called new: nobody knows how long they had been there.

    Args:
        lines: order lines with `customer_id`, `product_id`, `on`, `amount`, known before `at`.
        at: the day of the list.
    """
    sold = lines.filter(lines["amount"] > 0).select("customer_id", "product_id", "on")
    firsts = sold.group_by("product_id").agg(first_on=sold["on"].min())
    start = firsts.agg(start=firsts["first_on"].min())
    firsts = firsts.cross_join(start)
    came = firsts.filter(firsts["first_on"] >= (firsts["start"] + ibis.interval(days=NEW_DAYS)).cast("date")).select(
        "product_id", "first_on"
    )
    lately = sold.filter(sold["on"] >= ibis.date(at - timedelta(days=WINDOW_DAYS)))
    both = lately.left_join(came, "product_id")
    is_new = ibis.coalesce(both["on"] < (both["first_on"] + ibis.interval(days=NEW_DAYS)).cast("date"), ibis.literal(False))
    return both.group_by("customer_id").agg(new_share_84d=is_new.cast("float64").mean())
