"""Which records of one group cannot be one person, although links lead from one to the other?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from zhiyin.unify.identity.judge import CLASHES, Card
from zhiyin.unify.identity.levels import Ints, Levels, compare_told

__all__ = ["clashes"]

_FEWEST = 3  # records of a group in which two meet only through a third
_COLUMNS = ["left_record", "right_record", "kind", "bits", "findings"]


def clashes(keys: pd.DataFrame, card: Card, *, links: pd.DataFrame) -> pd.DataFrame:
    """Pairs that links join through others, and that differ in what one person has one of: name, birthday, ID number, account of a system.

    Two accounts of one system are let pass where their names agree: people register twice. A pair that is linked itself is left alone:
    what speaks for it was weighed against what differs.

    Args:
        keys: `record_id`, `kind`, `digest`.
        card: what is told of the records.
        links: `left_record`, `right_record`.

    Returns:
        `left_record` < `right_record`, `kind` (conflict), `bits` (0), `findings`.
    """
    known = card.records.sort_values("record_id", ignore_index=True)
    place = pd.Series(np.arange(len(known)), index=known["record_id"])
    ends = [place.reindex(links[name]).to_numpy("float64") for name in ("left_record", "right_record")]
    there = ~np.isnan(ends[0]) & ~np.isnan(ends[1])
    first, second = (end[there].astype("int64") for end in ends)
    left, right = _within_groups(len(known), first, second)
    levels = Levels(len(left))
    compare_told(known, levels, left=left, right=right)
    apart = levels.any_of(CLASHES) | ((levels.of("system") >= 0) & (levels.of("name") < 0))
    apart |= _other_numbers(keys, place, left, right)
    rows = np.flatnonzero(apart)
    ids = known["record_id"].to_numpy()
    found = {"left_record": ids[left[rows]], "right_record": ids[right[rows]], "kind": "conflict", "bits": 0.0}
    return pd.DataFrame(found | {"findings": levels.written(rows, 0.0)}, columns=_COLUMNS)


def _within_groups(count: int, first: Ints, second: Ints) -> tuple[Ints, Ints]:
    """Every two members of a group of three or more that are not linked themselves."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    joined = coo_array((np.ones(len(first), dtype=bool), (first, second)), shape=(count, count))
    group = connected_components(joined, directed=False)[1]
    many = np.flatnonzero(np.bincount(group)[group] >= _FEWEST)
    rows = pd.DataFrame({"group": group[many], "record": many})
    both = rows.merge(rows, on="group")
    both = both[both["record_x"] < both["record_y"]]
    linked = np.minimum(first, second) * np.int64(count) + np.maximum(first, second)
    apart = ~np.isin(both["record_x"].to_numpy() * np.int64(count) + both["record_y"].to_numpy(), linked)
    return both["record_x"].to_numpy("int64")[apart], both["record_y"].to_numpy("int64")[apart]


def _other_numbers(keys: pd.DataFrame, place: pd.Series, left: Ints, right: Ints) -> np.ndarray:
    """Which pairs have ID numbers, and none in common."""
    numbers = keys[keys["kind"].eq("id_number")]
    own: dict[int, set[str]] = {}
    for record, digest in zip(place.reindex(numbers["record_id"]).to_numpy("float64"), numbers["digest"], strict=True):
        if not np.isnan(record):
            own.setdefault(int(record), set()).add(digest)
    found = [bool(own.get(one) and own.get(other)) and own[one].isdisjoint(own[other]) for one, other in zip(left.tolist(), right.tolist(), strict=True)] if own else []  # fmt: skip
    return np.array(found, dtype=bool) if found else np.zeros(len(left), dtype=bool)
