"""How fast is one list, and how does learning grow? 100 000 customers x 40 000 items in memory beside implicit; 10 million interactions.

    python benchmarks/recommend_load.py [--write benchmarks/results/recommend_load.md] [--only calls,growth]

The interactions are invented: customers belong to one of 200 tastes, each taste likes its own items with a long tail; nothing is
asserted about quality here. A call is one customer asked alone, in process, in this thread; "after a click" adds a step that the model
has not seen and asks again. Peers: `implicit` ALS and its item kNN, `recommend` for one customer, factors and neighbours as ours.
Growth: 10 million interactions of a million customers at 1/16, 1/4 and 1 of the size; learning, then lists for 10 000 customers.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pandas as pd
import scipy.sparse as sp

from zhiyin.lab import fit_recommender

CUSTOMERS, ITEMS, EACH, TASTES = 100_000, 40_000, 20, 200
CALLS = 1_000
WHOLE = 10_000_000


def invented(customers: int, items: int, *, interactions: int, seed: int = 1) -> pd.DataFrame:
    """Pairs of customers and items: a taste a customer, a long tail a taste, an eighth taken from all of the shop."""
    draw = np.random.default_rng(seed)
    who = draw.integers(0, customers, interactions)
    taste = draw.integers(0, TASTES, customers)[who]
    inside = (np.minimum(draw.pareto(0.7, interactions), 1e6) * 3).astype(np.int64) % (items // TASTES)
    item = np.where(draw.random(interactions) < 0.125, draw.integers(0, items, interactions), taste * (items // TASTES) + inside)
    return pd.DataFrame({"customer_id": who, "item_id": item})


def times(call: Callable[[int], object], customers: np.ndarray) -> tuple[float, float]:
    """p50 and p99 of a call, in milliseconds, after a hundred that do not count."""
    for one in customers[:100]:
        call(int(one))
    taken = []
    for one in customers[100:]:
        began = perf_counter()
        call(int(one))
        taken.append(perf_counter() - began)
    return float(np.percentile(taken, 50) * 1000), float(np.percentile(taken, 99) * 1000)


def calls() -> Iterator[tuple[str, float, float]]:
    from implicit.cpu.als import AlternatingLeastSquares
    from implicit.nearest_neighbours import CosineRecommender
    from threadpoolctl import threadpool_limits

    table = invented(CUSTOMERS, ITEMS, interactions=CUSTOMERS * EACH)
    taken = sp.csr_matrix((np.ones(len(table), np.float32), (table["customer_id"], table["item_id"])), shape=(CUSTOMERS, ITEMS))
    asked = np.random.default_rng(2).integers(0, CUSTOMERS, CALLS + 100)
    with threadpool_limits(1):
        als = AlternatingLeastSquares(factors=256, iterations=2, num_threads=2, random_state=1)
        als.fit(taken, show_progress=False)
        als.num_threads = 1
        yield "implicit ALS, 256 factors", *times(lambda one: als.recommend(one, taken[one], N=20), asked)
        near = CosineRecommender(K=200, num_threads=2)
        near.fit(taken, show_progress=False)
        near.num_threads = 1
        yield "implicit item kNN", *times(lambda one: near.recommend(one, taken[one], N=20), asked)
        began = process_time()
        model = fit_recommender(table, budget_s=120)
        used = model.report().query("used")["variant"].iloc[0]
        print(f"learned in {process_time() - began:.0f} cpu-s, {used}", flush=True)
        yield f"zhiyin ({used})", *times(lambda one: model.after([], 20, customer=one), asked)
        yield "zhiyin, after a click", *times(lambda one: model.after([one % ITEMS], 20, customer=one), asked)


def growth(share: int) -> None:
    """One size, in a process of its own: prints seconds and memory."""
    table = invented(1_000_000 // share, 40_000, interactions=WHOLE // share)
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = process_time()
    model = fit_recommender(table, budget_s=600)
    learned = process_time() - began
    began = process_time()
    model.recommend(np.arange(0, 1_000_000 // share, 100 // share if share < 100 else 1)[:10_000].tolist(), 20)
    listed = process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"| 1/{share} | {len(table):,} | {learned:.0f} | {listed:.1f} | {base // 1024:,} | {peak // 1024:,} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="calls,growth")
    parser.add_argument("--share", type=int, help="one size only, as 1/SHARE of the whole (for the processes that this starts itself)")
    parser.add_argument("--write", type=Path, help="file for the tables, for example benchmarks/results/recommend_load.md")
    arguments = parser.parse_args()
    if arguments.share:
        growth(arguments.share)
        return
    parts = []
    if "calls" in arguments.only:
        parts += ["| 100 000 customers x 40 000 items, one call | p50 ms | p99 ms |", "|---|---|---|"]
        for name, half, most in calls():
            parts.append(f"| {name} | {half:.2f} | {most:.2f} |")
            print(parts[-1], flush=True)
        parts.append("")
    if "growth" in arguments.only:
        parts += [
            "| size | interactions | learning, cpu s | 10 000 lists, cpu s | MB before | MB at the peak |",
            "|---|---|---|---|---|---|",
        ]
        for share in (16, 4, 1):
            made = subprocess.run([sys.executable, __file__, "--share", str(share)], capture_output=True, text=True, check=True)
            parts.append(made.stdout.strip().splitlines()[-1])
            print(parts[-1], flush=True)
    machine = f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores"  # noqa: DTZ011 - the day the table was made
    page = (
        f"# Recommendation: one call, and growth\n\n{machine}. The goal of a call: p99 of 10 ms in process.\n\n" + "\n".join(parts) + "\n"
    )
    print(page)
    if arguments.write:
        arguments.write.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
