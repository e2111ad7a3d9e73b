"""The next generation while it is made: write, append, publish; nobody sees it before, and a failure leaves no trace."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

from zhiyin.core.errors import IdConflict
from zhiyin.core.tables import Table, table_named
from zhiyin.core.words import Say
from zhiyin.store.append import Added, append_rows, repeated_keys
from zhiyin.store.asking import asked
from zhiyin.store.engine import Engine, duck_errors
from zhiyin.store.generations import Snapshot
from zhiyin.store.shapes import arrow_rows, columns_ddl, fitted, quoted
from zhiyin.store.view import LAKE, LakeView, aligned_columns

if TYPE_CHECKING:
    import ibis
    import pandas as pd
    import pyarrow as pa

__all__ = ["OLD", "LakeBuild"]

OLD = "old"  # the name under which the current generation is attached while it is copied
_NEW = "new table"  # holds a blank, so no declared table can have this name


class LakeBuild(LakeView):
    """A generation that is being built; `publish` makes it the current one.

    Args:
        engine: the engine that the new file is attached to.
        snapshot: the name it will have.
        publish: closes and publishes the file; called once.
    """

    def __init__(self, engine: Engine, snapshot: str, *, publish: Callable[[], Snapshot]) -> None:
        super().__init__(engine, snapshot)
        self._publish = publish

    def carry(self, names: Iterable[str], *, erased: Collection[str] = ()) -> None:
        """Copy tables from the current generation, compacted, in today's columns.

        Args:
            names: which tables.
            erased: record and customer ids whose rows stay behind.
        """
        for table in map(table_named, names):
            place = f"{OLD}.main.{quoted(table.name)}"
            stored = self.stored_columns(table.name, database=OLD)
            if not stored:
                continue
            people = [quoted(name) for name in ("record_id", "customer_id") if name in stored]
            kept = " AND ".join(f"NOT coalesce(list_contains($erased, {name}), false)" for name in people) if erased else ""
            statement = f"CREATE TABLE {self._place(table)} AS SELECT {aligned_columns(table, stored)} FROM {place}"
            with duck_errors(table.name):
                self.cursor().execute(statement + (f" WHERE {kept}" if kept else ""), {"erased": sorted(erased)} if kept else None)
            self._stored.clear()

    def keep_only(self, names: Iterable[str]) -> None:
        """Drop all tables but these from a copy of the current generation, and bring these to today's columns."""
        kept = {table.name: table for table in map(table_named, names)}
        cursor = self.cursor()
        found = asked(cursor, "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'main'", values=[LAKE])
        for (name,) in found.fetchall():
            place = f"{LAKE}.main.{quoted(name)}"
            with duck_errors(name):
                if name not in kept:
                    cursor.execute(f"DROP TABLE {place}")
                elif (stored := self.stored_columns(name)) != list(kept[name].names):
                    fresh = f"{LAKE}.main.{quoted(_NEW)}"
                    cursor.execute(f"CREATE TABLE {fresh} AS SELECT {aligned_columns(kept[name], stored)} FROM {place}")
                    cursor.execute(f"DROP TABLE {place}; ALTER TABLE {fresh} RENAME TO {quoted(name)}")
        self._stored.clear()

    def write(self, name: str, rows: ibis.Table | pd.DataFrame | pa.Table) -> int:
        """Make these rows the whole table, sorted so that one person's rows lie together; returns how many.

        Raises: as `write_parts`.
        """
        return self.write_parts(name, [rows])

    def write_parts(self, name: str, parts: Iterable[ibis.Table | pd.DataFrame | pa.Table]) -> int:
        """The same from parts, each made when the one before is stored: memory holds one part, however large the table.

        Parts of ascending persons lie as sorted as if they had come as one.

        Raises:
            MissingColumns: when a column is missing.
            DataError: when a column is not declared or has another type.
            IdConflict: when two rows have the same key.
        """
        table = table_named(name)
        place = f"{LAKE}.main.{quoted(_NEW)}"
        names = ", ".join(map(quoted, table.names))
        order = ", ".join(map(quoted, dict.fromkeys([table.person or table.key[0], *table.key])))
        with duck_errors(name):
            cursor = self.cursor()
            cursor.execute(f"CREATE OR REPLACE TABLE {place} ({columns_ddl(table)})")
            try:
                for rows in parts:
                    with self._given(table, rows) as source:
                        cursor.execute(f"INSERT INTO {place} SELECT {names} FROM {source} ORDER BY {order}")
                self._refuse_repeated(table, place)
                cursor.execute(f"BEGIN; DROP TABLE IF EXISTS {self._place(table)}; ALTER TABLE {place} RENAME TO {quoted(name)}; COMMIT")
            finally:
                cursor.execute(f"DROP TABLE IF EXISTS {place}")
                self._stored.clear()
            return self._rows_of(table)

    def append(self, name: str, rows: pa.Table | pd.DataFrame) -> Added:
        """Add the rows whose key is new; loading the same rows twice changes nothing.

        Returns:
            How many were stored and how many were known; the rows that contradict what is known come back as `conflicts`.

        Raises:
            MissingColumns: when a column is missing.
            DataError: when a column is not declared, has another type, or a key is empty.
        """
        table = table_named(name)
        content = arrow_rows(table, rows)
        with duck_errors(name):
            self.cursor().execute(f"CREATE TABLE IF NOT EXISTS {self._place(table)} ({columns_ddl(table)})")
            self._stored.clear()
            return append_rows(self.cursor(), table, place=self._place(table), rows=content)

    def amend(self, name: str, rows: ibis.Table | pa.Table) -> int:
        """Put these rows in the place of those with their keys, and add those whose key is new; returns how many.

        The rest of the table is not touched (measured: writing a table of 79 000 records anew for each batch took 27 % of an import).
        """
        table = table_named(name)
        place, keys = self._place(table), ", ".join(map(quoted, table.key))
        with duck_errors(name), self._given(table, rows) as source:
            cursor = self.cursor()
            cursor.execute(f"CREATE TABLE IF NOT EXISTS {place} ({columns_ddl(table)})")
            self._stored.clear()
            cursor.execute(f"CREATE OR REPLACE TEMP TABLE amended AS SELECT * FROM {source}")
            cursor.execute(f"DELETE FROM {place} WHERE ({keys}) IN (SELECT ({keys}) FROM amended)")
            cursor.execute(f"INSERT INTO {place} SELECT * FROM amended")
            count = int((cursor.execute("SELECT count(*) FROM amended").fetchone() or (0,))[0])
            cursor.execute("DROP TABLE amended")
        return count

    def remove(self, name: str, rows: ibis.Table) -> int:
        """Take away the rows with these keys; returns how many."""
        table = table_named(name)
        place, keys = self._place(table), ", ".join(map(quoted, table.key))
        before = self._rows_of(table)
        with duck_errors(name), self._as_source(rows) as source:
            self.cursor().execute(f"DELETE FROM {place} WHERE ({keys}) IN (SELECT ({keys}) FROM {source})")
        return before - self._rows_of(table)

    def scratch(self, name: str, rows: ibis.Table | pd.DataFrame | pa.Table) -> ibis.Table:
        """Keep a frame for the length of the build, so that relations can be joined with it; never published."""
        place = f"scratch_{name}"
        with duck_errors(name), self._as_source(rows) as source:
            self.cursor().execute(f"CREATE OR REPLACE TEMP TABLE {quoted(place)} AS SELECT * FROM {source}")
        return self._backend().table(place, database="temp.main")

    def publish(self) -> Snapshot:
        """Close the file and make it the current generation; the build is over then."""
        snapshot = self._publish()
        self.close()
        return snapshot

    def _place(self, table: Table) -> str:
        return f"{LAKE}.main.{quoted(table.name)}"

    def _rows_of(self, table: Table) -> int:
        return int((self.cursor().execute(f"SELECT count(*) FROM {self._place(table)}").fetchone() or (0,))[0])

    def _refuse_repeated(self, table: Table, place: str) -> None:
        if repeated_keys(self.cursor(), table, place=place):
            raise IdConflict(
                Say(f"表 {table.name} 里有主键相同的行。", f"Two rows of table {table.name} have the same key."),
                got=", ".join(table.key),
                fix=Say("每个主键只留一行。", "Keep one row a key."),
            )

    def _given(self, table: Table, rows: Any) -> contextlib.AbstractContextManager[str]:  # noqa: ANN401 - relation, frame or Arrow
        return self._as_source(fitted(table, rows) if _is_relation(rows) else arrow_rows(table, rows))

    @contextlib.contextmanager
    def _as_source(self, rows: Any) -> Any:  # noqa: ANN401 - relation, frame or Arrow
        """What to write after FROM to read the rows."""
        if _is_relation(rows):
            yield f"({self._backend().runnable(rows)})"
            return
        cursor = self.cursor()
        cursor.register("given", rows)
        try:
            yield "given"
        finally:
            cursor.unregister("given")


def _is_relation(rows: object) -> bool:
    return type(rows).__module__.partition(".")[0] == "ibis"
