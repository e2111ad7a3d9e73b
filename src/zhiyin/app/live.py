"""The live loop: every request of the inbox, as soon as it is on the disk, in the profile, the tags and the alerts of its customers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from zhiyin.app.alerts import Timers
from zhiyin.app.consented import consents_told
from zhiyin.app.departments import Post
from zhiyin.app.drift import note_drift
from zhiyin.app.heard import heard
from zhiyin.app.living import Living, Told
from zhiyin.app.rushes import LiveRushes
from zhiyin.app.write_keys import systems
from zhiyin.core.clock import Clock, utc_now
from zhiyin.core.errors import ZhiyinError
from zhiyin.core.log import line
from zhiyin.store.live import Base, LiveRows
from zhiyin.store.serving import Serving
from zhiyin.unify.triggers import LOOK_BACK

if TYPE_CHECKING:
    from zhiyin.app.home import Home
    from zhiyin.store.inbox import Inbox
    from zhiyin.store.inbox_rows import Body
    from zhiyin.store.lake import LakeView

__all__ = ["CURSOR", "Loop", "cursor_of", "has_followed", "pieces", "rebase"]

CURSOR = "inbox"  # the row of `cursor` in a generation
_BYTES = 1_000_000  # of requests that one step takes: about 3 000 events, a quarter of a second
_BODIES = 500
_LOOK_SECONDS = 0.25  # how often the loop looks for timers and for a new generation
_AFTER_FAILURE_SECONDS = 1.0
_TIMER_SECONDS = 1.0
_SWEEP_SECONDS = 3600.0
_RUSH_SECONDS = 15.0
_TOLD = 500_000  # identifiers that the loop remembers having sealed: 30 MB
_log = logging.getLogger(__name__)


class Loop:
    """Follows one inbox.

    Args:
        home: the workspace.
        clock: the wall clock, for what is noted.
        monotonic: seconds that only go forward, for timers.
        wait: `wait(after, seconds)` sleeps until there may be a request after that number; without one the inbox is asked.
    """

    def __init__(
        self,
        home: Home,
        *,
        clock: Clock = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        wait: Callable[[int, float], object] | None = None,
    ) -> None:
        self._home = home
        self._inbox = home.inbox
        self._wait = wait or home.inbox.wait
        self._clock = clock
        self._live = LiveRows(home.ledger)
        self._timers = Timers(self._live, clock=clock, monotonic=monotonic)
        self._monotonic = monotonic
        self._looked_at = float("-inf")
        self._swept_at = float("-inf")
        self._reached = 0
        self._told: set[int] = set()  # identifiers that are sealed
        self._drifted: set[tuple[str, str]] = set()  # undeclared properties that are noted
        self._view: LakeView | None = None
        self._living: Living | None = None
        self._rushes: LiveRushes | None = None
        self._rushed_at = float("-inf")
        self.post = Post(home, clock=utc_now)  # what is due was written down by the wall clock

    def run(self, stop: threading.Event) -> None:
        """Go on until `stop` is set, also after a failure."""
        try:
            while not stop.is_set():
                try:
                    taken = self.once()
                except ZhiyinError as problem:  # a full disk, a ledger that somebody holds: nothing was added, and it may pass
                    _log.warning(line(stage="live", position=self._reached, error=type(problem).__name__))
                    self._told = set()
                    stop.wait(_AFTER_FAILURE_SECONDS)
                    continue
                if not taken:
                    self._wait(self._reached, _LOOK_SECONDS)
        finally:
            self.close()

    def once(self) -> int:
        """Take in what has come since the last step; returns how many requests it was."""
        self._tend()
        base = self._based()
        self._watch()
        if base is None or self._living is None:
            return 0
        self._reached = base.position
        taken = next(pieces(self._inbox, base.position), [])
        if not taken:
            return 0
        began = time.perf_counter()
        told = heard(self._home, taken, systems=systems(self._home.ledger), told=self._told)
        self._inbox.refuse(told.unused)
        self._home.journal.add_consents(consents_told(told.typed))
        self._drifted |= note_drift(self._live, told.dropped, known=self._drifted, at=self._clock())
        step = self._living.step([Told(*one) for one in told.typed], now=self._clock())
        if self._live.write(step, base, upto=taken[-1].body_id):
            self._timers.learn(step.alerts)
            seconds = time.perf_counter() - began
            _log.debug(line(stage="live", requests=len(taken), rows=len(step.activity), seconds=round(seconds, 3)))
        return len(taken)

    def close(self) -> None:
        """Close the generation."""
        if self._view:
            self._view.close()
        self._view = self._living = self._rushes = None

    def _tend(self) -> None:
        """Fire timers once a second, drop old steps once an hour."""
        now = self._monotonic()
        if now - self._looked_at >= _TIMER_SECONDS:
            self._looked_at = now
            self._timers.fire()
        if now - self._swept_at >= _SWEEP_SECONDS:
            self._swept_at = now
            self._live.forget_steps((self._clock() - 2 * LOOK_BACK).date().isoformat())

    def _watch(self) -> None:
        """Look for a rush four times a minute, and have departments told of it."""
        now = self._monotonic()
        if self._rushes is not None and now - self._rushed_at >= _RUSH_SECONDS:
            self._rushed_at = now
            self._rushes.look()
            self.post.go()

    def _based(self) -> Base | None:
        """What the rows stand for, brought to the current generation; None when somebody else has just changed it."""
        current = self._home.lake.current()
        name = current.name if current else ""
        if self._view is None or self._view.snapshot != name:
            self.close()
            self._view = self._home.lake.open() if current else self._home.lake.empty()
            self._living = Living(self._home, self._view)
            self._rushes = LiveRushes(self._home, self._view, clock=self._clock)
        if len(self._told) > _TOLD:
            self._told = set()
        base = self._live.base()
        if base is not None and base.snapshot == self._view.snapshot:
            return base
        assert self._living is not None  # noqa: S101 - made with the view
        return rebase(self._home, self._view, living=self._living)


def has_followed(home: Home) -> bool:
    """Whether everything that came is in the live view."""
    base = LiveRows(home.ledger).base()
    return base is not None and base.position >= home.inbox.last()


def rebase(home: Home, view: LakeView, *, living: Living | None = None) -> Base | None:
    """Let the live rows go on from an open generation: what came after its cursor, and was taken in before, is folded again.

    Returns:
        What the rows stand for; None when somebody else has changed it meanwhile, who has done the same.
    """
    live = LiveRows(home.ledger)
    before, cursor = live.base(), cursor_of(view)
    upto = max(before.position if before else cursor, cursor)
    known = systems(home.ledger)

    def told() -> Iterator[list[Told]]:
        for taken in pieces(home.inbox, cursor, upto=upto):
            yield [Told(*one) for one in heard(home, taken, systems=known).typed]

    step = (living or Living(home, view)).gathered(told())
    base = Base(view.snapshot, cursor, upto)
    if not live.restart(step, base, before=before):
        return None
    _log.info(line(stage="live", snapshot=view.snapshot, cursor=cursor, position=upto, rows=len(step.activity)))
    return base


def cursor_of(view: LakeView) -> int:
    """The last request that a generation has taken over."""
    rows = Serving(view).rows("cursor", where={"name": CURSOR})
    return int(str(rows[0]["position"])) if rows else 0


def pieces(inbox: Inbox, after: int, *, upto: int | None = None) -> Iterator[list[Body]]:
    """Requests after one, as many at a time as fit into one step."""
    while taken := list(_piece(inbox.bodies(after, _BODIES), upto)):
        yield taken
        after = taken[-1].body_id


def _piece(bodies: Iterable[Body], upto: int | None) -> Iterator[Body]:
    size = 0
    for body in bodies:
        if upto is not None and body.body_id > upto:
            return
        yield body
        size += len(body.bytes)
        if size >= _BYTES:
            return
