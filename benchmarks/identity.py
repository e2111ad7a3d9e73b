"""Who is who, without labels and without settings? Our linker beside exact matching and Splink with its own demonstration settings.

    python benchmarks/identity.py --data ../shared/data --write benchmarks/results/identity.md   (make bench-identity)
    python benchmarks/identity.py --sets febrl3,persons-40 --methods ours,splink

Each line is a process of its own: seconds and the peak of the memory are those of linking, reading the tables aside. A pair counts
from probability 0.5. "closed" joins everything that a chain of pairs joins, as a merge would. The product sets are judged by the
protocol of their authors: on the pairs of `valid` only, the labels of `train` given (`-labels`) or not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from _identity_sets import PRODUCTS, Linked, made
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

PERSONS = ("febrl1", "febrl2", "febrl3", "febrl1-two-tables", "persons", "persons-40", "sandbox-20000")
LARGE = "sandbox-1182000"  # 1 000 573 records
METHODS = ("exact", "splink", "ours")
HARD = """## Hard Chinese companies

`benchmarks/identity_hard.py`: the product's own identity on invented companies (seeds {seeds}, on which nothing was tuned), in total, by equal
phones alone, and for each planted thing. "most" is the recall that the evidence allows. The goal is F1 .95 at precision .98.
"""
MILLION = """## A million records through the product

