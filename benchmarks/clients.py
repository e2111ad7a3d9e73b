"""Do the libraries that companies already run lose an event, or count one twice, when the server dies again and again?

    python benchmarks/clients.py [--events 10000] [--kills 10] [--seconds 120] [--json]

Four server-side libraries, unchanged, send at once to one `zhiyin serve`, each through a proxy that counts and keeps a log of its own,
while the server is killed (SIGKILL) and started again, each time while a request is under way. Of each library:

- sent: the events in all requests that reached the server, by the log of the proxy, repeats included: those that were answered, and
  those of requests that were cut off before an answer came;
- kept before the cut: how many events of cut-off requests were on the disk nevertheless, so that their repeats are duplicates;
- stored + duplicate + refused: what the inbox counts; it must be answered + kept before the cut;
- lost: what the library told its own error callback.

No event that was answered may be missing, none may be stored twice. The events of 神策 have no id: one that says the same as another in
the same millisecond is the same event (docs/intake.md). A row a library is added to benchmarks/results/clients.md.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import queue
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from _proxy import Blows, Proxy, ids_of, strike
from _senders import LIBRARIES, ROOT, node_folder

from zhiyin.app.home import open_home
from zhiyin.app.live import has_followed

RESULTS = Path(__file__).parent / "results" / "clients.md"
HEAD = """# Clients of other companies against a server that dies

`make bench-clients`: the libraries unchanged, the server killed and started again while they send. sent = answered + cut off, by the log of
a proxy; stored + duplicate + refused = answered + kept before the cut. Nothing that was answered is missing, nothing is stored twice.

