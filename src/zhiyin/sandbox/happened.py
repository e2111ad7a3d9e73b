"""What happened on one day, as columns: every array of one group has the same length."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["EVENTS", "OUTCOMES", "TALKS", "Day", "Rows", "Verdict", "joined", "kept", "none", "sized"]

Rows = dict[str, npt.NDArray[Any]]

# What a contact comes to, and what a visit leaves behind, by place.
OUTCOMES = ("answered", "no_need", "unreachable", "refused_contact")
EVENTS = ("Product Viewed", "Products Searched", "Product Added", "Order Completed", "Signed In")
# What people talk about: how it is told in `texts`.
TALKS = (
    *("chat_presale", "chat_complaint", "chat_aftersale", "chat_life", "call_sales", "call_complaint", "call_renewal"),
    *("mail_order", "mail_complaint", "mail_quote", "review"),
)

_COLUMNS = {
    "visits": ("person", "event", "product", "second"),
    "orders": ("person", "product", "quantity", "paid", "discount", "coupon", "system", "second", "shop", "number", "line", "campaign"),
    "refunds": ("person", "product", "quantity", "paid", "system", "second", "shop", "number", "line"),
    "talks": ("person", "talk", "product", "category", "second", "stars", "mood", "rep", "outcome"),
    "contacts": (
        "person",
        "rep",
        "second",
        "outcome",
    ),
    "invitations": ("person", "campaign", "held", "propensity", "second"),
    "answers": ("person", "campaign", "second", "paid"),
    "transfers": ("person", "amount", "second", "payee"),
    "stock": ("product", "pieces"),
    "shifts": ("person", "before", "after", "life"),
    "frauds": ("person", "system", "number"),
}


def none(group: str) -> Rows:
    """The group without a row."""
    return {name: np.empty(0, dtype=np.int64) for name in _COLUMNS[group]}


def sized(group: str, n: int, **columns: object) -> Rows:
    """A group of `n` rows; a column that is one value says it of every row, one that is not given is 0."""
    return {name: _column(columns.get(name, 0), n) for name in _COLUMNS[group]}


def _column(values: object, n: int) -> npt.NDArray[Any]:
    return values if isinstance(values, np.ndarray) and values.ndim else np.full(n, values)


def kept(rows: Rows, mask: npt.NDArray[np.bool_]) -> Rows:
    """The rows of a mask."""
    return {name: column[mask] for name, column in rows.items()}


def joined(group: str, parts: list[Rows]) -> Rows:
    """Several groups as one, by the second of the day; what happens in the same second stays in its order."""
    if not parts:
        return none(group)
    whole = {name: np.concatenate([part[name] for part in parts]) for name in _COLUMNS[group]}
    if "second" not in whole:
        return whole
    order = np.argsort(whole["second"], kind="stable")
    return {name: column[order] for name, column in whole.items()}


class Verdict(NamedTuple):
    """Which order lines arrived late, and which were faulty."""

    late: npt.NDArray[np.bool_]
    faulty: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Day:
    """One day of a world: `arrived` are the people who came for the first time, the groups those of the module, times local seconds."""

    on: date
    number: int
    arrived: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    groups: dict[str, Rows] = field(default_factory=dict)

    @property
    def month(self) -> str:
        """The month that ends the names of the files: 2026-10."""
        return self.on.isoformat()[:7]

    def rows(self, group: str) -> Rows:
        """What happened of one kind."""
        return self.groups.get(group) or none(group)

    def count(self, group: str) -> int:
        """How often it happened."""
        return len(next(iter(self.rows(group).values())))
