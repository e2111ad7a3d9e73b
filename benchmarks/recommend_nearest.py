"""One history against all items: looking at every item, looking from the longest on, and an approximate index, 100 000 to 1 000 000 items.

    python benchmarks/recommend_nearest.py [--items 100000,300000,1000000] [--most-indexed 100000]
                                           [--write benchmarks/results/recommend_nearest.md]

Points: 64 factors of `implicit` ALS, learned from 5 million invented interactions (`recommend_load.py`), asked for 100 items by the points
of 300 customers; and the same points all brought to one length, the worst case for looking from the longest on. One thread, in process.
"made" is what is done once before the first answer. HNSW is that of `usearch`, where it is installed (it is not a dependency):
connectivity 16, expansion 128 while adding, inner product, 200 found and ordered by their exact products; its building takes long,
so it is built up to `--most-indexed` items. Recall is the share of the exact first hundred; of
equal products either may be told, which is all that an exact way can miss.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

import numpy as np
import scipy.sparse as sp
from recommend_load import invented

from zhiyin.recommend.scores import Points

CUSTOMERS, INTERACTIONS, FACTORS, ASKED, K = 100_000, 5_000_000, 64, 300, 100
Found = Callable[[np.ndarray], np.ndarray]


def learned(items: int) -> tuple[np.ndarray, np.ndarray]:
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    table = invented(CUSTOMERS, items, interactions=INTERACTIONS)
    taken = sp.csr_matrix((np.ones(len(table), np.float32), (table["customer_id"], table["item_id"])), shape=(CUSTOMERS, items))
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(factors=FACTORS, alpha=20, regularization=20, iterations=4, num_threads=1, random_state=1)
        model.fit(taken, show_progress=False)
    return model.item_factors, model.user_factors[:ASKED]


def every(factors: np.ndarray) -> Found:
    across = np.ascontiguousarray(factors.T)

    def found(row: np.ndarray) -> np.ndarray:
        said = (row[None] @ across)[0]
        first = np.argpartition(said, len(said) - K)[len(said) - K :]
        return first[np.argsort(-said[first])]

    return found


def by_length(factors: np.ndarray) -> Found:
    points, nobody = Points(factors), np.zeros(0, np.int32)
    points.first(np.ones(factors.shape[1], np.float32), K, barred=nobody)
    return lambda row: points.first(row, K, barred=nobody)[0]


def indexed(factors: np.ndarray, *, look: int) -> Found:
    from usearch.index import Index

    index = Index(ndim=factors.shape[1], metric="ip", dtype="f32", connectivity=16, expansion_add=128, expansion_search=look)
    index.add(np.arange(len(factors)), factors, threads=1)

    def found(row: np.ndarray) -> np.ndarray:
        some = index.search(row, 2 * K, threads=1).keys
        return some[np.argsort(-(factors[some] @ row))[:K]]

    return found


def rows_of(name: str, factors: np.ndarray, *, asked: np.ndarray, most: int) -> Iterator[str]:
    exact = [every(factors)(row) for row in asked[:1]]
    ways: dict[str, Callable[[], Found]] = {"every item": lambda: every(factors), "from the longest on": lambda: by_length(factors)}
    if len(factors) <= most and find_spec("usearch") is not None:
        ways |= {f"usearch HNSW, expansion {look}": lambda look=look: indexed(factors, look=look) for look in (200, 800)}  # type: ignore[misc]
    for way, make in ways.items():
        began = perf_counter()
        answer = make()
        made, taken, lists = perf_counter() - began, [], []
        for row in asked:
            began = perf_counter()
            lists.append(answer(row))
            taken.append(perf_counter() - began)
        exact = lists if way == "every item" else exact
        recall = np.mean([len(np.intersect1d(one, other)) / K for one, other in zip(lists, exact, strict=True)])
        half, late = np.percentile(taken, [50, 99]) * 1000
        yield f"| {len(factors):,} | {name} | {way} | {made:.1f} | {half:.2f} | {late:.2f} | {recall:.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", default="100000,300000,1000000")
    parser.add_argument("--most-indexed", type=int, default=100_000)
    parser.add_argument("--write", type=Path, help="file for the table, for example benchmarks/results/recommend_nearest.md")
    arguments = parser.parse_args()
    table = ["| items | points | way | made, s | p50 ms | p99 ms | recall of 100 |", "|---|---|---|---|---|---|---|"]
    for items in map(int, arguments.items.split(",")):
        factors, asked = learned(items)
        length = np.linalg.norm(factors, axis=1, keepdims=True)
        known = length[:, 0] > 0
        for name, points in (("ALS", factors), ("one length", np.ascontiguousarray(factors[known] / length[known]))):
            for row in rows_of(name, points, asked=asked, most=arguments.most_indexed if name == "ALS" else 0):
                print(row, flush=True)
                table.append(row)
    machine = f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores"  # noqa: DTZ011 - the day the table was made
    page = f"# One history against all items\n\n{machine}, one thread.\n\n" + "\n".join(table) + "\n"
    if arguments.write:
        arguments.write.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
