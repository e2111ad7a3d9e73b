"""What did a published generation hold? Read-only, by Ibis for batches, by plain SQL for one row."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

import duckdb

from zhiyin.core.errors import StoreError
from zhiyin.core.tables import TABLES, Table, table_named
from zhiyin.core.words import Say
from zhiyin.store.asking import asked
from zhiyin.store.engine import Engine, duck_errors
from zhiyin.store.shapes import SQL_TYPES, quoted

if TYPE_CHECKING:
    import ibis
    import pandas as pd
    import pyarrow as pa

__all__ = ["LAKE", "LakeView", "aligned_columns"]

LAKE = "lake"  # the name under which a generation is attached
_BATCH_ROWS = 200_000


class LakeView:
    """The tables of one attached generation; whoever publishes or prunes meanwhile does not disturb it.

    Each thread gets its own cursor: DuckDB and Ibis do not share one between threads.
    """

    def __init__(self, engine: Engine, snapshot: str) -> None:
        self.snapshot = snapshot
        self._engine = engine
        self._own = threading.local()
        self._cursors: list[duckdb.DuckDBPyConnection] = []
        self._stored: dict[tuple[str, str], list[str]] = {}
        self._open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the generation; safe to call twice."""
        self._open = False
        while self._cursors:
            self._cursors.pop().close()  # an open cursor would keep the file and its memory
        self._engine.close()

    def has(self, table: str) -> bool:
        """Whether the generation holds a table."""
        return bool(self.stored_columns(table_named(table).name))

    def tables(self) -> list[str]:
        """The tables that the generation holds, in the order of core/tables.py."""
        return [name for name in TABLES if self.stored_columns(name)]

    def table(self, name: str) -> ibis.Table:
        """A table as a relation; empty but typed when the generation lacks it, empty columns where it is older than the column."""
        table = table_named(name)
        stored = self.stored_columns(name)
        if stored == list(table.names):
            return self._backend().table(name, database=f"{LAKE}.main")
        return self._aligned(table)

    def frame(self, expression: ibis.Table) -> pd.DataFrame:
        """Run a relation: the one place that does."""
        backend = self._backend()
        with duck_errors(self.snapshot):
            return backend.execute(expression)

    def long_frame(self, expression: ibis.Table) -> pd.DataFrame:
        """Run a relation of a million rows: texts become categories, which takes a tenth of the time of as many objects."""
        query = self._backend().runnable(expression)
        with duck_errors(self.snapshot):
            rows = self.cursor().execute(query).to_arrow_table()
        return rows.to_pandas(strings_to_categorical=True, date_as_object=False)

    def batches(self, expression: ibis.Table) -> Iterator[pa.RecordBatch]:
        """Run a relation and take its rows, in its order, in pieces that fit into memory.

        The rows are kept in a temporary table meanwhile: a stream would end without a word, rows missing, as soon as another
        question is asked through the same cursor (measured on DuckDB 1.5.5).
        """
        query, cursor = self._backend().runnable(expression), self.cursor()
        name = f"batches_{secrets.token_hex(4)}"
        try:
            with duck_errors(self.snapshot):
                cursor.execute(f"CREATE TEMP TABLE {name} AS {query}")
                last = (cursor.execute(f"SELECT max(rowid) FROM {name}").fetchone() or (None,))[0]
            for start in range(0, -1 if last is None else last + 1, _BATCH_ROWS):
                with duck_errors(self.snapshot):
                    piece = f"FROM {name} WHERE rowid BETWEEN {start} AND {start + _BATCH_ROWS - 1} ORDER BY rowid"
                    rows = cursor.execute(piece).to_arrow_table()
                yield from rows.to_batches()
        finally:
            cursor.execute(f"DROP TABLE IF EXISTS {name}")

    def count(self, expression: ibis.Table) -> int:
        """How many rows a relation has."""
        backend = self._backend()
        with duck_errors(self.snapshot):
            return int(backend.execute(expression.count()))

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """The cursor of this thread, for the prepared SQL of this room.

        Raises:
            StoreError: after the generation was closed.
        """
        if not self._open:
            raise StoreError(
                Say("这份数据已经关闭。", "This generation is closed."), got=self.snapshot, fix=Say("重新打开。", "Open it again.")
            )
        if not hasattr(self._own, "cursor"):
            self._own.cursor = self._engine.connection.cursor()
            self._cursors.append(self._own.cursor)
        cursor: duckdb.DuckDBPyConnection = self._own.cursor
        return cursor

    def stored_columns(self, name: str, *, database: str = LAKE) -> list[str]:
        """The columns a table has in the file, in order; none when the file lacks the table."""
        if (database, name) not in self._stored:
            with duck_errors(name):
                found = asked(
                    self.cursor(),
                    "SELECT column_name FROM duckdb_columns() WHERE database_name = ? AND schema_name = 'main' AND table_name = ?"
                    " ORDER BY column_index",
                    values=[database, name],
                )
                self._stored[database, name] = [str(row[0]) for row in found.fetchall()]
        return self._stored[database, name]

    def source(self, name: str) -> str:
        """What to write after FROM to get a table with all its declared columns, whatever the file holds of it."""
        table = table_named(name)
        stored = self.stored_columns(name)
        place = f"{LAKE}.main.{quoted(name)}"
        if stored == list(table.names):
            return place
        columns = aligned_columns(table, stored)
        return f"(SELECT {columns} FROM {place})" if stored else f"(SELECT {columns} WHERE false)"

    def _aligned(self, table: Table) -> ibis.Table:
        """A table as it is declared today, over a file that lacks it or some of its columns."""
        name = f"declared_{table.name}"
        with duck_errors(table.name):
            self.cursor().execute(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS FROM {self.source(table.name)}")
        return self._backend().table(name, database="temp.main")

    def _backend(self) -> Any:  # noqa: ANN401 - an Ibis backend; Ibis is imported on first use only
        cursor = self.cursor()
        if not hasattr(self._own, "backend"):
            from zhiyin.store.relations import LockedBackend

            self._own.backend = LockedBackend.from_connection(cursor)
        return self._own.backend


def aligned_columns(table: Table, stored: list[str]) -> str:
    """The declared columns in SQL, empty where a file is older than the column."""
    return ", ".join(
        quoted(c.name) if c.name in stored else f"CAST(NULL AS {SQL_TYPES[c.type]}) AS {quoted(c.name)}" for c in table.columns
    )
