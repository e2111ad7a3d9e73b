"""Which records belong to one customer, and what do we know of that customer?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

import ibis
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["JOINING", "Said", "customers", "resolve"]

JOINING = ("link", "left_fits", "right_fits")  # kinds of finding that may make two records one customer
_FIRST = 1_000.0  # bits: what is linked comes before what only fits

_ENDS = ["left_record", "right_record"]


class Said(Protocol):
    """What a person said of two records."""

    @property
    def kind(self) -> str:
        """Merge or unmerge."""

    @property
    def left_record(self) -> str:
        """The smaller id."""

    @property
    def right_record(self) -> str:
        """The greater id."""


def resolve(records: pd.DataFrame, found: pd.DataFrame, *, said: Sequence[Said] = ()) -> pd.DataFrame:
    """The customer of every record: records that are linked, directly or through others, are one customer.

    First what was found: links join, strongest first; a link that would bring two records of a conflict together gives way, and so does
    one that would bring together whom a person has parted. A masked record joins the one group that it fits, unless it fits another as
    well or another masked record of its system fits the same group. Then what people said: the groups of the two records become one, whatever
    they differ in. The last word about two records counts.

    The customer bears the id of the oldest record (`since_on`, then `record_id`; unknown days come last), whatever the order in which
    rows arrived. Nothing is remembered: without a row, the answer is as if it had never been.

    Args:
        records: `record_id`, `since_on` (date or missing), and `source` where something masked was found; one row a record.
        found: `left_record`, `right_record`, `kind` (link, left_fits, right_fits, conflict; others are passed over), `bits`; pairs that name a record that is not
            there (erased since) are passed over.
        said: decisions of people, oldest first.

    Returns:
        `record_id`, `customer_id`, sorted by record.
    """
    known = records.drop_duplicates("record_id")
    age = pd.to_datetime(known["since_on"])
    known = known.assign(age=age).sort_values(["age", "record_id"], na_position="last", ignore_index=True)
    place = pd.Series(np.arange(len(known)), index=known["record_id"])  # 0 is the oldest record
    links, conflicts = (found[found["kind"].eq(kind)] for kind in ("link", "conflict"))
    masked = found[found["kind"].isin(JOINING[1:])]
    last = {(one.left_record, one.right_record): one.kind for one in said}
    parted = [pair for pair, kind in last.items() if kind == "unmerge"]
    apart = pd.DataFrame([*zip(*(conflicts[end] for end in _ENDS), strict=True), *parted], columns=_ENDS)
    oldest = _joined(links, place, apart)
    if len(masked):
        fitting = _fitting(masked, place, oldest, known["source"])
        oldest = _joined(pd.concat([links.assign(bits=links["bits"] + _FIRST), fitting]), place, apart)
    if said:
        oldest = _as_said(oldest, place, said)
    ids = known["record_id"].to_numpy()
    return pd.DataFrame({"record_id": ids, "customer_id": ids[oldest]}).sort_values("record_id", ignore_index=True)


def _joined(links: pd.DataFrame, place: pd.Series, apart: pd.DataFrame) -> np.ndarray:
    """For each place the oldest one of its group."""
    left, right = _places(links, place)
    if len(apart):
        kept = _without_conflicts(links, place, apart)
        left, right = left[kept], right[kept]
    return _oldest(len(place), left, right)


def _fitting(masked: pd.DataFrame, place: pd.Series, oldest: np.ndarray, systems: pd.Series) -> pd.DataFrame:
    """Of the masked pairs those in which the masked record fits one group only, and alone of its system."""
    left, right = _places(masked, place)
    rows, left, right = masked[left >= 0], left[left >= 0], right[left >= 0]
    turned = rows["kind"].eq("right_fits").to_numpy()
    mask, whole = np.where(turned, right, left), np.where(turned, left, right)
    both = pd.DataFrame({"mask": oldest[mask], "whole": oldest[whole], "system": pd.factorize(systems)[0][mask]})
    alone = both.groupby("mask")["whole"].transform("nunique").eq(1)
    alone &= both.groupby(["whole", "system"])["mask"].transform("nunique").eq(1)
    return rows[alone.to_numpy()]


def _as_said(oldest: np.ndarray, place: pd.Series, said: Sequence[Said]) -> np.ndarray:
    """The groups after what people said: each merge joins two of them, unless a later word has parted two of their members."""
    last = {(one.left_record, one.right_record): one for one in said}
    number = {id(one): turn for turn, one in enumerate(said)}
    words = [(number[id(one)], one.kind, *(place.get(end, -1) for end in (one.left_record, one.right_record))) for one in last.values()]
    words = [word for word in sorted(words) if min(word[2:]) >= 0]
    parted = [word for word in words if word[1] == "unmerge"]
    group: dict[int, set[int]] = {}  # number of a group -> the numbers of all groups that are one with it
    for turn, _, one, other in (word for word in words if word[1] == "merge"):
        few, many = (group.setdefault(int(oldest[end]), {int(oldest[end])}) for end in (one, other))
        both = few | many
        strangers = (later for later, _, this, that in parted if later > turn and {int(oldest[this]), int(oldest[that])} <= both)
        if few is not many and next(strangers, None) is None:
            group.update(dict.fromkeys(both, both))
    new = oldest.copy()
    for own in group.values():
        new[np.isin(oldest, list(own))] = min(own)
    return new


def _places(pairs: pd.DataFrame, place: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of each pair as places in `place`, -1 on both where one end is unknown."""
    left = place.reindex(pairs["left_record"]).fillna(-1).to_numpy("int64")
    right = place.reindex(pairs["right_record"]).fillna(-1).to_numpy("int64")
    both = (left >= 0) & (right >= 0)
    return np.where(both, left, -1), np.where(both, right, -1)


