"""How long does it take to renew a segment of a million profiles, beside one DuckDB group-by over the same table?

    PYTHONPATH=src python benchmarks/segments.py [profiles]

The profiles lie in an encrypted generation as a run writes it. What is measured is what a run does for a segment: read the rule,
make the relation, compile it, run it, keep its members; then note who came and who left since the day before. Beside it stands one
plain SQL group-by over the same table, and finding out whose profile has changed, which is what renewing only those would begin
with. The rounds take turns, medians are shown. The tables go to benchmarks/results/segments.md.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa

from zhiyin.app.vocabulary import vocabulary_for
from zhiyin.core.tables import TABLES
from zhiyin.guard.access import RUN, Access
from zhiyin.predict.membership import moves
from zhiyin.predict.rules.filters import members
from zhiyin.predict.rules.parse import Speech, parse
from zhiyin.store.lake import Lake, LakeBuild

AT, ROUNDS, PIECE, THREADS, MEMORY_MB = date(2026, 11, 21), 5, 62_500, 2, 400  # threads and memory as the settings have them
RESULTS = Path(__file__).parent / "results" / "segments.md"
RULES = {
    "two figures": "spend >= ¥5,000 and days_since_order > 60",
    "figures, words, not": 'spend >= ¥5,000 and days_since_order > 60 and stage in (active, quiet) and not tier = "champion"',
    "with an attribute": 'spend >= ¥5,000 and days_since_order > 60 and attribute.city in ("上海", "杭州")',
    "with a feature and a prediction": "spend >= ¥5,000 and discount_share_84d >= 30% and prediction.churn >= 60%",
}
GROUP_BY = "SELECT stage, tier, count(*), sum(spend) FROM lake.main.profile GROUP BY ALL"
TODAY = ("spend", "days_since_order", "stage", "tier", "attributes")
ARROW = {"string": pa.string(), "int64": pa.int64(), "float64": pa.float64(), "boolean": pa.bool_(), "date": pa.date32()}
Texts = tuple[str | None, ...]


def table(name: str, given: dict[str, pa.Array], *, n: int) -> pa.Table:
    """Rows of a table of the lake; columns that no rule of ours reads are empty."""
    return pa.table({column: given.get(column, pa.nulls(n, ARROW[kind])) for column, kind in TABLES[name].types.items()})


def picked(draw: np.random.Generator, texts: Texts, *, n: int) -> pa.Array:
    return pa.array(texts, pa.string()).take(pa.array(draw.integers(0, len(texts), n)))


def pieces(name: str, profiles: int, *, seed: int) -> Iterator[pa.Table]:
    """A table in pieces of ascending customers, the same on every machine; another seed changes two profiles of a hundred."""
    cities = ("上海", "杭州", "北京", "广州", "深圳", "成都", "武汉", "西安")
    attributes = tuple(f'{{"city": {{"value": "{city}", "source": "crm"}}, "gender": {{"value": "{sex}", "source": "crm"}}}}' for city in cities for sex in "男女")  # fmt: skip
    for start in range(0, profiles, PIECE):
        n = min(PIECE, profiles - start)
        draw = np.random.default_rng(start)
        ids = pa.array([f"r{number:012d}" for number in range(start, start + n)])
        if name == "prediction":
            given = {"customer_id": ids, "question": pa.array(["churn"] * n), "subject_id": pa.array([""] * n), "at_on": pa.array([AT] * n, pa.date32()), "value": pa.array(draw.random(n))}  # fmt: skip
        elif name == "profile_at":
            given = {"customer_id": ids, "at_on": pa.array([AT] * n, pa.date32()), "discount_share_84d": pa.array(draw.random(n))}
        else:
            spend, away = draw.gamma(0.7, 400_000, n).astype("int64"), draw.integers(0, 200, n)
            bought = np.random.default_rng(start + seed).random(n) < 0.02 * (seed > 0)
            given = {
                "customer_id": ids,
                "at_on": pa.array([AT] * n, pa.date32()),
                "stage": picked(draw, ("new", "active", "quiet", "lost"), n=n),
            }
            given |= {
                "tier": picked(draw, ("champion", "loyal", "promising", "slipping", "asleep"), n=n),
                "attributes": picked(draw, attributes, n=n),
            }
            given |= {"spend": pa.array(spend + 50_000 * bought), "days_since_order": pa.array(np.where(bought, 1, away))}
            given |= {"interests": pa.array(["[]"] * n), "orders": pa.array(draw.integers(1, 30, n))}
        yield table(name, given, n=n)


def measured(build: LakeBuild, profiles: int) -> dict[str, float]:
    """Median seconds of each thing, over rounds that take turns."""
    for name in ("profile", "profile_at", "prediction"):
        build.write_parts(name, pieces(name, profiles, seed=1))
    before = build.scratch("before", build.table("profile").select("customer_id", *TODAY))
    build.write_parts("profile", pieces("profile", profiles, seed=2))
    tables = {name: build.table(name) for name in ("profile", "profile_at", "prediction")}
    speech = Speech(vocabulary_for(Access(RUN, "analysis")), "CNY")

    def group_by() -> None:
        build.cursor().execute(GROUP_BY).fetchall()

    def renewed(rule: str) -> Callable[[], None]:
        return lambda: void(build.scratch("members", members(parse(rule, speech), tables, at=AT)))

    def changed() -> None:
        now = tables["profile"].select("customer_id", *TODAY)
        build.scratch("changed", now.difference(before).select("customer_id"))

    first = members(parse(RULES["two figures"], speech), {**tables, "profile": before}, at=AT)
    told = {"scheme": ibis.literal("rule"), "segment_id": ibis.literal("s1")}
    history = first.select("customer_id", **told, since_on=ibis.date(AT - timedelta(days=1)), until_on=ibis.null("date"))
    today = build.scratch("today", members(parse(RULES["two figures"], speech), tables, at=AT).select("customer_id", **told))
    build.write("membership", history)

    def noted() -> None:
        change = moves(build.table("membership"), today, at=AT)
        build.scratch("moved", change.amended)
        build.scratch("unmoved", change.removed)

    works = {"group-by": group_by, **{name: renewed(rule) for name, rule in RULES.items()}, "comings and goings": noted, "whose profile changed": changed}  # fmt: skip
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            started = time.perf_counter()
            work()
            taken[name].append(time.perf_counter() - started)
    counts = {
        "members": build.count(today),
        "moved": build.count(build.scratch("moved_", moves(build.table("membership"), today, at=AT).amended)),
    }
    return {name: statistics.median(seconds) for name, seconds in taken.items()} | {name: float(count) for name, count in counts.items()}


def void(_: object) -> None:
    """Nothing."""


def main(profiles: int) -> None:
    sizes = [profiles // 16, profiles // 4, profiles]
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            lake = Lake(Path(folder) / "lake", b"k" * 32, memory_mb=MEMORY_MB, threads=THREADS, keep=1)
            with lake.build(carry=[]) as build:
                found.append(measured(build, size))
        print(size, found[-1], flush=True)
    report(sizes, found)


def report(sizes: list[int], found: list[dict[str, float]]) -> None:
    """Write the table."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    lines = [
        "# Segments renewed\n",
        "A rule over profiles in an encrypted generation: read, compiled, run, members kept; beside one group-by of the same table in the same"
        " run. Goal: a segment of 1,000,000 profiles in at most 1 s. `whose profile changed` is what renewing only changed customers"
        " would begin with: it takes longer than to renew all, so a run renews all and writes only who came and who left.\n",
        f"{datetime.now(tz=UTC).date()}; {os.cpu_count()} cores, {memory:.0f} GB; DuckDB {THREADS} threads, {MEMORY_MB} MB; medians of"
        f" {ROUNDS} rounds; load {os.getloadavg()[0]:.1f}\n",
        "| seconds (times the group-by) | " + " | ".join(f"{size:,} profiles" for size in sizes) + " |",
        "|---|" + "---|" * len(sizes),
    ]
    for name in (*["group-by"], *RULES, "comings and goings", "whose profile changed"):
        lines.append(f"| {name} | " + " | ".join(f"{one[name]:.3f} ({one[name] / one['group-by']:.1f}x)" for one in found) + " |")
    lines.append(
        "| members of the first rule, of them moved | " + " | ".join(f"{one['members']:,.0f}, {one['moved']:,.0f}" for one in found) + " |"
    )
    lines += ["", *(f"- {name}: `{rule}`" for name, rule in RULES.items()), f"- group-by: `{GROUP_BY}`", ""]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
