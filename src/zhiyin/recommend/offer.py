"""From chances to lists: the best places of each customer, and a sentence for each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from zhiyin.core.words import Say
from zhiyin.recommend.new import NAMES, NewList, Voices
from zhiyin.recommend.popular import RECENT_DAYS
from zhiyin.recommend.purchases import Flags, Floats, Ints, Purchases
from zhiyin.recommend.ranking import best, places
from zhiyin.recommend.reasons import WORDS, why_again
from zhiyin.recommend.repeat import Habits, RepeatList

Named = Callable[[int], str]  # number of an item -> what people call it

__all__ = ["Named", "again_rows", "new_rows", "popular_rows", "why_new", "with_reasons"]


def again_rows(habits: Habits, repeat: RepeatList, *, customers: Ints, k: int, allowed: Flags) -> pd.DataFrame:
    """The best `k` items to buy again: customer, item (numbers), score, rank, and count, interval, days for the reason."""
    pairs = habits.of(customers)
    pairs = pairs.where(allowed[pairs.item])
    score = repeat.chance(habits, pairs)
    rank = places(pairs.customer, score) + 1
    rows = pd.DataFrame({"customer": pairs.customer, "item": pairs.item, "kind": "repeat", "score": score, "rank": rank})
    rows = rows.assign(count=pairs.count, interval=pairs.interval, days=habits.at - pairs.last)
    return rows[rows["rank"] <= k].sort_values(["customer", "rank"]).reset_index(drop=True)


def new_rows(voices: Voices, fresh: NewList, *, customers: Ints, k: int, allowed: Flags) -> pd.DataFrame:
    """The best `k` items to try: customer, item (numbers), score, rank, place among the candidates and loudest voice."""
    cube = voices.cube(customers)
    score = fresh.chance(voices, cube)
    masked = np.where(voices.unknown(customers) & allowed[voices.candidates], score, -np.inf)
    lists = best(masked, k)
    row, place = np.nonzero(lists >= 0)
    column = lists[row, place]
    return pd.DataFrame(
        {
            "customer": customers[row],
            "item": voices.candidates[column],
            "kind": "new",
            "score": score[row, column],
            "rank": place + 1,
            "place": column,
            "voice": _loudest(fresh, cube[row, column]),
        }
    )


def popular_rows(voices: Voices, *, k: int, allowed: Flags) -> pd.DataFrame:
    """What somebody is offered of whom nothing is known: the most popular items, with customer -1."""
    place = np.flatnonzero(allowed[voices.candidates])[:k]
    rows = {"customer": -1, "item": voices.candidates[place], "kind": "new", "score": voices.share[place], "place": place}
    return pd.DataFrame(rows).assign(rank=np.arange(1, len(place) + 1), voice="popular")


def _loudest(fresh: NewList, cube: Floats) -> list[str]:
    """The voice that adds most to each chance and can be told in facts; "taste" and popularity only where no other speaks."""
    if fresh.weights is None or not len(cube):
        return ["popular"] * len(cube)
    said = fresh.weights.contributions(cube)
    concrete = [NAMES.index(name) for name in ("items", "customers", "categories")]
    told = said[:, concrete].argmax(axis=1)
    spoken = np.where(said[:, concrete].max(axis=1) > 0, np.take(concrete, told), said.argmax(axis=1))
    return [NAMES[voice] if said[row, voice] > 0 else "popular" for row, voice in enumerate(spoken)]


def why_new(rows: pd.DataFrame, voices: Voices, *, purchases: Purchases, named: Named) -> list[Say]:
    """The sentence of each row of `new_rows`."""
    place, customer = rows["place"].to_numpy(np.int32), rows["customer"].to_numpy(np.int32)
    slots: list[dict[str, object]] = [
        {"days": RECENT_DAYS, "buyers": int(buyers), "newcomers": int(first), "category": purchases.categories[purchases.category[item]]}
        for buyers, first, item in zip(voices.buyers[place], voices.newcomers[place], rows["item"], strict=True)
    ]
    said = rows["voice"].to_numpy(copy=True)
    theirs = np.flatnonzero(said == "items")
    for row, item in zip(theirs, voices.items.because(customer[theirs], place[theirs]), strict=True):
        slots[row]["because"] = named(int(item))
        said[row] = "items" if item >= 0 else "popular"
    theirs = np.flatnonzero(said == "customers")
    for row, peers, alike in zip(theirs, *voices.customers.count(customer[theirs], place[theirs]), strict=True):
        slots[row] |= {"peers": peers, "alike": alike}
        said[row] = "customers" if alike > 0 else "popular"
    return [WORDS[voice].fill(**filled) for voice, filled in zip(said, slots, strict=True)]


def with_reasons(rows: pd.DataFrame, sentences: list[Say] | None = None) -> pd.DataFrame:
    """The rows with `reason_zh` and `reason_en`; rows of `again_rows` make their own sentences."""
    if sentences is None:
        known = zip(rows["count"], rows["interval"], rows["days"], strict=True)
        sentences = [why_again(count=count, interval=interval, days=days) for count, interval, days in known]
    return rows.assign(reason_zh=[say.zh for say in sentences], reason_en=[say.en for say in sentences])
