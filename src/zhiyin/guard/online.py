"""May a page that waits have this? The guard of a server that answers many times a second.

Roles, purposes, columns and sight are those of `Guard`. Two things differ, both for time: what was asked is put into the audit together,
an entry a table every time that `settle` is called (an entry a question took 4 ms, and an answer asks six), and what does not change
within a generation stays in memory.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping

from zhiyin.core.tables import Purpose, table_named
from zhiyin.guard.access import Access, Guard, Role
from zhiyin.guard.audit import Question
from zhiyin.guard.sight import Sight
from zhiyin.guard.whose import Whose

__all__ = ["OnlineGuard"]

Row = dict[str, object]
_KEPT = 100_000  # products, and as many rows, of a table of no persons that stay in memory: 40 000 products take 60 MB
_PEOPLE = 20_000
_SAID = 500  # other questions about tables of no persons, of some dozen rows each
_SECONDS = 2.0  # after which it is looked again whose a record is: it may have been linked meanwhile


class OnlineGuard(Guard):
    """A guard that remembers; one for a generation, for many threads.

    Args:
        guard: over the generation.
    """

    def __init__(self, guard: Guard) -> None:
        vars(self).update(vars(guard))
        self._whose = _Remembering(guard._whose)
        self._kept: dict[tuple[str, Purpose, Role], _Kept] = {}
        self._said: dict[object, list[Row]] = {}
        self._asked: Counter[tuple[Access, str, str]] = Counter()
        self._answered: Counter[tuple[Access, str, str]] = Counter()
        self._counting = threading.Lock()

    def row(self, table: str, key: str, access: Access) -> list[Row]:
        """As `Guard.row`; rows of a customer's records are looked up by the records, which the engine finds in a third of the time."""
        if table_named(table).person != "record_id":
            return super().row(table, key, access)
        with self._refusals_noted("row", table, access):
            self._allowed(table, access)  # before it is looked up whether there is such a customer
        return self.rows(table, access, where={"record_id": self.records_of(key, access)})

    def rows(self, table: str, access: Access, *, where: Mapping[str, object], order: str = "", limit: int = 0) -> list[Row]:
        """As `Guard.rows`; rows of no persons that are asked for by their products come from memory."""
        asked = where.get("product_id")
        if table_named(table).person:
            return super().rows(table, access, where=where, order=order, limit=limit)
        if order or limit or len(where) != 1 or not isinstance(asked, list):
            return self._again(table, access, where, order=order, limit=limit)
        kept = self._kept.setdefault((table, access.purpose, access.actor.role), _Kept({}))
        found = {product: kept.rows[product] for product in asked if product in kept.rows}
        missing = [product for product in asked if product not in found]
        if missing:
            fresh: dict[str, list[Row]] = {product: [] for product in missing}
            for row in super().rows(table, access, where={"product_id": missing}):
                fresh[str(row["product_id"])].append(row)
            kept.add(fresh)
            found |= fresh
        return [row for product in found for row in found[product]]

    def _again(self, table: str, access: Access, where: Mapping[str, object], *, order: str, limit: int) -> list[Row]:
        """Rows of no persons, from memory where the same was asked before."""
        told = tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in where.items())
        about = (table, access.purpose, access.actor.role, told, order, limit)
        said = self._said.get(about)
        if said is None:
            said = super().rows(table, access, where=where, order=order, limit=limit)
            if len(self._said) > _SAID:
                self._said.clear()
            self._said[about] = said
        return said

    def remember(self, tables: Iterable[str], access: Access) -> None:
        """Have the rows of these tables at hand, where they are not too many; a product without one is remembered as such."""
        products: set[str] = set()
        for table in tables:
            if self.count(table, access, where={}) > _KEPT:
                continue
            found: dict[str, list[Row]] = {product: [] for product in products}
            for row in super().rows(table, access, where={}):
                found.setdefault(str(row["product_id"]), []).append(row)
            products |= found.keys()
            self._kept[table, access.purpose, access.actor.role] = _Kept(found)

    def settle(self) -> int:
        """Write what was asked since the last time into the audit; returns how many questions it was."""
        with self._counting:
            asked, self._asked = self._asked, Counter()
            answered, self._answered = self._answered, Counter()
        for about, times in asked.items():
            access, action, table = about
            self.audit.append(access, Question(action, table, f"{times} questions", answered[about]))
        return sum(asked.values())

    def _note(self, access: Access, action: str, table: str, *, predicate: str, count: int, reason: str = "") -> None:
        if reason:  # somebody opens something with a reason: that is no page
            super()._note(access, action, table, predicate=predicate, count=count, reason=reason)
            return
        with self._counting:
            self._asked[access, action, table] += 1
            self._answered[access, action, table] += count


class _Kept:
    """Rows of one table by product, all forgotten when they are too many."""

    def __init__(self, rows: dict[str, list[Row]]) -> None:
        self.rows = rows
        self._count = len(rows) + sum(map(len, rows.values()))

    def add(self, rows: dict[str, list[Row]]) -> None:
        """Keep more rows."""
        self._count += len(rows) + sum(map(len, rows.values()))
        if self._count > 2 * _KEPT:
            self.rows, self._count = {}, 0
        self.rows.update(rows)


class _Remembering(Whose):
    """Whose records are, looked up once in a while."""

    def __init__(self, whose: Whose) -> None:
        vars(self).update(vars(whose))
        self._known: dict[object, tuple[float, dict[str, str]]] = {}

    def customer(self, key: str, sight: Sight) -> str:
        """As `Whose.customer`; who is found again within two seconds is the same."""
        about = ("customer", key, _told(sight))
        known = self._still(about)
        if known is None:
            known = self._remember(about, {key: super().customer(key, sight)})
        return known[key]

    def records(self, sight: Sight, **ids: Iterable[str]) -> dict[str, str]:
        """As `Whose.records`."""
        ((name, given),) = ids.items()
        about = (name, *sorted(given := list(given)), _told(sight))
        known = self._still(about)
        if known is None:
            known = self._remember(about, super().records(sight, **{name: given}))
            for record, owner in known.items():  # who has a record exists, and is who is asked about next
                for key in (record, owner):
                    self._remember(("customer", key, _told(sight)), {key: owner})
        return dict(known)

    def _still(self, about: object) -> dict[str, str] | None:
        until, known = self._known.get(about, (0.0, {}))
        return known if time.monotonic() < until else None

    def _remember(self, about: object, found: dict[str, str]) -> dict[str, str]:
        if len(self._known) > _PEOPLE:
            self._known.clear()
        self._known[about] = (time.monotonic() + _SECONDS, found)
        return found


def _told(sight: Sight) -> tuple[tuple[str, str], ...] | None:
    return None if sight is None else tuple(sorted(sight.items()))
