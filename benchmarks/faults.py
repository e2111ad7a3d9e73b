"""What do kills, a full disk and many programs at once do to intake? Prints a line a fault; exits with 1 when one fails.

    python benchmarks/faults.py [--small] [R1] [R5] [R12]

R1   kill -9 at random moments while six clients send and send again what was not acknowledged: 100 kills (small: 4)
R5   the disk of a running server fills up, then has space again
R12  two writers and eight readers of one inbox for ten minutes (small: 6 seconds)

Each runs `zhiyin serve` as a user starts it. A full run adds its lines to benchmarks/results/faults.md.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from zhiyin.app.home import open_home
from zhiyin.core.errors import ZhiyinError

RESULTS = Path(__file__).parent / "results" / "faults.md"
HEAD = "# Faults\n\nWhat `make faults` found; the small size of each runs with the tests.\n\n| date | fault | what | passed | load |\n|---|---|---|---|---|\n"
ZHIYIN = [sys.executable, "-c", "from zhiyin.cli.main import main; main()"]
CLIENTS, BATCH, READERS = 6, 20, 8
PATIENCE_SECONDS = 60


class Server:
    """A running `zhiyin serve` over a new workspace, always at the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run("init")
        self.key = self.run("key", "add", "web")["key"]
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *words: str) -> Any:  # noqa: ANN401 - whatever the command answers
        """What a command answers."""
        done = subprocess.run([*ZHIYIN, *words, "-w", str(self.folder), "--json"], check=True, capture_output=True, text=True)
        return json.loads(done.stdout)

    def start(self) -> float:
        """Start, and wait until it takes events; the seconds that took."""
        began = time.monotonic()
        words = ["serve", "--port", str(self.port), "-w", str(self.folder), "--json"]
        self.process = subprocess.Popen([*ZHIYIN, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while time.monotonic() - began < PATIENCE_SECONDS:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.ask("GET", "/health")[0] == 200:
                    return time.monotonic() - began
            time.sleep(0.02)
        raise SystemExit("zhiyin serve does not answer")

    def end(self, how: int = signal.SIGTERM) -> None:
        """End it by a signal."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait()

    def processor_seconds(self) -> float:
        """What the running server has taken of the processor so far."""
        fields = Path(f"/proc/{self.process.pid if self.process else 0}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, method: str, path: str, *, body: bytes = b"") -> tuple[int, bytes]:
        """Status and answer of one request."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        login = base64.b64encode(f"{self.key}:".encode()).decode()
        with contextlib.closing(line):
            line.request(method, path, body, {"Authorization": f"Basic {login}"})
            answer = line.getresponse()
            return answer.status, answer.read()

    def kept(self) -> list[str]:
        """The message ids in the inbox, as the export shows them."""
        file = self.folder / "events.parquet"
        self.run("export-events", str(file), "--reason", "faults")
        events = pq.read_table(file, columns=["event"])["event"].to_pylist()
        return [json.loads(event)["batch"][0]["messageId"] for event in events]

    def adds_up(self) -> bool:
        """Received = stored + duplicate + refused, for each source."""
        with contextlib.closing(open_home(self.folder)) as home:
            return all(row.received == row.stored + row.duplicate + row.refused for row in home.inbox.counts())


def batch(ids: list[str]) -> bytes:
    events = [{"type": "track", "userId": "u", "event": "E", "messageId": one} for one in ids]
    return json.dumps({"batch": events}).encode()


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.end()


class Sender(threading.Thread):
    """A client that sends each batch until it is acknowledged."""

    def __init__(self, server: Server, name: str, *, stopped: threading.Event) -> None:
        super().__init__()
        self.server, self.prefix, self.stopped = server, name, stopped
        self.acknowledged: list[str] = []
        self.again = 0

    def run(self) -> None:
        """Send until it is told to stop."""
        number = 0
        while not self.stopped.is_set():
            ids = [f"{self.prefix}-{number}-{at}" for at in range(BATCH)]
            while not self.sent(ids):
                self.again += 1
                time.sleep(0.05)
            self.acknowledged += ids
            number += 1

    def sent(self, ids: list[str]) -> bool:
        """Whether a batch was acknowledged."""
        try:
            return self.server.ask("POST", "/v1/batch", body=batch(ids))[0] == 200
        except (OSError, http.client.HTTPException):
            return False


def r1(*, small: bool) -> tuple[bool, str]:
    """Kill at random moments."""
    kills, chance = (4 if small else 100), random.Random(7)  # noqa: S311 - moments, not secrets
    with serving() as server:
        stopped = threading.Event()
        senders = [Sender(server, f"c{number}", stopped=stopped) for number in range(CLIENTS)]
        for sender in senders:
            sender.start()
        took, worked = [], []
        for _ in range(kills):
            time.sleep(chance.uniform(0.0, 1.0))
            server.end(signal.SIGKILL)
            took.append(server.start())
            worked.append(server.processor_seconds())
        time.sleep(0.5)
        stopped.set()
        for sender in senders:
            sender.join()
        server.end()
        kept, adds_up = server.kept(), server.adds_up()
        server.start()
    acknowledged = {one for sender in senders for one in sender.acknowledged}
    lost, double = acknowledged - set(kept), len(kept) - len(set(kept))
    took.sort()
    told = (
        f"{kills} kills, {len(acknowledged):,} events acknowledged, {sum(sender.again for sender in senders)} batches sent again:"
        f" {len(lost)} lost, {double} twice, restart median {took[len(took) // 2]:.1f} s, longest {took[-1]:.1f} s (processor {max(worked):.1f} s)"
    )
    return not lost and not double and adds_up, told


def r5(*, small: bool) -> tuple[bool, str]:
    """A full disk, then space again."""
    rounds, seen, last = (2 if small else 20), [], 0
    with serving() as server:
        pid = server.process.pid if server.process else 0
        acknowledged: list[str] = []
        for number in range(rounds):
            for size, want in ((0, {507}), (resource.RLIM_INFINITY, {200})):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
                for _ in range(3):
                    last += 1
                    ids = [f"{number}-{last}-{at}" for at in range(BATCH)]
                    status, _ = server.ask("POST", "/v1/batch", body=batch(ids))
                    seen.append(status in want)
                    acknowledged += ids if status == 200 else []
        server.end()
        with contextlib.closing(open_home(server.folder)) as home:
            home.inbox.verify()
        kept, adds_up = server.kept(), server.adds_up()
        server.start()
    told = f"{rounds} times full and empty again: {sum(seen)} of {len(seen)} answers right, {len(set(acknowledged) - set(kept))} lost, file whole"
    return all(seen) and sorted(kept) == sorted(acknowledged) and adds_up, told


def r12(*, small: bool) -> tuple[bool, str]:
    """Two writers and eight readers."""
    seconds = 6 if small else 600
    with serving() as server:
        stopped = threading.Event()
        sender = Sender(server, "c", stopped=stopped)
        sender.start()
        roles = ["write"] + ["read"] * READERS
        children = [
            subprocess.Popen(
                [sys.executable, __file__, "--role", role, str(server.folder), str(seconds)], stdout=subprocess.PIPE, text=True
            )
            for role in roles
        ]
        told = [json.loads(child.communicate()[0]) for child in children]
        stopped.set()
        sender.join()
        adds_up = server.adds_up()
    errors = sum(one["errors"] for one in told) + sender.again
    rounds = [sum(one["rounds"] for one in told if one["role"] == role) for role in ("write", "read")]
    said = f"{seconds} s, {len(sender.acknowledged):,} events over HTTP, {rounds[0]:,} writes and {rounds[1]:,} reads of other processes: {errors} errors"
    return not errors and adds_up and min(rounds) > 0, said


def _role(what: str, folder: str, seconds: str) -> None:
    """One of the other processes of R12; prints how often it did its work, and how often that failed."""
    rounds, errors, until = 0, 0, time.monotonic() + float(seconds)
    with contextlib.closing(open_home(Path(folder))) as home:
        while time.monotonic() < until:
            try:
                if what == "write":
                    last = home.inbox.last()
                    home.inbox.refuse([(last, 0, "meaning", "fault", "", b"{}")])
                    home.inbox.expire(last - 1000, datetime.now(tz=UTC) + timedelta(days=1))
                    home.journal.finish_run(home.journal.start_run(as_of="2026-11-22", snapshot="g1"))
                else:
                    after = max(0, home.inbox.last() - 50)
                    assert all(body.bytes for body in home.inbox.bodies(after))
                    assert all(row.received == row.stored + row.duplicate + row.refused for row in home.inbox.counts())
                    home.inbox.refused(limit=10)
                    home.journal.last_run()
                rounds += 1
            except ZhiyinError as problem:
                sys.stderr.write(f"{what}: {problem}\n")
                errors += 1
    print(json.dumps({"role": what, "rounds": rounds, "errors": errors}))


def main(wanted: list[str], *, small: bool) -> bool:
    good = True
    for name, fault in {"R1": r1, "R5": r5, "R12": r12}.items():
        if wanted and name not in wanted:
            continue
        passed, told = fault(small=small)
        good = good and passed
        print(f"{name} {'passed' if passed else 'FAILED'}: {told}", flush=True)
        if not small:
            if not RESULTS.exists():
                RESULTS.write_text(HEAD, encoding="utf-8")
            with RESULTS.open("a", encoding="utf-8") as file:
                row = [f"{datetime.now(tz=UTC):%Y-%m-%d}", name, told, "yes" if passed else "no", f"{os.getloadavg()[0]:.1f}"]
                file.write("| " + " | ".join(row) + " |\n")
    return good


if __name__ == "__main__":
    if sys.argv[1:2] == ["--role"]:
        _role(*sys.argv[2:5])
    else:
        sys.exit(not main([one for one in sys.argv[1:] if one[0] == "R"], small="--small" in sys.argv))
