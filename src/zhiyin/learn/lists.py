"""Models that make a list for each customer: what to offer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, final

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import UsageError
from zhiyin.core.words import Say
from zhiyin.learn import examples as invented
from zhiyin.learn.frames import broken, coded, complete, needed, not_empty, plain_rows
from zhiyin.learn.life import ModelBase

__all__ = ["RecommenderBase"]

CHUNK = 2048  # customers a call of `_recommend`: a dense block over 20 000 items is 330 MB, never all customers at once
POPULAR = 1000  # items kept for the fallback


class RecommenderBase(ModelBase):
    """Says which items a customer may want. Write `_fit` and `_recommend`; customers never seen get the fallback.

    `needs` are columns of the interactions besides customer and item, a weight or a day for example.
    """

    verb = "recommend"
    holds_ids: ClassVar[bool] = True
    item: str = "item_id"
    known_: npt.NDArray[np.generic]  # customers seen by `fit`, sorted
    popular_items_: npt.NDArray[np.generic]
    popular_shares_: npt.NDArray[np.float64]  # share of the customers who had the item

    _kept = ("examples_", "outcomes_", "known_", "popular_items_", "popular_shares_")

    @final
    def recommend(self, customers: pd.DataFrame | Sequence[str], k: int) -> pd.DataFrame:
        """Columns key, item, score, rank (1 is best); at most `k` a customer, in the order the customers were given.

        Customers whom the model has never seen get the fallback. A customer given twice gets one list.

        Raises:
            NotFitted: before `fit`.
            UsageError: when `k` is below 1.
            DataError: when the model gave back what it must not.
        """
        self._must_have_learned()
        if k < 1:
            raise UsageError(
                Say("至少要推荐一个。", "At least one item must be asked for."), got=k, fix=Say("k 取 1 或更大。", "Use a k of 1 or more.")
            )
        asked = self._asked(customers)
        known = np.isin(asked, self.known_) if len(asked) else np.empty(0, dtype=bool)
        blocks = [asked[known][start : start + CHUNK] for start in range(0, int(known.sum()), CHUNK)]
        lists = [self._ranked(self._recommend(block, k), block, k=k) for block in blocks]
        lists.append(self._for_strangers(asked[~known], k))
        found = pd.concat([part for part in lists if len(part)] or lists[-1:])
        place = {customer: number for number, customer in enumerate(asked)}
        order = np.lexsort((found["rank"].to_numpy(), found[self.key].map(place).to_numpy(dtype=np.int64)))
        return found.iloc[order].reset_index(drop=True)

    def example_rows(self, rows: int, *, seed: int) -> pd.DataFrame:
        """A checkerboard: even customers had even items, odd customers odd ones, one item left out for each."""
        found = invented.checkerboard(self.needs, rows=rows, seed=seed)
        return found.rename(columns={invented.KEY: self.key, "item_id": self.item})

    @abstractmethod
    def _recommend(self, customers: npt.NDArray[np.generic], k: int) -> pd.DataFrame:
        """Columns key, item, score for known customers (a few thousand a call); more than `k` a customer are cut, ties go by item."""

    def _fallback(self, k: int) -> pd.DataFrame:
        """Columns item, score: what a stranger is offered; the items that most customers had, unless a newcomer knows better."""
        return pd.DataFrame({self.item: self.popular_items_[:k], "score": self.popular_shares_[:k]})

    def _checked(self, examples: pd.DataFrame) -> pd.DataFrame:
        who = type(self).__name__
        needed(examples, (self.key, self.item, *self.needs), who=who)
        not_empty(examples, who=who)
        complete(examples, (self.key, self.item), who=who)
        taught = plain_rows(examples, self.needs, who=who, accepts_missing=self.accepts_missing)
        taught.insert(0, self.key, examples[self.key].array)
        taught.insert(1, self.item, examples[self.item].array)
        return taught

    def _learn(self, examples: pd.DataFrame) -> None:
        self.outcomes_ = len(examples)
        self.known_ = np.unique(_ids(examples[self.key].unique()))
        pairs = examples[[self.key, self.item]].drop_duplicates()
        item, names = coded(pairs[self.item])
        counts = np.bincount(item)
        best = np.argsort(-counts, kind="stable")[:POPULAR]
        self.popular_items_, self.popular_shares_ = _ids(names)[best], counts[best] / len(self.known_)
        self._fit(examples)

    def _asked(self, customers: pd.DataFrame | Sequence[str]) -> npt.NDArray[np.generic]:
        if isinstance(customers, pd.DataFrame):
            needed(customers, (self.key,), who=type(self).__name__)
            complete(customers, (self.key,), who=type(self).__name__)
            customers = customers[self.key].tolist()
        return _ids(list(dict.fromkeys(customers)))

    def _ranked(self, given: pd.DataFrame, block: npt.NDArray[np.generic], *, k: int) -> pd.DataFrame:
        """The best `k` of each customer, ranked; equal scores go by item."""
        who = type(self).__name__
        needed(given, (self.key, self.item, "score"), who=who)
        scores = given["score"].to_numpy(dtype=np.float64)
        stranger = ~given[self.key].isin(block)
        if stranger.any() or not np.isfinite(scores).all() or given.duplicated([self.key, self.item]).any():
            raise broken(who, f"strangers {int(stranger.sum())}, NaN {int((~np.isfinite(scores)).sum())}, or an item twice")
        ranked = (
            given[[self.key, self.item]].assign(score=scores).sort_values([self.key, "score", self.item], ascending=[True, False, True])
        )
        ranked["rank"] = ranked.groupby(self.key).cumcount() + 1
        return ranked[ranked["rank"] <= k]

    def _for_strangers(self, strangers: npt.NDArray[np.generic], k: int) -> pd.DataFrame:
        offered = self._fallback(k).head(k)
        n = len(offered)
        return pd.DataFrame(
            {
                self.key: np.repeat(strangers, n),
                self.item: np.tile(offered[self.item].to_numpy(), len(strangers)),
                "score": np.tile(offered["score"].to_numpy(dtype=np.float64), len(strangers)),
                "rank": np.tile(np.arange(1, n + 1, dtype=np.int64), len(strangers)),
            }
        )


def _ids(values: Sequence[object] | npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """Ids as an array that can be saved: texts as texts, numbers as numbers."""
    found = np.asarray(values)
    return found.astype(str) if found.dtype.kind == "O" else found
