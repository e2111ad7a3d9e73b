"""How long does a page wait for its recommendations? The real server over HTTP, beside a lake of many customers and products.

    python benchmarks/recommend_http.py [--customers 100000] [--products 40000] [--seconds 20] [--write benchmarks/results/recommend_http.md]

A workspace of invented customers is written through the store: 20 order lines and 20 recommendations a customer, 50 links a product.
`zhiyin serve` runs as a process of its own; pages ask one after the other over one connection, four in five for a customer (each another
one), the others for a stranger; half of them say a product; a quarter explore. Then the same with four connections at a time, and at last while events arrive.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import platform
import sys
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from subprocess import Popen
from time import perf_counter, sleep
from typing import NamedTuple
from urllib.parse import urlencode

import live
import numpy as np
import pyarrow as pa
from _goals import goal

from zhiyin.app.home import Home, create_home, open_home
from zhiyin.app.intake import record_ids
from zhiyin.app.write_keys import add_key
from zhiyin.core.clock import utc_now
from zhiyin.core.tables import TABLES

GOAL_MS = 25.0
WARM_SECONDS = 8.0
TYPES = live.TYPES | {"boolean": pa.bool_()}
LINES, LISTED, LINKS, CATEGORIES = 20, 20, 50, 200
SETTINGS = """
[[placement]]
name = "home"
kind = "for_you"
[[placement]]
name = "tried"
kind = "for_you"
explore = 2
[[placement]]
name = "page"
kind = "similar"
"""


def publish(home: Home, *, customers: int, products: int) -> None:
    """Records, orders, lists, products with counts, links and what is popular."""
    draw, today = np.random.default_rng(7), utc_now().date()
    ids = pa.array(sorted(record_ids(home.vault.keys.ids, live.SYSTEM)([f"c{n}" for n in range(customers)])))
    goods = pa.array([f"p{n}" for n in range(products)])
    people = {"record_id": ids, "customer_id": ids, "source": [live.SYSTEM] * customers, "kind": ["person"] * customers}
    people |= {"owner_id": [""] * customers, "team_id": [""] * customers, "records": [1] * customers}
    days = pa.array([today - timedelta(days=n) for n in range(365)])
    with home.lake.build(carry=[]) as build:
        for table in ("record", "identity", "customer"):
            build.write(table, _rows(table, people))
        build.write("profile", _rows("profile", {"customer_id": ids, "attributes": ["{}"] * customers}))
        names = {"name": [f"商品{n}" for n in range(products)], "category": [f"类{n % CATEGORIES}" for n in range(products)]}
        build.write("product", _rows("product", {"product_id": goods, **names, "price": [1000] * products, "currency": ["CNY"] * products}))
        build.write("stock", _rows("stock", {"product_id": goods, "counted_on": [today] * products, "pieces": [5.0] * products}))
        own = np.repeat(np.arange(customers), LINES)
        bought = {"line_id": [f"l{n}" for n in range(len(own))], "record_id": ids.take(pa.array(own)), "source": [live.SYSTEM] * len(own)}
        bought |= {"product_id": goods.take(pa.array(draw.integers(0, products, len(own)))), "amount": [1000] * len(own)}
        bought |= {"ordered_on": days.take(pa.array(draw.integers(0, 365, len(own)))), "currency": ["CNY"] * len(own)}
        mixed = pa.array(draw.permutation(len(own)))  # orders come by time, not by customer
        build.write("order_line", _rows("order_line", bought).take(mixed))
        place = np.tile(np.arange(LISTED), customers)
        listed = {"customer_id": ids.take(pa.array(np.repeat(np.arange(customers), LISTED)))}
        chosen = draw.integers(0, products // LISTED, len(place)) * LISTED + place
        listed |= {"product_id": goods.take(pa.array(chosen)), "kind": pa.array(["repeat", "new"]).take(pa.array(place % 2))}
        listed |= {"rank": place // 2 + 1, "score": draw.random(len(place))}
        listed |= {"reason_zh": ["这位客户常买"] * len(place), "reason_en": ["Bought often"] * len(place)}
        build.write("recommendation", _rows("recommendation", listed))
        first, rank = np.repeat(np.arange(products), LINKS), np.tile(np.arange(1, LINKS + 1), products)
        links = {"product_id": goods.take(pa.array(first)), "other_id": goods.take(pa.array((first + rank * 7) % products)), "rank": rank}
        build.write("product_link", _rows("product_link", {**links, "alike": 1 / rank, "customers": [9] * len(rank)}))
        top = {"product_id": goods.slice(0, 100), "rank": np.arange(1, 101), "share": [0.1] * 100, "customers": [99] * 100}
        build.write("popular_product", _rows("popular_product", top))
        build.publish()


def _rows(table: str, columns: dict) -> pa.Table:
    count = len(next(iter(columns.values())))
    return pa.table(
        {
            name: pa.nulls(count, TYPES[type_])
            if name not in columns
            else columns[name]
            if isinstance(columns[name], pa.Array)
            else pa.array(columns[name], TYPES[type_])
            for name, type_ in TABLES[table].types.items()
        }
    )


def asking(address: str, key: str, *, seconds: float, sizes: tuple[int, int], seed: int = 7) -> list[float]:
    """Seconds of each request of one connection, one after the other."""
    draw, (customers, products) = np.random.default_rng(seed), sizes
    head = {"Authorization": f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"}
    line, times, end = HTTPConnection(address.removeprefix("http://")), [], perf_counter() + seconds
    while perf_counter() < end:
        placement = str(draw.choice(["home", "tried", "page"], p=[0.5, 0.25, 0.25]))
        asked = {"placement": placement}
        if draw.random() < 0.8:
            asked["userId"] = f"c{draw.integers(customers)}"
        if placement == "page" or draw.random() < 0.3:
            asked["product_id"] = f"p{draw.integers(products)}"
        began = perf_counter()
        line.request("GET", f"/v1/recommendations?{urlencode(asked)}", headers=head)
        answer = line.getresponse()
        body = answer.read()
        times.append(perf_counter() - began)
        if answer.status != HTTPStatus.OK or len(json.loads(body)["items"]) != 10:
            raise SystemExit(f"{asked}: {answer.status} {body[:200]!r}")
    return times


def nothing(address: str, *, seconds: float) -> list[float]:
    """Seconds of requests that the server answers from memory."""
    line, times, end = HTTPConnection(address.removeprefix("http://")), [], perf_counter() + seconds
    while perf_counter() < end:
        began = perf_counter()
        line.request("GET", "/health")
        line.getresponse().read()
        times.append(perf_counter() - began)
        sleep(0.005)
    return times


def at_a_time(count: int, address: str, *, key: str, seconds: float, sizes: tuple[int, int]) -> list[float]:
    """The same with several connections."""
    found: list[list[float]] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(asking(address, key, seconds=seconds, sizes=sizes, seed=n))) for n in range(count)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [one for times in found for one in times]


def told(name: str, seconds: list[float], *, span: float) -> str:
    figures = [f"{1000 * float(np.quantile(seconds, share)):.1f}" for share in (0.5, 0.95, 0.99)]
    return f"| {name} | {' | '.join(figures)} | {len(seconds) / span:.0f} |"


class Measured(NamedTuple):
    """Seconds of requests."""

    first: float
    floor: list[float]
    alone: list[float]
    four: list[float]
    loaded: list[float]


def measured(address: str, writes: str, *, reads: str, asked: argparse.Namespace) -> Measured:
    """Every part, one after the other."""
    how = {"seconds": asked.seconds, "sizes": (asked.customers, asked.products)}
    sleep(3)
    began = perf_counter()
    asking(address, reads, seconds=0.01, sizes=how["sizes"])
    first = perf_counter() - began
    asking(address, reads, seconds=WARM_SECONDS, sizes=how["sizes"], seed=8)  # the live loop starts meanwhile
    floor = nothing(address, seconds=asked.seconds / 2)
    alone = asking(address, reads, **how)
    four = at_a_time(4, address, key=reads, **how)
    sender = Popen([sys.executable, live.__file__, "--stream", address, writes, str(asked.rate), str(asked.customers)])
    sleep(2)
    loaded = asking(address, reads, **how, seed=9)
    sender.kill()
    sender.wait()
    return Measured(first, floor, alone, four, loaded)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--products", type=int, default=40_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=int, default=200, help="events a second that arrive in the last part")
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder) / "shop"
        create_home(shop)
        with (shop / "zhiyin.toml").open("a", encoding="utf-8") as file:
            file.write(SETTINGS)
        home = open_home(shop)
        publish(home, customers=asked.customers, products=asked.products)
        writes, reads = add_key(home.ledger, "web", system=live.SYSTEM), add_key(home.ledger, "web", system=live.SYSTEM, reads=True)
        with live.serving(shop) as address:
            found = measured(address, writes, reads=reads, asked=asked)
        home.close()
    lines = [
        f"{datetime.now(tz=UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; {asked.customers:,} customers,"
        f" {asked.products:,} products; load of the machine {os.getloadavg()[0]:.1f}; first answer after the start {1000 * found.first:.0f} ms, server with its live loop {live.serving.peak} MB",
        "",
        "| ms over HTTP | p50 | p95 | p99 | requests/s |",
        "|---|---|---|---|---|",
        told("`/health`, which reads nothing: what this machine takes in any case", found.floor, span=asked.seconds / 2),
        told("one page at a time (goal: p99 25)", found.alone, span=asked.seconds),
        told("four at a time", found.four, span=asked.seconds),
        told(f"one at a time, while {asked.rate} events/s arrive", found.loaded, span=asked.seconds),
    ]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    goal(
        f"recommendations over HTTP, ms p99, {asked.customers:,} customers",
        1000 * float(np.quantile(found.alone, 0.99)),
        wanted=GOAL_MS,
        less=True,
    )
    if asked.write:
        asked.write.write_text("# Recommendations over HTTP\n\n    python benchmarks/recommend_http.py\n\n" + text, encoding="utf-8")


if __name__ == "__main__":
    main()
