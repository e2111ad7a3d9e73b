"""Recommendation on Complete Journey: buy again and try, on four days, each beside its baseline of the same run.

    python benchmarks/recommendation.py [--data ../shared/data/complete_journey] [--write benchmarks/results/recommendation.md]

Protocol: what came before the day is known, the 28 days that follow are the truth; every item is ranked, none is sampled.
Recall at 10 is hits / min(10, items wanted), the mean over households that wanted at least one (households without an earlier
purchase are left out). Lines with quantity <= 0, petrol, coupons and miscellanea are left out: they are no products to offer.
Weights are learned before each day. Settings (candidates, half-lives, factors, the baseline's half-life) were chosen while looking
at all four days, where they differ by less than .002: these figures are development figures. Weeks 45 and later were never read.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pandas as pd
import scipy.sparse as sp

from zhiyin.recommend.new import NAMES, Voices, chunks
from zhiyin.recommend.products import ProductRecommender
from zhiyin.recommend.purchases import Ints, Purchases, day_number, positions, read
from zhiyin.recommend.ranking import PLACES, best, bought_again, bought_new, ndcg_at, recall_at, top_lists
from zhiyin.recommend.repeat import held

DAYS = (date(2017, 7, 10), date(2017, 8, 7), date(2017, 9, 4), date(2017, 10, 2))
HORIZON = 28
NO_PRODUCTS = ("FUEL", "COUPON", "MISCELLANEOUS")
NEEDS = ("ordered_on", "order_id", "category")


def lines(folder: Path) -> pd.DataFrame:
    """Purchases as order lines; days are those of the shop (the times look like UTC of a retailer on US Eastern time)."""
    columns = ["household_id", "basket_id", "product_id", "quantity", "transaction_timestamp"]
    bought = pd.read_parquet(folder / "transactions.parquet", columns=columns).query("quantity > 0")
    products = pd.read_parquet(folder / "products.parquet", columns=["product_id", "department", "product_category"])
    bought = bought.merge(products, on="product_id", how="left").query("department not in @NO_PRODUCTS")
    local = bought["transaction_timestamp"].dt.tz_localize("UTC").dt.tz_convert("America/New_York").dt.tz_localize(None)
    return pd.DataFrame(
        {
            "customer_id": bought["household_id"].astype(str),
            "item_id": bought["product_id"].astype(str),
            "order_id": bought["basket_id"],
            "ordered_on": local.dt.normalize(),
            "category": bought["product_category"].fillna(""),
        }
    )


def score(lists: Ints, truth: sp.csr_matrix) -> dict[str, float]:
    return {"recall@10": float(np.nanmean(recall_at(lists, truth))), "ndcg@10": float(np.nanmean(ndcg_at(lists, truth)))}


def asked(found: pd.DataFrame, *, whole: Purchases, customers: Ints) -> Ints:
    """The lists of the engine as item numbers, one row a customer."""
    place = positions(whole.customers, found["customer_id"])
    row, item = np.searchsorted(customers, place), positions(whole.items, found["item_id"])
    return top_lists(row, item, score=-found["rank"].to_numpy(float), count=len(customers), k=PLACES)


def again_baselines(whole: Purchases, at: int, *, customers: Ints) -> dict[str, Ints]:
    pairs = held(whole, at, shortlist=10_000)
    row = np.searchsorted(customers, pairs.customer)
    plans = {"own counts": pairs.count.astype(float), "own recency-weighted counts": pairs.plain}
    return {name: top_lists(row, pairs.item, score=plan, count=len(customers), k=PLACES) for name, plan in plans.items()}


def voices_alone(whole: Purchases, at: int, *, customers: Ints) -> dict[str, Ints]:
    """What each voice would recommend by itself; `popular` is the baseline."""
    voices = Voices(whole, at, seed=7, threads=2)
    found: dict[str, list[Ints]] = {name: [] for name in NAMES}
    for some in chunks(customers):
        cube, unknown = voices.cube(some), voices.unknown(some)
        for number, name in enumerate(NAMES):
            found[name].append(voices.candidates[best(np.where(unknown, cube[:, :, number], -np.inf), PLACES)])
    return {f"{name} alone" if name != "popular" else "popular of 28 days": np.concatenate(parts) for name, parts in found.items()}


def on_day(frame: pd.DataFrame, day: date) -> list[dict[str, object]]:
    known = frame[frame["ordered_on"] < pd.Timestamp(day)]
    whole = read(frame[frame["ordered_on"] < pd.Timestamp(day + timedelta(days=HORIZON))])
    at = day_number(day)
    customers = np.unique(whole.before(at).customer)
    names = whole.customers[customers].tolist()
    wall, work = perf_counter(), process_time()
    lists = ProductRecommender(needs=NEEDS, at=day, threads=2).fit(known).lists(names, PLACES)
    spent = f"{perf_counter() - wall:.1f} s wall, {process_time() - work:.1f} cpu-s"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{day}: fit and both lists of {len(names)} households {spent}; peak of the whole process, loading included: {peak} MB")
    truths = {"repeat": bought_again(whole, at, horizon=HORIZON), "new": bought_new(whole, at, horizon=HORIZON)}
    rows = []
    for kind, baselines in {
        "repeat": again_baselines(whole, at, customers=customers),
        "new": voices_alone(whole, at, customers=customers),
    }.items():
        plans = baselines | {"zhiyin": asked(lists[lists["kind"] == kind], whole=whole, customers=customers)}
        rows += [{"day": day, "list": kind, "variant": name, **score(plan, truths[kind][customers])} for name, plan in plans.items()]
    return rows


def table(rows: list[dict[str, object]]) -> str:
    """Markdown: a line a variant, a column a day, recall@10 / ndcg@10."""
    days = sorted({str(row["day"]) for row in rows})
    out = [f"| list | variant | {' | '.join(days)} | mean |", "|---|---|" + "---|" * (len(days) + 1)]
    for kind, name in dict.fromkeys((row["list"], row["variant"]) for row in rows):
        mine = sorted((row for row in rows if (row["list"], row["variant"]) == (kind, name)), key=lambda row: str(row["day"]))
        figures = [np.array([row["recall@10"], row["ndcg@10"]], dtype=float) for row in mine]
        cells = [f"{recall:.4f} / {ndcg:.4f}" for recall, ndcg in [*figures, np.mean(figures, axis=0)]]
        out.append(f"| {kind} | {name} | {' | '.join(cells)} |")
    return "\n".join(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared/data/complete_journey")
    parser.add_argument("--write", type=Path, help="file for the table, for example benchmarks/results/recommendation.md")
    arguments = parser.parse_args()
    frame = lines(arguments.data)
    found = table([row for day in DAYS for row in on_day(frame, day)])
    words = "Complete Journey, weeks 1-44; 28 days ahead; recall@10 / NDCG@10; development figures: settings were chosen on these days."
    page = f"# Recommendation\n\n{date.today()}, {platform.machine()}, {os.cpu_count()} cores. {words}\n\n{found}\n"  # noqa: DTZ011 - the day the table was made
    print(page)
    if arguments.write:
        arguments.write.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
