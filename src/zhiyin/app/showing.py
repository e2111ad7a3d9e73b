"""Keeps what pages were shown, off the path of their requests: in groups, twice a second.

A power cut loses what was shown in the last half second; clicks on it then count for nobody, whatever was shown.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from datetime import timedelta

from zhiyin.app.held_open import HeldOpen
from zhiyin.app.home import Home
from zhiyin.core.clock import Clock
from zhiyin.core.errors import ZhiyinError
from zhiyin.core.log import line
from zhiyin.store.shown import Show, ShownRows

__all__ = ["Showing"]

_WAITING = 50_000  # answers; beyond that the disk has refused for minutes
_SECONDS = 0.5  # between two writes
_AUDIT_SECONDS = 5.0  # between two writes of the audit, one entry a table: half a dozen transactions
_AT_ONCE = 2000
_SWEEP_SECONDS = 3600.0
_log = logging.getLogger(__name__)


class Showing:
    """The log of what is shown in one workspace.

    Args:
        home: the workspace.
        held: the generation that answers are read from; it is renewed here too, beside the requests.
        clock: what time it is.
    """

    def __init__(self, home: Home, held: HeldOpen, *, clock: Clock) -> None:
        self._rows = ShownRows(home.ledger)
        self._days = home.settings.recommend.shown_days
        self._held = held
        self._clock = clock
        self._waiting: queue.Queue[Show] = queue.Queue(_WAITING)
        self._swept_at = self._settled_at = float("-inf")

    def keep(self, show: Show) -> None:
        """Write an answer down soon; where too many wait, it is lost and said so."""
        try:
            self._waiting.put_nowait(show)
        except queue.Full:
            _log.error(line(stage="shown", outcome="lost", request=show.request_id))

    def run(self, stopped: threading.Event) -> None:
        """Go on until `stopped` is set, also after a failure; what waits then is written."""
        while not stopped.wait(_SECONDS):
            self._once()
        self._once()

    def flush(self) -> int:
        """Write down what waits; returns how many answers."""
        written = 0
        while rows := self._taken():
            try:
                self._rows.add(rows)
            except ZhiyinError:
                for row in rows:  # it may pass: they go back to the end of the queue
                    self.keep(row)
                raise
            written += len(rows)
        return written

    def _once(self) -> None:
        try:
            self.flush()
            self._held.renew()
            self._settle()
            self._sweep()
        except ZhiyinError as problem:  # a full disk, a ledger that somebody holds
            _log.warning(line(stage="shown", waiting=self._waiting.qsize(), error=type(problem).__name__))

    def _settle(self) -> None:
        if time.monotonic() - self._settled_at >= _AUDIT_SECONDS:
            self._settled_at = time.monotonic()
            self._held.settle()

    def _taken(self) -> list[Show]:
        rows: list[Show] = []
        while len(rows) < _AT_ONCE:
            try:
                rows.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        return rows

    def _sweep(self) -> None:
        """Drop once an hour what was shown too long ago."""
        if time.monotonic() - self._swept_at < _SWEEP_SECONDS:
            return
        self._swept_at = time.monotonic()
        before = (self._clock() - timedelta(days=self._days)).isoformat(timespec="milliseconds")
        while self._rows.forget(before):
            pass
