"""What did each record do in each channel on each day: how often, for how much money, for how long, and what came last?

The same rows come from micro-batches of facts (`live.fold`): every column is a sum, a minimum or a maximum, so neither the order nor
the grouping in which facts arrive matters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import ibis

from zhiyin.unify.asof import shaped
from zhiyin.unify.facts import total
from zhiyin.unify.live import CONTACTED, ORDERED, SAVED

if TYPE_CHECKING:
    from ibis import Table
    from ibis.expr.types import Value

__all__ = ["activity"]

_KEY = ("record_id", "channel", "name", "happened_on")


def activity(tables: Mapping[str, Table], *, currency: str) -> Table:
    """One row a record, channel, name and day.

    The channel is the source through which a fact came. An order is counted on each day on which its lines sum to more than zero, as
    in `order_days`; its money is that of all lines, returns deducted. `Discount Used` counts the orders with a discount or coupon.

    Args:
        tables: `batch`, `event`, `order_line`, `touch`, `outcome`, by name.
        currency: order lines in another currency are left out.

    Returns:
        The columns of `activity`.
    """
    batch = tables["batch"].select("batch_id", told_by="source")
    done = ibis.union(_events(tables["event"], batch), _orders(tables["order_line"], batch, currency=currency))
    done = ibis.union(done, _touches(tables["touch"], batch), _outcomes(tables["outcome"], batch))
    done = done.filter(done["happened_on"].notnull())
    one = done.group_by(*_KEY).agg(
        count=total(done["count"]),
        amount=total(done["amount"]),
        millis=total(done["millis"]),
        first_at=done["first_at"].min(),
        last_at=done["last_at"].max(),
        last_id=done["last_id"].argmax(ibis.struct({"at": done["last_at"], "id": done["last_id"]})),
    )
    return shaped(one.mutate(seconds=one["millis"] / 1000), "activity")


def _events(events: Table, batch: Table) -> Table:
    """Every event but orders: those are counted by their lines, however often a page tells of them."""
    told = events.filter(events["name"] != ORDERED).left_join(batch, "batch_id")
    # Whole milliseconds: the sum of fractions would depend on the order of the rows.
    millis = (ibis.coalesce(told["seconds"], 0.0) * 1000 + 0.5).floor()
    return _rows(told, name=told["name"], at=told["happened_at"], on=told["happened_on"], id_=told["event_id"], millis=millis)


def _orders(lines: Table, batch: Table, *, currency: str) -> Table:
    lines = lines.filter(lines["currency"] == currency).left_join(batch, "batch_id")
    lines = lines.mutate(
        channel=_channel(lines),
        at=ibis.coalesce(lines["ordered_at"], lines["ordered_on"].cast("timestamp")),
        saved=ibis.coalesce(lines["discount"], 0) + ibis.coalesce(lines["coupon"], 0),
    )
    orders = lines.group_by("record_id", "channel", "order_id", happened_on=lines["ordered_on"]).agg(
        amount=total(lines["amount"]),
        saved=total(lines["saved"], where=lines["amount"] > 0),
        first_at=lines["at"].min(),
        last_at=lines["at"].max(),
    )
    paid = orders["amount"] > 0
    common = {name: orders[name] for name in ("first_at", "last_at")} | {"last_id": orders["order_id"]}
    whose = ("record_id", "channel")
    return ibis.union(
        _select(orders, *whose, name=ibis.literal(ORDERED), count=paid.cast("float64"), amount=orders["amount"], **common),
        _select(
            orders.filter(orders["saved"] > 0),
            *whose,
            name=ibis.literal(SAVED),
            count=paid.cast("float64"),
            amount=paid.ifelse(orders["saved"], 0.0),
            **common,
        ),
    )


def _touches(touches: Table, batch: Table) -> Table:
    """Contacts that were made; who was held back was not contacted."""
    made = touches.filter(~ibis.coalesce(touches["holdout"], False)).left_join(batch, "batch_id")
    return _rows(made, name=ibis.literal(CONTACTED), at=made["touched_at"], on=made["touched_on"], id_=made["touch_id"])


def _outcomes(outcomes: Table, batch: Table) -> Table:
    told = outcomes.left_join(batch, "batch_id")
    return _rows(told, name=told["kind"], at=told["happened_at"], on=told["happened_on"], id_=told["outcome_id"])


def _rows(facts: Table, *, name: Value, at: Value, on: Value, id_: Value, millis: Value | None = None) -> Table:
    """Facts that count one each."""
    moment = ibis.coalesce(at, on.cast("timestamp"))
    return facts.select(
        record_id=facts["record_id"],
        channel=_channel(facts),
        name=name,
        happened_on=on,
        count=ibis.literal(1.0),
        amount=ibis.literal(0.0),
        millis=ibis.literal(0.0) if millis is None else millis.cast("float64"),
        first_at=moment,
        last_at=moment,
        last_id=id_,
    )


def _select(orders: Table, *whose: str, **columns: Value) -> Table:
    """The columns of `_rows`, in their order."""
    made = {name: orders[name] for name in (*whose, "happened_on")} | columns | {"millis": ibis.literal(0.0)}
    names = (*_KEY, "count", "amount", "millis", "first_at", "last_at", "last_id")
    return orders.select(**{name: made[name] for name in names})


def _channel(facts: Table) -> Value:
    own = facts["source"] if "source" in facts.columns else ibis.literal("")
    return ibis.coalesce(facts["told_by"], own)
