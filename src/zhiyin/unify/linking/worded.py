"""How are described things linked again by what labelled pairs of other tables taught?"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import pandas as pd

from zhiyin.unify.linking.frames import id_column

__all__ = ["Told", "linked_texts"]

# A left table, a right one (or None), and pairs whose truth is known (or None).
Told: TypeAlias = "tuple[pd.DataFrame, pd.DataFrame | None, pd.DataFrame | None]"


def linked_texts(given: Told, taught: Told | None, *, least: float) -> pd.DataFrame:
    """The pairs of the given tables that are likely the same, learned from their own labels or from those of `taught`.

    What words say is learned again with the tables that the labels stand for beside the given ones, so nothing of a model is kept.
    """
    from zhiyin.unify.linking.texts import link_texts

    left, right, labels = given
    if taught is None or taught[2] is None:
        pairs = link_texts(left, right, labels=labels)
        return pairs[pairs["probability"] >= least].reset_index(drop=True)
    both = [_beside(taught[0], left), *([] if right is None or taught[1] is None else [_beside(taught[1], right)])]
    places = [
        pd.Series(np.arange(len(side)), index=side[id_column(side)]) for side in (taught[0], taught[0] if taught[1] is None else taught[1])
    ]
    known = taught[2].assign(
        left_id="0 " + places[0].loc[taught[2]["left_id"]].astype(str).to_numpy(),
        right_id="0 " + places[1].loc[taught[2]["right_id"]].astype(str).to_numpy(),
    )
    pairs = link_texts(*both, labels=known)
    new = pairs["left_id"].str.startswith("1 ") & pairs["right_id"].str.startswith("1 ") & (pairs["probability"] >= least)
    pairs = pairs[new].reset_index(drop=True)
    for name, frame in (("left_id", left), ("right_id", left if right is None else right)):
        pairs[name] = frame[id_column(frame)].to_numpy()[pairs[name].str[2:].astype("int64")]
    return pairs


def _beside(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Both tables in one, their ids replaced by table and place."""
    parts = [
        frame.drop(columns=id_column(frame)).assign(_row=[f"{number} {place}" for place in range(len(frame))])
        for number, frame in enumerate((old, new))
    ]
    whole = pd.concat(parts, ignore_index=True)
    return whole[["_row", *whole.columns.drop("_row")]]
