"""Which pairs of records come into question, and by which shared keys?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.unify.identity.keys import ASKED, EXACT, NEAR

__all__ = ["KINDS", "Pairs", "pairs_of", "shared_keys"]

Ints = npt.NDArray[np.int64]
KINDS = (*EXACT, *NEAR, ASKED)
_MOST = EXACT | NEAR | {ASKED: 2}


@dataclass(frozen=True)
class Pairs:
    """Pairs of records with what they share.

    Args:
        left: place of one record, always the smaller.
        right: place of the other.
        shares: a bit a kind of KINDS.
        row: of each pair and shared key the place of the pair.
        key: and of the key.
        kind: and of its kind in KINDS.
    """

    left: Ints
    right: Ints
    shares: Ints
    row: Ints
    key: Ints
    kind: Ints


def shared_keys(keys: pd.DataFrame) -> pd.DataFrame:
    """The keys that mean a person: on two records at least, and on no more than their kind allows.

    Args:
        keys: `record_id`, `kind`, `digest`; kinds that are not known link nobody.

    Returns:
        `record_id`, `kind` (place in KINDS), `key` (a number each kind and digest), sorted.
    """
    known = keys.loc[keys["kind"].isin(KINDS), ["record_id", "kind", "digest"]].dropna().drop_duplicates()
    kind = known["kind"].map({name: place for place, name in enumerate(KINDS)}).to_numpy("int64")
    key = known.assign(kind=kind).groupby(["kind", "digest"], sort=False).ngroup().to_numpy("int64")
    size = np.bincount(key)[key] if len(key) else key
    most = np.array([_MOST[name] for name in KINDS])[kind]
    fits = (size > 1) & (size <= most)
    return pd.DataFrame({"record_id": known["record_id"].to_numpy()[fits], "kind": kind[fits], "key": key[fits]})


def pairs_of(shared: pd.DataFrame, place: pd.Series) -> Pairs:
    """Every pair of each group of records with a key in common.

    Args:
        shared: of `shared_keys`.
        place: record_id -> place; records that are not in it are passed over.
    """
    at = place.reindex(shared["record_id"]).to_numpy("float64")
    there = ~np.isnan(at)
    record, key, kind = at[there].astype("int64"), shared["key"].to_numpy()[there], shared["kind"].to_numpy()[there]
    order = np.lexsort((record, key))
    record, key, kind = record[order], key[order], kind[order]
    first, second = _within(key)
    left, right = record[first], record[second]
    both = left * np.int64(len(place)) + right
    distinct, row = np.unique(both, return_inverse=True)
    bits = np.zeros(len(distinct), dtype="int64")
    np.bitwise_or.at(bits, row, np.int64(1) << kind[first])
    lefts, rights = np.divmod(distinct, np.int64(max(len(place), 1)))
    return Pairs(lefts, rights, bits, row.astype("int64"), key[first], kind[first])


def _within(key: Ints) -> tuple[Ints, Ints]:
    """Places of the two ends of every pair within runs of equal keys."""
    if not len(key):
        return key, key
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    size = np.diff(np.r_[starts, len(key)])
    after = np.repeat(starts + size, size) - np.arange(len(key)) - 1  # how many of its run come after each row
    first = np.repeat(np.arange(len(key)), after)
    ends = np.cumsum(after)
    second = first + 1 + np.arange(len(first)) - np.repeat(ends - after, after)
    return first, second
