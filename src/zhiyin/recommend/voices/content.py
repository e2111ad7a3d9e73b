"""What is like what was taken, by what it is? Attributes and words of items, for new items too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import scipy.sparse as sp

from zhiyin.learn.frames import coded
from zhiyin.recommend.purchases import Floats, Ints, Names, ids, positions
from zhiyin.recommend.scores import Best, Block, Few
from zhiyin.recommend.trails import Trails

# Longer cells are texts and are compared by their parts; a name of twenty letters is a value as a whole too.
_VALUE = 40
_MOST_SAID = 20_000
_MANY = 20  # different whole numbers that are still values, a number of rooms for example

__all__ = ["Content", "Described", "attributes", "described"]


class Described(NamedTuple):
    """What is said about items: pairs of an item's place in `items` and the number of something said, each once."""

    items: Names
    item: Ints
    says: Ints
    words: int


def described(goods: pd.DataFrame, *, item: str = "item_id") -> Described:
    """Every cell of a table of items as something that is said; several rows, or a list in a cell, say several things of one item.

    Short cells count as values, numbers with many values by fifths, long texts by their words (pairs of characters in Chinese).
    What is said of one item only, or of all, tells nothing and is left out.
    """
    number, names = coded(goods[item])
    parts = [pd.DataFrame({"item": np.zeros(0, np.int32), "says": np.zeros(0, object)})]
    for column in goods.columns.drop(item):
        values = goods[column]
        if pd.api.types.is_float_dtype(values) or (pd.api.types.is_integer_dtype(values) and values.nunique() > _MANY):
            values = pd.qcut(values, 5, labels=False, duplicates="drop")
        long = pd.DataFrame({"item": number, "value": values.array}).explode("value").dropna()
        long["says"] = [_parts(str(value)) for value in long["value"]]
        long = long.explode("says").dropna()
        parts.append(long[["item"]].assign(says=str(column) + "=" + long["says"].astype(str)))
    whole = pd.concat(parts, ignore_index=True).drop_duplicates()
    common = whole["says"].value_counts()
    kept = whole[whole["says"].isin(common.index[(common > 1) & (common < len(names))][:_MOST_SAID])]
    code, words = pd.factorize(kept["says"], sort=True)
    return Described(ids(names), kept["item"].to_numpy(np.int32), code.astype(np.int32), len(words))


def attributes(goods: Described, items: Names) -> sp.csr_matrix:
    """Items x things said: 1 where it is said; `items` are all items, sorted."""
    place = positions(items, goods.items)[goods.item]
    known = place >= 0
    ones = np.ones(int(known.sum()), np.float32)
    return sp.csr_matrix((ones, (place[known], goods.says[known])), shape=(len(items), goods.words))


def _parts(value: str) -> Sequence[str]:
    if len(value) <= _VALUE:
        return [value]
    words = value.lower().split()
    runs = [word for word in words if not word.isascii()]
    return [*(word for word in words if word.isascii()), *(run[at : at + 2] for run in runs for at in range(len(run) - 1))]


class Content:
    """Likeness of attributes to those of the history, rare ones counting more.

    References:
        Lops et al., Content-based Recommender Systems, Recommender Systems Handbook 2011.
    """

    def __init__(self, about: sp.csr_matrix, *, fade: float = 1.0) -> None:
        self.fade = fade
        rarity = np.log(max(about.shape[0], 2) / np.maximum(about.getnnz(axis=0), 1)).astype(np.float32)
        weighted = (about @ sp.diags(rarity)).tocsr()
        length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        self.about: sp.csr_matrix = (sp.diags(1 / np.maximum(length, 1e-6)) @ weighted).tocsr().astype(np.float32)

    def score(self, trails: Trails) -> Block:
        """How like each item is to what each history holds."""
        return Block(self.like(trails.matrix(self.fade) @ self.about))

    def among(self, trails: Trails, some: Ints, *, without: sp.csr_matrix, k: int) -> Best:
        """The `k` of some items that are likest to each history, of those that are like it at all.

        Args:
            trails: the histories.
            some: places of the items that come into question.
            without: histories x all items, what must not be among them.
            k: places.
        """
        liked = (trails.matrix(self.fade) @ self.about @ self.about[some].T).tocsr()
        found = Few(liked).best(k, without=without[:, some].astype(bool).astype(np.float32))
        return found._replace(item=some[found.item].astype(np.int32))

    def like(self, wish: sp.csr_matrix) -> Floats:
        """Wishes x items: how well each item has the attributes wished for."""
        return np.asarray((wish @ self.about.T).toarray(), np.float32)
