"""How long from the acknowledged event to the changed view? The real server under a steady stream, beside a lake of many customers.

    python benchmarks/live.py [--customers 100000] [--rate 1000] [--seconds 30] [--write benchmarks/results/live.md]

A workspace of invented customers with ten rows of daily activity each is published, `zhiyin serve` runs as a process of its own, and a
stream of events arrives from another at the rate asked for: in requests of 20, of a thousand visitors at a time, each for about 20
events. Ten times a second one more event is sent alone for a customer of its own, and the ledger is asked every 5 ms until the live row
of that event is there: the time counts from the answer of the server. Then the page of a customer is asked for while the stream goes
on, and after it: the queries alone, in one process, without starting Python.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter, sleep

import httpx
import numpy as np
import pyarrow as pa

from zhiyin.app.home import Home, create_home, open_home
from zhiyin.app.reading import published_guard
from zhiyin.app.standing import live_view
from zhiyin.app.write_keys import add_key
from zhiyin.core.clock import utc_now
from zhiyin.core.ids import keyed_id
from zhiyin.core.tables import TABLES
from zhiyin.guard.access import OWNER
from zhiyin.store.live import LiveRows

SYSTEM = "shop"
NAMES = ("Product Viewed", "Products Searched", "Page Viewed", "Product Added", "Order Completed")
TYPES = {"string": pa.string(), "int64": pa.int64(), "float64": pa.float64(), "date": pa.date32(), "timestamp": pa.timestamp("us")}
SHARES = (0.5, 0.1, 0.3, 0.08, 0.02)
DAYS = 10
VISITORS = 1000  # on the pages at a time
SHARE_LEAVING = 0.001  # of them, after each request: a visit has about 20 events


def publish(home: Home, customers: int) -> None:
    """A generation with records, identity, customers and ten rows of activity each."""
    ids = [keyed_id(home.vault.keys.ids, "r", SYSTEM, f"c{n}") for n in range(customers)]
    today = utc_now().date()
    days = [today - timedelta(days=3 + 7 * n) for n in range(DAYS)]
    moments = [datetime.combine(day, datetime.min.time()) for day in days]
    people = {"record_id": ids, "customer_id": ids, "source": [SYSTEM] * customers, "kind": ["person"] * customers}
    people |= {"owner_id": [""] * customers, "team_id": [""] * customers, "since_on": [days[-1]] * customers, "records": [1] * customers}
    own = np.repeat(np.arange(customers), DAYS)
    told = {
        "record_id": pa.array(ids).take(pa.array(own)),
        "channel": ["till"] * len(own),
        "name": ["Order Completed", "Product Viewed"] * (len(own) // 2),
        "happened_on": days * customers,
        "count": [1] * len(own),
        "amount": [5000, 0] * (len(own) // 2),
        "seconds": [0.0] * len(own),
        "first_at": moments * customers,
        "last_at": moments * customers,
        "last_id": [f"o{n}" for n in range(len(own))],
    }
    with home.lake.build(carry=[]) as build:
        for table in ("record", "identity", "customer"):
            build.write(table, _rows(table, people))
        build.write("activity", _rows("activity", told))
        build.write("norm", _rows("norm", {"name": ["order_gap", "top_spend"], "value": [14.0, 50_000.0]}))
        build.publish()


def _rows(table: str, columns: dict) -> pa.Table:
    count = len(next(iter(columns.values())))
    types = TABLES[table].types
    return pa.table(
        {name: pa.array(columns[name], TYPES[type_]) if name in columns else pa.nulls(count, TYPES[type_]) for name, type_ in types.items()}
    )


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    code = "import sys; from zhiyin.cli.main import main; sys.argv = ['zhiyin', *sys.argv[1:]]; main()"
    command = [sys.executable, "-c", code, "serve", "-w", str(folder), "--port", "0", "--json"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        said = ""
        while not said.rstrip().endswith("}"):
            said += server.stdout.readline()
        yield json.loads(said)["listening"]
        serving.peak = peak_mb(server.pid)
    finally:
        server.terminate()
        server.wait()


def peak_mb(pid: int) -> int:
    """The most memory that a process and those it started have held; 0 where /proc is not there."""
    if not Path("/proc").is_dir():
        return 0
    said = Path(f"/proc/{pid}/status").read_text().splitlines()
    own = next(int(line.split()[1]) for line in said if line.startswith("VmHWM")) // 1024
    started = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return own + sum(peak_mb(int(child)) for children in started for child in children)


def stream(address: str, key: str, *, rate: int, customers: int) -> None:
    """Requests of 20 events at a steady rate, of a thousand visitors at a time; one of twenty is new. Runs in a process of its own."""
    draw = np.random.default_rng(7)
    visitors = draw.integers(0, int(customers * 1.05), VISITORS)
    head = {"Authorization": f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}", "Content-Type": "application/json"}
    line = HTTPConnection(address.removeprefix("http://"))
    began, number = perf_counter(), 0
    while True:
        batch = []
        left = draw.random(VISITORS) < SHARE_LEAVING
        visitors[left] = draw.integers(0, int(customers * 1.05), int(left.sum()))
        for who, what in zip(draw.choice(visitors, 20), draw.choice(len(NAMES), 20, p=SHARES), strict=True):
            told = {"product_id": f"p{who % 500}"}
            if NAMES[what] == "Order Completed":
                told |= {"order_id": f"live{number}", "total": 50}
            about = {"userId": f"c{who}", "anonymousId": f"device{who}", "event": NAMES[what], "messageId": f"s{number}"}
            batch.append({"type": "track", **about, "properties": told})
            number += 1
        line.request("POST", "/v1/batch", json.dumps({"batch": batch}), head)
        answer = line.getresponse()
        if answer.read() and answer.status != HTTPStatus.OK:
            raise SystemExit("an event was not taken")
        sleep(max(0.0, began + number / rate - perf_counter()))


def probe(address: str, key: str, *, home: Home, seconds: float) -> tuple[list[float], list[float]]:
    """Seconds to the answer, and from the answer to the changed row, of one event ten times a second."""
    live, acks, waits = LiveRows(home.ledger), [], []
    with httpx.Client(base_url=address, auth=(key, "")) as client:
        end, number = perf_counter() + seconds, 0
        while perf_counter() < end:
            record = keyed_id(home.vault.keys.ids, "r", SYSTEM, f"probe{number}")
            event = {
                "userId": f"probe{number}",
                "event": "Product Viewed",
                "messageId": f"probe{number}",
                "properties": {"product_id": "p1"},
            }
            began = perf_counter()
            client.post("/v1/track", json=event).raise_for_status()
            answered = perf_counter()
            while not live.activity([record]):
                sleep(0.005)
            seen = perf_counter()
            acks.append(answered - began)
            waits.append(seen - answered)
            number += 1
            sleep(max(0.0, began + 0.1 - perf_counter()))
    return acks, waits


def page(home: Home, *, customers: int, count: int = 200) -> list[float]:
    """Seconds of all queries of a customer's page, one customer after the other."""
    draw, times = np.random.default_rng(8), []
    at = utc_now().date() + timedelta(days=1)
    with published_guard(home, utc_now) as guard:
        for who in draw.integers(0, customers, count):
            record = keyed_id(home.vault.keys.ids, "r", SYSTEM, f"c{who}")
            began = perf_counter()
            live_view(home, guard, OWNER, customer=record, at=at)
            times.append(perf_counter() - began)
    return times


