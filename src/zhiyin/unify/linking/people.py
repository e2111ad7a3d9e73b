"""Which records are the same person or firm, field by field, without a single label?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from zhiyin.unify.linking.blocks import candidates
from zhiyin.unify.linking.compare import Field, fields_of, levels
from zhiyin.unify.linking.groups import Joined, grouped, one_to_one
from zhiyin.unify.linking.table import Table
from zhiyin.unify.linking.taught import Lesson, taught
from zhiyin.unify.linking.weights import Pairs, Weights, learned, spoken

if TYPE_CHECKING:
    import pandas as pd

    from zhiyin.unify.linking.frames import Sides

__all__ = ["Known", "link_people"]

_EACH_ROW, _FEW_ROWS = 10, 1_500_000  # candidate pairs that one rule may name: so many a row, up to so many or one a row
_SURE = 3.0  # log-odds from which pairs are asked whether a table holds a thing twice
_TWICE = 0.03  # share of the rows found with several sure partners from which a table counts as one that does
_CERTAIN = 20.0  # log-odds of a pair whose truth is known
_JUST_BELOW = -0.01  # log-odds of a likely pair whose groups stay apart


class Known(NamedTuple):
    """What was learned from tables: the weights of the fields, and what labels taught on top."""

    weights: Weights
    lesson: Lesson | None


class _Compared(NamedTuple):
    """The candidate pairs of a table; `odds` is the log-odds of each."""

    fields: list[Field]
    pairs: Pairs
    known: Known
    odds: np.ndarray


def link_people(
    found: Sides, *, labels: pd.DataFrame | None = None, known: Known | None = None, least: float = 0.5
) -> tuple[pd.DataFrame, Known]:
    """The pairs that are likely the same, and what was learned.

    Two tables that hold nothing twice are linked one to one. Otherwise rows are put into groups, and all pairs of a group
    are told (of two tables those between them).

    Args:
        found: the tables.
        labels: `left_id`, `right_id`, `label` of pairs whose truth is known.
        known: what was learned from other tables with these columns; None: it is learned from these.
        least: the probability from which pairs are told; those below one half are doubtful and stand outside of the groups.

    Returns:
        `left_id`, `right_id`, `probability`, the surest first.
    """
    table = Table.of(found)
    if table.boundary is not None:
        compared = _compared(table, table.boundary, labels, known)
        if _nothing_twice(compared):
            left, right = compared.pairs.left, compared.pairs.right
            likely = np.flatnonzero(compared.odds > 0)
            likely = likely[one_to_one((left[likely], right[likely]), compared.odds[likely])]
            joined = Joined(left[likely], right[likely], compared.odds[likely])
            return _told(table, compared, joined, least), compared.known
    compared = _compared(table, None, labels, known)
    joined = grouped(len(table.rows), (compared.pairs.left, compared.pairs.right), odds=compared.odds)
    joined = _with_certain(compared, joined)
    alone = _looked_up(compared, joined.left, joined.right)
    kept = alone > -_CERTAIN  # a pair that is known to be two things is never told
    joined = Joined(joined.left[kept], joined.right[kept], np.maximum(joined.odds, alone)[kept])
    return _told(table, compared, joined, least), compared.known


def _told(table: Table, compared: _Compared, joined: Joined, least: float) -> pd.DataFrame:
    """The joined pairs that are likely enough, and below one half those that were left apart."""
    need = np.log(least / (1 - least))
    rows = len(table.rows)
    doubtful = (compared.odds >= need) & (compared.odds > -_CERTAIN) & (need < 0)
    left, right = compared.pairs.left[doubtful], compared.pairs.right[doubtful]
    apart = ~np.isin(left * rows + right, joined.left * rows + joined.right)
    left, right, odds = (
        np.concatenate(both)
        for both in zip(joined, (left[apart], right[apart], np.minimum(compared.odds[doubtful][apart], _JUST_BELOW)), strict=True)
    )
    enough = odds >= need
    return table.answer((left[enough], right[enough]), odds[enough])


def _compared(table: Table, boundary: int | None, labels: pd.DataFrame | None, known: Known | None) -> _Compared:
    fields = fields_of(table.rows, table.columns)
    rows = len(table.rows)
    left, right = candidates(fields, boundary=boundary, budget=min(_EACH_ROW * rows, max(_FEW_ROWS, rows)))
    truth = None if labels is None else _truth(table, labels)
    if truth is not None:  # pairs whose truth is known are compared, whatever they share
        codes = np.union1d(left * rows + right, truth[0])
        left, right = codes // rows, codes % rows
    pairs = Pairs(left, right, levels(fields, left=left, right=right))
    weights = learned(fields, pairs, boundary=boundary, known=None if known is None else known.weights)
    said = spoken(fields, pairs, weights=weights)
    odds = np.clip(weights.prior + said.sum(axis=1), 1 - _CERTAIN, _CERTAIN - 1)
    lesson = None if known is None else known.lesson
    if truth is not None:
        place = np.searchsorted(left * rows + right, truth[0])
        lesson = taught(said[place], pairs.levels[place], odds=odds[place], label=truth[1])
    if lesson is not None:
        odds = np.clip(lesson.odds(said, pairs.levels), 1 - _CERTAIN, _CERTAIN - 1)
    if truth is not None:
        odds[place] = np.where(truth[1] == 1, _CERTAIN, -_CERTAIN)
    return _Compared(fields, pairs, Known(weights, lesson), odds)


def _truth(table: Table, labels: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The labelled pairs as `smaller * rows + larger`, in order, each once, with their labels."""
    left, right = table.places(labels)
    codes, first = np.unique(left * len(table.rows) + right, return_index=True)
    return codes, labels["label"].to_numpy("int64")[first]


def _nothing_twice(compared: _Compared) -> bool:
    """Does neither table seem to hold a thing twice?"""
    sure = compared.odds > _SURE
    for side in (compared.pairs.left[sure], compared.pairs.right[sure]):
        partners = np.unique(side, return_counts=True)[1]
        if len(partners) and float((partners > 1).mean()) > _TWICE:
            return False
    return True


def _with_certain(compared: _Compared, joined: Joined) -> Joined:
    """The pairs of the groups, and those that are known to be the same although their groups stay apart."""
    rows = len(compared.fields[0].codes)
    sure = compared.odds >= _CERTAIN
    left, right = compared.pairs.left[sure], compared.pairs.right[sure]
    new = ~np.isin(left * rows + right, joined.left * rows + joined.right)
    return Joined(*(np.concatenate(both) for both in zip(joined, (left[new], right[new], compared.odds[sure][new]), strict=True)))


def _looked_up(compared: _Compared, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The log-odds of these pairs, a little above certainly not where they were not compared."""
    rows = len(compared.fields[0].codes)
    have, want = compared.pairs.left * rows + compared.pairs.right, left * rows + right
    if not len(have):
        return np.full(len(want), 1 - _CERTAIN)
    place = np.searchsorted(have, want).clip(max=len(have) - 1)
    return np.where(have[place] == want, compared.odds[place], 1 - _CERTAIN)