| date | machine | kills | library | given | answered | cut off | kept before the cut | stored | duplicate | refused | lost | missing | profiles |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
"""
COMMAND = [sys.executable, "-c", "from zhiyin.cli.main import main; main()"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])}
PREFIX = dict(zip(LIBRARIES, ("segment", "rudder", "sensors", "node"), strict=True))
START_SECONDS = 120
STRIKE_SECONDS = 60
STEP_SECONDS, STEPS = 0.002, 5
SHARE_KILLED = 0.8  # of the time of sending: the last requests must find a server


class Server:
    """`zhiyin serve` over a workspace, which can be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = int(listener.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None
        self.ask("init")

    def ask(self, *words: str) -> dict[str, Any]:
        """The answer of a command, as JSON."""
        command = [*COMMAND, *words, "--workspace", str(self.folder), "--json"]
        done = subprocess.run(command, capture_output=True, env=ENVIRONMENT, check=False)
        if done.returncode:
            sys.exit(done.stderr.decode())
        return dict(json.loads(done.stdout))

    def counts(self, source: str) -> tuple[int, int, int]:
        """Stored, duplicate and refused events of a write key."""
        home = open_home(self.folder)
        try:
            rows = [row for row in home.inbox.counts() if row.source == source]
        finally:
            home.close()
        return (rows[0].stored, rows[0].duplicate, rows[0].refused) if rows else (0, 0, 0)

    def follow(self) -> None:
        """Wait until the live loop, which starts with each server, has taken in all that came."""
        home = open_home(self.folder)
        try:
            end = time.monotonic() + START_SECONDS
            while time.monotonic() < end:
                if has_followed(home):
                    return
                time.sleep(0.1)
            sys.exit("the live loop did not follow")
        finally:
            home.close()

    def stored(self, source: str) -> list[str]:
        """The ids of the events of a write key that are in the inbox, as the proxy makes them."""
        home = open_home(self.folder)
        found, after = [], 0
        try:
            while bodies := list(home.inbox.bodies(after)):
                after = bodies[-1].body_id
                for body in bodies:
                    ids = ids_of(body.bytes) if body.source == source else []
                    found += ids if body.places is None else [ids[place] for place in body.places] if ids else []
        finally:
            home.close()
        return found

    def start(self) -> float:
        """Start; returns the seconds until it answers."""
        started = time.monotonic()
        command = [*COMMAND, "serve", "--workspace", str(self.folder), "--port", str(self.port)]
        with (self.folder / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=ENVIRONMENT)
        while time.monotonic() - started < START_SECONDS:
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=2).close()
                return time.monotonic() - started
            time.sleep(0.05)
        sys.exit((self.folder / "serve.log").read_text("utf-8")[-2000:])

    def kill(self) -> None:
        """End it without a word."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def _libraries() -> list[str]:
    """Those that are here; for the others a sentence says what is missing."""
    found = []
    for library, module in zip(LIBRARIES[:3], ("segment.analytics", "rudderstack.analytics", "sensorsanalytics"), strict=True):
        there = (
            subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, env=ENVIRONMENT, check=False).returncode == 0
        )
        found += [library] if there else []
        if not there:
            print(f"{library} is left out: it comes with the extra dev", file=sys.stderr)
    if node_folder() is not None:
        found.append(LIBRARIES[3])
    else:
        print(f"{LIBRARIES[3]} is left out: it needs node and npm", file=sys.stderr)
    return found


def measure(folder: Path, events: int, *, kills: int, seconds: float) -> list[dict[str, Any]]:
    """Send, kill, and count."""
    server = Server(folder)
    libraries = _libraries()
    keys = {library: server.ask("key", "add", PREFIX[library], "--system", "shop")["key"] for library in libraries}
    blows: Blows = queue.SimpleQueue()
    proxies = {library: Proxy(("127.0.0.1", server.port), folder / f"{PREFIX[library]}.log", blows=blows) for library in libraries}
    started = server.start()
    starts = []
    try:
        script = [sys.executable, str(Path(__file__).with_name("_senders.py"))]
        senders = {
            library: subprocess.Popen(
                [*script, library, proxies[library].url, keys[library], str(events), str(seconds)], stdout=subprocess.PIPE, env=ENVIRONMENT
            )
            for library in libraries
        }
        for number in range(kills):
            time.sleep(max(0.5, SHARE_KILLED * seconds / kills - started))
            # A little later in the request each time: before, in and after its commit.
            if not strike(blows, server.kill, after=STEP_SECONDS * (number % STEPS)).wait(STRIKE_SECONDS):
                sys.exit("no request came in time to be cut off")
            starts.append(server.start())
        told = {library: json.loads(sender.communicate()[0]) for library, sender in senders.items()}
        server.follow()
        rows = [_row(server, library, proxies[library], told[library], events) for library in libraries]
    finally:
        server.kill()
        for proxy in proxies.values():
            proxy.close()
    print(f"server started {len(starts)} times again, slowest {max(starts, default=0):.1f} s", file=sys.stderr)
    return rows


def _row(server: Server, library: str, proxy: Proxy, told: dict[str, int], events: int) -> dict[str, Any]:
    seen = proxy.seen()
    stored, duplicate, refused = server.counts(PREFIX[library])
    there = server.stored(PREFIX[library])
    kept = stored + duplicate + refused - seen.answered
    shown = server.ask("customer", f"{PREFIX[library]}-c7")
    orders = server.ask("customer", f"{PREFIX[library]}-c0")
    return {
        "library": library, "given": told["given"], "answered": seen.answered, "cut": seen.cut, "kept": kept, "stored": stored,
        "duplicate": duplicate, "refused": refused, "lost": told["lost"], "missing": len(seen.acknowledged - set(there)),
        "twice": len(there) - len(set(there)), "sound": 0 <= kept <= seen.cut and seen.refused == 0 and events - told["lost"] <= stored == len(there) <= events,
        "profiles": bool(shown.get("live")) and bool(orders.get("live")),
    }  # fmt: skip


def _record(rows: Sequence[dict[str, Any]], kills: int) -> None:
    names = ("library", "given", "answered", "cut", "kept", "stored", "duplicate", "refused", "lost", "missing", "profiles")
    before = RESULTS.read_text("utf-8") if RESULTS.is_file() else HEAD
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    head = f"| {datetime.now(tz=UTC):%Y-%m-%d} | {machine} | {kills} "
    RESULTS.write_text(before + "".join(f"{head}| {' | '.join(str(row[name]) for name in names)} |\n" for row in rows), "utf-8")


def main() -> int:
    """Measure and print; the exit status is 1 where an event is missing or counted twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--json", action="store_true", help="print JSON, record nothing")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder), asked.events, kills=asked.kills, seconds=asked.seconds)
    if asked.json:
        print(json.dumps(rows))
    else:
        for row in rows:
            print("  ".join(f"{name}={value}" for name, value in row.items()))
        _record(rows, asked.kills)
    return 0 if all(row["sound"] and not row["missing"] and not row["twice"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
