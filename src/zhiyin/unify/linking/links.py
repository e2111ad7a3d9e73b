"""Which rows of two tables, or of one, are the same thing, and how surely?"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from zhiyin.core.errors import DataError, MissingColumns, UsageError, listed
from zhiyin.core.words import Say
from zhiyin.unify.linking.frames import sides
from zhiyin.unify.linking.people import link_people

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhiyin.unify.linking.frames import Sides
    from zhiyin.unify.linking.kinds import Kind
    from zhiyin.unify.linking.people import Known
    from zhiyin.unify.linking.texts import Taught

__all__ = ["Linker", "fit_linker", "link"]

_LOG = logging.getLogger(__name__)


def link(left: pd.DataFrame, right: pd.DataFrame | None = None, *, labels: pd.DataFrame | None = None, least: float = 0.5) -> pd.DataFrame:
    """The pairs of rows that are more likely than not the same thing.

    Args:
        left: rows with an id: the column called `id`, otherwise the first column.
        right: rows of the other table; None: rows of `left` that stand for the same thing are looked for.
        labels: pairs whose truth is known (`left_id`, `right_id`, `label` 1 or 0; without `label` all are the same).
        least: the probability from which pairs are told (above 0, below 1); lower ones are for a person to look at.

    Returns:
        `left_id`, `right_id`, `probability`, the surest first. `attrs["linked"]` says which engine was used and what each
        column was taken for.

    Raises:
        UsageError: when something else than frames is given, or `least` is no probability.
        TooLittleData: when a frame has no rows.
        DataError: when ids repeat or labels name unknown ids.
        MissingColumns: when there is nothing to compare.
    """
    found, checked = _read(left, right, labels)
    pairs, _ = _linked(Linker(_engine(found)), found, (left, right, checked), least)
    return pairs


def fit_linker(left: pd.DataFrame, right: pd.DataFrame | None = None, *, labels: pd.DataFrame | None = None) -> Linker:
    """A linker that has learned from these tables (and labels), to be asked about others with the same columns."""
    found, checked = _read(left, right, labels)
    return _linked(Linker(_engine(found)), found, (left, right, checked), 0.5)[1]


@dataclass(frozen=True)
class Linker:
    """Links tables with the columns that it learned from.

    `engine` compares field by field ("people") or by words ("texts"); `kinds` says what each column was taken for.
    """

    engine: Literal["people", "texts"]
    kinds: Mapping[str, Kind] | None = None
    known: Known | None = None
    taught: Taught | None = None

    def link(self, left: pd.DataFrame, right: pd.DataFrame | None = None, *, least: float = 0.5) -> pd.DataFrame:
        """The pairs that are more likely than not the same: `left_id`, `right_id`, `probability`.

        Raises:
            MissingColumns: when a column that was learned from is not there.
        """
        return _linked(self, sides(left, right, kinds=self.kinds), (left, right, None), least)[0]


def _read(left: pd.DataFrame, right: pd.DataFrame | None, labels: pd.DataFrame | None) -> tuple[Sides, pd.DataFrame | None]:
    found = sides(left, right)
    return found, None if labels is None else _checked(labels, found)


def _linked(
    linker: Linker, found: Sides, given: tuple[pd.DataFrame, pd.DataFrame | None, pd.DataFrame | None], least: float
) -> tuple[pd.DataFrame, Linker]:
    """The pairs, and the linker with what it learned on the way."""
    if not 0 < least < 1:
        raise UsageError(
            Say("least 不是 0 与 1 之间的概率", "least is no probability between 0 and 1."),
            got=least,
            fix=Say("例如 0.5，或 0.1 以便人工查看", "For instance 0.5, or 0.1 to look at doubtful pairs."),
        )
    kinds = {column.name: column.kind for column in found.columns}
    left, right, labels = given
    if linker.engine == "texts":
        from zhiyin.unify.linking.texts import Taught, link_texts

        pairs = link_texts(left, right, labels=labels, taught=linker.taught)
        pairs = pairs[pairs["probability"] >= least].reset_index(drop=True)
        learned = Linker("texts", kinds, taught=linker.taught if labels is None else Taught(found, labels))
    else:
        pairs, known = link_people(found, labels=labels, known=linker.known, least=least)
        learned = Linker("people", kinds, known=known)
    pairs.attrs["linked"] = {"engine": linker.engine, "columns": kinds}
    _LOG.info("linked engine=%s rows=%d pairs=%d", linker.engine, len(found.left_id), len(pairs))
    return pairs, learned


def _engine(found: Sides) -> Literal["people", "texts"]:
    """Records of persons and firms are compared field by field, descriptions by their words."""
    wordy = [column for column in found.of("text") if column.filled > 0.3 and column.words >= 3]
    personal = len(found.of("name", "date", "phone", "email", "address", "postcode"))
    return "texts" if wordy and personal < 2 else "people"


def _checked(labels: pd.DataFrame, found: Sides) -> pd.DataFrame:
    """`left_id`, `right_id`, `label` as they are needed."""
    if not isinstance(labels, pd.DataFrame):
        raise UsageError(
            Say("labels 不是数据表", "labels is no data frame."),
            got=type(labels).__name__,
            fix=Say("传入含 left_id、right_id、label 的 DataFrame", "Pass a DataFrame with left_id, right_id, label."),
        )
    missing = [name for name in ("left_id", "right_id") if name not in labels]
    if missing:
        raise MissingColumns(
            Say(f"labels 缺少列 {'、'.join(missing)}", f"labels lacks {', '.join(missing)}."),
            got=listed(labels.columns),
            fix=Say(
                "列名用 left_id、right_id、label（1 同一个，0 不同）", "Name the columns left_id, right_id, label (1 the same, 0 not)."
            ),
        )
    known = labels if "label" in labels else labels.assign(label=1)
    if not known["label"].isin([0, 1]).all():
        raise DataError(
            Say("label 只能是 1 或 0", "label must be 1 or 0."),
            got=listed(sorted(set(known["label"][~known["label"].isin([0, 1])].astype(str)))),
            fix=Say("1 表示同一个，0 表示不同", "Write 1 for the same and 0 for not the same."),
        )
    others = found.left_id if found.right_id is None else found.right_id
    strange = ~(np.isin(known["left_id"], found.left_id) & np.isin(known["right_id"], others))
    if strange.any():
        raise DataError(
            Say("labels 里有表中没有的 id", "labels names ids that stand in no row."),
            got=f"{int(strange.sum())} of {len(known)}",
            fix=Say("left_id 用左表的 id，right_id 用右表的 id", "Take left_id from the left table and right_id from the right one."),
        )
    return known[["left_id", "right_id", "label"]].reset_index(drop=True)
