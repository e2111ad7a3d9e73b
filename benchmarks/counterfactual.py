"""What would lists have earned that were never shown? Told from a log by IPS, SNIPS and DR, beside the truth, which the sandbox knows.

    PYTHONPATH=src python benchmarks/counterfactual.py [--worlds 5] [--write benchmarks/results/counterfactual.md]

Protocol: an invented shop lives for 500 days. Then every customer with two orders or more is shown ten products, drawn for every place
by Thompson sampling over what is popular (`zhiyin.recommend.explore`), with the propensities logged, and clicks as she wants them
(`World.wants`, `appeal.clicked`). From this log the clicks a place of other lists are estimated: each customer's ten of another way to
recommend, learned from the orders. Their true value is computed, not drawn. The log explores a little (floor .1), half of its places
alike (.5), or all (1). Worlds differ by their seed.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse as sp
from _goals import goal

from zhiyin.improve.off_policy import dr, ips, snips
from zhiyin.lab import fit_recommender
from zhiyin.learn.metrics import bootstrap
from zhiyin.recommend.drawing import drawn_items
from zhiyin.recommend.explore import Exploration, chances
from zhiyin.sandbox import World
from zhiyin.sandbox.appeal import clicked

CUSTOMERS, DAYS, PLACES, FEWEST = 3000, 500, 10, 2
FLOORS, SHOWN = (0.1, 0.5, 1.0), 0.5
WAYS = {"ips": ips, "snips": snips, "dr": dr}


def lived(seed: int) -> tuple[World, pd.DataFrame]:
    """A world after 500 days, and who ordered what, in order."""
    world, found = World("appliances", customers=CUSTOMERS, seed=seed).copy(watched=False), []
    for day in range(DAYS):
        rows = world.step(world.habit()).rows("orders")
        found.append(pd.DataFrame({"customer_id": rows["person"], "item_id": rows["product"], "at": day, "line": rows["line"]}))
    orders = pd.concat(found).sort_values(["at", "customer_id", "line"]).drop(columns="line")
    often = orders.groupby("customer_id")["at"].transform("nunique") >= FEWEST
    return world, orders[often].reset_index(drop=True)


def goods(world: World) -> pd.DataFrame:
    """What the shop knows about its products."""
    rows = [(place, good.category, good.price) for place, good in enumerate(world.ground.scenario.goods)]
    return pd.DataFrame(rows, columns=["item_id", "category", "price"])


def policies(world: World, orders: pd.DataFrame, *, who: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Ways to fill the ten places, and the products they put there: `(customers, 10)`."""
    from implicit.nearest_neighbours import CosineRecommender

    items = len(world.ground.wares.price)
    popular = np.argsort(-np.bincount(orders["item_id"], minlength=items), kind="stable")
    yield "by chance", np.array([np.random.default_rng(n).permutation(items)[:PLACES] for n in who])
    yield "popular", np.tile(popular[:PLACES], (len(who), 1))
    row = np.searchsorted(who, orders["customer_id"])
    taken = sp.csr_matrix((np.ones(len(orders), np.float32), (row, orders["item_id"])), shape=(len(who), items))
    near = CosineRecommender(K=items, num_threads=1)
    near.fit(taken, show_progress=False)
    found, _ = near.recommend(np.arange(len(who)), taken, N=PLACES, filter_already_liked_items=False)
    yield "implicit item kNN", _filled(found, popular)
    model = fit_recommender(orders, items=goods(world), task="next", budget_s=30)
    mine = model.recommend(who.tolist(), PLACES)
    lists = np.full((len(who), PLACES), -1)
    lists[np.searchsorted(who, mine["customer_id"].astype(int)), mine["rank"] - 1] = mine["item_id"].astype(int)
    yield "zhiyin", _filled(lists, popular)


def _filled(lists: np.ndarray, popular: np.ndarray) -> np.ndarray:
    """Places that a way leaves empty show what is popular."""
    out = lists.copy()
    for row in np.flatnonzero((lists < 0).any(axis=1)):
        free = [item for item in popular if item not in lists[row]]
        empty = np.flatnonzero(lists[row] < 0)
        out[row, empty] = free[: len(empty)]
    return out


