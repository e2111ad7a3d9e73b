"""Alerts as the ledger keeps them, and the timers of those that wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from heapq import heapify, heappop, heappush
from typing import Any

from zhiyin.app.dayrows import instant, moment
from zhiyin.core.clock import Clock
from zhiyin.core.errors import ZhiyinError
from zhiyin.store.live import LiveRows
from zhiyin.unify.triggers import RULES, Alert

__all__ = ["LATELY_DAYS", "Timers", "alert_of", "alert_row"]

LATELY_DAYS = 28  # how long a shift of a need is worth speaking about
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


_Key = tuple[str, str, str]  # customer, rule, episode


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
        self._queue: list[tuple[float, _Key]] | None = None  # when to look at which alert, the next one first
        self._deadlines: dict[_Key, tuple[str, float]] = {}

    def learn(self, alerts: Iterable[Sequence[Any]]) -> None:
        """Wait for these too: rows of alerts as they were written."""
        if self._queue is not None:  # otherwise the first look finds them
            for row in alerts:
                if row[3] == "waiting":
                    heappush(self._queue, (self._deadline(row), _key(row)))

    def fire(self) -> int:
        """Fire what is due; returns how many."""
        if self._queue is None:
            self._queue = [(self._deadline(row), _key(row)) for row in self._live.alerts()]
            heapify(self._queue)
        seconds, due = self._monotonic(), set()
        while self._queue and self._queue[0][0] <= seconds:
            due.add(heappop(self._queue)[1])
        fired = (
            [row for row in self._live.alerts({key[0] for key in due}) if _key(row) in due and self._is_over(row, seconds)] if due else []
        )
        if fired:
            self._note(fired)
        return len(fired)

    def _note(self, fired: Sequence[Sequence[Any]]) -> None:
        now = self._now()
        try:
            self._live.note(alerts=[alert_row(row[0], replace(alert_of(row), state="fired", ended_at=now)) for row in fired])
        except ZhiyinError:
            self._queue = None  # the next look begins with all that wait
            raise
        for row in fired:
            del self._deadlines[_key(row)]

    def _is_over(self, row: Sequence[Any], seconds: float) -> bool:
        """Whether an alert at which it is time to look still waits, and was not put off: such a one is in the queue once more."""
        if row[3] == "waiting":
            return self._deadline(row) <= seconds
        self._deadlines.pop(_key(row), None)
        return False

    def _deadline(self, row: Sequence[Any]) -> float:
        """When an alert is due by the monotonic clock: decided when it is first seen, and anew when it is put off."""
        key, alert = _key(row), alert_of(row)
        due = moment(alert.due_at)
        known = self._deadlines.get(key)
        if known is None or known[0] != due:
            left = (alert.due_at - self._now()).total_seconds()
            known = self._deadlines[key] = (due, self._monotonic() + min(max(left, 0.0), _WAITS.get(alert.rule, 0.0)))
        return known[1]

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC).replace(tzinfo=None)


def _key(row: Sequence[Any]) -> _Key:
    return row[0], row[1], row[2]
