"""What is known about this one customer, now? Prepared SQL on a published generation; no Ibis, no pandas.

Measured: 9 ms for one row through Ibis, 0.5 ms through prepared SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from zhiyin.core.errors import MissingColumns, listed
from zhiyin.core.tables import Table, table_named
from zhiyin.core.words import Say
from zhiyin.store.asking import asked
from zhiyin.store.engine import duck_errors
from zhiyin.store.shapes import quoted
from zhiyin.store.view import LakeView

__all__ = ["Serving"]


class Serving:
    """Rows of an open generation as plain dicts.

    Example:
        `Serving(view).rows("next_step", where={"owner_id": "wang", "listed": True}, order="rank", limit=20)`
    """

    def __init__(self, view: LakeView) -> None:
        self._view = view

    def rows(
        self,
        table: str,
        *,
        where: Mapping[str, object],
        columns: Sequence[str] = (),
        sight: Mapping[str, str] | None = None,
        order: str = "",
        limit: int = 0,
    ) -> list[dict[str, object]]:
        """The rows that match.

        Args:
            table: name in core/tables.py.
            where: column = value; a list or tuple means any of these, None means empty. `customer_id` works for
                tables that know records only.
            columns: which columns; all when none are named.
            sight: only rows of customers with these values, for example {"owner_id": "wang"}.
            order: `column`, or `-column` for the largest first, several with commas; then by key.
            limit: at most so many rows, 0 for all.

        Raises:
            MissingColumns: for a column that the table does not have.
        """
        definition = table_named(table)
        chosen = _known(definition, columns) or definition.names
        read = list(dict.fromkeys([*chosen, *definition.key]))
        condition, values = self._condition(definition, where, sight)
        query = f"SELECT {', '.join(map(quoted, read))} FROM {self._view.source(table)} t WHERE {condition}"
        if order or limit:
            query += f" ORDER BY {', '.join([*_sorting(definition, order), *map(quoted, definition.key)])}"
        with duck_errors(table):
            found = asked(self._view.cursor(), query + (f" LIMIT {int(limit)}" if limit else ""), values=values).fetchall()
        if not (order or limit):  # measured on a row of a million: 1.1 ms, and 1.8 ms where DuckDB sorts
            found.sort(key=itemgetter(*map(read.index, definition.key)))
        return [dict(zip(chosen, row, strict=False)) for row in found]

    def count(self, table: str, *, where: Mapping[str, object], sight: Mapping[str, str] | None = None) -> int:
        """How many rows match."""
        condition, values = self._condition(table_named(table), where, sight)
        with duck_errors(table):
            found = asked(
                self._view.cursor(), f"SELECT count(*) FROM {self._view.source(table)} t WHERE {condition}", values=values
            ).fetchone()
        return int((found or (0,))[0])

    def customers(self, table: str, *, sight: Mapping[str, str] | None) -> int:
        """How many customers have rows in a table of persons."""
        definition = table_named(table)
        condition, values = self._condition(definition, {}, sight)
        source = f"{self._view.source(table)} t"
        if definition.person == "record_id":
            source += f" JOIN {self._view.source('identity')} i USING (record_id)"
        with duck_errors(table):
            query = f"SELECT count(DISTINCT customer_id) FROM {source} WHERE {condition}"
            found = asked(self._view.cursor(), query, values=values).fetchone()
        return int((found or (0,))[0])

    def _condition(self, table: Table, where: Mapping[str, object], sight: Mapping[str, str] | None) -> tuple[str, list[object]]:
        """What to write after WHERE, and the values for its question marks."""
        parts, values = ["true"], list[object]()
        for name, value in where.items():
            if name == "customer_id" and "customer_id" not in table.names and table.person:
                parts.append(f"record_id IN (SELECT record_id FROM {self._view.source('identity')} i WHERE {_equals(name, value, values)})")
            else:
                parts.append(_equals(_known(table, [name])[0], value, values))
        if sight is not None:
            parts.append(self._seen(table, sight, values))
        return " AND ".join(parts), values

    def _seen(self, table: Table, sight: Mapping[str, str], values: list[object]) -> str:
        """Only rows of customers with the values of `sight`; none where rows belong to nobody."""
        if not table.person:
            return "false"
        match = " AND ".join(_equals(_known(table_named("customer"), [name])[0], value, values) for name, value in sight.items())
        if table.name == "customer":
            return match
        customers = f"SELECT customer_id FROM {self._view.source('customer')} c WHERE {match}"
        if table.person == "customer_id":
            return f"customer_id IN ({customers})"
        return f"record_id IN (SELECT record_id FROM {self._view.source('identity')} i WHERE customer_id IN ({customers}))"


def _equals(name: str, value: object, values: list[object]) -> str:
    if value is None:
        return f"{quoted(name)} IS NULL"
    if isinstance(value, list | tuple | set | frozenset):
        values.extend(value)
        return f"{quoted(name)} IN ({', '.join('?' * len(value))})" if value else "false"
    values.append(value)
    return f"{quoted(name)} = ?"


def _sorting(table: Table, order: str) -> list[str]:
    wanted = [part.strip() for part in order.split(",") if part.strip()]
    _known(table, [part.lstrip("-") for part in wanted])
    return [quoted(part.lstrip("-")) + (" DESC NULLS LAST" if part.startswith("-") else " ASC NULLS LAST") for part in wanted]


def _known(table: Table, names: Iterable[str]) -> tuple[str, ...]:
    wanted = tuple(names)
    unknown = [name for name in wanted if name not in table.names]
    if unknown:
        raise MissingColumns(
            Say(f"表 {table.name} 没有这些列：{listed(unknown)}。", f"Table {table.name} does not have these columns: {listed(unknown)}."),
            got=listed(unknown),
            fix=Say(f"使用其中之一：{listed(table.names, most=40)}。", f"Use one of {listed(table.names, most=40)}."),
        )
    return wanted
