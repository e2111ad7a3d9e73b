"""How many events a second does `zhiyin serve` keep, and how long does a sender wait?

    python benchmarks/intake.py [events] [connections] [events in the inbox before]

A server as a user starts it, and senders in a process of their own on the same machine: batches of 100 track calls over HTTP, each
with a fresh random id; every answer comes after the events are encrypted, de-duplicated and on the disk. Beside it, in the same run
and on the same disk, a plain file to which the same bodies are appended with fsync, one by one and in groups as large as those of the
server. A row is added to benchmarks/results/intake.md.
"""

from __future__ import annotations

import base64
import json
import os
import platform
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

RESULTS = Path(__file__).parent / "results" / "intake.md"
HEAD = (
    "# Durable intake\n\nBatches of 100 track calls over HTTP, acknowledged after commit (encrypted, de-duplicated); senders and server on the"
    " same machine. `file` is a plain file on the same disk in the same run: the same bodies, an fsync each, and an fsync for every 4 000"
    " events. Processor seconds are those of the server for a million events.\n\n"
    "| date | machine | events | there before | senders | events/s | goal | p50 ms | p99 ms | goal | server processor s / million"
    " | file, fsync each: events/s | ratio | file, fsync a group: events/s | ratio | load |\n|" + "---|" * 16 + "\n"
)
BATCH, GROUP = 100, 4000
GOAL_RATE, GOAL_P99 = 20_000, 250
ZHIYIN = [sys.executable, "-c", "from zhiyin.cli.main import main; main()"]
EVENT = {
    "type": "track",
    "messageId": "#",
    "userId": "user-104729",
    "event": "Product Viewed",
    "timestamp": "2026-11-22T03:11:12.123Z",
    "properties": {"product_id": "p-1234", "sku": "G-32", "category": "Games", "name": "大富翁 第三版", "price": 18.99, "quantity": 1},
    "context": {"library": {"name": "analytics-python", "version": "2.3.3"}, "page": {"path": "/product/p-1234", "title": "大富翁"}},
    "integrations": {},
}


class Figures(NamedTuple):
    """What the senders saw."""

    events: int
    seconds: float
    p50_ms: float
    p99_ms: float


def _main(events: int, connections: int, before: int) -> None:
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as folder:
        place = ["-w", folder, "--json"]
        subprocess.run([*ZHIYIN, "init", *place], check=True, capture_output=True)
        made = subprocess.run([*ZHIYIN, "key", "add", "bench", *place], check=True, capture_output=True, text=True)
        key = json.loads(made.stdout)["key"]
        server = subprocess.Popen([*ZHIYIN, "serve", "--port", "0", *place], stdout=subprocess.PIPE, text=True)
        try:
            address = json.loads("".join(iter_until(server.stdout, "}")))["listening"]
            for count in (before, BATCH * connections):
                if count:
                    _sent(address, key, count, connections)
            worked = _processor(server.pid)
            seen = _sent(address, key, events, connections)
            worked = (_processor(server.pid) - worked) / events * 1e6
        finally:
            server.terminate()
            server.wait()
        each, grouped = _plain(Path(folder), max(events // 20, BATCH), 1), _plain(Path(folder), events // 4, GROUP // BATCH)
    rate = seen.events / seen.seconds
    row = [f"{datetime.now(tz=UTC):%Y-%m-%d}", f"{os.cpu_count()} cores ({platform.machine()})", f"{events:,}", f"{before:,}", connections]
    row += [f"{rate:,.0f}", f">= {GOAL_RATE:,}", f"{seen.p50_ms:.0f}", f"{seen.p99_ms:.0f}", f"<= {GOAL_P99}", f"{worked:.1f}"]
    row += [f"{each:,.0f}", f"{rate / each:.2f}", f"{grouped:,.0f}", f"{rate / grouped:.2f}", f"{os.getloadavg()[0]:.1f}"]
    print(" | ".join(map(str, row)))
    if not RESULTS.exists():
        RESULTS.write_text(HEAD, encoding="utf-8")
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write("| " + " | ".join(map(str, row)) + " |\n")


def iter_until(lines: object, last: str) -> Iterator[str]:
    """Lines up to the one that says `last`."""
    for line in lines:
        yield line
        if line.strip() == last:
            return


def _sent(address: str, key: str, events: int, connections: int) -> Figures:
    """What a process of senders reports."""
    done = subprocess.run(
        [sys.executable, __file__, "--send", address, key, str(events), str(connections)], check=True, capture_output=True, text=True
    )
    return Figures(**json.loads(done.stdout))


def _send(address: str, key: str, events: int, connections: int) -> None:
    """Send batches over several connections at once; prints what was seen. Runs in a process of its own."""
    host, _, port = address.removeprefix("http://").partition(":")
    login = base64.b64encode(f"{key}:".encode()).decode()
    head = f"POST /v1/batch HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic {login}\r\nContent-Type: application/json\r\nContent-Length: "
    waits: list[float] = []
    share = events // BATCH // connections

    def work() -> None:
        bodies = _bodies()
        with socket.create_connection((host, int(port))) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for _ in range(share):
                body = next(bodies)
                started = time.perf_counter()
                line.sendall(f"{head}{len(body)}\r\n\r\n".encode() + body)
                answer = line.recv(4096)
                while b"}" not in answer:
                    answer += line.recv(4096)
                waits.append(time.perf_counter() - started)
                if b" 200 " not in answer.partition(b"\r\n")[0]:
                    raise SystemExit(answer.decode())

    threads = [threading.Thread(target=work) for _ in range(connections)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    waits.sort()
    print(json.dumps(Figures(len(waits) * BATCH, seconds, statistics.median(waits) * 1e3, waits[int(len(waits) * 0.99)] * 1e3)._asdict()))


def _bodies() -> Iterator[bytes]:
    """Batches with fresh ids."""
    first, _, second = json.dumps(EVENT, ensure_ascii=False).encode().partition(b"#")
    while True:
        drawn = secrets.token_hex(16 * BATCH).encode()
        yield (
            b'{"batch":['
            + b",".join(first + drawn[at : at + 32] + second for at in range(0, len(drawn), 32))
            + b'],"sentAt":"2026-11-22T03:11:13Z"}'
        )


def _plain(folder: Path, events: int, group: int) -> float:
    """Events a second into a plain file, with an fsync after `group` bodies."""
    bodies = _bodies()
    with (folder / "plain").open("wb", buffering=0) as file:
        started = time.perf_counter()
        for count in range(1, events // BATCH + 1):
            file.write(next(bodies))
            if count % group == 0:
                os.fsync(file.fileno())
        os.fsync(file.fileno())
        return events / (time.perf_counter() - started)


def _processor(pid: int) -> float:
    """Processor seconds of a process so far, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--send"]:
        _send(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
    else:
        given = [int(said) for said in sys.argv[1:]]
        _main(*given, *(400_000, 16, 0)[len(given) :])