def shown(orders: pd.DataFrame, who: np.ndarray, *, wants: np.ndarray, floor: float, seed: int) -> pd.DataFrame:
    """The log: a row a place, with the propensity of the product that stood there and whether it was clicked."""
    rng, items = np.random.default_rng(seed), wants.shape[1]
    count = np.bincount(orders["item_id"], minlength=items)
    ranked = pd.DataFrame({"item_id": np.arange(items), "score": count / len(who)}).sort_values("score", ascending=False)
    ranked["score"] = ranked["score"].clip(upper=0.99)
    nothing = pd.DataFrame({"item_id": [], "shows": [], "clicks": []})
    possible = chances(ranked, nothing, k=PLACES, how=Exploration(places=PLACES, floor=floor))
    propensity = possible["propensity"].to_numpy()
    drawn = np.array([drawn_items(propensity, PLACES, rng=rng) for _ in who])
    place = np.tile(np.arange(1, PLACES + 1), len(who))
    row = np.repeat(np.arange(len(who)), PLACES)
    item = possible["item_id"].to_numpy()[drawn.ravel()]
    reward = rng.random(len(row)) < clicked(wants[row, item], place)
    return pd.DataFrame(
        {
            "customer_id": row,
            "item_id": item,
            "reward": reward.astype(float),
            "propensity": propensity[drawn.ravel()],
            "row": range(len(row)),
        }
    )


def measured(seed: int) -> Iterator[dict[str, object]]:
    """Truth and estimates of every policy in one world."""
    world, orders = lived(seed)
    who = np.unique(orders["customer_id"])
    wants = world.wants(who)
    place, row = np.tile(np.arange(1, PLACES + 1), len(who)), np.repeat(np.arange(len(who)), PLACES)
    logs = {floor: shown(orders, who, wants=wants, floor=floor, seed=seed) for floor in FLOORS}
    for name, lists in policies(world, orders, who=who):
        truth = float(clicked(wants[row, lists.ravel()], place).mean())
        chance = np.zeros((len(row), wants.shape[1]))
        chance[np.arange(len(row)), lists.ravel()] = 1.0
        for floor, log in logs.items():
            wanted = pd.DataFrame(chance, index=log["row"])
            naive = bootstrap(np.mean, log["reward"].to_numpy(), seed=seed, groups=log["customer_id"].to_numpy())
            estimates = {way: estimate(log, wanted, by="row", seed=seed) for way, estimate in WAYS.items()}
            figures = {"naive": (naive, ())} | {way: (one.figure, one.notes) for way, one in estimates.items()}
            for way, ((value, low, high), notes) in figures.items():
                told = {
                    "way": way,
                    "value": value,
                    "error": abs(value / truth - 1),
                    "held": low <= truth <= high,
                    "doubted": len(notes) > 0,
                }
                yield {"seed": seed, "floor": floor, "policy": name, "truth": truth} | told


def page(found: pd.DataFrame) -> str:
    """The tables."""
    out = [f"| list; log with a floor of {SHOWN} | true clicks a place | naive | ips | snips | dr |", "|---|---|---|---|---|---|"]
    for name, rows in found[found["floor"] == SHOWN].groupby("policy", sort=False):
        told = " | ".join(
            f"{one['value'].mean():.4f} ({one['error'].mean():.0%}, {one['held'].mean():.2f})" for _, one in rows.groupby("way", sort=False)
        )
        out.append(f"| {name} | {rows['truth'].mean():.4f} | {told} |")
    head = "| floor of the log | way | pairs of lists put in the right order | mean error | interval held the truth | came with a warning |"
    order = ["", head, "|---|---|---|---|---|---|"]
    for (floor, way), rows in found.groupby(["floor", "way"], sort=False):
        told = f"{right_order(rows):.2f} | {rows['error'].mean():.1%} | {rows['held'].mean():.2f} | {rows['doubted'].mean():.2f}"
        order.append(f"| {floor} | {way} | {told} |")
    return "\n".join(out + order)


def right_order(rows: pd.DataFrame) -> float:
    """Share of the pairs of lists of which the estimate says rightly which is better; what it cannot tell counts half."""
    right = []
    for _, world in rows.groupby("seed"):
        truth, value = world["truth"].to_numpy(), world["value"].to_numpy()
        first, second = np.triu_indices(len(world), 1)
        same = np.sign(truth[first] - truth[second]) * np.sign(value[first] - value[second])
        right.append(((same + 1) / 2).mean())
    return float(np.mean(right))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=5)
    parser.add_argument("--write", type=Path, help="file for the table, for example benchmarks/results/counterfactual.md")
    arguments = parser.parse_args()
    found = pd.DataFrame([row for seed in range(1, arguments.worlds + 1) for row in measured(seed)])
    machine = f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores"  # noqa: DTZ011 - the day the table was made
    text = (
        f"# Lists that were never shown\n\n{machine}; {arguments.worlds} worlds of {CUSTOMERS:,} customers. Estimates are means over the worlds; in "
        f"brackets the mean error relative to the truth, and how often the 95 % interval held it.\n\n{page(found)}\n"
    )
    print(text)
    truth = found.drop_duplicates(["seed", "policy"]).groupby("policy")["truth"].mean()
    goal("true clicks a place, sandbox: zhiyin over the best peer", truth["zhiyin"] / truth.drop("zhiyin").max(), wanted=1.0)
    if arguments.write:
        arguments.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
