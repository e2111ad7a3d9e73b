"""Send events to zhiyin from Python: what the server must know, in the background, again until it has it.

Needs nothing but Python itself; the file may be copied into another project.
"""

from __future__ import annotations

import atexit
import base64
import json
import logging
import queue
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

__all__ = ["Client", "Lost"]

_logger = logging.getLogger(__name__)
_MOST_BYTES = 400_000  # of one request; the server takes 500 000
_MOST_EVENTS = 500
_LONGEST_WAIT_SECONDS = 30.0
_TOO_MANY = 429
_OK = 200
Event = dict[str, Any]
_Waiting = tuple[Event, str]  # an event, and the JSON that it is sent as
Lost = Callable[[str, list[Event]], None]


class Client:
    """A door to one zhiyin server. One object a process; it may be used by several threads.

    Args:
        url: address of the server, for example http://127.0.0.1:8700.
        write_key: as `zhiyin key add` printed it.
        lost: called with a reason and the events that will not be sent again: the queue is full, the server refuses them, or the
            program ends before they are through. Without it they are logged.
        queue_size: events that may wait.
        wait_seconds: how long to gather events before a request.
        end_seconds: how long the end of the program may wait for the queue.

    Example:
        >>> client = Client("http://127.0.0.1:8700", "zyw_...")  # doctest: +SKIP
        >>> client.track("1001", "Order Completed", {"order_id": "E1", "revenue": 39.9})  # doctest: +SKIP
    """

    def __init__(
        self,
        url: str,
        write_key: str,
        *,
        lost: Lost | None = None,
        queue_size: int = 10_000,
        wait_seconds: float = 0.5,
        end_seconds: float = 10.0,
    ) -> None:
        self._address = f"{url.rstrip('/')}/v1/batch"
        self._key = base64.b64encode(f"{write_key}:".encode()).decode()
        self._lost = lost or _log
        self._queue: queue.Queue[_Waiting] = queue.Queue(queue_size)
        self._wait_seconds, self._end_seconds = wait_seconds, end_seconds
        self._closing = threading.Event()
        self._hurry = threading.Event()
        self._worker = threading.Thread(target=self._work, name="zhiyin-client", daemon=True)
        self._worker.start()
        atexit.register(self.close)

    def track(self, user: str, event: str, properties: Mapping[str, Any] | None = None, **more: Any) -> str:  # noqa: ANN401 - any field of an event
        """Somebody did something; returns the id of the event.

        Args:
            user: id of the customer in the system of the write key; empty with `anonymous_id`.
            event: name, best that of the e-commerce specification: "Order Completed".
            properties: what is to be known about it.
            more: `anonymous_id`, `timestamp` (a datetime), `message_id`, `context`.
        """
        return self._put("track", user, {"event": event, "properties": dict(properties or {})}, more)

    def identify(self, user: str, traits: Mapping[str, Any] | None = None, **more: Any) -> str:  # noqa: ANN401 - any field of an event
        """Who somebody is: name, phone, email, and the traits that were declared; `more` as in `track`."""
        return self._put("identify", user, {"traits": dict(traits or {})}, more)

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until everything that was given is stored or lost; False when that takes longer than `timeout` seconds."""
        until = time.monotonic() + timeout
        self._hurry.set()
        while self._queue.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.01)
        self._hurry.clear()
        return not self._queue.unfinished_tasks

    def close(self) -> None:
        """Send what waits, then stop; what is not through after `end_seconds` is told as lost. Safe to call twice."""
        if self._closing.is_set():
            return
        self.flush(self._end_seconds)
        self._closing.set()
        self._worker.join(1.0)
        left = []
        with suppress(queue.Empty):
            while True:
                left.append(self._queue.get_nowait()[0])
        if left:
            self._lost("closed", left)
        atexit.unregister(self.close)

    def _put(self, kind: str, user: str, said: Event, more: Mapping[str, Any]) -> str:
        at = more.get("timestamp") or _now()
        message_id = str(more.get("message_id") or uuid.uuid4())
        event: Event = {
            "type": kind,
            "messageId": message_id,
            "timestamp": at.isoformat() if isinstance(at, datetime) else str(at),
            "context": {"library": {"name": "zhiyin.client", "version": "1"}, **(more.get("context") or {})},
            **said,
        }
        event.update({name: str(id_) for name, id_ in (("userId", user), ("anonymousId", more.get("anonymous_id"))) if id_})
        try:
            if self._closing.is_set():
                self._lost("closed", [event])
            else:
                self._queue.put_nowait((event, json.dumps(event, default=str)))
        except queue.Full:
            self._lost("queue full", [event])
        except (TypeError, ValueError) as wrong:  # it is no JSON
            self._lost(str(wrong), [event])
        return message_id

    def _work(self) -> None:
        held: list[_Waiting] = []
        while not self._closing.is_set():
            batch, held = self._gathered(held)
            if batch:
                reason = self._send([text for _, text in batch])
                if reason:
                    self._lost(reason, [event for event, _ in batch])
            for _ in batch:
                self._queue.task_done()

    def _gathered(self, held: list[_Waiting]) -> tuple[list[_Waiting], list[_Waiting]]:
        """The events of the next request, and the one that no longer fits into it."""
        batch: list[_Waiting] = []
        size, until = 0, time.monotonic() + self._wait_seconds
        while len(batch) < _MOST_EVENTS and not self._closing.is_set():
            rest = until - time.monotonic()
            if not held and (rest <= 0 or (self._hurry.is_set() and batch and self._queue.empty())):
                break
            try:
                one = held.pop() if held else self._queue.get(timeout=min(rest, 0.05))
            except queue.Empty:
                continue
            size += len(one[1])
            if batch and size > _MOST_BYTES:
                return batch, [one]
            batch.append(one)
        return batch, held

    def _send(self, texts: list[str]) -> str:
        """Send until the server has it; the reason where it never will. The ids stay, so nothing is counted twice."""
        tries = 0
        while True:
            sent_at = _now().isoformat()
            body = f'{{"batch":[{",".join(texts)}],"sentAt":"{sent_at}"}}'.encode()
            headers = {"Authorization": f"Basic {self._key}", "Content-Type": "application/json"}
            asked = urllib.request.Request(self._address, body, headers)  # noqa: S310 - the address that the program gave
            wait = min(0.1 * 2**tries, _LONGEST_WAIT_SECONDS)
            try:
                with urllib.request.urlopen(asked, timeout=15) as answer:  # noqa: S310
                    if answer.status == _OK:
                        return ""
            except urllib.error.HTTPError as refused:
                with refused:
                    if refused.code < 500 and refused.code != _TOO_MANY:
                        return f"HTTP {refused.code}"
                    asked_for = refused.headers.get("Retry-After") or ""
                    wait = float(asked_for) if asked_for.isdigit() else wait
            except (OSError, urllib.error.URLError, ValueError) as away:
                _logger.debug("client state=away reason=%s", type(away).__name__)
            if self._closing.wait(wait):
                return "closed"
            tries += 1


def _now() -> datetime:
    return datetime.now(tz=UTC)


def _log(reason: str, events: list[Event]) -> None:
    _logger.warning("client lost=%d reason=%s", len(events), reason)
