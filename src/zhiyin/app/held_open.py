"""The generation that was published last, held open for a server: many threads read it, and a newer one takes its place beside them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from zhiyin.app.home import Home
from zhiyin.app.reading import guard_over
from zhiyin.core.clock import Clock
from zhiyin.guard.access import RUN, Access
from zhiyin.guard.online import OnlineGuard
from zhiyin.store.lake import LakeView

__all__ = ["HeldOpen"]

_THREADS = 1  # of the engine: an answer reads a few rows, and with two threads on busy cores its p99 was 43 ms instead of 29
_AT_HAND = ("product", "stock")  # tables that every answer reads


class _Held:
    """One open generation and how many read it."""

    def __init__(self, view: LakeView, guard: OnlineGuard) -> None:
        self.view = view
        self.guard = guard
        self.readers = 0


class HeldOpen:
    """Gives the guard over what was published last.

    Args:
        home: the workspace.
        clock: what time it is.
    """

    def __init__(self, home: Home, clock: Clock) -> None:
        lake = home.settings.lake.model_copy(update={"threads": _THREADS})
        self._home = home
        self._lake = replace(home, settings=home.settings.model_copy(update={"lake": lake})).lake
        self._clock = clock
        self._lock = threading.Lock()
        self._held: _Held | None = None

    @contextmanager
    def read(self) -> Iterator[OnlineGuard]:
        """The guard, as long as the block lasts."""
        self._open_first()
        with self._lock:
            held = self._held
            assert held is not None  # noqa: S101 - opened above, and given up at the end only
            held.readers += 1
        try:
            yield held.guard
        finally:
            with self._lock:
                held.readers -= 1
                self._close_unread(held)

    def renew(self) -> bool:
        """Open a newer generation where there is one; returns whether. What was asked of the old one is in the audit by then."""
        current, held = self._lake.current(), self._held
        if held is not None and held.view.snapshot == (current.name if current else ""):
            return False
        fresh = self._opened()
        with self._lock:
            self._held = fresh
            if held is not None:
                self._close_unread(held)
        return True

    def settle(self) -> None:
        """Write into the audit what was asked."""
        if self._held is not None:
            self._held.guard.settle()

    def close(self) -> None:
        """Close the generation, after the last answer."""
        with self._lock:
            held, self._held = self._held, None
            if held is not None:
                self._close_unread(held)

    def _open_first(self) -> None:
        with self._lock:
            if self._held is None:
                self._held = self._opened()

    def _opened(self) -> _Held:
        view = self._lake.open() if self._lake.current() else self._lake.empty()
        guard = OnlineGuard(guard_over(self._home, view, clock=self._clock))
        if view.snapshot:
            guard.remember(_AT_HAND, Access(RUN, "contact"))
        return _Held(view, guard)

    def _close_unread(self, held: _Held) -> None:
        """Close what nobody reads and what is not the current one any more."""
        if held is not self._held and not held.readers:
            held.guard.settle()
            held.view.close()
