"""Which records are the same person or firm, field by field, without a single label?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from zhiyin.unify.linking.blocks import candidates
from zhiyin.unify.linking.compare import fields_of, levels
from zhiyin.unify.linking.groups import grouped, one_to_one
from zhiyin.unify.linking.weights import Pairs, learned, spoken

if TYPE_CHECKING:
    from zhiyin.unify.linking.compare import Field
    from zhiyin.unify.linking.frames import Sides
    from zhiyin.unify.linking.weights import Weights

__all__ = ["link_people"]

_BUDGET_EACH, _BUDGET_LEAST = 10, 1_500_000  # candidate pairs a rule: a row, and where there are many rows, in all
_SURE = 3.0  # log-odds from which pairs are asked whether a table holds nothing twice
_TWICE = 0.03  # of the rows found may have several sure partners before the other table counts as one with duplicates


class Compared(NamedTuple):
    """The candidate pairs of a table and what was learned from them; `odds` is the log-odds of each pair."""

    fields: list[Field]
    pairs: Pairs
    weights: Weights
    odds: np.ndarray


def link_people(found: Sides, *, labels: pd.DataFrame | None = None) -> pd.DataFrame:
    """The pairs that are more likely than not the same: `left_id`, `right_id`, `probability`, the surest first.

    Within one table, and where a table of two holds things twice, all pairs of a group are named.
    """
    table = _Table.of(found)
    if table.boundary is not None:
        compared = _compared(table, table.boundary)
        if _nothing_twice(compared):
            pairs = compared.pairs
            likely = np.flatnonzero(compared.odds > 0)
            kept = likely[one_to_one((pairs.left[likely], pairs.right[likely]), compared.odds[likely])]
            return table.answer(pairs.left[kept], pairs.right[kept], compared.odds[kept])
    compared = _compared(table, None)
    pairs = compared.pairs
    joined = grouped(len(table.rows), (pairs.left, pairs.right), compared.odds)
    odds = np.maximum(joined.odds, _known(compared, joined.left, joined.right))
    return table.answer(joined.left, joined.right, odds)


class _Table(NamedTuple):
    """All rows of both tables in an order that does not depend on the order in which they came."""

    found: Sides
    rows: pd.DataFrame
    order: np.ndarray
    boundary: int | None

    @classmethod
    def of(cls, found: Sides) -> _Table:
        """The rows of each table sorted by what they say, equal ones by their ids; the left table comes first."""
        first = _order(found.left, found.left_id)
        if found.right is None or found.right_id is None:
            return cls(found, found.left.iloc[first].reset_index(drop=True), first, None)
        second = _order(found.right, found.right_id)
        rows = pd.concat([found.left.iloc[first], found.right.iloc[second]], ignore_index=True)
        return cls(found, rows, np.concatenate([first, second + len(first)]), len(first))

    def answer(self, left: np.ndarray, right: np.ndarray, odds: np.ndarray) -> pd.DataFrame:
        """The pairs under their ids; of two tables only the pairs between them, of one the smaller id first."""
        ids = self.found.left_id if self.found.right_id is None else np.concatenate([_objects(self.found.left_id), _objects(self.found.right_id)])
        if self.boundary is not None:
            between = (left < self.boundary) & (right >= self.boundary)
            left, right, odds = left[between], right[between], odds[between]
        one, other = ids[self.order[left]], ids[self.order[right]]
        if self.boundary is None:
            turned = _after(one, other)
            one, other = np.where(turned, other, one), np.where(turned, one, other)
        probability = 1 / (1 + np.exp(-odds.astype("float64")))
        made = pd.DataFrame({"left_id": one, "right_id": other, "probability": probability})
        made["left_id"], made["right_id"] = made["left_id"].astype(self.found.left_id.dtype), made["right_id"].astype((self.found.left_id if self.found.right_id is None else self.found.right_id).dtype)
        made = made.assign(_left=made["left_id"].astype(str), _right=made["right_id"].astype(str))
        made = made.sort_values(["probability", "_left", "_right"], ascending=[False, True, True], ignore_index=True)
        return made[["left_id", "right_id", "probability"]]


def _objects(ids: np.ndarray) -> np.ndarray:
    return ids.astype(object)


def _after(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    if one.dtype == object:
        return np.array([str(x) > str(y) for x, y in zip(one, other, strict=True)], dtype=bool)
    return one > other


def _order(rows: pd.DataFrame, ids: np.ndarray) -> np.ndarray:
    cells = pd.util.hash_pandas_object(rows, index=False).to_numpy()
    key = pd.util.hash_array(np.array([str(one) for one in ids], dtype=object), categorize=False)
    return np.lexsort((key, cells))


def _compared(table: _Table, boundary: int | None) -> Compared:
    fields = fields_of(table.rows, table.found.columns)
    budget = max(_BUDGET_LEAST, len(table.rows))
    budget = min(_BUDGET_EACH * len(table.rows), budget)
    left, right = candidates(fields, boundary=boundary, budget=budget)
    pairs = Pairs(left, right, levels(fields, left, right))
    weights = learned(fields, pairs, boundary=boundary)
    return Compared(fields, pairs, weights, weights.prior + spoken(fields, pairs, weights).sum(axis=1))


def _nothing_twice(compared: Compared) -> bool:
    """Does neither table seem to hold a thing twice?"""
    sure = compared.odds > _SURE
    for side in (compared.pairs.left[sure], compared.pairs.right[sure]):
        partners = np.unique(side, return_counts=True)[1]
        if len(partners) and float((partners > 1).mean()) > _TWICE:
            return False
    return True


def _known(compared: Compared, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The log-odds of these pairs, minus infinity where they were not compared."""
    rows = len(compared.fields[0].codes)
    have, want = compared.pairs.left * rows + compared.pairs.right, left * rows + right
    place = np.searchsorted(have, want).clip(max=max(len(have) - 1, 0))
    if not len(have):
        return np.full(len(want), -np.inf)
    return np.where(have[place] == want, compared.odds[place], -np.inf)
