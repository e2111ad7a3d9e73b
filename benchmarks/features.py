"""How fast are profiles and features, beside DuckDB SQL written by hand for the same columns?

    PYTHONPATH=src python benchmarks/features.py [lines] [customers] [days asked about]
    PYTHONPATH=src python benchmarks/features.py ../shared/data/complete_journey

Both read the same tables, generated or real, in one DuckDB, and their results are compared; they take turns, and
medians are shown. Time includes building and compiling the relations. A row is added to benchmarks/results/features.md.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import ibis

from zhiyin.core.tables import TABLES, WINDOWS
from zhiyin.unify.facts import LOGINS, RENEWALS, gather
from zhiyin.unify.features import features
from zhiyin.unify.profile import profile

HISTORY_DAYS, THREADS, ROUNDS = 600, 2, 3
HERE = Path(__file__).parent
RESULTS = HERE / "results" / "features.md"
HEAD = (
    "# Profiles and features\n\nOne run makes `profile` and `profile_at` from order lines, events, touches and outcomes; the peer is"
    " benchmarks/features.sql, written by hand. Medians of alternating rounds; processor seconds are those of all threads.\n\n"
    "| date | machine | data | lines | customers | days asked | zhiyin s | by hand s | ratio | goal | processor s zhiyin / by hand | ratio |"
    " peak MB zhiyin / by hand | load |\n|" + "---|" * 14 + "\n"
)
TYPES = {"string": "varchar", "int64": "bigint", "float64": "double"}
NAMES = ("record", "identity", "order_line", "product", "attribute", "event", "touch", "outcome", "campaign", "offer")
Run = tuple[float, float, float]  # seconds, processor seconds, peak MB


@dataclass(frozen=True)
class Trial:
    """What is measured: tables by the SQL that fills them, the days asked about (latest first), and the memory given."""

    data: str
    tables: dict[str, str]
    at: list[date]
    currency: str
    memory_mb: int


def main(trial: Trial) -> None:
    with tempfile.TemporaryDirectory() as spill:
        engine = duckdb.connect(config={"threads": THREADS, "memory_limit": f"{trial.memory_mb}MB", "temp_directory": spill})
        for name in NAMES:
            columns = ", ".join(f"{column} {TYPES.get(type_, type_)}" for column, type_ in TABLES[name].types.items())
            engine.execute(f"create table {name} ({columns})")
            if name in trial.tables:
                engine.execute(f"insert into {name} by name {trial.tables[name]}")
        peers: dict[str, Callable[[], None]] = {"zhiyin": lambda: by_zhiyin(engine, trial), "by hand": lambda: by_hand(engine, trial)}
        taken: dict[str, list[Run]] = {name: [] for name in peers}
        for round_ in range(ROUNDS):
            for name in sorted(peers, reverse=round_ % 2 == 1):
                taken[name].append(measured(peers[name]))
                print(round_, name, *(f"{figure:.1f}" for figure in taken[name][-1]), flush=True)
        for table in ("profile", "profile_at"):
            print(table, compared(engine, table), "rows, equal")
        lines, customers = (engine.execute(f"select count(*) from {name}").fetchall()[0][0] for name in ("order_line", "zhiyin_profile"))
    report(trial, taken, lines=lines, customers=customers)


def by_zhiyin(engine: duckdb.DuckDBPyConnection, trial: Trial) -> None:
    """The relations of unify, kept and written as a run does."""

    def keep(name: str, relation: ibis.Table) -> ibis.Table:
        engine.execute(f'create or replace temp table "kept_{name}" as {ibis.to_sql(relation, dialect="duckdb")}')
        return ibis.table(relation.schema(), name=f"kept_{name}")

    facts = gather({name: ibis.table(TABLES[name].types, name=name) for name in NAMES}, currency=trial.currency).kept(keep)
    for name, relation in (("profile", profile(facts, at=trial.at[0])), ("profile_at", features(facts, trial.at))):
        engine.execute(f"create or replace table zhiyin_{name} as {ibis.to_sql(relation, dialect='duckdb')}")


def by_hand(engine: duckdb.DuckDBPyConnection, trial: Trial) -> None:
    """The statements of features.sql."""
    at = trial.at

    def mask(days: int) -> str:
        window = "case when \"on\" < date '{day}' and \"on\" >= date '{first}' then {bit}::bigint else 0 end"
        return " | ".join(window.format(day=day, first=day - timedelta(days=days), bit=1 << k) for k, day in enumerate(at))

    def hits(name: str, column: str) -> str:
        return ", ".join(f"count(*) filter (where {column} & {1 << k} <> 0) as {name}_{k}" for k in range(len(at)))

    def pick(name: str) -> str:
        return "case at_on " + " ".join(f"when date '{day}' then {name}_{k}" for k, day in enumerate(at)) + " end"

    sums = {f"{name}_{days}d": f"sum({name}) filter (where age <= {days})" for name in ("orders", "spend", "lines") for days in WINDOWS}
    sums |= {f"{name}_all": f"sum({name})" for name in ("orders", "spend", "lines")}
    windows = ", ".join(f"coalesce({sum_}, 0)::bigint as {name}" for name, sum_ in sums.items())
    filled = {
        "today": at[0],
        "currency": trial.currency,
        "days": "[" + ", ".join(f"date '{day}'" for day in at) + "]",
        "lately": f"\"on\" >= date '{min(at) - timedelta(days=84)}' and \"on\" < date '{max(at)}'",
        "windows": windows,
        "windowed": ", ".join(sums),
        "logins": LOGINS,
        "renewals": RENEWALS,
        "mask_28": mask(28),
        "mask_84": mask(84),
        "products_84d": hits("products_84d", "m"),
        "categories_28d": hits("categories_28d", "m28"),
        "categories_84d": hits("categories_84d", "m84"),
        **{f"pick_{name}": pick(name) for name in ("products_84d", "categories_28d", "categories_84d")},
    }
    engine.execute((HERE / "features.sql").read_text(encoding="utf-8").format(**filled))


def generated(*, lines: int = 5_000_000, customers: int = 500_000, days: int = 2) -> Trial:
    """A shop, the same on every machine: numbers are hashes of row numbers. A tenth of the customers has two records."""
    today = date(2026, 11, 21)
    records, products, first = customers * 11 // 10, 20_000, today - timedelta(days=HISTORY_DAYS)

    def drawn(column: str, seed: int) -> str:
        return f"(hash({column}, {seed}) % 1000003) / 1000003.0"

    person = f"'r' || floor({records} * pow({drawn('o', 1)}, 2))::int"
    day = f"date '{first}' + ({HISTORY_DAYS} * {drawn('o', 2)})::int"
    tables = {
        "record": f"select 'r' || i as record_id, 'shop' as source, 'person' as kind, date '{first}' + (i % 300)::int as since_on"
        f" from range({records}) t(i)",
        "identity": f"select 'r' || i as record_id, 'r' || (i % {customers}) as customer_id from range({records}) t(i)",
        "product": f"select 'p' || i as product_id, 'category ' || (i % 200) as category, 'd' || (i % 20) as department from range({products}) t(i)",
        "order_line": f"select 'shop' as source, 'l' || i as line_id, {person} as record_id, 'o' || o as order_id,"
        f" 'p' || floor({products} * pow({drawn('i', 3)}, 2))::int as product_id, 1.0 as quantity,"
        f" case when {drawn('i', 4)} < .01 then -500 else (100 + 5000 * {drawn('i', 5)})::bigint end as amount,"
        f" case when {drawn('i', 6)} < .3 then 100 else 0 end as discount, case when {drawn('i', 7)} < .05 then 50 else 0 end as coupon,"
        f" 'CNY' as currency, {day} as ordered_on from (select i, (i // 3.3)::bigint as o from range({lines}) t(i))",
        "event": f"select 'web' as source, 'e' || o as event_id, {person} as record_id, 'Product Viewed' as name, {day} as happened_on"
        f" from range({lines // 5}) t(o)",
        "campaign": f"select 'c' || i as campaign_id, date '{first}' + (i * 20)::int as starts_on from range(25) t(i)",
        "touch": f"select 't' || o as touch_id, {person} as record_id, 'c' || (o % 25) as campaign_id, false as holdout"
        f" from range({customers}) t(o)",
        "outcome": f"select 'x' || o as outcome_id, {person} as record_id, 'c' || (o % 25) as campaign_id, 'redeemed' as kind, {day} as happened_on"
        f" from range({customers // 5}) t(o)",
        "attribute": f"select 'r' || (i * 3) as record_id, 'age' as name, ((i % 60) + 18)::varchar as value from range({customers // 4}) t(i)",
    }
    return Trial("generated", tables, [today - timedelta(days=28 * step) for step in range(days)], "CNY", 1000)


def complete_journey(folder: Path) -> Trial:
    """The published year of a supermarket, eight days asked about."""
    person, last = "household_id::varchar as record_id", date(2017, 10, 30)

    def file(name: str) -> str:
        return f"from '{folder / name}.parquet'"

    tables = {
        "record": f"select distinct {person}, 'cj' as source, 'person' as kind, date '2016-12-31' as since_on {file('transactions')}",
        "identity": f"select distinct {person}, household_id::varchar as customer_id {file('transactions')}",
        "product": f"select product_id::varchar as product_id, product_category as category, department {file('products')}",
        "order_line": f"select 'cj' as source, {person}, basket_id::varchar as order_id, product_id::varchar as product_id,"
        " round(sales_value * 100)::bigint as amount, round(retail_disc * 100)::bigint as discount,"
        f" round((coupon_disc + coupon_match_disc) * 100)::bigint as coupon, 'USD' as currency, transaction_timestamp::date as ordered_on"
        f" {file('transactions')}",
        "campaign": f"select campaign_id::varchar as campaign_id, start_date::date as starts_on {file('campaign_descriptions')}",
        "touch": f"select {person}, campaign_id::varchar as campaign_id, false as holdout {file('campaigns')}",
        "outcome": f"select {person}, campaign_id::varchar as campaign_id, 'redeemed' as kind, redemption_date::date as happened_on"
        f" {file('coupon_redemptions')}",
        "attribute": f"select {person}, 'age' as name, age::varchar as value {file('demographics')} where age is not null",
    }
    return Trial("Complete Journey", tables, [last - timedelta(days=28 * step) for step in range(8)], "USD", 500)


def measured(work: Callable[[], None]) -> Run:
    """Seconds, processor seconds, and the most memory this process held meanwhile, in MB."""
    gc.collect()
    most, done = 0.0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.05):
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
            most = max(most, pages * os.sysconf("SC_PAGE_SIZE") / 1e6)

    watcher = threading.Thread(target=watch)
    watcher.start()
    started, spent = time.perf_counter(), time.process_time()
    work()
    taken = time.perf_counter() - started, time.process_time() - spent
    done.set()
    watcher.join()
    return *taken, most


def compared(engine: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many rows both have; fails when a row or any value differs by more than rounding."""
    same = " and ".join(
        f"(a.{name} is not distinct from b.{name} or abs(a.{name} - b.{name}) <= 1e-9 * abs(b.{name}))"
        if type_ == "float64"
        else f"a.{name} is not distinct from b.{name}"
        for name, type_ in TABLES[table].types.items()
    )
    ours, theirs, equal = engine.execute(
        f"select (select count(*) from zhiyin_{table}), (select count(*) from hand_{table}),"
        f" (select count(*) from zhiyin_{table} a join hand_{table} b using (customer_id, at_on) where {same})"
    ).fetchall()[0]
    assert ours == theirs == equal, f"{table}: {ours} rows and {theirs} by hand, {equal} equal"
    return int(ours)


