"""Which voice is worth its time in the blend? BPR, and a self-attentive network where torch is installed: without, with, alone.

    python benchmarks/recommend_voices.py [--data ../shared/data] [--only pairs,network] [--sets Beauty,Yelp] [--budget 240]
                                          [--write benchmarks/results/recommend_voices.md]

Protocol and parts as in `recommend.py`: what is judged here is hidden from every fit, every item is ranked. `pairs` is BPR (Rendle et
al. 2009) of `implicit`, one thread, 64 factors, 100 passes, a history at the mean of its items; it is no voice of the product and is
put beside the voices by this benchmark, which may then be blended as all others. `network` is what the product does by itself with the
extra `deep`, task `next` and time: `without` is the same fit where torch is said to be missing. The difference is that of nDCG, history
by history, with its standard error; recall is of at most k. Seconds are processor seconds of learning, in one thread.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from time import process_time
from unittest.mock import patch

import numpy as np
import pandas as pd
from _recommend_peers import MeanOfPairs
from _recommend_sets import NEXT, TOP, Set, next_set, top_set

from recommend import JUDGED, PLACES, matrix
from zhiyin.lab import fit_recommender
from zhiyin.recommend.interactions import read_interactions
from zhiyin.recommend.plan import Plan
from zhiyin.recommend.ranking import ndcg_at, recall_at, top_lists
from zhiyin.recommend.trails import Trails
from zhiyin.recommend.voices import Voice

Lists = Callable[[np.ndarray, int], np.ndarray]
SETS = {"pairs": (*TOP, *NEXT), "network": NEXT}


def with_pairs() -> AbstractContextManager[object]:
    """Every fit inside has one voice more."""
    plain = Plan.voices

    def voices(self: Plan, trails: Trails, **more: object) -> Mapping[str, Voice]:
        only = more.get("only")
        found = plain(self, trails, **more)  # type: ignore[arg-type]
        return {"pairs": MeanOfPairs(trails, fade=0.8 if self.task == "next" else 1.0)} | found if not only or "pairs" in only else found

    return patch.object(Plan, "voices", voices)


def without_network() -> AbstractContextManager[object]:
    return patch("zhiyin.recommend.plan.can_learn", lambda: False)


def blended(given: Set, budget_s: float) -> tuple[str, Lists]:
    model = fit_recommender(given.known, items=given.goods, task=given.task, budget_s=budget_s)  # type: ignore[arg-type]

    def lists(customers: np.ndarray, k: int) -> np.ndarray:
        found = model.recommend(customers.tolist(), k)
        out = np.full((len(customers), k), -1)
        out[np.searchsorted(customers, found["customer_id"].astype(int)), found["rank"] - 1] = found["item_id"].astype(int)
        return out

    return model.used_, lists


def alone(given: Set, learn: Callable[[Trails], Voice]) -> tuple[str, Lists]:
    found = read_interactions(given.known, ordered=given.task == "next")
    voice, ids, items = learn(found.trails), found.customers.astype(int), found.items.astype(int)

    def lists(customers: np.ndarray, k: int) -> np.ndarray:
        place = np.argsort(ids)[np.searchsorted(np.sort(ids), customers)]
        some = found.trails.take(place)
        best = voice.score(some).best(k, without=some.seen())
        return top_lists(best.row, items[best.item], score=best.score, count=len(customers), k=k)

    return "alone", lists


def network_alone(given: Set, budget_s: float) -> tuple[str, Lists]:
    from zhiyin.recommend.plan import plan

    def learn(trails: Trails) -> Voice:
        return plan(trails, task="next", budget_s=budget_s, seed=7, threads=1).sequence(trails)

    return alone(given, learn)


def variants(
    kind: str, given: Set, *, budget_s: float
) -> dict[str, tuple[AbstractContextManager[object], Callable[[], tuple[str, Lists]]]]:
    fit = lambda: blended(given, budget_s)  # noqa: E731 - said twice below
    if kind == "pairs":
        fade = 0.8 if given.task == "next" else 1.0
        single = lambda: alone(given, lambda trails: MeanOfPairs(trails, fade=fade))  # noqa: E731
        with_ = with_pairs()
    else:
        single, with_ = lambda: network_alone(given, budget_s), nullcontext()
    return {f"{kind} alone": (nullcontext(), single), "blend without": (without_network(), fit), f"blend with {kind}": (with_, fit)}


def rows_of(kind: str, given: Set, *, budget_s: float) -> Iterator[str]:
    both = pd.concat([given.known, given.hidden])
    shape = (int(both["customer_id"].max()) + 1, int(both["item_id"].max()) + 1)
    customers = np.intersect1d(given.hidden["customer_id"], given.known["customer_id"])
    if len(customers) > JUDGED:
        customers = np.sort(np.random.default_rng(1).choice(customers, JUDGED, replace=False))
    truth, k, plain = matrix(given.hidden, shape)[customers], PLACES[given.task], None
    for name, (inside, fit) in variants(kind, given, budget_s=budget_s).items():
        with nullcontext() if kind == "network" else without_network(), inside:
            began = process_time()
            used, lists = fit()
            spent = process_time() - began
            made = np.concatenate([lists(customers[start : start + 500], k) for start in range(0, len(customers), 500)])
        ndcg, recall = ndcg_at(made, truth), recall_at(made, truth)
        said = (
            ""
            if plain is None
            else f"{100 * np.mean(ndcg - plain) / plain.mean():+.1f} % ± {100 * spread(ndcg - plain) / plain.mean():.1f}"
        )
        plain = ndcg if name == "blend without" else plain
        yield f"| {given.name} | {name} ({used}) | {np.mean(recall):.4f} | {np.mean(ndcg):.4f} | {said} | {spent:.0f} |"


def spread(difference: np.ndarray) -> float:
    return float(difference.std(ddof=1) / np.sqrt(len(difference)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared/data")
    parser.add_argument("--only", default="pairs,network")
    parser.add_argument("--sets", default="", help="names of sets, with commas")
    parser.add_argument("--budget", type=float, default=240.0, help="processor seconds granted to each fit beside the network")
    parser.add_argument("--write", type=Path, help="file for the tables, for example benchmarks/results/recommend_voices.md")
    arguments = parser.parse_args()
    machine = f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores."  # noqa: DTZ011 - the day the table was made
    page = [f"# Voices that must win\n\n{machine}"]
    for kind in arguments.only.split(","):
        budget = arguments.budget if kind == "network" else 60.0
        if kind == "network" and find_spec("torch") is None:
            page.append("The network: not measured, torch (the extra `deep`) is not installed.")
            continue
        table = ["| set | variant | recall | NDCG | beside the blend without | cpu s |", "|---|---|---|---|---|---|"]
        for name in [name for name in SETS[kind] if not arguments.sets or name in arguments.sets.split(",")]:
            given = top_set(arguments.data, name) if name in TOP else next_set(arguments.data, name)
            for row in rows_of(kind, given, budget_s=budget):
                print(row, flush=True)
                table.append(row)
        page.append(f"## {kind}, budget {budget:.0f} s\n\n" + "\n".join(table))
    if arguments.write:
        arguments.write.write_text("\n\n".join(page) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
