"""Alerts as the ledger keeps them, and the timers of those that wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from zhiyin.app.dayrows import instant, moment
from zhiyin.core.clock import Clock
from zhiyin.store.live import LiveRows
from zhiyin.unify.triggers import RULES, Alert

__all__ = ["Timers", "alert_of", "alert_row"]

_WAITS = {rule.name: rule.wait.total_seconds() for rule in RULES}


def alert_row(customer: str, alert: Alert) -> tuple[Any, ...]:
    """An alert for the ledger."""
    ended = moment(alert.ended_at) if alert.ended_at else None
    times = (moment(alert.opened_at), moment(alert.due_at), ended)
    return (customer, alert.rule, alert.episode, alert.state, *times, alert.product_id, alert.cause)


def alert_of(row: Sequence[Any]) -> Alert:
    """An alert from the ledger."""
    _, rule, episode, state, opened, due, ended, product, cause = row
    return Alert(rule, episode, state, instant(opened), instant(due), instant(ended) if ended else None, product, cause)


class Timers:
    """Fires alerts that have waited long enough, by a clock that nobody can set.

    A wall clock that jumps forward fires nothing early, one that jumps back holds nothing up; what was waiting when the program
    began waits at most as long as its rule says.

    Args:
        live: where alerts are kept.
        clock: the wall clock.
        monotonic: seconds that only go forward.
    """

    def __init__(self, live: LiveRows, *, clock: Clock, monotonic: Callable[[], float]) -> None:
        self._live = live
        self._clock = clock
        self._monotonic = monotonic
        self._deadlines: dict[tuple[str, ...], tuple[str, float]] = {}

    def fire(self) -> int:
        """Fire what is due; returns how many."""
        now, seconds = self._clock().astimezone(UTC).replace(tzinfo=None), self._monotonic()
        waiting = {tuple(row[:3]): (row[0], alert_of(row)) for row in self._live.alerts()}
        self._deadlines = {key: self._deadline(key, alert, now, seconds) for key, (_, alert) in waiting.items()}
        due = [waiting[key] for key, (_, deadline) in self._deadlines.items() if deadline <= seconds]
        self._live.note(
            alerts=[alert_row(customer, replace(alert, state="fired", ended_at=now)) for customer, alert in due]
        ) if due else None
        return len(due)

    def _deadline(self, key: tuple[str, ...], alert: Alert, now: datetime, seconds: float) -> tuple[str, float]:
        """When an alert is due by the monotonic clock: decided when it is first seen, and anew when it is put off."""
        due = moment(alert.due_at)
        known = self._deadlines.get(key)
        if known and known[0] == due:
            return known
        left = (alert.due_at - now).total_seconds()
        return due, seconds + min(max(left, 0.0), _WAITS.get(alert.rule, 0.0))
