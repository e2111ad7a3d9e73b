"""Do these rows fit the table? Columns, order, types and key as core/tables.py says; nothing undeclared gets in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from zhiyin.core.errors import DataError, MissingColumns, listed
from zhiyin.core.tables import Table
from zhiyin.core.words import Say

if TYPE_CHECKING:
    import ibis
    import pandas as pd
    import pyarrow as pa

__all__ = ["SQL_TYPES", "arrow_rows", "checked_columns", "columns_ddl", "fitted", "quoted"]

SQL_TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}
_SEE = Say("见 `zhiyin tables`。", "See `zhiyin tables`.")


def quoted(name: str) -> str:
    """A name as SQL wants it: `at` and `last` are words of the language."""
    return '"' + name.replace('"', '""') + '"'


def columns_ddl(table: Table) -> str:
    """The columns of a table with their SQL types."""
    return ", ".join(f"{quoted(column.name)} {SQL_TYPES[column.type]}" for column in table.columns)


def checked_columns(table: Table, found: Iterable[str]) -> None:
    """Refuse rows that lack a column of `table` or bring one that is not declared there.

    Raises:
        MissingColumns: names what is missing.
        DataError: names what is not declared.
    """
    have = list(found)
    missing = [name for name in table.names if name not in have]
    if missing:
        raise MissingColumns(
            Say(f"表 {table.name} 缺少列：{listed(missing)}。", f"Table {table.name} lacks columns: {listed(missing)}."),
            got=listed(have, most=40),
            fix=_SEE,
        )
    extra = [name for name in have if name not in table.types]
    if extra or len(have) != len(set(have)):
        what = listed(extra) or listed(name for name in set(have) if have.count(name) > 1)
        raise DataError(
            Say(f"表 {table.name} 没有声明这些列：{what}。", f"Table {table.name} does not declare these columns: {what}."),
            got=listed(have, most=40),
            fix=_SEE,
        )


def arrow_rows(table: Table, rows: pa.Table | pd.DataFrame) -> pa.Table:
    """A frame or an Arrow table as Arrow with exactly the columns and types of `table`.

    Raises:
        MissingColumns: when a column is missing.
        DataError: when a column is not declared, or its values are not of the declared type; values are never shown.
    """
    import pyarrow as pa

    frame_like = not isinstance(rows, pa.Table)
    checked_columns(table, [str(name) for name in (rows.columns if frame_like else rows.column_names)])
    columns = [_cast(table, name, rows[name], pa=pa) for name in table.names]
    return pa.table(columns, names=list(table.names))


def fitted(table: Table, rows: ibis.Table) -> ibis.Table:
    """A relation with exactly the columns and types of `table`, in its order.

    Raises:
        MissingColumns: when a column is missing.
        DataError: when a column is not declared, or its type can not be widened to the declared one.
    """
    checked_columns(table, rows.columns)
    columns = []
    for column in table.columns:
        value, have = rows[column.name], rows[column.name].type()
        if not _widens(have, column.type):
            raise _wrong_type(table, column.name, str(have))
        columns.append((value if str(have) == column.type else value.cast(column.type)).name(column.name))
    return rows.select(columns)


def _cast(table: Table, name: str, values: Any, *, pa: Any) -> Any:  # noqa: ANN401 - pandas Series or Arrow column
    """One column in its Arrow type; a cast that would change a value is refused."""
    target = {
        "string": pa.string(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us"),
    }[table.types[name]]
    try:
        column = values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([pa.array(values, from_pandas=True)])
        if column.type.equals(target):
            return column
        if not _fits(column.type, target, pa=pa):
            raise _wrong_type(table, name, str(column.type))
        if pa.types.is_timestamp(column.type) and column.type.tz:
            column = column.cast(pa.timestamp("us", tz="UTC"))
        return column.cast(target, safe=pa.types.is_integer(target) or pa.types.is_date(target))
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        # Arrow repeats the value that does not fit; it may be personal.
        raise _wrong_type(table, name, str(getattr(values, "dtype", getattr(values, "type", "?")))) from None


def _fits(have: Any, target: Any, *, pa: Any) -> bool:  # noqa: ANN401 - Arrow types
    """Whether values of one Arrow type are meant as the other: text stays text, numbers stay numbers."""
    kinds = pa.types
    if kinds.is_dictionary(have):
        have = have.value_type
    if kinds.is_null(have):
        return True
    groups = (
        (kinds.is_string, lambda kind: kinds.is_string(kind) or kinds.is_large_string(kind) or str(kind) == "string_view"),
        (kinds.is_boolean, kinds.is_boolean),
        (kinds.is_integer, lambda kind: kinds.is_integer(kind) or kinds.is_floating(kind)),
        (kinds.is_floating, lambda kind: kinds.is_integer(kind) or kinds.is_floating(kind) or kinds.is_decimal(kind)),
        (kinds.is_date, lambda kind: kinds.is_date(kind) or (kinds.is_timestamp(kind) and kind.tz is None)),
        (kinds.is_timestamp, lambda kind: kinds.is_timestamp(kind) or kinds.is_date(kind)),
    )
    return any(is_target(target) and may(have) for is_target, may in groups)


def _widens(have: Any, declared: str) -> bool:  # noqa: ANN401 - an Ibis type
    kinds = {
        "string": have.is_string(),
        "int64": have.is_integer(),
        "float64": have.is_numeric() and not have.is_boolean(),
        "boolean": have.is_boolean(),
        "date": have.is_date(),
        "timestamp": have.is_timestamp() and not have.timezone,
    }
    return bool(have.is_null() or kinds[declared])


def _wrong_type(table: Table, name: str, got: str) -> DataError:
    want = table.types[name]
    return DataError(
        Say(f"表 {table.name} 的列 {name} 必须是 {want}。", f"Column {name} of table {table.name} must be {want}."),
        got=got,
        fix=Say("改正类型；取值没有显示，可能含个人信息。", "Correct the type; values are not shown, they may be personal."),
    )