`benchmarks/identity_million.py`: findings with evidence, conflicts, the merge log and customers; the goal is 300 s and 8 GB.
"""
HEAD = ("set", "method", "rows", "true pairs", "P", "R", "F1", "closed F1", "wall s", "processor s", "peak MB")


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    asked.add_argument("--sets", default=",".join([*PERSONS, *PRODUCTS, *(f"{name}-labels" for name in PRODUCTS), LARGE]))
    asked.add_argument("--methods", default=",".join(METHODS))
    asked.add_argument("--product", default="hard,million", help="benchmarks of the product's own identity; empty for none")
    asked.add_argument("--write", type=Path)
    asked.add_argument("--one", help="used by itself: measure one set and method, and print the line")
    told = asked.parse_args()
    if told.one:
        print(json.dumps(measured(*told.one.split(":"), data=told.data)))
        return
    lines = []
    for name in told.sets.split(","):
        for method in told.methods.split(","):
            if method == "splink" and not name.startswith(("febrl", "persons")):
                continue
            command = [sys.executable, __file__, "--data", str(told.data), "--one", f"{name}:{method}"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{name} {method} did not end: {done.stderr.strip().splitlines()[-1:]}", flush=True)
                continue
            lines.append(json.loads(done.stdout.splitlines()[-1]))
            print(lines[-1], flush=True)
    product = {name: rows for name in told.product.split(",") if name for rows in [_product(name)] if rows}
    if told.write:
        told.write.write_text(_page(lines, product))


def _product(name: str) -> list[dict[str, object]]:
    """What a benchmark of the product's own identity says: `hard` or `million`, a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said.json"
        command = [sys.executable, str(Path(__file__).with_name(f"identity_{name}.py")), "--json", str(said)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        print(done.stdout if done.returncode == 0 else f"{name} did not end: {done.stderr.strip().splitlines()[-1:]}", flush=True)
        found = json.loads(said.read_text("utf-8")) if said.is_file() else []
    return found if isinstance(found, list) else [found]


def measured(name: str, method: str, *, data: Path) -> dict[str, object]:
    """One line of the table."""
    found = made(name, data)
    wall, processor = time.perf_counter(), time.process_time()
    pairs = _exact(found) if method == "exact" else _splink(found, name) if method == "splink" else _ours(found)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    rows = len(found.left) + (0 if found.right is None else len(found.right))
    scores = _judged(found, pairs) if found.judged is not None else _scored(found, pairs, rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"set": name, "method": method, "rows": rows, **scores, "wall s": wall, "processor s": processor, "peak MB": peak}


def _ours(found: Linked) -> pd.DataFrame:
    from zhiyin.lab import link

    return link(found.left, found.right, labels=found.labels).query("probability >= 0.5")


def _splink(found: Linked, name: str) -> pd.DataFrame:
    from _identity_splink import linked

    return linked(found, name)


def _exact(found: Linked) -> pd.DataFrame:
    """Rows that say the same in the columns that people would match by."""
    key = list(found.key)
    sides = [
        frame.rename(columns={frame.columns[0]: "id"})[["id", *key]].dropna() for frame in (found.left, found.right) if frame is not None
    ]
    pairs = sides[0].merge(sides[-1], on=key, suffixes=("_left", "_right"))
    pairs = pairs.rename(columns={"id_left": "left_id", "id_right": "right_id"})
    return pairs if found.right is not None else pairs[pairs["left_id"] < pairs["right_id"]]


def _scored(found: Linked, pairs: pd.DataFrame, rows: int) -> dict[str, float]:
    left, right = found.places(pairs)
    cut = None if found.right is None else len(found.left)
    true = _between(found.who, cut)
    hit = int((found.who[left] == found.who[right]).sum())
    links = coo_array((np.ones(len(left), dtype=bool), (left, right)), shape=(rows, rows))
    group = connected_components(links, directed=False)[1]
    both = pd.factorize(pd.Series(group.astype(str)) + "|" + pd.Series(found.who.astype(str)))[0]
    closed = 2 * _between(both, cut) / max(_between(group, cut) + true, 1)
    precision, recall = hit / max(len(left), 1), hit / max(true, 1)
    return {"true pairs": true, "P": precision, "R": recall, "F1": 2 * hit / max(len(left) + true, 1), "closed F1": closed}


def _between(group: np.ndarray, cut: int | None) -> int:
    """How many pairs stand in one group (of two tables, between them)."""
    if cut is None:
        size = pd.Series(group).value_counts().to_numpy()
        return int((size * (size - 1) // 2).sum())
    return int(pd.Series(group[:cut]).value_counts().mul(pd.Series(group[cut:]).value_counts()).sum())


def _judged(found: Linked, pairs: pd.DataFrame) -> dict[str, float]:
    """Only the pairs that the authors judged count."""
    told = found.judged.merge(pairs[["left_id", "right_id"]].drop_duplicates().assign(told=1), how="left", on=["left_id", "right_id"])
    told, label = told["told"].fillna(0).to_numpy(), told["label"].to_numpy()
    hit = float((told * label).sum())
    precision, recall = hit / max(told.sum(), 1), hit / label.sum()
    return {"true pairs": int(label.sum()), "P": precision, "R": recall, "F1": 2 * hit / (told.sum() + label.sum()), "closed F1": np.nan}


def _page(lines: list[dict[str, object]], product: dict[str, list[dict[str, object]]]) -> str:
    moment = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end"
    words = (__doc__ or "").partition("\n\n")[2].partition("\n\n")[2].strip()
    parts = [
        f"# Who is who\n\n{moment}, {machine}; `make bench-identity`.\n\n{words}\n",
        _table(pd.DataFrame(lines)[list(HEAD)]) if lines else "",
    ]
    if "hard" in product:
        hard = pd.DataFrame(product["hard"])
        seeds = ", ".join(map(str, sorted(hard["seed"].unique())))
        means = hard.groupby("way", sort=False)[["precision", "recall", "f1", "most", "pairs", "said"]].mean().reset_index()
        parts += [HARD.format(seeds=seeds), _table(means)]
    if "million" in product:
        parts += [MILLION, _table(pd.DataFrame(product["million"]))]
    return "\n".join(parts) + "\n"


def _table(rows: pd.DataFrame) -> str:
    head = f"| {' | '.join(rows.columns)} |\n|{'---|' * len(rows.columns)}"
    return "\n".join([head, *(f"| {' | '.join(map(_cell, row))} |" for row in rows.itertuples(index=False))]) + "\n"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.4f}" if value <= 1 else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int | np.integer) else str(value)


if __name__ == "__main__":
    main()
