"""What did a day bring the company: money in fen, and customers who want to hear nothing more?"""

from __future__ import annotations

from typing import NamedTuple

from zhiyin.sandbox.ground import Ground
from zhiyin.sandbox.happened import OUTCOMES, Day

__all__ = ["Takings", "takings"]


class Takings(NamedTuple):
    """One day in figures: money received and what is left of it after the goods, contacts made, of them asked to be left alone."""

    sales: int
    margin: int
    contacts: int
    put_off: int


def takings(ground: Ground, day: Day) -> Takings:
    """The figures of one day, refunds deducted."""
    sold, back, made = day.rows("orders"), day.rows("refunds"), day.rows("contacts")
    cost = ground.wares.cost
    sales = int(sold["paid"].sum()) - int(back["paid"].sum())
    goods = int((cost[sold["product"]] * sold["quantity"]).sum()) - int((cost[back["product"]] * back["quantity"]).sum())
    return Takings(sales, sales - goods, len(made["person"]), int((made["outcome"] == OUTCOMES.index("refused_contact")).sum()))
