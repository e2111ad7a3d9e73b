"""How well are records joined where something was put in the way: a mask, a changed phone, a name written otherwise?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.improve.truth import Judged, drawn

__all__ = ["ORDER", "planted_scores"]

Floats = npt.NDArray[np.float64]

# What is in the way of a pair, the hardest first: where both records have something, the first of these counts.
ORDER = ("masked", "family_phone", "homophone", "traditional", "nickname", "spaced", "full_width", "same", "firm_name", "changed_phone", "plain")  # fmt: skip


def planted_scores(identity: pd.DataFrame, accounts: pd.DataFrame) -> Iterator[Judged]:
    """F1 over pairs of records, for each thing that is planted.

    Args:
        identity: record_id, customer_id, as the workspace says.
        accounts: record_id, person_id and planted, as it is; empty text where nothing is in the way.
    """
    held = accounts.drop_duplicates("record_id").merge(identity[["record_id", "customer_id"]], on="record_id")
    if not held["planted"].ne("").any():
        return
    rank = held["planted"].replace("", "plain").map({name: at for at, name in enumerate(ORDER)}).fillna(len(ORDER) - 1)
    held = held.assign(rank=rank.to_numpy("int64"), number=np.arange(len(held)))
    said, true = (_pairs(held, by) for by in ("customer_id", "person_id"))
    for at, kind in enumerate(ORDER):
        own = [rows[rows["rank"].eq(at)] for rows in (said, true)]
        if len(own[1]):
            yield _judged(kind, own[0], own[1])


def _pairs(held: pd.DataFrame, by: str) -> pd.DataFrame:
    """Every pair of a group: what is in its way, whether it is joined, whether it is one person, and a person to draw by."""
    both = held.merge(held, on=by)
    both = both[both["number_x"] < both["number_y"]]
    names = [name for name in ("customer_id", "person_id") if name != by]
    same = both[f"{names[0]}_x"].eq(both[f"{names[0]}_y"])
    person = both["person_id"] if by == "person_id" else both["person_id_x"]
    return pd.DataFrame({"rank": np.minimum(both["rank_x"], both["rank_y"]), "both": same, "person": person})


def _judged(kind: str, said: pd.DataFrame, true: pd.DataFrame) -> Judged:
    persons = sorted({*said["person"], *true["person"]})
    counts = [rows.groupby("person").size().reindex(persons, fill_value=0).to_numpy("float64") for rows in (true[true["both"]], said, true)]
    hit, joined, pairs = (float(count.sum()) for count in counts)
    share = {"precision": hit / joined if joined else float("nan"), "recall": hit / pairs}
    more = {"pairs": int(pairs), "said": int(joined), **share}
    return Judged("identity", f"pair_f1_{kind}", drawn(_f1, *counts), baseline=0.0, against="no_linking", n=int(pairs), more=more)


def _f1(hit: Floats, said: Floats, true: Floats) -> float:
    """From counts a person: joined rightly, joined, to be joined."""
    both = said.sum() + true.sum()
    return float(2 * hit.sum() / both) if both else float("nan")
