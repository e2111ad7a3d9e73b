"""Which products, papers or other described things of two tables are the same?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from zhiyin.core.errors import UsageError
from zhiyin.core.words import Say
from zhiyin.unify.linking.corpus import Corpus, corpus
from zhiyin.unify.linking.evidence import gathered
from zhiyin.unify.linking.frames import Sides, sides
from zhiyin.unify.linking.learned import learned
from zhiyin.unify.linking.nearby import candidates
from zhiyin.unify.linking.unlabelled import unlabelled

__all__ = ["Taught", "link_texts"]

_NEAREST = 12  # partners a row gets by each measure: holds every known match of the ten sets of the benchmark
_FEWEST = 10  # known pairs of each kind that are needed to learn from
_MOST = 40  # unlikely pairs returned a row of the tables; likely ones are always returned


class Taught(NamedTuple):
    """Tables whose pairs of known truth teach about other tables."""

    tables: Sides
    labels: pd.DataFrame


def link_texts(
    left: pd.DataFrame,
    right: pd.DataFrame | None = None,
    *,
    labels: pd.DataFrame | None = None,
    taught: Taught | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """The pairs that may be the same thing, and how likely each is.

    Args:
        left: rows with an id: the column called `id`, otherwise the first column.
        right: rows of the other table; None: rows of `left` that stand for the same thing are looked for.
        labels: `left_id`, `right_id`, `label` (1 the same, 0 not) of pairs whose truth is known. With fewer than ten of
            either kind nothing is learned from them; what they say is kept.
        taught: other tables with known pairs, to learn from where `labels` are not given.
        seed: chance of the folds and of the trees.

    Returns:
        `left_id`, `right_id`, `probability`, the likeliest first: every pair that was compared, up to a bound. One half
        is where F1 is best. A pair of `labels` has probability 1 or 0.

    Raises:
        UsageError: when one table is asked about after two were taught, or the other way round.
    """
    found = sides(left, right)
    if taught is None or labels is not None:
        return _linked(found, labels, seed=seed)
    if (taught.tables.right is None) != (found.right is None):
        raise UsageError(
            Say(
                "学的时候是两张表，问的时候也要两张（一张同理）", "What was learned from two tables is asked about two, from one about one."
            ),
            got="one table" if found.right is None else "two tables",
            fix=Say("传入同样张数的表，或重新学习", "Pass as many tables as were learned from, or learn again."),
        )
    return _asked_after(found, taught, seed=seed)


def _asked_after(found: Sides, taught: Taught, *, seed: int) -> pd.DataFrame:
    """Links tables that stand behind those that teach, so that words are as rare as in all of them."""
    before = taught.tables
    ours, ids, starts = _behind(before.left, found.left)
    theirs, others, second = None, None, starts
    if before.right is not None and found.right is not None:
        theirs, others, second = _behind(before.right, found.right)
    places = [
        pd.Index(before.left_id).get_indexer(taught.labels["left_id"]),
        pd.Index(before.left_id if before.right_id is None else before.right_id).get_indexer(taught.labels["right_id"]),
    ]
    labels = taught.labels.assign(left_id=places[0], right_id=places[1])
    pairs = _linked(Sides(found.columns, ours, ids, theirs, others), labels, seed=seed)
    pairs = pairs[(pairs["left_id"] >= starts) & (pairs["right_id"] >= second)]
    named = found.left_id if found.right_id is None else found.right_id
    pairs = pairs.assign(left_id=found.left_id[pairs["left_id"] - starts], right_id=named[pairs["right_id"] - second])
    return (_smaller_first(pairs) if found.right is None else pairs).reset_index(drop=True)


def _behind(before: pd.DataFrame, rows: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray, int]:
    """Both tables as one with places as ids, and where the second begins."""
    both = pd.concat([before.reindex(columns=rows.columns), rows], ignore_index=True)
    return both.astype(object).where(both.notna(), None), np.arange(len(both)), len(before)


def _linked(found: Sides, labels: pd.DataFrame | None, *, seed: int) -> pd.DataFrame:
    read, alone = corpus(found), found.right is None
    known = _known(labels, found, read)
    compared = [candidates(read, nearest=_NEAREST, alone=alone), known[["left", "right"]].to_numpy(dtype=np.int64)]
    pairs = np.unique(np.concatenate(compared), axis=0)
    if alone:
        pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    chance = _judged(read, pairs, known, seed=seed) if len(pairs) else np.empty(0)
    told = _rows(found, read, pd.DataFrame({"left": pairs[:, 0], "right": pairs[:, 1], "probability": chance}))
    if alone:
        told, known = _smaller_first(told), _smaller_first(known)
    return _with_known(told, known)


def _known(labels: pd.DataFrame | None, found: Sides, read: Corpus) -> pd.DataFrame:
    """The labels with the places of their distinct rows, the smaller first where the tables are one."""
    if labels is None:
        labels = pd.DataFrame({"left_id": [], "right_id": [], "label": []})
    places = [
        pd.Series(read.left.row_of, index=found.left_id).reindex(labels["left_id"]),
        pd.Series(read.right.row_of, index=found.left_id if found.right_id is None else found.right_id).reindex(labels["right_id"]),
    ]
    rows = np.column_stack([place.to_numpy() for place in places])
    known = labels[["left_id", "right_id", "label"]].assign(left=rows[:, 0], right=rows[:, 1])
    if found.right is None:
        known[["left", "right"]] = np.sort(rows, axis=1)
    return known.dropna().sort_values(["left", "right", "label"], ignore_index=True)  # the order of the labels does not matter


def _judged(read: Corpus, pairs: np.ndarray, known: pd.DataFrame, *, seed: int) -> np.ndarray:
    evidence = gathered(read, pairs)
    place = {pair: at for at, pair in enumerate(map(tuple, pairs))}
    spoken = known[np.array([pair in place for pair in zip(known["left"], known["right"], strict=True)], dtype=bool)]
    places = np.array([place[pair] for pair in zip(spoken["left"], spoken["right"], strict=True)], dtype=np.int64)
    truth = spoken["label"].to_numpy() > 0.5
    if len(truth) and truth.all():  # only same ones are told: what else is near one of them is not it
        others = np.isin(pairs[:, 0], pairs[places, 0]) | np.isin(pairs[:, 1], pairs[places, 1])
        others[places] = False
        places, truth = np.concatenate([places, np.flatnonzero(others)]), np.concatenate([truth, np.zeros(others.sum(), dtype=bool)])
    if min(truth.sum(), (~truth).sum()) < _FEWEST:
        return unlabelled(evidence, title=read.title, seed=seed)
    return learned(evidence, places=places, truth=truth, seed=seed).probability


def _rows(found: Sides, read: Corpus, judged: pd.DataFrame) -> pd.DataFrame:
    """Pairs of distinct rows as pairs of ids; where the tables are one, rows of the same text are the same."""
    alone = found.right is None
    ours = pd.DataFrame({"left": read.left.row_of, "left_id": found.left_id}).rename_axis("left_row").reset_index()
    theirs = pd.DataFrame({"right": read.right.row_of, "right_id": found.left_id if alone else found.right_id})
    theirs = theirs.rename_axis("right_row").reset_index()
    judged = judged.sort_values(["probability", "left", "right"], ascending=[False, True, True])
    sizes = judged["left"].map(ours["left"].value_counts()) * judged["right"].map(theirs["right"].value_counts())
    judged = judged[(judged["probability"] >= 0.5) | (sizes.cumsum() <= _MOST * (len(ours) + len(theirs)))]
    if alone:
        twins = ours["left"].value_counts().loc[lambda count: count > 1].index
        judged = pd.concat([judged, pd.DataFrame({"left": twins, "right": twins, "probability": 1.0})])
    pairs = judged.merge(ours, on="left").merge(theirs, on="right")
    if alone:
        pairs = pairs[(pairs["left"] != pairs["right"]) | (pairs["left_row"] < pairs["right_row"])]
    return pairs[["left_id", "right_id", "probability"]]


def _smaller_first(pairs: pd.DataFrame) -> pd.DataFrame:
    """The same pairs, the smaller id at the left."""
    turned = _comparable(pairs["left_id"]) > _comparable(pairs["right_id"])
    ours, theirs = pairs["left_id"].where(~turned, pairs["right_id"]), pairs["right_id"].where(~turned, pairs["left_id"])
    return pairs.assign(left_id=ours, right_id=theirs)


def _comparable(ids: pd.Series) -> pd.Series:
    return ids.astype(str) if ids.dtype == object else ids


def _with_known(pairs: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """What is known stays known; a pair that is told both ways is judged like the others."""
    said = known.groupby(["left_id", "right_id"], as_index=False)["label"].mean().rename(columns={"label": "probability"})
    said = said[said["probability"].isin([0, 1])]
    both = pd.concat([said, pairs], ignore_index=True).drop_duplicates(["left_id", "right_id"])
    both = both.assign(left=_comparable(both["left_id"]), right=_comparable(both["right_id"]))
    both = both.sort_values(["probability", "left", "right"], ascending=[False, True, True], ignore_index=True)
    return both.drop(columns=["left", "right"])
