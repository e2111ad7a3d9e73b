"""Which of these rows are new? Set-based, on hashes: whole keys are compared only where hashes leave a doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhiyin.core.errors import DataError
from zhiyin.core.tables import Table
from zhiyin.core.words import Say
from zhiyin.store.shapes import quoted

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["Added", "append_rows", "repeated_keys"]

# Where a row came from is not what it says: the same row in another file is a duplicate, not a conflict.
_ORIGIN = frozenset({"batch_id", "source_row", "sealed_id"})
_ARRIVAL = "arrival of the row"  # holds blanks, so no declared column can have this name
_TEMPORARIES = ("matched", "fresh", "clash")


@dataclass(frozen=True)
class Added:
    """What became of the rows: stored + duplicate + conflicts = received."""

    stored: int
    duplicate: int
    conflicts: pa.Table


def append_rows(cursor: duckdb.DuckDBPyConnection, table: Table, *, place: str, rows: pa.Table) -> Added:
    """Store the rows of `rows` whose key is new in the table at `place`.

    A key that is known with the same content is a duplicate; with another content it is a conflict, and what was
    there first stays (within `rows`: the first).

    Raises:
        DataError: when a key column is empty somewhere.
    """
    import pyarrow as pa

    _refuse_empty_keys(table, rows)
    cursor.register("incoming", rows.append_column(_ARRIVAL, pa.array(range(rows.num_rows), type=pa.int64())))
    names = ", ".join(map(quoted, table.names))
    try:
        repeated = repeated_keys(cursor, table, place="incoming")
        if not repeated and not _meets(cursor, table, place):
            cursor.execute(f"INSERT INTO {place} ({names}) SELECT {names} FROM incoming")
            return Added(rows.num_rows, 0, rows.slice(0, 0))
        _judge_repeated(cursor, table, place) if repeated else _judge(cursor, table, place)
        # Read before the insert: the judgement is about what was there.
        clashes = cursor.execute(f"SELECT {quoted(_ARRIVAL)} FROM clash ORDER BY 1").to_arrow_table().column(0)
        stored = _number(cursor, "SELECT count(*) FROM fresh")
        if stored:
            cursor.execute(f"INSERT INTO {place} ({names}) SELECT {names} FROM incoming SEMI JOIN fresh USING ({quoted(_ARRIVAL)})")
        return Added(stored, rows.num_rows - stored - len(clashes), rows.take(clashes))
    finally:
        cursor.unregister("incoming")
        for left in _TEMPORARIES:
            cursor.execute(f"DROP TABLE IF EXISTS temp.main.{left}")


def repeated_keys(cursor: duckdb.DuckDBPyConnection, table: Table, *, place: str) -> bool:
    """Whether a key stands twice in `place`: cheaply by counting hashes, exactly only where hashes repeat."""
    total, distinct = cursor.execute(f"SELECT count(*), count(DISTINCT hash({_keys(table)})) FROM {place}").fetchone() or (0, 0)
    if total == distinct:
        return False
    return bool(cursor.execute(f"SELECT 1 FROM {place} GROUP BY {_keys(table)} HAVING count(*) > 1 LIMIT 1").fetchone())


def _meets(cursor: duckdb.DuckDBPyConnection, table: Table, place: str) -> bool:
    """Whether any key hash of the incoming rows is known; a false alarm only costs the closer look."""
    hashed = f"SELECT hash({_keys(table)}) AS a FROM"
    return bool(cursor.execute(f"SELECT 1 FROM ({hashed} {place}) SEMI JOIN ({hashed} incoming) USING (a) LIMIT 1").fetchone())


def _judge(cursor: duckdb.DuckDBPyConnection, table: Table, place: str) -> None:
    """Temporary tables `fresh` (rows to store) and `clash` (known key, other content), by arrival; no key repeats in `incoming`.

    Rows are joined on 8 bytes of key hash instead of whole keys: measured 1.2M against 1.2M rows, 1.4 s and no spilling
    instead of 7 s. Equal hashes of key and of whole row mean a duplicate; where only the first agree, whole keys decide.
    """
    arrival, keys = quoted(_ARRIVAL), _keys(table)
    marked = f"hash({keys}) AS a, hash({', '.join(map(quoted, _told(table)))}) AS b"
    cursor.execute(
        f"""
        CREATE TEMP TABLE matched AS
        SELECT i.{arrival}, count(k.a) AS meets, coalesce(bool_or(i.b = k.b), false) AS same
        FROM (SELECT {arrival}, {marked} FROM incoming) i LEFT JOIN (SELECT {marked} FROM {place}) k USING (a)
        GROUP BY ALL
        """
    )
    doubtful = f"(SELECT {arrival}, {keys} FROM incoming SEMI JOIN (FROM matched WHERE meets > 0 AND NOT same) USING ({arrival}))"
    cursor.execute(f"CREATE TEMP TABLE clash AS SELECT {arrival} FROM {doubtful} SEMI JOIN {place} USING ({keys})")
    cursor.execute(f"CREATE TEMP TABLE fresh AS SELECT {arrival} FROM matched ANTI JOIN clash USING ({arrival}) WHERE NOT same")


def _judge_repeated(cursor: duckdb.DuckDBPyConnection, table: Table, place: str) -> None:
    """The same where keys repeat within `incoming`: by whole keys, the first arrival of a key speaks for it."""
    arrival, keys = quoted(_ARRIVAL), _keys(table)
    content = f"hash({', '.join(map(quoted, _told(table)))})"
    cursor.execute(
        f"""
        CREATE TEMP TABLE matched AS
        WITH first AS (
            SELECT {keys}, min({arrival}) AS {arrival}, arg_min({content}, {arrival}) AS told FROM incoming GROUP BY {keys}
        ), known AS (
            SELECT {keys}, {content} AS told FROM {place} SEMI JOIN first USING ({keys})
        )
        SELECT i.{arrival}, k.told IS NULL AND i.{arrival} = f.{arrival} AS is_fresh, i.told <> coalesce(k.told, f.told) AS is_clash
        FROM (SELECT {keys}, {arrival}, {content} AS told FROM incoming) i
        JOIN first f USING ({keys}) LEFT JOIN known k USING ({keys})
        """
    )
    cursor.execute(f"CREATE TEMP TABLE fresh AS SELECT {arrival} FROM matched WHERE is_fresh")
    cursor.execute(f"CREATE TEMP TABLE clash AS SELECT {arrival} FROM matched WHERE is_clash")


def _refuse_empty_keys(table: Table, rows: pa.Table) -> None:
    empty = [name for name in table.key if rows.column(name).null_count]
    if empty:
        raise DataError(
            Say(f"表 {table.name} 的主键列有空值。", f"A key column of table {table.name} is empty somewhere."),
            got=", ".join(empty),
            fix=Say("先拒收没有主键的行。", "Refuse rows without a key first."),
        )


def _told(table: Table) -> list[str]:
    return [name for name in table.names if name not in _ORIGIN or name in table.key]


def _keys(table: Table) -> str:
    return ", ".join(map(quoted, table.key))


def _number(cursor: duckdb.DuckDBPyConnection, query: str) -> int:
    return int((cursor.execute(query).fetchone() or (0,))[0])
