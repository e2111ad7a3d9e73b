"""What fits whom, on public sets, beside the peers of the same run: full ranking, coverage, novelty, popularity bias, seconds.

    python benchmarks/recommend.py [--data ../shared/data] [--only gowalla,Beauty] [--write benchmarks/results/recommend.md]

Protocol: the canonical training parts, less what is judged here: Gowalla, ML-1M and LastFM (pairs without order) less the part that
others tune on; the five sequence sets less the last item given (the official last item is held back). Two sets with times besides: films
(MovieLens small, the last film of each customer) and retail (Online Retail II, cut on a day for everybody). Every item is ranked, none is
sampled; what a customer took is left out. Our settings were chosen on Gowalla, ML-1M, LastFM, Beauty and retail, ratings on MovieLens small: development figures.

Recall = hits / all that was hidden, NDCG with the best possible order of at most k. Coverage: share of the items that stand in some
list. Novelty: mean of -log2 of the share of customers who took a listed item. Popular share: share of the places that go to the
tenth of the items that most customers took. Seconds are processor seconds of learning. A second table tells for whom the lists work: see
_recommend_groups.py.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd
import scipy.sparse as sp
from _recommend_groups import by_group, kinds_of
from _recommend_groups import table as groups_table
from _recommend_peers import peers
from _recommend_sets import DATED, NEXT, PUBLISHED, TOP, Set, dated_set, next_set, top_set

from zhiyin.lab import fit_recommender

PLACES = {"top": 20, "next": 10}
JUDGED = 10_000  # customers whose lists are made, drawn at random where there are more
_CHUNK = 500
NEW = "For whom: new is what had three at most; light, middle and heavy are thirds of the customers; KL is 0 where a list is as mixed as a history."


def matrix(rows: pd.DataFrame, shape: tuple[int, int]) -> sp.csr_matrix:
    made = sp.csr_matrix((np.ones(len(rows), np.float32), (rows["customer_id"], rows["item_id"])), shape=shape)
    made.data[:] = 1
    return made


def figures(lists: np.ndarray, truth: sp.csr_matrix, *, taken: sp.csr_matrix) -> dict[str, float]:
    """`lists` holds items by place, -1 for none; rows as those of `truth`."""
    k = lists.shape[1]
    discount = 1 / np.log2(np.arange(2, k + 2))
    hit = (np.asarray(truth[np.arange(len(lists))[:, None], np.maximum(lists, 0)].todense()) > 0) & (lists >= 0)
    wanted = truth.getnnz(axis=1)
    best = np.r_[0, np.cumsum(discount)][np.minimum(wanted, k)]
    share = np.maximum(taken.getnnz(axis=0), 1) / taken.shape[0]
    shown = lists[lists >= 0]
    popular = np.argsort(-share)[: max(1, taken.shape[1] // 10)]
    return {
        "recall": float((hit.sum(axis=1) / wanted).mean()),
        "ndcg": float((hit @ discount / best).mean()),
        "coverage": len(np.unique(shown)) / int((taken.getnnz(axis=0) > 0).sum()),
        "novelty": float(-np.log2(share[shown]).mean()),
        "popular": float(np.isin(shown, popular).mean()),
    }


def best_of(score: object, customers: np.ndarray, *, taken: sp.csr_matrix, k: int) -> np.ndarray:
    found = []
    for start in range(0, len(customers), _CHUNK):
        some = customers[start : start + _CHUNK]
        block = np.array(score(some), dtype=np.float32)  # type: ignore[operator]
        block[taken[some].nonzero()] = -np.inf
        first = np.argpartition(-block, k, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(block, first, axis=1), axis=1, kind="stable")
        found.append(np.take_along_axis(first, order, axis=1))
    return np.concatenate(found)


def ours(given: Set, customers: np.ndarray, *, k: int, budget_s: float) -> tuple[np.ndarray, np.ndarray, float, str]:
    """Our lists, those of new items alone, seconds of learning, and what was used."""
    began = process_time()
    model = fit_recommender(given.known, items=given.goods, task=given.task, budget_s=budget_s)  # type: ignore[arg-type]
    spent = process_time() - began
    report, asked = model.report(), customers.tolist()
    used = str(report.loc[report["used"], "variant"].iloc[0])
    return *(placed(found, customers, k=k) for found in (model.recommend(asked, k), model.new_items(asked, k))), spent, used


def placed(found: pd.DataFrame, customers: np.ndarray, *, k: int) -> np.ndarray:
    """Items by place, -1 for none."""
    lists = np.full((len(customers), k), -1)
    lists[np.searchsorted(customers, found["customer_id"].astype(int)), found["rank"] - 1] = found["item_id"].astype(int)
    return lists


def rows_of(given: Set, *, budget_s: float) -> Iterator[dict[str, object]]:
    both = pd.concat([given.known, given.hidden])
    taken = matrix(given.known, (int(both["customer_id"].max()) + 1, int(both["item_id"].max()) + 1))
    customers = np.intersect1d(given.hidden["customer_id"], given.known["customer_id"])
    if len(customers) > JUDGED:
        customers = np.sort(np.random.default_rng(1).choice(customers, JUDGED, replace=False))
    truth = matrix(given.hidden, taken.shape)[customers]
    k = PLACES[given.task]
    sequences = None
    if given.task == "next":
        steps = given.known.sort_values("customer_id", kind="stable")
        ends = np.searchsorted(steps["customer_id"], np.arange(1, taken.shape[0]))
        sequences = np.split(steps["item_id"].to_numpy(), ends)
    lately = None
    if "at" in given.known:
        recent = given.known[given.known["at"] > given.known["at"].max() - pd.Timedelta(days=28)]
        lately = np.asarray(matrix(recent, taken.shape).sum(axis=0)).ravel()
    made = peers(taken, sequences, lately=lately)
    takers, kinds = taken.getnnz(axis=0), kinds_of(given.kinds, taken.shape[1])

    def row(name: str, lists: np.ndarray, *, spent: float) -> dict[str, object]:
        groups = by_group(lists, truth, before=taken[customers], takers=takers, kinds=kinds)
        return {"set": given.name, "variant": name, "seconds": spent, "groups": groups} | figures(lists, truth, taken=taken)

    while True:
        began = process_time()
        name, score = next(made, ("", None))
        if not name:
            break
        spent = process_time() - began
        yield row(name, best_of(score, customers, taken=taken, k=k), spent=spent)
    lists, new, spent, used = ours(given, customers, k=k, budget_s=budget_s)
    mine = row(f"**zhiyin** ({used})", lists, spent=spent)
    if given.goods is not None:
        alone = by_group(new, truth, before=taken[customers], takers=takers, kinds=kinds)["new items"]
        mine["groups"] = mine["groups"] | {"new items alone": alone}  # type: ignore[operator]
    yield mine


def table(rows: list[dict[str, object]]) -> str:
    out = ["| set | variant | recall | NDCG | coverage | novelty | popular share | cpu s |", "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        told = [f"{row[name]:.4f}" for name in ("recall", "ndcg")] + [f"{row[name]:.2f}" for name in ("coverage", "novelty", "popular")]
        out.append(f"| {row['set']} | {row['variant']} | {' | '.join(told)} | {row['seconds']:.0f} |")
    return "\n".join(out)


def ahead(rows: list[dict[str, object]]) -> str:
    """How far in front of the best peer, set by set."""
    out = ["| set | best peer recall / NDCG | zhiyin | ahead | published on the official test part |", "|---|---|---|---|---|"]
    for name in dict.fromkeys(row["set"] for row in rows):
        mine = [row for row in rows if row["set"] == name]
        own, others = mine[-1], mine[:-1]
        best = [max(float(str(row[metric])) for row in others) for metric in ("recall", "ndcg")]
        got = [float(str(own[metric])) for metric in ("recall", "ndcg")]
        gain = " / ".join(f"{100 * (new / old - 1):+.1f} %" for new, old in zip(got, best, strict=True))
        told = [" / ".join(f"{value:.4f}" for value in pair) for pair in (best, got)]
        out.append(f"| {name} | {told[0]} | {told[1]} | {gain} | {PUBLISHED.get(str(name), '-')} |")
    return "\n".join(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared/data")
    parser.add_argument("--only", default="", help="names of sets, with commas")
    parser.add_argument("--budget", type=float, default=60.0, help="processor seconds granted to each of our fits")
    parser.add_argument("--write", type=Path, help="file for the tables, for example benchmarks/results/recommend.md")
    arguments = parser.parse_args()
    wanted = arguments.only.split(",") if arguments.only else [*TOP, *NEXT, *DATED]
    rows: list[dict[str, object]] = []
    for name in wanted:
        made = top_set if name in TOP else dated_set if name in DATED else next_set
        given = made(arguments.data, name)
        for row in rows_of(given, budget_s=arguments.budget):
            rows.append(row)
            print(table([row]).splitlines()[-1], flush=True)
    words = f"Budget of our fits {arguments.budget:.0f} s. Settings were chosen on Gowalla, ML-1M, LastFM, Beauty and retail: development figures."
    machine = f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores."  # noqa: DTZ011 - the day the table was made
    page = (
        f"# Recommendation from any interactions\n\n{machine} {words}\n\n{ahead(rows)}\n\n{table(rows)}\n\n{NEW}\n\n{groups_table(rows)}\n"
    )
    print(page)
    if arguments.write:
        arguments.write.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
