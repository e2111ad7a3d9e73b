"""What is a question to a model: whom it is asked about, what the label is, what may be read, and how the answer is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhiyin.core.errors import MissingColumns, listed
from zhiyin.core.words import Say
from zhiyin.predict.inputs import KIND, derived, inputs_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CUSTOMER", "Baseline", "Question", "everyone"]

# Features of the customer that every question may read (columns of profile_at, and ratios of inputs.py).
CUSTOMER: tuple[str, ...] = (
    *(f"{what}_{window}" for what in ("orders", "spend", "lines") for window in ("7d", "14d", "28d", "56d", "84d", "all")),
    *("days_since_order", "tenure_days", "gap_mean", "gap_std", "gap_max", "last_gap", "ticket_std", "last_ticket"),
    *("products_84d", "categories_84d", "categories_28d"),
    *("discount_share_28d", "discount_share_84d", "discount_share_all"),
    *("coupon_share_28d", "coupon_share_84d", "coupon_share_all", "coupon_lines_84d", "coupon_lines_all", "days_since_coupon"),
    *("spend_trend_28d", "spend_trend_14d", "orders_trend_28d", "orders_trend_14d", "spend_spread", "overdue", "gap_ratio"),
)

# What tells whom a question is asked about, and what kinds of campaign are made of.
_POPULATION = ("orders_all", "orders_84d", "days_56d", "spend_84d", "pair_days_since", "pair_orders", "campaign_kind")


@dataclass(frozen=True)
class Baseline:
    """The simple way that a model must beat: one column, the more (or the less) the likelier."""

    column: str
    less: bool
    words: Say


@dataclass(frozen=True)
class Question:
    """One question, for all customers.

    Args:
        name: stands in `prediction.question`.
        asks: the question in words.
        more: how a reason is closed that makes it likelier.
        less: how a reason is closed that makes it less likely.
        features: what models may read; those that a source does not fill are left out.
        baseline: what must be beaten.
        population: rows that the question is asked about.
        subject: column that becomes `subject_id`, empty for none.
        learns_from: rows of the population that are worth learning from.
        most_rows: examples learned from at most, drawn by the seed.
        each: answers kept for one customer, the likeliest; 0 for all.
        slowly: the line that answers where labels take too long to be known, empty for the ladder all the same.
    """

    name: str
    asks: Say
    more: Say
    less: Say
    features: tuple[str, ...]
    baseline: Baseline
    population: Callable[[pd.DataFrame], pd.Series]
    subject: str = ""
    learns_from: Callable[[pd.DataFrame], pd.Series] | None = None
    most_rows: int = 30_000
    each: int = 0
    slowly: str = ""

    @property
    def reads(self) -> frozenset[str]:
        """The stored columns that the question may read: enough to fetch."""
        return frozenset(
            {*self.features, *inputs_of(self.features), self.baseline.column, *inputs_of([self.baseline.column]), *_POPULATION}
        )

    def rows(self, frame: pd.DataFrame, *, kinds: Iterable[str] = ()) -> pd.DataFrame:
        """The rows that the question is asked about, with the ratios that models read.

        Args:
            frame: features, one row a customer and day (and subject).
            kinds: kinds of campaign that a model knows; those of the frame when it has yet to learn.

        Raises:
            MissingColumns: when the population cannot be told.
        """
        try:
            kept = frame[self.population(frame)]
        except KeyError as wrong:
            raise MissingColumns(
                Say(f"问题 {self.name} 缺少列。", f"The question {self.name} lacks a column."),
                got=listed(wrong.args),
                fix=Say("先计算 profile_at。", "Compute profile_at first."),
            ) from wrong
        return derived(kept.reset_index(drop=True), kinds=kinds)

    def gives(self, features: Iterable[str]) -> bool:
        """Whether models get all of these from the question; one that was fitted by another version may want others."""
        known = {*self.features, self.baseline.column}
        return all(name in known or name.startswith(KIND) for name in features)

    def readable(self, rows: pd.DataFrame) -> tuple[str, ...]:
        """The features that are there and say something: not the same in all rows."""
        kinds = tuple(sorted(name for name in rows.columns if name.startswith(KIND)))
        return tuple(name for name in (*self.features, *kinds) if name in rows.columns and rows[name].nunique(dropna=False) > 1)


def everyone(frame: pd.DataFrame) -> pd.Series:
    """All rows."""
    return frame["customer_id"].notna()
