"""May this actor have this, for this purpose? The one way from the store to a person or a stage.

Every method asks in the same order: may the role ask this kind of question at all (refused whether or not the row exists), which
columns does the purpose allow, which rows lie in sight. Every answer leaves one audit entry before it is given, every refusal too.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zhiyin.core.clock import Clock
from zhiyin.core.errors import NotFound, PrivacyError, UsageError, listed
from zhiyin.core.tables import Table, table_named
from zhiyin.core.words import Say
from zhiyin.guard.actors import OWNER, RUN, Access, Actor, Role
from zhiyin.guard.audit import ANCHORS, Audit, Question
from zhiyin.guard.masking import mask, mask_within
from zhiyin.guard.purpose import allowed_columns, refuse_conditions, refuse_totals, revealed_columns
from zhiyin.guard.sight import Sight, scope_of, sight_of, summarised, told, visible_rows
from zhiyin.guard.whose import Whose, not_found
from zhiyin.store.lake import LakeView
from zhiyin.store.ledger import Ledger, note
from zhiyin.store.live import LiveRows
from zhiyin.store.serving import Serving
from zhiyin.store.vault import Vault

if TYPE_CHECKING:
    import ibis

__all__ = ["OWNER", "RUN", "Access", "Actor", "Guard", "Role"]

_SWITCH = "manager_sees_rows"
_NAMED = 20  # ids that the audit entry of one batch names
_SEEN_BY = 20  # looks that `seen_by` shows
_ENTRIES = 400  # audit entries that are read for them: one look at the page of a customer leaves about nine
_TO_THE_MINUTE = len("2026-11-21T22:27")
_TOLD_SEEN = ("at", "actor", "role", "purpose", "action", "table_name")
_NAMES_IN_FULL = ("rep", "lead")  # who works with the customer reads the name; others recognise it masked


class Guard:
    """Reads of one open generation.

    Args:
        view: the generation, published or being built.
        ledger: where the audit chain lives.
        vault: where identifiers live.
        smallest_group: customers that a total needs.
        manager_sees_rows: whether a manager may read single customers; a change is audited.
        clock: what time it is.

    Attributes:
        snapshot: the name of the generation.
        audit: the audit chain, to verify and to anchor.
    """

    def __init__(self, view: LakeView, ledger: Ledger, vault: Vault, *, smallest_group: int, manager_sees_rows: bool, clock: Clock) -> None:
        self.snapshot = view.snapshot
        self.audit = Audit(ledger, vault.keys.audit, clock=clock, anchors=ledger.path.with_name(ANCHORS))
        self._view = view
        self._vault = vault
        self._serving = Serving(view)
        self._whose = Whose(self._serving, LiveRows(ledger))
        self._smallest = smallest_group
        self._manager_sees_rows = manager_sees_rows
        self._note_switch(ledger, clock)

    def read(self, table: str, access: Access) -> ibis.Table:
        """A table as a relation: the columns that the purpose allows, the rows in sight.

        Raises:
            PrivacyError: when role or purpose may not.
        """
        with self._refusals_noted("read", table, access):
            definition, columns, sight = self._allowed(table, access)
        seen = self._seen(definition, sight).select(*columns)
        self._note(access, "read", table, predicate=told(sight), count=self._serving.count(table, where={}, sight=sight))
        return seen

    def row(self, table: str, key: str, access: Access) -> list[dict[str, object]]:
        """The rows of one customer (in a table of no persons: of one key), without Ibis.

        A retired id leads to the customer it was merged into.

        Raises:
            PrivacyError: when role or purpose may not, whether or not the key exists.
            NotFound: when it does not exist, or is not in sight: the two look the same.
        """
        with self._refusals_noted("row", table, access):
            definition, columns, sight = self._allowed(table, access)
            named = (definition.person and "customer_id") or definition.key[0]
            found = self._whose.customer(key, sight) if definition.person else key
            rows = self._serving.rows(table, where={named: found}, columns=columns)
            if not rows and not definition.person:
                raise not_found()
        self._note(access, "row", table, predicate=f"{named}={found}", count=len(rows))
        return rows

    def rows(self, table: str, access: Access, *, where: Mapping[str, object], order: str = "", limit: int = 0) -> list[dict[str, object]]:
        """A list, such as today's list of one owner, without Ibis; the same sight as `read`.

        Args:
            table: name in core/tables.py.
            access: who asks, for which purpose.
            where: column = value, a list means any of these; only columns that the purpose allows.
            order: `column` or `-column`, several with commas.
            limit: at most so many, 0 for all.

        Raises:
            PrivacyError: when role or purpose may not, or a condition would tell what a hidden column holds.
        """
        with self._refusals_noted("rows", table, access):
            definition, columns, sight = self._allowed(table, access)
            refuse_conditions(definition, columns, asked=[*where, *(part.strip().lstrip("-") for part in order.split(","))])
        rows = self._serving.rows(table, where=where, columns=columns, sight=sight, order=order, limit=limit)
        self._note(access, "rows", table, predicate=told(sight, where), count=len(rows))
        return rows

    def holds(self, table: str) -> bool:
        """Whether this generation has a table; says nothing about its rows."""
        return self._view.has(table)

    def count(self, table: str, access: Access, *, where: Mapping[str, object]) -> int:
        """How many rows match; a role that sees totals only may count a whole table, 0 below the smallest group.

        Raises:
            PrivacyError: when role or purpose may not.
        """
        with self._refusals_noted("count", table, access):
            definition = table_named(table)
            totals_only = bool(definition.person) and not where and not self._sees_rows(access)
            sight = scope_of(access.actor) if totals_only else self._sight(access) if definition.person else None
            refuse_conditions(definition, allowed_columns(definition, access), asked=where)
        found = self._serving.count(table, where=where, sight=sight)
        if totals_only and self._serving.customers(table, sight=sight) < self._smallest:
            found = 0
        self._note(access, "count", table, predicate=told(sight, where), count=found)
        return found

    def summarised(self, table: str, access: Access, *, by: str, measures: Mapping[str, str]) -> list[dict[str, object]]:
        """Totals a group, largest group first, never over fewer than the smallest group; for managers and marketers too.

        Args:
            table: name in core/tables.py.
            access: who asks, for which purpose.
            by: one column that makes groups; one only, so that two answers cannot be crossed to single out a person.
            measures: column -> "sum" or "mean".

        Returns:
            Dicts with `by`, customers, and a value a measure; None where too few customers stand behind it.

        Raises:
            PrivacyError: when role or purpose may not, or a column is a person's id.
            UsageError: when a measure is no number, or is neither sum nor mean.
        """
        with self._refusals_noted("summarised", table, access):
            definition = table_named(table)
            scope = scope_of(access.actor)
            refuse_totals(definition, access, by=by, measures=measures)
        rows = self._seen(definition, scope)
        if definition.person == "record_id":
            rows = rows.join(self._view.table("identity").select("record_id", "customer_id"), "record_id")
        totals = self._view.frame(summarised(rows, by=by, measures=measures, smallest=self._smallest))
        answer = [{str(name): _plain(value) for name, value in row.items()} for row in totals.to_dict("records")]
        self._note(access, "summarised", table, predicate=f"{told(scope)} by {by}", count=len(answer))
        return answer

    def reveal(self, record_ids: Iterable[str], columns: Sequence[str], access: Access, *, reason: str) -> dict[str, dict[str, str]]:
        """Identifiers in the clear: record id -> column -> text; records out of sight are left out as if they did not exist.

        Raises:
            PrivacyError: when role or purpose may not.
            UsageError: when no reason is given.
            NotFound: when none of the records is in sight.
        """
        if not reason.strip():
            raise UsageError(
                Say("查看身份信息要写明原因。", "Opening identifiers needs a reason."), fix=Say("写上 --reason。", "Say why with --reason.")
            )
        with self._refusals_noted("reveal", "record", access):
            return self._opened("reveal", record_ids, columns, access, reason=reason)

    def masked(self, record_ids: Iterable[str], columns: Sequence[str], access: Access) -> dict[str, dict[str, str]]:
        """The same, with the telling part hidden: 王**, 138****5678; needs no reason.

        Raises:
            PrivacyError, NotFound: as `reveal`.
        """
        with self._refusals_noted("masked", "record", access):
            opened = self._opened("masked", record_ids, columns, access, reason="")
        return {record_id: {name: mask(name, text) for name, text in fields.items()} for record_id, fields in opened.items()}

    def shown_names(self, customer_ids: Iterable[str], access: Access) -> dict[str, dict[str, str]]:
        """Names for a list: in full for the rep and the lead of the customer, masked for others; one audit entry for the list.

        Returns:
            customer id -> {"name": text}; customers without a name or out of sight are left out.

        Raises:
            PrivacyError: when role or purpose may not.
        """
        with self._refusals_noted("shown_names", "record", access):
            revealed_columns(("name",), access)
            sight = self._sight(access)
        records = self._whose.records(sight, customer_id=customer_ids)
        opened = self._vault.open(records, ("name",))
        full = access.actor.role in _NAMES_IN_FULL
        names: dict[str, dict[str, str]] = {}
        for record_id in sorted(opened, key=lambda record_id: record_id != records[record_id]):  # the oldest record speaks first
            name = opened[record_id]["name"]
            names.setdefault(records[record_id], {"name": name if full else mask("name", name)})
        self._note(access, "shown_names", "record", predicate=_named("name", names), count=len(names))
        return names

    def refused_row(self, sealed_id: str, access: Access, *, reason: str) -> bytes:
        """A refused row as it came; for the owner only, it may hold anything about anybody.

        Raises:
            PrivacyError: for anybody else.
            NotFound: when the vault does not hold it.
        """
        with self._refusals_noted("refused_row", "refused", access):
            _refuse_unless(access, "owner")
            raw = self._vault.open_row(sealed_id)
        self._note(access, "refused_row", "refused", predicate=f"sealed_id={sealed_id}", count=1, reason=reason)
        return raw

    def may_ask_for_one(self, access: Access) -> None:
        """Refuse a role that may not ask about one customer, before anything is looked up.

        Raises:
            PrivacyError: whether or not the customer exists.
        """
        with self._refusals_noted("one", "customer", access):
            self._allowed("customer", access)

    def whose(self, records: Iterable[str], access: Access) -> dict[str, str]:
        """Which customers these records belong to, those that came since the generation too; records out of sight are left out."""
        with self._refusals_noted("whose", "identity", access):
            _, _, sight = self._allowed("identity", access)
        found = self._whose.records(sight, record_id=records)
        self._note(access, "whose", "identity", predicate=_named("record_id", found), count=len(found))
        return found

    def records_of(self, customer_id: str, access: Access) -> list[str]:
        """All records of a customer, those that came since the generation too; raises as `row`."""
        with self._refusals_noted("records_of", "identity", access):
            _, _, sight = self._allowed("identity", access)
            found = self._whose.customer(customer_id, sight)
            records = sorted(self._whose.records(sight, customer_id=[found]))
        self._note(access, "records_of", "identity", predicate=f"customer_id={found}", count=len(records))
        return records

    def seen_by(self, customer_id: str, access: Access) -> list[dict[str, object]]:
        """Who has asked about this customer, latest first: for whoever may see the customer.

        What one person asked for one purpose within one minute is one look, with all its actions and tables.

        Raises:
            PrivacyError, NotFound: as `row`.
        """
        with self._refusals_noted("seen_by", "customer", access):
            _, _, sight = self._allowed("customer", access)
            found = self._whose.customer(customer_id, sight)
        return _looks(self.audit.entries(about=found, limit=_ENTRIES))[:_SEEN_BY]

    def trail(self, access: Access, *, about: str = "", limit: int = 100) -> list[dict[str, object]]:
        """The audit entries, latest first; `about` keeps those that name an id.

        Raises:
            PrivacyError: for anybody but owner and auditor.
        """
        with self._refusals_noted("trail", "audit", access):
            _refuse_unless(access, "owner", "auditor")
        entries = self.audit.entries(about=about, limit=limit)
        self._note(access, "trail", "audit", predicate=told(None, {"customer_id": about} if about else {}), count=len(entries))
        return entries

    def _allowed(self, table: str, access: Access) -> tuple[Table, tuple[str, ...], Sight]:
        """Kind of question first, then purpose: a refusal never depends on what exists."""
        definition = table_named(table)
        sight = self._sight(access) if definition.person else None
        return definition, allowed_columns(definition, access), sight

    def _sight(self, access: Access) -> Sight:
        return sight_of(access.actor, manager_sees_rows=self._manager_sees_rows)

    def _sees_rows(self, access: Access) -> bool:
        try:
            self._sight(access)
        except PrivacyError:
            return False
        return True

    def _seen(self, definition: Table, sight: Sight) -> ibis.Table:
        rows = self._view.table(definition.name)
        if sight is None:
            return rows
        customers, identity = self._view.table("customer"), self._view.table("identity")
        return visible_rows(rows, definition, customers=customers, identity=identity, sight=sight)

    def _opened(
        self, action: str, record_ids: Iterable[str], columns: Sequence[str], access: Access, *, reason: str
    ) -> dict[str, dict[str, str]]:
        names = revealed_columns(tuple(columns), access)
        sight = self._sight(access)
        # Who tells whether records are one person sees all of them, also those that no generation holds yet.
        seen = sorted(
            set(record_ids) if access.purpose == "identity" and sight is None else self._whose.records(sight, record_id=record_ids)
        )
        if not seen:
            raise not_found()
        opened = self._vault.open(seen, names)
        self._note(access, action, "record", predicate=_named(", ".join(names), seen), count=len(opened), reason=reason)
        return opened

    def _note(self, access: Access, action: str, table: str, *, predicate: str, count: int, reason: str = "") -> None:
        self.audit.append(access, Question(action, table, predicate, count, mask_within(reason)))

    @contextlib.contextmanager
    def _refusals_noted(self, action: str, table: str, access: Access) -> Iterator[None]:
        """What was refused or not found is worth as much in the audit as what was given."""
        try:
            yield
        except (PrivacyError, NotFound) as refusal:
            kind = "refused" if isinstance(refusal, PrivacyError) else "not found"
            self._note(access, kind, table, predicate=action, count=0)
            raise

    def _note_switch(self, ledger: Ledger, clock: Clock) -> None:
        """Audit that the switch for managers stands differently than before; off is where it starts."""
        value = "on" if self._manager_sees_rows else "off"
        with ledger.read() as connection:
            before = connection.execute(sa.select(note.c.value).where(note.c.name == _SWITCH)).scalar() or "off"
        if before == value:
            return
        with ledger.begin() as connection:
            connection.execute(sa.delete(note).where(note.c.name == _SWITCH))
            connection.execute(sa.insert(note).values(name=_SWITCH, value=value, at=clock().isoformat(timespec="seconds")))
        self._note(Access(OWNER, "display"), "switch", "", predicate=f"{_SWITCH}: {before} -> {value}", count=0)


def _refuse_unless(access: Access, *roles: Role) -> None:
    if access.actor.role not in roles:
        raise PrivacyError(
            Say("这个角色不能看这些内容。", "This role may not see this."),
            got=access.actor.role,
            fix=Say(f"请 {listed(roles)} 查看。", f"Ask the {' or the '.join(roles)}."),
        )


def _looks(entries: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """Audit entries as looks: `action` and `table_name` list what was asked of what in that minute, in the order of the questions."""
    looks: dict[tuple[object, ...], list[Mapping[str, object]]] = {}
    for entry in entries:
        looks.setdefault((entry["actor"], entry["role"], entry["purpose"], str(entry["at"])[:_TO_THE_MINUTE]), []).append(entry)
    return [
        {name: own[0][name] for name in _TOLD_SEEN}
        | {name: list(dict.fromkeys(entry[name] for entry in reversed(own))) for name in ("action", "table_name")}
        for own in looks.values()
    ]


def _plain(value: object) -> object:
    return None if isinstance(value, float) and math.isnan(value) else value


def _named(columns: str, ids: Iterable[str]) -> str:
    return f"{columns} of {listed(sorted(ids), most=_NAMED)}"
