"""Public sets of who took what, with what is hidden of them for judging; the official test parts are held back and never read."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from _recommend_moments import cuts, films, retail

TOP = {"gowalla": "gowalla_lightgcn", "ml-1m": "ml1m_lightgcnpp", "lastfm": "lastfm_lightgcnpp"}
NEXT = ("Beauty", "Sports_and_Outdoors", "Toys_and_Games", "Yelp", "LastFM")
DATED = ("films", "retail")
# What the papers say of the official test part, R@20/N@20 and H@10/N@10: another part than the one judged here.
PUBLISHED = {
    "gowalla": "LightGCN .1830/.1554, GF-CF .1849/.1518, UltraGCN .1862/.1580, SimpleX .1872/.1557",
    "Beauty": "SASRec .0605/.0318, S3-Rec .0647/.0327",
    "Sports_and_Outdoors": "SASRec .0350/.0192, S3-Rec .0385/.0204",
    "Toys_and_Games": "SASRec .0675/.0374, S3-Rec .0700/.0376",
    "Yelp": "SASRec .0274/.0136, S3-Rec .0341/.0168",
    "LastFM": "SASRec .0688/.0390, S3-Rec .0743/.0427",
}


class Set(NamedTuple):
    """What may be learned from (in order, with `at` where there are times), what is known about items, what was hidden, and kinds of items."""

    name: str
    task: str
    known: pd.DataFrame
    goods: pd.DataFrame | None
    hidden: pd.DataFrame
    kinds: pd.DataFrame | None = None


def top_set(folder: Path, name: str) -> Set:
    """Pairs without order; the part that others tune on is hidden."""
    there = folder / TOP[name]
    hidden = "valid_subset_of_train.txt.gz" if name == "gowalla" else "valid.txt.gz"
    known, judged = _pairs(there / "train.txt.gz"), _pairs(there / hidden)
    both = known.merge(judged, how="left", indicator=True)
    return Set(name, "top", both[both["_merge"] == "left_only"].drop(columns="_merge"), None, judged)


def next_set(folder: Path, name: str) -> Set:
    """Sequences; the last item of those given (the official last item is held back) is hidden."""
    rows = _lines(folder / "seqrec_s3rec" / f"{name}_sequences.txt.gz")
    whole = pd.DataFrame([(user, item) for user, items in rows for item in items], columns=["customer_id", "item_id"])
    last = ~whole["customer_id"].duplicated(keep="last")
    said = json.loads(gzip.decompress((folder / "seqrec_s3rec" / f"{name}_item2attributes.json.gz").read_bytes()))
    goods = pd.DataFrame([(int(item), f"a{one}") for item, all_ in said.items() for one in all_], columns=["item_id", "attribute"])
    return Set(name, "next", whole[~last].reset_index(drop=True), goods, whole[last], goods.rename(columns={"attribute": "kind"}))


def dated_set(folder: Path, name: str) -> Set:
    """Sets with times. Films: the last film that each customer rated; retail: what was new to each in the 28 days from 2011-08-12 on.

    Nobody knows of anything after the day in retail. Films cannot be cut so: after no day do more than 17 customers go on.
    """
    if name == "films":
        told = films(folder)
        last = ~told.table["customer_id"].duplicated(keep="last")
        known, hidden = told.table[~last].drop(columns="weight"), told.table[last]
    else:
        told = retail(folder)
        known, hidden = list(cuts(told))[-1]
    ids = {column: pd.Index(np.unique(known[column])) for column in ("customer_id", "item_id")}
    more = np.setdiff1d(hidden["item_id"], ids["item_id"])
    ids["item_id"] = ids["item_id"].append(pd.Index(more))
    known, hidden = (rows.assign(**{one: all_.get_indexer(rows[one]) for one, all_ in ids.items()}) for rows in (known, hidden))
    goods = told.items
    if goods is not None:
        goods = goods.assign(item_id=ids["item_id"].get_indexer(goods["item_id"]))
        goods = goods[goods["item_id"] >= 0]
    kinds = goods[["item_id", "genre"]].explode("genre").rename(columns={"genre": "kind"}).dropna() if name == "films" else None
    pairs = hidden[["customer_id", "item_id"]].drop_duplicates()
    return Set(name, "next" if name == "films" else "top", known.reset_index(drop=True), goods, pairs, kinds)


def _pairs(path: Path) -> pd.DataFrame:
    rows = list(_lines(path))
    users = np.repeat([user for user, _ in rows], [len(items) for _, items in rows])
    return pd.DataFrame({"customer_id": users, "item_id": np.concatenate([np.array(items, int) for _, items in rows])})


def _lines(path: Path) -> Iterator[tuple[int, list[int]]]:
    with gzip.open(path, "rt") as lines:
        for line in lines:
            user, *items = map(int, line.split())
            yield user, items
