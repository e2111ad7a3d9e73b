"""What stands behind `zhiyin serve`: the inbox with its one owner, the write keys, and what works beside the door."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from zhiyin.app.beside import beside
from zhiyin.app.consumers import Asked, Consumers
from zhiyin.app.held_open import HeldOpen
from zhiyin.app.home import Home
from zhiyin.app.replaying import replaying
from zhiyin.app.showing import Showing
from zhiyin.app.write_keys import Keyring
from zhiyin.collect.tracking.door import Taken, take
from zhiyin.core.clock import Clock, utc_now
from zhiyin.core.log import line
from zhiyin.store.inbox_rows import Counts, Receipt, Sent

__all__ = ["COMPANIONS", "Asked", "Companion", "Receipt", "Serving", "Taken", "Verdict", "open_serving", "verdicts"]

Companion = Callable[[Home, threading.Event], None]
Deliver = Callable[[Callable[[], None]], object]


# What works beside the door, each in a thread of its own, until the event is set: `companion(home, stopped)`.
# `home.inbox.wait(after, timeout)` sleeps until there are new requests, `home.inbox.bodies(after)` reads them.
COMPANIONS: tuple[Companion, ...] = (replaying, beside)

_PAGES = 4  # requests of pages that are answered at a time
_logger = logging.getLogger(__name__)


class Verdict(NamedTuple):
    """What came of one event of a request."""

    place: int
    result: str  # accepted, duplicate, refused
    reason: str = ""
    pointer: str = ""


class Serving:
    """An open workspace that takes events in.

    Args:
        home: the workspace; its inbox is owned by this process.
        clock: what time it is.
    """

    def __init__(self, home: Home, clock: Clock = utc_now) -> None:
        self._home = home
        self._clock = clock
        self._keyring = Keyring(home.ledger)
        self._deliver: Deliver = lambda answers: answers()
        self._held = HeldOpen(home, clock)
        self._showing = Showing(home, self._held, clock=clock)
        self._consumers = Consumers(home, self._held, showing=self._showing, clock=clock)
        self._pages = ThreadPoolExecutor(_PAGES, "zhiyin-pages")

    def answer_through(self, deliver: Deliver) -> None:
        """Let `deliver` run what answers requests, for example in the thread of an event loop."""
        self._deliver = deliver

    def deliver(self, answers: Callable[[], None]) -> None:
        """Run what answers the requests of one commit."""
        self._deliver(answers)

    @property
    def origins(self) -> Sequence[str]:
        """Web origins whose pages may send events."""
        return self._home.settings.serve.origins

    def source_of(self, key: str) -> str | None:
        """The source that a write key belongs to; None: the key does not count."""
        return self._keyring.source_of(key)

    def reader_of(self, key: str) -> str | None:
        """The source that a read key belongs to; None: the key does not count, or is none that reads."""
        return self._keyring.reader_of(key)

    def recommend(self, asked: Asked) -> Future[dict[str, object]]:
        """What a page shows; the answer is made in another thread.

        Raises:
            UsageError: in the future, see `Consumers.answer`.
        """
        return self._pages.submit(self._consumers.answer, asked)

    @contextlib.contextmanager
    def pages(self) -> Iterator[None]:
        """Keep what is shown as long as the block lasts, and at its end what waits."""
        stopped = threading.Event()
        keeper = threading.Thread(target=self._showing.run, args=(stopped,), name="zhiyin-shown", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            self._pages.shutdown()
            stopped.set()
            keeper.join()
            self._held.close()

    def look(self, form: str, body: bytes, *, headers: Mapping[str, str]) -> Taken:
        """Which events of a request can be taken.

        Raises:
            DataError: when the body as a whole cannot be read.
        """
        return take(form, body, headers=headers)

    def keep(self, source: str, taken: Taken) -> Future[Receipt]:
        """Put a request into the inbox; the receipt comes after it is on the disk.

        Raises:
            Busy: when too many events wait.
        """
        return self._home.inbox.put(Sent(source, taken.form, taken.body, self._clock(), taken.items, taken.unfit))

    def counts(self) -> list[Counts]:
        """What became of all events, a line a source."""
        return self._home.inbox.counts()

    def waiting(self) -> int:
        """Events that wait for the disk."""
        return self._home.inbox.waiting()

    def is_open(self) -> bool:
        """Whether events are taken in."""
        return self._home.inbox.alive()

    def last(self) -> int:
        """The number of the latest request."""
        return self._home.inbox.last()


@contextlib.contextmanager
def open_serving(home: Home, *, clock: Clock = utc_now, companions: Sequence[Companion] = COMPANIONS) -> Iterator[Serving]:
    """Own the inbox, start the companions, and stop both at the end of the block.

    Args:
        home: the workspace.
        clock: what time it is.
        companions: what works beside the door.

    Raises:
        Busy: when another process takes events in.
    """
    stopped, serving = threading.Event(), Serving(home, clock)
    with home.inbox.start(queue=home.settings.serve.queue, deliver=serving.deliver), serving.pages():
        threads = [threading.Thread(target=_watched(one), args=(home, stopped), name=_name(one), daemon=True) for one in companions]
        for thread in threads:
            thread.start()
        try:
            yield serving
        finally:
            stopped.set()
            for thread in threads:
                thread.join()


def verdicts(taken: Taken, receipt: Receipt) -> list[Verdict]:
    """What came of each event of a request, by its place."""
    duplicate, conflict = set(receipt.duplicate), set(receipt.conflict)
    found = [Verdict(place, "refused", code, pointer) for place, code, pointer, _ in taken.unfit]
    for item in taken.items:
        if item.place in conflict:
            found.append(Verdict(item.place, "refused", "id_conflict"))
        else:
            found.append(Verdict(item.place, "duplicate" if item.place in duplicate else "accepted"))
    return sorted(found)


def _watched(companion: Companion) -> Companion:
    """A companion whose end before its time is logged."""

    def run(home: Home, stopped: threading.Event) -> None:
        try:
            companion(home, stopped)
        finally:
            if not stopped.is_set():
                _logger.error(line(stage="serve", companion=_name(companion), outcome="ended"))

    return run


def _name(companion: Companion) -> str:
    return f"zhiyin-{companion.__name__}"
