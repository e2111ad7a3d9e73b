"""How sure is it that two records are one person? Findings, their bits, the sum, and what follows from it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.unify.identity.keys import EXACT
from zhiyin.unify.identity.levels import PLACE, Ints, Levels, compare_told
from zhiyin.unify.identity.pairs import KINDS, Pairs, pairs_of, shared_keys
from zhiyin.unify.identity.weights import LINK_BITS, MASKED_BITS, REVIEW_BITS

__all__ = ["ANCHORS", "ANONYMOUS", "CLASHES", "Card", "judge"]

# A link needs one of these: what a mask shows, a city or a form of address never suffice, however many of them agree.
ANCHORS = frozenset(
    [
        "id_number.equal",
        "openid.equal",
        "anonymous_id.equal",
        "email.equal",
        "email.shared",
        "phone.equal",
        "phone.shared",
        "name.equal",
        "name.sound",
        "company.equal",
        "address.door",
        "birthday.equal",
    ]
)
# Two records with one of these are not one person, unless a person says so; a key that is on both is a shared one.
CLASHES = frozenset(
    ["name.different", "name.untold", "name.masked_apart", "company.different", "id_number.different", "birthday.different"]
)
_SHAREABLE = ("phone", "email")
ANONYMOUS = ".anonymous"  # how the systems end whose records are devices
_COLUMNS = ["left_record", "right_record", "kind", "bits", "findings"]


@dataclass(frozen=True)
class Card:
    """What is told of the records that are compared: one row a record, in any order.

    Args:
        records: record_id, source, name, address, city, birthday; empty text where nothing is told.
        size: bits of the size of the company, see `weights.size_bits`.
        masks_suffice: whether what masks show may join a masked record with one that is known whole, where the sum is high enough.
    """

    records: pd.DataFrame
    size: float
    masks_suffice: bool = False


def judge(keys: pd.DataFrame, card: Card, *, touched: Collection[str] | None = None) -> pd.DataFrame:
    """What is found of every pair that comes into question.

    Args:
        keys: `record_id`, `kind`, `digest` of all records that share a key with one of the records asked about.
        card: what is told of them.
        touched: only pairs that share a key which one of these records has; None: all pairs.

    Returns:
        `left_record` < `right_record`, `kind` (link, left_fits: the left one is masked and fits, right_fits, review, none), `bits`, `findings`, one row a pair.
    """
    known = card.records.sort_values("record_id", ignore_index=True)
    place = pd.Series(np.arange(len(known)), index=known["record_id"])
    shared = shared_keys(keys)
    pairs = pairs_of(shared, place)
    levels = Levels(len(pairs.left))
    compare_told(known, levels, left=pairs.left, right=pairs.right)
    _compare_keys(keys, pairs, known, place, levels)
    sums = levels.total(card.size)
    linked, asked = (sums >= LINK_BITS) & levels.any_of(ANCHORS), sums >= REVIEW_BITS
    fits = (sums >= MASKED_BITS) & ~linked & _known_on_one_side(keys, pairs, place) & card.masks_suffice
    kept = np.ones(len(sums), dtype=bool) if touched is None else _touching(shared, pairs, touched)
    left_masked = ~_has(keys, place, "phone")[pairs.left]
    kind = np.select([linked, fits & left_masked, fits, asked], ["link", "left_fits", "right_fits", "review"], "none")
    rows = np.flatnonzero(kept & (asked if touched is None else True))
    ids = known["record_id"].to_numpy()
    return pd.DataFrame(
        {
            "left_record": ids[pairs.left[rows]],
            "right_record": ids[pairs.right[rows]],
            "kind": kind[rows],
            "bits": sums[rows],
            "findings": levels.written(rows, card.size),
        },
        columns=_COLUMNS,
    )


def _compare_keys(keys: pd.DataFrame, pairs: Pairs, known: pd.DataFrame, place: pd.Series, levels: Levels) -> None:
    """What equal digests say, and what it says that both have one and it is not the same."""
    devices = known["source"].str.endswith(ANONYMOUS).to_numpy(bool)
    crowded = _crowded_devices(pairs, devices)
    for kind in EXACT:
        bit = np.int64(1) << KINDS.index(kind)
        equal = (pairs.shares & bit) > 0
        level = np.where(equal, PLACE[f"{kind}.equal"], -1)
        if kind in _SHAREABLE:
            level = np.where(equal & ~_own(pairs, levels, kind=KINDS.index(kind)), PLACE[f"{kind}.shared"], level)
        if kind == "anonymous_id":
            level = np.where(equal & crowded, PLACE["anonymous_id.shared"], level)
        if f"{kind}.different" in PLACE:
            has = _has(keys, place, kind)
            level = np.where(~equal & has[pairs.left] & has[pairs.right], PLACE[f"{kind}.different"], level)
        if kind == "phone":
            level = _with_masks(keys, pairs, place, level)
        levels.add(kind, level)


def _has(keys: pd.DataFrame, place: pd.Series, kind: str) -> npt.NDArray[np.bool_]:
    """Which records have a key of a kind."""
    at = place.reindex(keys.loc[keys["kind"].eq(kind), "record_id"].unique()).dropna().to_numpy("int64")
    found = np.zeros(len(place), dtype=bool)
    found[at] = True
    return found


def _known_on_one_side(keys: pd.DataFrame, pairs: Pairs, place: pd.Series) -> npt.NDArray[np.bool_]:
    """Which pairs are of a masked phone and a whole one: two masks that look alike may be anybody."""
    whole = _has(keys, place, "phone")
    found: npt.NDArray[np.bool_] = whole[pairs.left] != whole[pairs.right]
    return found


def _with_masks(keys: pd.DataFrame, pairs: Pairs, place: pd.Series, level: Ints) -> Ints:
    """Where one side shows a masked phone only, whether it fits."""
    whole, shown = _has(keys, place, "phone"), _has(keys, place, "near_phone")
    masked = (level < 0) & shown[pairs.left] & shown[pairs.right] & ~(whole[pairs.left] & whole[pairs.right])
    fits = (pairs.shares & (np.int64(1) << KINDS.index("near_phone"))) > 0
    found: Ints = np.where(masked, np.where(fits, PLACE["phone.masked"], PLACE["phone.different"]), level)
    return found


def _own(pairs: Pairs, levels: Levels, *, kind: int) -> npt.NDArray[np.bool_]:
    """Which pairs share a key of a kind that one person uses: no two of its records clash, no two are unlike accounts of one system."""
    clash = levels.any_of(CLASHES & {name for name in CLASHES if name.partition(".")[0] in ("name", "company", "birthday")})
    unnamed = levels.of("name") < 0
    clash |= (levels.of("system") >= 0) & unnamed
    own = pairs.kind == kind
    crowded = np.zeros(int(pairs.key.max(initial=-1)) + 1, dtype=bool)
    np.logical_or.at(crowded, pairs.key[own], clash[pairs.row[own]])
    good = np.zeros(len(pairs.left), dtype=bool)
    np.logical_or.at(good, pairs.row[own], ~crowded[pairs.key[own]])
    return good


def _crowded_devices(pairs: Pairs, devices: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which pairs share a device that several accounts used."""
    own = pairs.kind == KINDS.index("anonymous_id")
    accounts = own & ~devices[pairs.left[pairs.row]] & ~devices[pairs.right[pairs.row]]
    crowded = np.zeros(int(pairs.key.max(initial=-1)) + 1, dtype=bool)
    crowded[pairs.key[accounts]] = True
    found = np.zeros(len(pairs.left), dtype=bool)
    np.logical_or.at(found, pairs.row[own], crowded[pairs.key[own]])
    return found


def _touching(shared: pd.DataFrame, pairs: Pairs, touched: Collection[str]) -> npt.NDArray[np.bool_]:
    """Which pairs share a key that one of the records has."""
    hot = np.zeros(int(pairs.key.max(initial=-1)) + 1, dtype=bool)
    named = shared.loc[shared["record_id"].isin(set(touched)), "key"].to_numpy()
    hot[named[named < len(hot)]] = True
    found = np.zeros(len(pairs.left), dtype=bool)
    np.logical_or.at(found, pairs.row, hot[pairs.key])
    return found
