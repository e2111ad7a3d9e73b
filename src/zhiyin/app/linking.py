"""Which records are one person? What is new is compared with everything known, and what is found is appended to the merge log."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

import pandas as pd

from zhiyin.app.home import Home
from zhiyin.app.known import Reader, nobody, stacked
from zhiyin.core.log import staged
from zhiyin.store.merges import Entry
from zhiyin.unify.identity.clashes import clashes
from zhiyin.unify.identity.judge import Card, judge
from zhiyin.unify.identity.keys import ASKED, EXACT, NEAR
from zhiyin.unify.identity.weights import size_bits
from zhiyin.unify.merge import JOINING

__all__ = ["link_new", "size_of", "weigh"]

_log = logging.getLogger(__name__)
_HANDFUL = 1_000  # records that are linked by looking around each of them; more are linked by going through everything
_MOST = EXACT | NEAR
_PAIR = ["left_record", "right_record"]
_FOUND = ["kind", *_PAIR, "bits", "findings"]
VERSION = 1  # of the weights: with other weights everything is compared again


def link_new(home: Home, read: Reader, *, records: Sequence[str] | None = None) -> int:
    """Compare records with everything that shares a key with them, and append what was found.

    Only what changes is appended: a pair whose finding stands in the log already is left alone. What a new record makes doubtful about
    older ones (a phone that turns out to be shared) is found again as well, so that the log says the same as if all had come at once.

    Args:
        home: the workspace.
        read: the generation, and what came after it.
        records: the ones to compare, at this moment; None: all that were not compared with as many keys as they have.

    Returns:
        How many findings were appended.
    """
    with staged(_log, "unify", "merge") as figures:
        counts = read.key_counts() if records is None else None
        changed = list(records or ()) if counts is None else _changed(counts, home.merges.compared())
        figures.rows_in = len(changed)
        if not changed:
            return 0
        size = size_of(read)
        weighed = f"{VERSION} {size:.1f} {home.settings.identity.masks} {sorted(nobody(home))}"
        whole = counts is not None and (home.merges.weighed() != weighed or len(changed) > _HANDFUL)
        found = _everything(home, read, size) if whole else _around(home, read, changed, size=size)
        if counts is None:  # no marks: the next run compares them again, with what only a generation tells
            figures.rows_out = home.merges.found(found, {}, weighed=home.merges.weighed())
            return figures.rows_out
        marks = {record: counts[record] for record in changed}
        figures.rows_out = home.merges.found(found, marks, weighed=weighed)
    return figures.rows_out


def weigh(home: Home, read: Reader, *, left: str, right: str) -> Entry:
    """What comparing two records gives by now, whether or not they share a key; nothing is written."""
    blocked = nobody(home)
    own = read.keys_of([left, right], blocked)
    around = _meaning(read.keys_like(own))
    records = sorted({*around["record_id"], left, right})
    card = _card(home, read.told(records), size_of(read))
    keys = read.keys_of(records, blocked)
    keys = keys[_known_whole(keys, around, own)]
    asked = pd.DataFrame({"record_id": [left, right], "kind": ASKED, "digest": ""})  # brings the two into question
    made = judge(stacked(keys, asked), card, touched=[left, right])
    both = made[made["left_record"].eq(left) & made["right_record"].eq(right)].iloc[0]
    return Entry(str(both["kind"]), left, right, float(both["bits"]), str(both["findings"]))


def size_of(read: Reader) -> float:
    """The bits of the size of the company."""
    return size_bits(read.count())


def _changed(counts: dict[str, int], known: dict[str, int]) -> list[str]:
    return [record for record, keys in counts.items() if known.get(record) != keys]


def _everything(home: Home, read: Reader, size: float) -> pd.DataFrame:
    """What a comparison of all records changes in the log."""
    keys = read.all_keys(nobody(home))
    card = _card(home, read.told(), size)
    made = judge(keys, card)
    made = _with_conflicts(made, clashes(keys, card, links=made[made["kind"].isin(JOINING)]), roles=read.roles())
    return _news(made, home.merges.findings(), dropped=True)


def _around(home: Home, read: Reader, changed: Sequence[str], *, size: float) -> pd.DataFrame:
    """What the changed records change in the log: findings of pairs that share a key with them, and conflicts in the groups they join."""
    blocked = nobody(home)
    own = read.keys_of(changed, blocked)
    beside = _meaning(read.keys_like(own))
    near = read.keys_of(sorted({*beside["record_id"], *changed}), blocked)
    around = _meaning(read.keys_like(near))
    crossed = _crossed(read, own, set(changed))
    records = sorted({*around["record_id"], *near["record_id"], *changed, *crossed})
    card = _card(home, read.told(records), size)
    keys = read.keys_of(records, blocked)
    keys = keys[_known_whole(keys, around, near)]
    made = judge(keys, card, touched=changed)
    reached = sorted(home.merges.reached({*made["left_record"], *made["right_record"], *changed, *crossed}))
    before = home.merges.findings(reached)
    made = stacked(made, _overflown(before, made, crossed))
    links = stacked(made, _unjudged(before, made))
    group_keys = read.keys_of(reached, blocked)
    conflicts = clashes(group_keys, _card(home, read.told(reached), size), links=links[links["kind"].isin(JOINING)])
    return _news(_with_conflicts(made, conflicts, roles=read.roles(reached)), before, dropped=False)


def _meaning(keys: pd.DataFrame) -> pd.DataFrame:
    """Without the keys that so many records share that they mean nobody."""
    size = keys.groupby(["kind", "digest"])["record_id"].transform("size")
    return keys[size <= keys["kind"].map(_MOST).fillna(0)]


def _known_whole(keys: pd.DataFrame, around: pd.DataFrame, near: pd.DataFrame) -> pd.Series:
    """Keep the keys of which all records are at hand (or that tell no more than that a record has one)."""
    return keys["digest"].isin(set(around["digest"]) | set(near["digest"])) | keys["kind"].isin(list(EXACT))


def _crossed(read: Reader, own: pd.DataFrame, changed: Collection[str]) -> set[str]:
    """The records of keys that meant a person until one of the changed records came to bear them, too."""
    shared = read.keys_like(own)
    if shared.empty:
        return set()
    groups = shared.assign(new=shared["record_id"].isin(changed)).groupby(["kind", "digest"])
    size, new = groups["record_id"].transform("size"), groups["new"].transform("sum")
    most = shared["kind"].map(_MOST).fillna(0)
    return set(shared.loc[(size > most) & (size - new <= most), "record_id"])


def _overflown(before: pd.DataFrame, made: pd.DataFrame, crossed: Collection[str]) -> pd.DataFrame:
    """Findings that rested on a key that means nobody any more, and on nothing else."""
    both = before["left_record"].isin(crossed) & before["right_record"].isin(crossed) & ~before["kind"].isin(["none", "conflict"])
    gone = _unjudged(before[both], made)
    return gone.assign(kind="none", bits=0.0, findings="")[_FOUND]


def _unjudged(before: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    """The findings of the log about pairs that were not judged again."""
    seen = set(zip(made["left_record"], made["right_record"], strict=True))
    fresh = [pair not in seen for pair in zip(before["left_record"], before["right_record"], strict=True)]
    return before.loc[fresh, _FOUND]


def _with_conflicts(made: pd.DataFrame, conflicts: pd.DataFrame, *, roles: pd.DataFrame) -> pd.DataFrame:
    """The findings, with a conflict in place of whatever else was found of its pair: a firm is not one of its people."""
    ends = [sorted(pair) for pair in zip(roles["record_id"], roles["firm_id"], strict=True)]
    apart = pd.DataFrame(ends, columns=_PAIR).assign(kind="conflict", bits=0.0, findings="role.firm:0.0")
    both = stacked(made[_FOUND], conflicts[_FOUND], apart[_FOUND])
    return both.drop_duplicates(_PAIR, keep="last", ignore_index=True)


def _news(made: pd.DataFrame, before: pd.DataFrame, *, dropped: bool) -> pd.DataFrame:
    """What differs from the last finding of each pair; with `dropped`, pairs that are found no more are told as none."""
    both = made.merge(before[[*_PAIR, "kind", "findings"]], on=_PAIR, how="outer" if dropped else "left", suffixes=("", "_before"))
    gone = both["kind"].isna()
    both.loc[gone, ["kind", "bits", "findings"]] = ["none", 0.0, ""]
    unsaid = both["kind_before"].isna()
    same = (both["kind"] == both["kind_before"]) & ((both["findings"] == both["findings_before"]) | both["kind"].eq("none"))
    return both.loc[~same & ~(unsaid & both["kind"].eq("none")), _FOUND].sort_values(_PAIR, ignore_index=True)


def _card(home: Home, told: pd.DataFrame, size: float) -> Card:
    return Card(told, size, masks_suffice=home.settings.identity.masks == "link")
