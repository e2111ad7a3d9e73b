"""Does a batch say the same twice? The same again is counted, the same id with other content is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhiyin.core.tables import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["without_repeats"]

_ORIGIN = ("batch_id", "source_row")


def without_repeats(name: str, rows: pa.Table) -> tuple[pa.Table, int, list[int]]:
    """The rows with every key once, how many were said again, and the source rows that say something else under the same key."""
    import pyarrow.compute as pc

    key = list(TABLES[name].key)
    firsts = rows.group_by(key).aggregate([("source_row", "min")])
    if firsts.num_rows == rows.num_rows:
        return rows, 0, []
    first = pc.is_in(rows["source_row"], firsts["source_row_min"])
    again = rows.filter(pc.invert(first))
    kept = rows.filter(first)
    told = {_key(row, key): _content(row) for row in kept.filter(pc.is_in(kept[key[-1]], again[key[-1]])).to_pylist()}
    clashing = [row["source_row"] for row in again.to_pylist() if told[_key(row, key)] != _content(row)]
    return kept, again.num_rows - len(clashing), clashing


def _key(row: dict[str, object], key: list[str]) -> tuple[object, ...]:
    return tuple(row[name] for name in key)


def _content(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in _ORIGIN}