def told(name: str, seconds: list[float]) -> str:
    low, mid, high = (1000 * float(np.quantile(seconds, share)) for share in (0.5, 0.95, 0.99))
    return f"| {name} | {low:.0f} | {mid:.0f} | {high:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder) / "shop"
        create_home(shop)
        home = open_home(shop)
        key = add_key(home.ledger, "web", system=SYSTEM)
        publish(home, asked.customers)
        with serving(shop) as address:
            sleep(3)
            sender = subprocess.Popen([sys.executable, __file__, "--stream", address, key, str(asked.rate), str(asked.customers)])
            sleep(2)
            before, began = home.inbox.counts()[0].stored, perf_counter()
            acks, waits = probe(address, key, home=home, seconds=asked.seconds)
            rate = (home.inbox.counts()[0].stored - before) / (perf_counter() - began)
            loaded = page(home, customers=asked.customers)
            sender.kill()
            sender.wait()
            sleep(2)
            pages = page(home, customers=asked.customers)
        home.close()
    lines = [
        f"{datetime.now(tz=UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; {asked.customers:,} customers in the lake,"
        f" {rate:,.0f} events/s arriving, {len(waits)} probes, server {serving.peak} MB, this script {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB",
        "",
        "| ms | p50 | p95 | p99 |",
        "|---|---|---|---|",
        told("event sent -> acknowledged", acks),
        told("acknowledged -> changed view (goal: p95 200)", waits),
        told("queries of the live part of a customer's page, while events stream in", loaded),
        told("the same after the stream (goal: p95 50)", pages),
    ]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if asked.write:
        asked.write.write_text("# Event to changed view\n\n    make bench-live\n\n" + text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--stream"]:
        stream(sys.argv[2], sys.argv[3], rate=int(sys.argv[4]), customers=int(sys.argv[5]))
    else:
        main()
