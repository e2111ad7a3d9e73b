"""What should we offer this customer? The engine: what to buy again and what to try, each the best list that was proven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import MissingColumns, UsageError, listed
from zhiyin.core.words import Say
from zhiyin.learn.base import RecommenderBase
from zhiyin.learn.card import Interval
from zhiyin.recommend.blend import Weights
from zhiyin.recommend.new import NewList, Voices, chunks, fit_new
from zhiyin.recommend.offer import again_rows, new_rows, popular_rows, why_new, with_reasons
from zhiyin.recommend.purchases import Flags, Ints, Purchases, day_number, positions, read
from zhiyin.recommend.ranking import Score
from zhiyin.recommend.repeat import Habits, RepeatList, fit_repeat
from zhiyin.recommend.rules import Catalogue, Kind, may_offer

Wanted = Literal["any", "repeat", "new"]
_COLUMNS = ["kind", "rank", "score", "reason_zh", "reason_en"]

__all__ = ["ProductRecommender", "Wanted"]


@dataclass
class ProductRecommender(RecommenderBase):
    """Offers products: `recommend` gives one list a customer, `lists` gives both kinds with a reason each.

    Both lists are blends learned on the `horizon` days before `at`; where a blend does not beat its baseline there (own
    recency-weighted counts; popular of the last 28 days), the baseline is used. `report` says which, and by how much.
    What is saved is what was bought and the weights; everything else is counted again when the first list is asked for.

    Args:
        kind: what `recommend` lists: `repeat` (bought before), `new` (never bought) or `any`, by the chance of buying.
        needs: `ordered_on` and, where known, `order_id` (else one basket a day) and `category` (empty text: none).
        key: name of the customer column.
        item: name of the item column, `product_id` for the rows of the table `recommendation`.
        at: first day that is not known; default: the day after the last purchase.
        horizon: days that the chance looks ahead.
        threads: threads of the factorisation.
        seed: of everything random.
    """

    kind: Wanted = "any"
    needs: tuple[str, ...] = ("ordered_on",)
    key: str = "customer_id"
    item: str = "item_id"
    at: date | None = None
    horizon: int = 28
    threads: int = 1
    seed: int = 7

    limits = Say(
        "只看买过什么、什么时候买；不知道价格、促销和将来的换季。",
        "It sees what was bought and when; it knows nothing of prices, promotions and seasons to come.",
    )

    def offering(self, items: Catalogue) -> Self:
        """Leave out what may not be offered today, and name items in the reasons. Asked at read, not saved; `fit` forgets it."""
        self._must_have_learned()
        self._catalogue = items
        vars(self).pop("_allowed", None)
        return self

    def lists(self, customers: Sequence[str], k: int) -> pd.DataFrame:
        """Both kinds for each customer: key, item, kind, rank, score, reason_zh, reason_en; strangers get what is popular.

        Raises:
            NotFitted: before `fit`.
            UsageError: when `k` is below 1.
        """
        self._must_have_learned()
        if k < 1:
            raise UsageError(
                Say("至少要推荐一个。", "At least one item must be asked for."), got=k, fix=Say("k 取 1 或更大。", "Use a k of 1 or more.")
            )
        asked = self._asked(customers)
        place = positions(self._purchases.customers, asked)
        known = np.sort(place[place >= 0])
        parts = [self._again(known, k), *(self._fresh(some, k) for some in chunks(known))]
        parts.append(self._strange(asked[place < 0], k))
        rows = pd.concat([part for part in parts if len(part)] or parts[-1:])
        order = rows[self.key].map({customer: number for number, customer in enumerate(asked)})
        rows = rows.assign(order=order).sort_values(["order", "kind", "rank"], ascending=[True, False, True])
        return rows[[self.key, self.item, *_COLUMNS]].reset_index(drop=True)

    def goes_with(self, item: str, k: int) -> pd.DataFrame:
        """Who buys this also buys: item, alike (cosine over buyers, shrunk), best first; no rows for an item never sold."""
        self._must_have_learned()
        place = positions(self._purchases.items, [item])[0]
        found, alike = self._voices().items.goes_with(int(place), k) if place >= 0 else (np.zeros(0, np.int32), np.zeros(0))
        rows = pd.DataFrame({self.item: self._purchases.items[found], "alike": alike})
        return rows[self._may("new")[found]].reset_index(drop=True)

    def report(self) -> pd.DataFrame:
        """How each list did on the horizon before `at`, for customers whom its weights had not seen.

        Returns:
            kind, metric, variant, value, low, high (95 % bootstrap), n (customers), used; no rows with too little history.
        """
        self._must_have_learned()
        parts: dict[str, RepeatList | NewList] = {"repeat": self._repeat, "new": self._new}
        rows = [
            (kind, metric, variant, *score.interval, score.n, variant == part.used)
            for kind, part in parts.items()
            for (metric, variant), score in part.scores.items()
        ]
        return pd.DataFrame(rows, columns=["kind", "metric", "variant", "value", "low", "high", "n", "used"])

    def renewed(self, examples: pd.DataFrame, *, at: date) -> Self:
        """The same weights over what is bought by now: a new day without learning anew.

        Args:
            examples: all purchases, as `fit` takes them.
            at: first day that is not known.
        """
        self._must_have_learned()
        self.at, self._day = at, day_number(at)
        self._purchases = read(examples.rename(columns={self.key: "customer_id", self.item: "item_id"})).before(self._day)
        for cache in ("_catalogue", "_allowed", "_heard", "_known"):
            vars(self).pop(cache, None)
        return self

    def _fit(self, examples: pd.DataFrame) -> None:
        if "ordered_on" not in examples:
            raise MissingColumns(
                Say("推荐需要知道购买日期。", "The recommender needs the days of the purchases."),
                got=listed(self.needs) or "-",
                fix=Say("在 needs 里写上 ordered_on。", "Name ordered_on in `needs`."),
            )
        purchases = read(examples.rename(columns={self.key: "customer_id", self.item: "item_id"}))
        self._day = day_number(self.at) if self.at else int(purchases.day.max()) + 1
        self._purchases = purchases.before(self._day)
        self._repeat = fit_repeat(self._purchases, self._day, horizon=self.horizon, seed=self.seed)
        self._new = fit_new(self._purchases, self._day, horizon=self.horizon, seed=self.seed, threads=self.threads)

    def _recommend(self, customers: npt.NDArray[np.generic], k: int) -> pd.DataFrame:
        place = np.sort(positions(self._purchases.customers, customers))
        parts = []
        if self.kind != "new":
            parts.append(again_rows(self._habits(), self._repeat, customers=place, k=k, allowed=self._may("repeat")))
        if self.kind != "repeat":
            parts += [new_rows(self._voices(), self._new, customers=some, k=k, allowed=self._may("new")) for some in chunks(place)]
        return self._named(pd.concat([part[["customer", "item", "score"]] for part in parts]))

    def _fallback(self, k: int) -> pd.DataFrame:
        if self.kind == "repeat":
            return pd.DataFrame({self.item: self._purchases.items[:0], "score": np.zeros(0)})
        rows = popular_rows(self._voices(), k=k, allowed=self._may("new"))
        return pd.DataFrame({self.item: self._purchases.items[rows["item"]], "score": rows["score"].to_numpy()})

    def _again(self, customers: Ints, k: int) -> pd.DataFrame:
        rows = again_rows(self._habits(), self._repeat, customers=customers, k=k, allowed=self._may("repeat"))
        return self._named(with_reasons(rows))

    def _fresh(self, customers: Ints, k: int) -> pd.DataFrame:
        rows = new_rows(self._voices(), self._new, customers=customers, k=k, allowed=self._may("new"))
        return self._named(with_reasons(rows, why_new(rows, self._voices(), purchases=self._purchases, named=self._name)))

    def _strange(self, customers: npt.NDArray[np.generic], k: int) -> pd.DataFrame:
        rows = popular_rows(self._voices(), k=k, allowed=self._may("new"))
        rows = with_reasons(rows, why_new(rows, self._voices(), purchases=self._purchases, named=self._name))
        rows = rows.assign(**{self.item: self._purchases.items[rows["item"]]})
        return pd.DataFrame({self.key: customers}).merge(rows, how="cross")

    def _named(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows with ids in place of numbers."""
        names = {self.key: self._purchases.customers[rows["customer"]], self.item: self._purchases.items[rows["item"]]}
        return rows.drop(columns=["customer", "item"]).assign(**names)

    def _name(self, item: int) -> str:
        """What people call an item: its name in the catalogue, else its id."""
        product = str(self._purchases.items[item])
        known = self._offered().get(product)
        return (known.name if known else "") or product

    def _offered(self) -> Catalogue:
        known: Catalogue = vars(self).get("_catalogue", {})
        return known

    def _may(self, kind: Kind) -> Flags:
        """Which items may be offered today; what the catalogue does not know may."""
        allowed: dict[str, Flags] = vars(self).setdefault("_allowed", {})
        if kind not in allowed:
            allowed[kind] = np.ones(len(self._purchases.items), bool)
            barred = [product for product, item in self._offered().items() if not may_offer(item, kind, at=self.at)]
            place = positions(self._purchases.items.astype(str), barred) if barred else np.zeros(0, np.int32)
            allowed[kind][place[place >= 0]] = False
        return allowed[kind]

    def _voices(self) -> Voices:
        if "_heard" not in vars(self):
            self._heard = Voices(self._purchases, self._day, seed=self.seed, threads=self.threads)
        return self._heard

    def _habits(self) -> Habits:
        if "_known" not in vars(self):
            self._known = Habits(self._purchases, self._day, horizon=self.horizon)
        return self._known

    def _state(self) -> Mapping[str, object]:
        return {
            "day": self._day,
            "purchases": {part.name: getattr(self._purchases, part.name) for part in fields(Purchases)},
            "repeat": _packed(self._repeat),
            "new": _packed(self._new),
        }

    def _restore(self, state: Mapping[str, Any]) -> None:
        self._day = state["day"]
        self._purchases = Purchases(**state["purchases"])
        self._repeat = RepeatList(*_unpacked(state["repeat"]), horizon=self.horizon)
        self._new = NewList(*_unpacked(state["new"]))


def _packed(part: RepeatList | NewList) -> dict[str, object]:
    scores = [[metric, variant, *score.interval, score.n] for (metric, variant), score in part.scores.items()]
    return {"weights": vars(part.weights) if part.weights else None, "scores": scores, "used": part.used}


def _unpacked(state: Mapping[str, Any]) -> tuple[Weights | None, dict[tuple[str, str], Score], str]:
    weights = Weights(**state["weights"]) if state["weights"] else None
    scores = {(metric, variant): Score(Interval(*figure), n) for metric, variant, *figure, n in state["scores"]}
    return weights, scores, state["used"]
