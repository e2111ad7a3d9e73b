"""Who are the people of these facts: records that a generation knows, or new ones, and which of them share a key?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zhiyin.app.linking import link_new
from zhiyin.app.newcomers import LiveReader
from zhiyin.app.reading import guard_over
from zhiyin.app.whole import whole_of
from zhiyin.core.clock import utc_now
from zhiyin.store.live import LiveRows
from zhiyin.store.serving import Serving

if TYPE_CHECKING:
    from zhiyin.app.home import Home
    from zhiyin.store.lake import LakeView
    from zhiyin.unify.clean import Typed

__all__ = ["Acquainted", "Met"]

_KEPT = 200_000  # ids of a generation that stay in memory: about 50 MB


@dataclass
class Met:
    """New rows of `live_record` and `live_key`, and whose each record is (`owners`); `members` all records of each customer."""

    records: list[tuple[Any, ...]] = field(default_factory=list)
    keys: list[tuple[str, str, str]] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)

    def customers_of(self, records: Iterable[str]) -> dict[str, list[str]]:
        """The customers of these records, each with all its records."""
        found = sorted({self.owners.get(record, record) for record in records})
        return {customer: self.members.get(customer, [customer]) for customer in found}


class Acquainted:
    """Finds people in a generation and among those who came since."""

    def __init__(self, home: Home, view: LakeView, *, live: LiveRows) -> None:
        self._home = home
        self._serving = Serving(view)
        self._live = live
        self._read = LiveReader(guard_over(home, view, clock=utc_now), view.frame, live=live)
        self._owners: dict[str, str] = {}  # record -> customer in the generation, empty for none
        self._members: dict[str, list[str]] = {}  # customer -> its records in the generation
        self._has_all = self._serving.count("identity", where={}) <= _KEPT
        if self._has_all:
            self._remember(self._serving.rows("identity", where={}, columns=("record_id", "customer_id")))

    def meet(self, typed: Sequence[Typed], *, anew: bool = False) -> Met:
        """Seal what identifies the people of these facts, give new records a customer, and find all records of everybody.

        Args:
            typed: the facts.
            anew: tell of every record that the generation does not know, also of those that were told before.
        """
        self._seal(typed)
        told = _records(typed)
        met = Met()
        known = self._stored(told)
        since = {row[0]: row for row in self._live.records(told)}
        met.owners = dict(zip(told, told, strict=True)) | self._led({record: row[1] for record, row in since.items()}) | known
        fresh = {record: row for record, row in told.items() if record not in known and (anew or record not in since)}
        moved = self._link(typed, met, fresh)
        rows = {record: (record, met.owners[record], *row) for record, row in fresh.items()}
        rows |= {row[0]: (row[0], moved[row[0]], *row[2:]) for row in self._live.records(list(moved)) if row[0] in moved}
        met.records = list(rows.values())
        self._complete(met)
        return met

    def _remember(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Have these rows of `identity` at hand."""
        for row in rows:
            record, customer = str(row["record_id"]), str(row["customer_id"])
            self._owners[record] = customer
            self._members.setdefault(customer, []).append(record)

    def _led(self, owners: Mapping[str, str]) -> dict[str, str]:
        """Records that came since -> customers; one that the generation has merged by now leads to the other."""
        now = self._stored(set(owners.values()))
        return {record: now.get(owner, owner) for record, owner in owners.items()}

    def _stored(self, records: Iterable[str]) -> dict[str, str]:
        """Whose these records are in the generation; those that it does not know are left out."""
        wanted = sorted(set(records))
        fresh = [] if self._has_all else [record for record in wanted if record not in self._owners]
        if fresh:
            if len(self._owners) + len(fresh) > _KEPT:
                self._owners, fresh = {}, wanted
            self._owners.update(dict.fromkeys(fresh, ""))
            rows = self._serving.rows("identity", where={"record_id": fresh})
            self._owners.update({str(row["record_id"]): str(row["customer_id"]) for row in rows})
        return {record: self._owners[record] for record in wanted if self._owners.get(record)}

    def _whole(self, customers: Iterable[str]) -> dict[str, list[str]]:
        """All records of these customers in the generation."""
        wanted = sorted(set(customers))
        fresh = [] if self._has_all else [customer for customer in wanted if customer not in self._members]
        if fresh:
            if len(self._members) + len(fresh) > _KEPT:
                self._members, fresh = {}, wanted
            self._members.update({customer: [] for customer in fresh})
            for row in self._serving.rows("identity", where={"customer_id": fresh}):
                self._members[str(row["customer_id"])].append(str(row["record_id"]))
        return {customer: self._members.get(customer, []) for customer in wanted}

    def _seal(self, typed: Sequence[Typed]) -> None:
        told = [one.identifiers for one in typed if one.identifiers.num_rows]
        rows = [row for one in told for row in zip(*(one[name].to_pylist() for name in ("record_id", "column", "value")), strict=True)]
        if rows:
            self._home.vault.seal(rows)

    def _link(self, typed: Sequence[Typed], met: Met, fresh: Mapping[str, tuple[Any, ...]]) -> dict[str, str]:
        """Compare who has told new keys that others have too; returns the records whose customer is another than before."""
        keys = {key for one in typed for key in _keys(one)}
        if not keys:
            return {}
        met.keys = sorted(keys)
        told = self._sharing(keys)
        if not told:
            return {}
        self._live.meet([(record, record, *row) for record, row in fresh.items()], met.keys)
        link_new(self._home, self._read, records=told)
        moved: dict[str, str] = {}
        for record in told:
            whole = whole_of(self._home, self._read.guard, record=record)
            if whole is not None:
                moved |= {one: whole.customer_id for one in whole.records if met.owners.get(one) != whole.customer_id}
        met.owners |= moved
        return moved

    def _sharing(self, keys: Iterable[tuple[str, str, str]]) -> list[str]:
        """The records of these keys that share one with somebody: a device that nobody else uses links nobody, and most are such."""
        told = sorted(keys)
        digests = sorted({digest for _, digest, _ in told})
        holders: dict[tuple[str, str], set[str]] = defaultdict(set)
        for kind, digest, record in (*told, *self._live.keys("digest", digests)):
            holders[kind, digest].add(record)
        for row in self._serving.rows("link_key", where={"digest": digests}, columns=("kind", "digest", "record_id")):
            holders[str(row["kind"]), str(row["digest"])].add(str(row["record_id"]))
        return sorted({record for kind, digest, record in told if len(holders[kind, digest]) > 1})

    def _complete(self, met: Met) -> None:
        """All records of the customers met, those of the lake and those that came since."""
        customers = sorted(set(met.owners.values()))
        for customer, own in self._whole(customers).items():
            for record in own:
                met.owners.setdefault(record, customer)
        for record, customer, *_ in self._live.records(customers):
            met.owners.setdefault(record, customer)
        members = defaultdict(list)
        for record, customer in sorted(met.owners.items()):
            members[customer].append(record)
        met.members = dict(members)


def _records(typed: Sequence[Typed]) -> dict[str, tuple[Any, ...]]:
    """The records that facts speak of: source, kind, first day."""
    found: dict[str, tuple[Any, ...]] = {}
    for one in typed:
        if "record" in one.tables:
            rows = one.tables["record"]
            for record, source, kind, since in zip(
                *(rows[name].to_pylist() for name in ("record_id", "source", "kind", "since_on")), strict=True
            ):
                found.setdefault(record, (source, kind, since.isoformat() if since else None))
    return found


def _keys(typed: Typed) -> Iterable[tuple[str, str, str]]:
    if "link_key" not in typed.tables:
        return ()
    rows = typed.tables["link_key"]
    return zip(*(rows[name].to_pylist() for name in ("kind", "digest", "record_id")), strict=True)
