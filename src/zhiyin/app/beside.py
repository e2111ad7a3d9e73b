"""The live loop in a process of its own, beside the one that takes events in: `python -m zhiyin.app.beside`.

One thread of Python works at a time: in the process of the door the loop took a third of its events a second away (14 400 instead of
20 000 on two cores). The door writes a line to the loop's input for every commit; where the input ends, the door has ended.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from zhiyin.app.home import Home, open_home
from zhiyin.core.log import line, to_stderr

__all__ = ["beside"]

_LOOK_SECONDS = 0.25
_AFTER_FAILURE_SECONDS = 1.0
_log = logging.getLogger(__name__)


def beside(home: Home, stopped: threading.Event) -> None:
    """Keep a process with the live loop until `stopped` is set; a new one, when it ends before."""
    while not stopped.is_set():
        with _started(home) as loop:
            _wake(loop, home, stopped)
        if not stopped.is_set():
            _log.error(line(stage="live", outcome="ended", code=loop.returncode))
            stopped.wait(_AFTER_FAILURE_SECONDS)


@contextlib.contextmanager
def _started(home: Home) -> Iterator[subprocess.Popen[bytes]]:
    """A running loop; at the end it is ended at once: all that it does is done in transactions."""
    about = {"folder": str(home.folder.resolve()), "arguments": dict(home.arguments), "level": logging.getLogger().getEffectiveLevel()}
    loop = subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    assert loop.stdin is not None  # noqa: S101 - asked for
    try:
        _tell(loop.stdin, json.dumps(about, default=str).encode())
        os.set_blocking(loop.stdin.fileno(), False)
        yield loop
    finally:
        loop.terminate()
        loop.wait()
        with contextlib.suppress(OSError):
            loop.stdin.close()


def _wake(loop: subprocess.Popen[bytes], home: Home, stopped: threading.Event) -> None:
    """Say of every commit that there is one."""
    assert loop.stdin is not None  # noqa: S101 - asked for
    reached = home.inbox.last()
    while not stopped.is_set() and loop.poll() is None:
        if home.inbox.wait(reached, _LOOK_SECONDS):
            reached = home.inbox.last()
            _tell(loop.stdin, b"")


def _tell(ear: IO[bytes], said: bytes) -> None:
    with contextlib.suppress(BlockingIOError, BrokenPipeError):  # it has enough to read, or has ended
        os.write(ear.fileno(), said + b"\n")


class _Bell(NamedTuple):
    """Rings when a request is on the disk, and for the last time when the door has ended."""

    rung: threading.Event
    stopped: threading.Event

    def hear(self, said: IO[bytes]) -> None:
        """Read what the door says until it ends."""
        while os.read(said.fileno(), 1 << 16):
            self.rung.set()
        self.stopped.set()
        self.rung.set()

    def wait(self, after: int, seconds: float) -> None:
        """Sleep until it rings."""
        self.rung.wait(seconds)
        self.rung.clear()


def _main() -> None:
    from zhiyin.app.live import Loop

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both; the door says when to end
    about = json.loads(_first_line(sys.stdin.buffer))
    to_stderr(about["level"])
    bell = _Bell(threading.Event(), threading.Event())
    threading.Thread(target=bell.hear, args=(sys.stdin.buffer,), daemon=True).start()
    with contextlib.closing(open_home(Path(about["folder"]), **about["arguments"])) as home:
        Loop(home, wait=bell.wait).run(bell.stopped)


def _first_line(said: IO[bytes]) -> bytes:
    """The first line, and nothing of what comes after it."""
    read = b""
    while not read.endswith(b"\n"):
        sign = os.read(said.fileno(), 1)
        if not sign:
            sys.exit(0)
        read += sign
    return read


if __name__ == "__main__":
    _main()