def _oldest(count: int, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """For each place the smallest place that it is linked with."""
    real = left >= 0
    links = coo_array((np.ones(real.sum(), dtype=bool), (left[real], right[real])), shape=(count, count))
    group = connected_components(links, directed=False)[1]
    first = np.full(count, count, dtype="int64")
    np.minimum.at(first, group, np.arange(count))
    oldest: np.ndarray = first[group]
    return oldest


def _without_conflicts(pairs: pd.DataFrame, place: pd.Series, apart: pd.DataFrame) -> np.ndarray:
    """Which pairs to keep so that no two records of `apart` meet: the strongest first, ties by the older record."""
    left, right = _places(pairs, place)
    group = _oldest(len(place), left, right)
    far_left, far_right = _places(apart, place)
    far = (far_left >= 0) & (far_left != far_right) & (group[far_left] == group[far_right])
    touched = np.isin(group[left], group[far_left[far]]) & (left >= 0)
    older, younger = np.minimum(left, right), np.maximum(left, right)
    rows = np.lexsort((younger, older, -pairs["bits"].to_numpy("float64")))
    rows = rows[touched[rows]]
    links = zip(older[rows].tolist(), younger[rows].tolist(), strict=True)
    kept = ~touched
    kept[rows] = _greedy(links, zip(far_left[far].tolist(), far_right[far].tolist(), strict=True))
    return kept


def _greedy(links: Iterable[tuple[int, int]], apart: Iterable[tuple[int, int]]) -> list[bool]:
    """Join link by link; a link that would bring two strangers together is left out."""
    strangers: dict[int, set[int]] = defaultdict(set)
    for one, other in apart:
        strangers[one].add(other)
        strangers[other].add(one)
    group: dict[int, tuple[set[int], set[int]]] = {}  # record -> the members of its group, and who may not join them
    kept = []
    for one, other in links:
        (few, foes), (many, more_foes) = sorted(
            (group.setdefault(end, ({end}, set(strangers.get(end, ())))) for end in (one, other)), key=lambda both: len(both[0])
        )
        fits = few is many or foes.isdisjoint(many)
        kept.append(fits)
        if fits and few is not many:
            many |= few
            more_foes |= foes
            group.update(dict.fromkeys(few, (many, more_foes)))
    return kept


def customers(records: ibis.Table, identity: ibis.Table) -> ibis.Table:
    """One row a customer: kind of the oldest record, owner and team of the oldest record that names an owner.

    Args:
        records: the `record` table.
        identity: `record_id`, `customer_id`; a record without a row is its own customer.

    Returns:
        The columns of `customer`.
    """
    linked = records.left_join(identity, "record_id")
    linked = linked.select(
        *[linked[name] for name in ("record_id", "kind", "owner_id", "team_id", "since_on")],
        customer_id=ibis.coalesce(linked["customer_id"], linked["record_id"]),
    )
    nobody = ibis.coalesce(linked["owner_id"], "") == ""
    age = [linked["since_on"].isnull(), linked["since_on"], linked["record_id"]]
    one = {"group_by": linked["customer_id"]}
    ranked = linked.mutate(
        oldest=ibis.row_number().over(ibis.window(**one, order_by=age)),
        owning=ibis.row_number().over(ibis.window(**one, order_by=[nobody, *age])),
    )
    return ranked.group_by("customer_id").agg(
        kind=ranked["kind"].max(where=ranked["oldest"] == 0),
        owner_id=ibis.coalesce(ranked["owner_id"].max(where=ranked["owning"] == 0), ""),
        team_id=ibis.coalesce(ranked["team_id"].max(where=ranked["owning"] == 0), ""),
        since_on=ranked["since_on"].min(),
        records=ranked.count(),
    )
