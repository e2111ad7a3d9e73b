"""What do the calendar, the weather, campaigns and ratings add to a list? One after the other, beside the same model without them.

    python benchmarks/recommend_context.py [--data ../shared/data] [--only retail,films] [--write benchmarks/results/recommend_context.md]

Protocol: nothing after a day is known; lists are judged by what was taken in the weeks from it on (`top`: what was not taken before,
`next`: the next thing), several days a set, customers of all days together. Who rates films does so in one sitting, and hardly anybody
goes on after any day: there the latest fifth of each customer is hidden, and a hit is a film that got four stars or more. Each customer is
asked about the day on which she came, as a page would, and every item is ranked. "nothing known" asks for the same people as if they were strangers, of whom only day and place are known.

Recall = hits / all that was hidden, at 20 (`top`) and 10 (`next`); NDCG beside the model without any of it ("base"), with a paired
bootstrap interval over customers (95 %), which does not know of what varies from day to day. Seconds are processor seconds of learning.
Official holdouts are not read. How the voices work was chosen while looking at these very cuts: development figures.

"Ratings" are the column itself and all that follows from it: films below three stars are left out as turned down, what is liked counts as a
hit when rankers are chosen, and the voices of ratings. The weather of a judged day is the true one, as if forecasts were perfect. Of
the Complete Journey only products that 20 households took stand in the table, counted over all days, those that are judged too.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import process_time
from typing import NamedTuple

import numpy as np
import pandas as pd
from _recommend_moments import SETS, Told, cuts

from zhiyin.recommend.general import PLACES, ItemRecommender, prepared

# What each row hears; "calendar" is what is taken these weeks, "season" months and days of the week.
ADDED = ("calendar", "season", "weather", "ratings")
VOICES = {"calendar": ("trend",), "season": ("season",), "weather": ("moment",), "ratings": ("rated", "raters", "liked")}
SEED = 7


class Heard(NamedTuple):
    """Recall and NDCG of each customer, and the seconds of learning."""

    recall: np.ndarray
    ndcg: np.ndarray
    seconds: float


def fitted(told: Told, known: pd.DataFrame, *, heard: tuple[str, ...], budget_s: float) -> ItemRecommender:
    """The model that hears these and nothing else of them."""
    known = known if "ratings" in heard else known.drop(columns="weight", errors="ignore")
    context = told.context if "weather" in heard else None
    model, table = prepared(known, items=told.items, context=context, task=told.task, budget_s=budget_s, seed=SEED)  # type: ignore[arg-type]
    silent = tuple(voice for name, voices in VOICES.items() if name not in heard for voice in voices)
    return replace(model, deaf=silent).fit(table)


def judged(model: ItemRecommender, hidden: pd.DataFrame, *, strangers: bool) -> tuple[np.ndarray, np.ndarray]:
    """Recall and NDCG of each customer of `hidden`, in the order of customers; each is asked about her first hidden day."""
    k = PLACES[model.task]
    asked = hidden.drop_duplicates("customer_id").set_index("customer_id")
    places = asked["place"] if strangers and model.when and len(model.when["places"]) else pd.Series(-1, asked.index)
    lists: dict[object, list[object]] = {}
    for (day, place), rows in asked.groupby([asked["at"].dt.normalize(), places]):
        on = model.on(day.date(), place=place if place >= 0 else None)
        if strangers:
            lists |= dict.fromkeys(rows.index, on.after([], k)["item_id"].tolist())
        else:
            lists |= on.recommend(rows.index.tolist(), k).groupby("customer_id")["item_id"].agg(list).to_dict()
    discount = 1 / np.log2(np.arange(2, k + 2))
    recall, ndcg = [], []
    for who, wanted in hidden.groupby("customer_id")["item_id"].agg(set).items():
        hit = np.array([item in wanted for item in lists.get(who, [])] + [False] * k)[:k]
        recall.append(hit.sum() / len(wanted))
        ndcg.append(hit @ discount / discount[: len(wanted)].sum())
    return np.array(recall), np.array(ndcg)


def variants(told: Told) -> list[tuple[str, ...]]:
    known = [name for name in ADDED if (name != "weather" or told.context is not None) and (name != "ratings" or "weight" in told.table)]
    return [(), *((name,) for name in known), tuple(known)]


def rows_of(told: Told, *, budget_s: float) -> Iterator[dict[str, object]]:
    base: dict[bool, Heard] = {}
    for heard in variants(told):
        parts: dict[bool, list[Heard]] = {}
        for known, hidden in cuts(told):
            began = process_time()
            model = fitted(told, known, heard=heard, budget_s=budget_s)
            spent = process_time() - began
            for strangers in (False, True)[: 1 + ("place" in hidden)]:
                parts.setdefault(strangers, []).append(Heard(*judged(model, hidden, strangers=strangers), spent))
        for strangers, some in parts.items():
            all_ = Heard(
                np.concatenate([one.recall for one in some]), np.concatenate([one.ndcg for one in some]), sum(o.seconds for o in some)
            )
            base.setdefault(strangers, all_)
            name = told.name + (", nothing known" if strangers else "")
            what = "base" if not heard else "+ all" if len(heard) > 1 else f"+ {told.words if heard[0] == 'weather' else heard[0]}"
            yield {"set": name, "heard": what, "days": len(some), "found": all_, "base": base[strangers]}


def line(row: dict[str, object]) -> str:
    found, base = row["found"], row["base"]
    assert isinstance(found, Heard)
    assert isinstance(base, Heard)
    difference = found.ndcg - base.ndcg
    drawn = np.random.default_rng(SEED).integers(0, len(difference), (2_000, len(difference)))
    low, high = np.percentile(difference[drawn].mean(axis=1), [2.5, 97.5])
    gain = "-" if found is base else f"{difference.mean():+.4f} ({low:+.4f} to {high:+.4f})"
    told = f"| {row['set']} | {row['heard']} | {row['days']} | {len(difference)} "
    return told + f"| {found.recall.mean():.4f} | {found.ndcg.mean():.4f} | {gain} | {found.seconds:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared/data")
    parser.add_argument("--only", default=",".join(SETS), help="names of sets, with commas")
    parser.add_argument("--budget", type=float, default=30.0, help="processor seconds granted to each fit")
    parser.add_argument("--write", type=Path, help="file for the table, for example benchmarks/results/recommend_context.md")
    arguments = parser.parse_args()
    lines = ["| set | heard | days | customers | recall | NDCG | beside base | cpu s |", "|---|---|---|---|---|---|---|---|"]
    for name in arguments.only.split(","):
        for row in rows_of(SETS[name](arguments.data), budget_s=arguments.budget):
            lines.append(line(row))
            print(lines[-1], flush=True)
    machine = f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores. Budget of a fit {arguments.budget:.0f} s."  # noqa: DTZ011
    machine += " How the voices work was chosen while looking at these cuts: development figures."
    page = f"# What the calendar, the weather and ratings add\n\n{machine}\n\n" + "\n".join(lines) + "\n"
    print(page)
    if arguments.write:
        arguments.write.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
