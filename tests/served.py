"""`zhiyin serve` as its own process, started, killed and started again at the same address; and what it holds afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from zhiyin.app.home import create_home, open_home
from zhiyin.app.live import has_followed
from zhiyin.app.write_keys import add_key
from zhiyin.collect.tracking.message import Message, messages

SRC = Path(__file__).resolve().parents[1] / "src"
COMMAND = (sys.executable, "-c", "from zhiyin.cli.main import main; main()")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Server:
    """One workspace behind one address.

    Args:
        folder: of the workspace, which is made where it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "zhiyin.toml").exists():
            create_home(folder)

    def key(self, name: str, *, system: str = "shop") -> str:
        """A new write key."""
        home = open_home(self.folder)
        try:
            return str(add_key(home.ledger, name, system=system))
        finally:
            home.close()

    def start(self) -> None:
        """Start, and wait until it answers."""
        with (self.folder / "serve.log").open("ab") as log:
            command = [*COMMAND, "serve", "--workspace", str(self.folder), "--port", str(self.port)]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": str(SRC)})
        for _ in range(600):
            if self._process.poll() is not None:
                raise AssertionError((self.folder / "serve.log").read_text("utf-8")[-2000:])
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"{self.address}/health", timeout=2).close()  # noqa: S310 - our own address
                return
            time.sleep(0.1)
        raise AssertionError("the server did not answer within a minute")

    @property
    def pid(self) -> int:
        """Of its process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def counts(self) -> dict[str, tuple[int, int, int, int]]:
        """Write key -> received, stored, duplicate, refused."""
        home = open_home(self.folder)
        try:
            return {row.source: tuple(row[1:5]) for row in home.inbox.counts()}  # type: ignore[misc]
        finally:
            home.close()

    def bodies(self) -> list[bytes]:
        """The requests as they came."""
        home = open_home(self.folder)
        try:
            return [body.bytes for body in home.inbox.bodies(0)]
        finally:
            home.close()

    def customer(self, id_: str) -> dict[str, object]:
        """What `zhiyin customer` shows when the live loop has taken in all that came."""
        assert self._follows(), "the live loop did not follow within a minute"
        command = [*COMMAND, "customer", id_, "--workspace", str(self.folder), "--json"]
        done = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONPATH": str(SRC)}, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return dict(json.loads(done.stdout))

    def _follows(self) -> bool:
        home = open_home(self.folder)
        try:
            for _ in range(600):
                if has_followed(home):
                    return True
                time.sleep(0.1)
            return False
        finally:
            home.close()

    def events(self) -> list[Message]:
        """What the events said that came."""
        home = open_home(self.folder)
        try:
            bodies = list(home.inbox.bodies(0))
            read = [messages(body.form, body.bytes, received_at=body.received_at, places=body.places) for body in bodies]
            return [one for told in read for one in told if isinstance(one, Message)]
        finally:
            home.close()


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server that is stopped at the end."""
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