def report(trial: Trial, taken: dict[str, list[Run]], *, lines: int, customers: int) -> None:
    """Print the figures and add them to the table of results."""
    seconds, spent = ({name: statistics.median(run[k] for run in runs) for name, runs in taken.items()} for k in (0, 1))
    peak = {name: max(run[2] for run in runs) for name, runs in taken.items()}
    ratio, spent_ratio = (figure["zhiyin"] / figure["by hand"] for figure in (seconds, spent))
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    row = (
        f"| {datetime.now(tz=UTC).date()} | {os.cpu_count()} cores, {memory:.0f} GB; DuckDB {THREADS} threads, {trial.memory_mb} MB |"
        f" {trial.data} | {lines:,} | {customers:,} | {len(trial.at)} | {seconds['zhiyin']:.1f} | {seconds['by hand']:.1f} | {ratio:.2f} |"
        f" <= 1.10 | {spent['zhiyin']:.1f} / {spent['by hand']:.1f} | {spent_ratio:.2f} | {peak['zhiyin']:.0f} / {peak['by hand']:.0f} |"
        f" {os.getloadavg()[0]:.1f} |\n"
    )
    print(row)
    RESULTS.parent.mkdir(exist_ok=True)
    before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else HEAD
    RESULTS.write_text(before + row, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) == 2 and not sys.argv[1].isdigit():
        main(complete_journey(Path(sys.argv[1])))
    else:
        main(generated(**dict(zip(("lines", "customers", "days"), map(int, sys.argv[1:]), strict=False))))
