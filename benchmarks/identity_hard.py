"""How well is it told who is who, where it is hard? Invented Chinese companies whose seeds nothing was tuned on.

Same sounds, traditional characters, full-width signs, forms of address, changed phones, phones of the family, masked marketplace
buyers: pairwise precision, recall and F1 in total and for each planted thing, beside equal phones alone, and beside the most that
the evidence allows (pairs between which no chain of shared keys leads cannot be known).

`PYTHONPATH=src python benchmarks/identity_hard.py [--seeds 101 102 103] [--customers 2000] [--scenario appliances] [--json FILE]`
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

import zhiyin
from zhiyin.app.home import create_home, open_home
from zhiyin.app.known import Reader
from zhiyin.app.linking import link_new
from zhiyin.app.reading import published
from zhiyin.app.recipes.sandbox import Plan, invent
from zhiyin.app.recipes.truth import records_of
from zhiyin.app.recipes.truth_file import open_truth
from zhiyin.core.clock import utc_now
from zhiyin.improve.truth_pairs import ORDER, planted_scores
from zhiyin.unify.identity.pairs import pairs_of, shared_keys
from zhiyin.unify.merge import resolve


def quiet(*_: object) -> None:
    """No progress."""


def scored(identity: pd.DataFrame, truth: pd.DataFrame) -> dict[str, float]:
    """Pairwise precision, recall and F1."""
    held = truth.merge(identity, on="record_id")
    cells = held.groupby(["customer_id", "person_id"]).size()
    pairs = [float((size * (size - 1) / 2).sum()) for size in (cells, held.groupby("customer_id").size(), held.groupby("person_id").size())]
    hit, said, true = pairs
    return {"precision": hit / said if said else 1.0, "recall": hit / true, "f1": 2 * hit / (said + true), "pairs": true, "said": said}


def by_exact_phone(keys: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Records with an equal phone are one customer: what most systems do."""
    phones = keys[keys["kind"].eq("phone")]
    return _closed(phones["record_id"], phones["digest"], records=records)


def most_that_can_be_known(keys: pd.DataFrame, records: pd.DataFrame, *, truth: pd.DataFrame) -> float:
    """The share of the pairs of one person between which a chain of shared keys leads, through records of that person."""
    place = pd.Series(np.arange(len(records)), index=records["record_id"])
    pairs = pairs_of(shared_keys(keys), place)
    person = truth.set_index("record_id")["person_id"].reindex(records["record_id"]).to_numpy()
    own = person[pairs.left] == person[pairs.right]
    graph = coo_array((np.ones(own.sum(), dtype=bool), (pairs.left[own], pairs.right[own])), shape=(len(place),) * 2)
    group = connected_components(graph, directed=False)[1]
    best = scored(pd.DataFrame({"record_id": records["record_id"], "customer_id": group}), truth)
    return best["recall"]


def _closed(record: pd.Series, value: pd.Series, *, records: pd.DataFrame) -> pd.DataFrame:
    place = pd.Series(np.arange(len(records)), index=records["record_id"])
    code = pd.factorize(value)[0] + len(place)
    size = len(place) + (int(code.max()) - len(place) + 1 if len(code) else 0)
    graph = coo_array((np.ones(len(code), dtype=bool), (place.reindex(record).to_numpy(), code)), shape=(size, size))
    return pd.DataFrame({"record_id": records["record_id"], "customer_id": connected_components(graph, directed=False)[1][: len(place)]})


def measured(folder: Path, seed: int, *, customers: int, scenario: str) -> Iterator[dict[str, object]]:
    """One company: a line a way of linking, and a line a planted thing."""
    box, workspace = folder / f"box{seed}", folder / f"work{seed}"
    invent(box, Plan(customers, 180, seed, scenario), progress=quiet)
    create_home(workspace)
    with zhiyin.open(workspace) as opened:
        opened.import_(box)
    home, true = open_home(workspace), open_truth(box / "truth")
    truth = records_of(home, true)
    with published(home, utc_now) as (view, guard):
        read = Reader(guard, view.frame)
        began = time.process_time()
        link_new(home, read)
        seconds = time.process_time() - began
        keys = read.all_keys(())
        records = view.frame(view.table("record").select("record_id", "source", "since_on"))
    identity = resolve(records, home.merges.findings())
    common = {"seed": seed, "records": len(records)}
    most = most_that_can_be_known(keys, records, truth=truth)
    yield {**common, "way": "zhiyin", **scored(identity, truth), "most": most, "cpu_seconds": round(seconds, 1)}
    yield {**common, "way": "equal phone", **scored(by_exact_phone(keys, records), truth), "most": most}
    for judged in planted_scores(identity, truth):
        more = judged.more
        yield {**common, "way": judged.measure.removeprefix("pair_f1_"), "f1": judged.figure.value, **more}
    home.close()


def main() -> None:
    """Measure all companies and print a table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, nargs="+", default=[101, 102, 103])
    asked.add_argument("--customers", type=int, default=2000)
    asked.add_argument("--scenario", default="appliances")
    asked.add_argument("--json", type=Path)
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [row for seed in wanted.seeds for row in measured(Path(folder), seed, customers=wanted.customers, scenario=wanted.scenario)]
    table = pd.DataFrame(rows)
    order = {way: at for at, way in enumerate(["zhiyin", "equal phone", *ORDER])}
    shown = table.groupby("way")[["precision", "recall", "f1", "most", "pairs", "said"]].mean().round(3)
    print(shown.loc[sorted(shown.index, key=order.__getitem__)].to_string())
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    if wanted.json:
        wanted.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1, default=float), "utf-8")


if __name__ == "__main__":
    main()
