"""How do many requests share one write to the disk? A thread that commits what has come together, and only then answers."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from zhiyin.core.errors import Busy, ZhiyinError
from zhiyin.core.log import line
from zhiyin.core.words import Say
from zhiyin.store.inbox_rows import Receipt, Sent

__all__ = ["MOST_ROWS", "Deliver", "GroupCommit"]

MOST_ROWS = 4000  # of one commit
_WAIT_SECONDS = 0.002  # for others that are on their way
_logger = logging.getLogger(__name__)

Commit = Callable[[Sequence[Sent]], list[Receipt]]
Deliver = Callable[[Callable[[], None]], object]
_Waiting = tuple[Sent, "Future[Receipt]"]


class GroupCommit:
    """The one writer of the inbox.

    Args:
        commit: writes requests, all or none.
        most: events that may wait; more are turned away.
        deliver: runs the answers of a group, in one go: an event loop wakes once a commit, not once a request.
    """

    def __init__(self, commit: Commit, *, most: int, deliver: Deliver = lambda answers: answers()) -> None:
        self._commit = commit
        self._most = most
        self._deliver = deliver
        self._queue: deque[_Waiting] = deque()
        self._waiting = 0
        self._open = True
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="zhiyin-inbox", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Events that wait for the disk."""
        return self._waiting

    @property
    def alive(self) -> bool:
        """Whether the thread still works."""
        return self._thread.is_alive()

    def put(self, sent: Sent) -> Future[Receipt]:
        """Queue a request; the receipt comes after it is on the disk.

        Raises:
            Busy: when too many events wait, or the writer has stopped.
        """
        count = _rows(sent)
        with self._changed:
            if not self._open or not self._thread.is_alive():
                raise Busy(
                    Say("接收已停止。", "Nothing is taken in any more."),
                    fix=Say("等服务重新启动后再发。", "Send it again when the service is back."),
                )
            if self._queue and self._waiting + count > self._most:
                raise Busy(
                    Say("等着写入的事件太多。", "Too many events wait for the disk."),
                    got=f"{self._waiting} (serve.queue = {self._most})",
                    fix=Say("过一会儿再发。", "Send it again in a moment."),
                )
            future: Future[Receipt] = Future()
            self._queue.append((sent, future))
            self._waiting += count
            self._changed.notify()
        return future

    def stop(self) -> None:
        """Write what waits, then end."""
        with self._changed:
            self._open = False
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while group := self._next():
            try:
                answers = self._settled(group)
            except BaseException as problem:
                self._give_up(group, problem)
                raise
            self._deliver(lambda answers=answers: _answer(answers))  # type: ignore[misc]

    def _next(self) -> list[_Waiting]:
        """What is written together; nothing when it is time to end."""
        with self._changed:
            while not self._queue and self._open:
                self._changed.wait()
        if self._open and self._waiting < MOST_ROWS:
            time.sleep(_WAIT_SECONDS)
        group: list[_Waiting] = []
        rows = 0
        with self._changed:
            while self._queue and (not group or rows + _rows(self._queue[0][0]) <= MOST_ROWS):
                group.append(self._queue.popleft())
                rows += _rows(group[-1][0])
            self._waiting -= rows
        return group

    def _settled(self, group: list[_Waiting]) -> list[tuple[Future[Receipt], Receipt | Exception]]:
        """The group with its receipts; where it cannot be written at all, each request with the reason."""
        try:
            return list(zip((future for _, future in group), self._commit([sent for sent, _ in group]), strict=True))
        except ZhiyinError as problem:
            _logger.warning(line(stage="inbox", outcome="failed", requests=len(group), error=type(problem).__name__))
            return [(future, problem) for _, future in group]
        except (ValueError, TypeError, OverflowError) as problem:
            # One request that the database cannot hold must not take the others with it.
            if len(group) > 1:
                return [answer for one in group for answer in self._settled([one])]
            _logger.error(line(stage="inbox", outcome="failed", requests=1, error=type(problem).__name__))
            return [(group[0][1], problem)]

    def _give_up(self, group: list[_Waiting], problem: BaseException) -> None:
        with self._changed:
            self._open = False
            left = [*group, *self._queue]
            self._queue.clear()
        failed = Busy(
            Say("写入线程停止了。", "The writer has stopped."),
            got=type(problem).__name__,
            fix=Say("重新启动 zhiyin serve。", "Start zhiyin serve again."),
        )
        self._deliver(lambda: _answer([(future, failed) for _, future in left]))


def _rows(sent: Sent) -> int:
    return max(1, len(sent.items) + len(sent.unfit))


def _answer(answers: Sequence[tuple[Future[Receipt], Receipt | Exception]]) -> None:
    for future, answer in answers:
        if not future.set_running_or_notify_cancel():
            continue  # who asked has gone; the events are stored all the same
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
