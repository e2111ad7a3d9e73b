"""Rows of `unify.live` as the ledger keeps them, and back; moments as text of one length, so that SQLite compares them as moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from zhiyin.unify.live import Day, DayKey, Order, OrderKey

__all__ = ["day_of", "day_row", "instant", "moment", "order_of", "order_row", "stored_day"]


def moment(at: datetime) -> str:
    """A naive UTC moment as text."""
    return at.isoformat(timespec="microseconds")


def instant(text: str) -> datetime:
    """The moment that a text says."""
    return datetime.fromisoformat(text)


def day_row(key: Sequence[Any], day: Day) -> tuple[Any, ...]:
    """A day of activity, or of steps, for the ledger."""
    return (*key[:3], key[3].isoformat(), day.times, day.amount, day.millis, moment(day.first_at), moment(day.last_at), day.last_id)


def day_of(row: Sequence[Any]) -> tuple[DayKey, Day]:
    """A day of activity from the ledger; of steps the channel is the product."""
    key = DayKey(row[0], row[1], row[2], date.fromisoformat(row[3]))
    return key, Day(row[4], row[5], row[6], instant(row[7]), instant(row[8]), row[9])


def stored_day(row: Mapping[str, Any]) -> tuple[DayKey, Day]:
    """A row of the lake's `activity`."""
    key = DayKey(row["record_id"], row["channel"], row["name"], row["happened_on"])
    return key, Day(row["count"], row["amount"], round(row["seconds"] * 1000), row["first_at"], row["last_at"], row["last_id"])


def order_row(key: OrderKey, order: Order) -> tuple[Any, ...]:
    """A day of an order for the ledger."""
    return (*key[:3], key.happened_on.isoformat(), order.amount, order.saved, moment(order.first_at), moment(order.last_at))


def order_of(row: Sequence[Any]) -> tuple[OrderKey, Order]:
    """A day of an order from the ledger."""
    return OrderKey(row[0], row[1], row[2], date.fromisoformat(row[3])), Order(row[4], row[5], instant(row[6]), instant(row[7]))
