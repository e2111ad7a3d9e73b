"""Attributes follow from everything that was said about them: those of some records are made anew, whatever came in whatever order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from zhiyin.core.ids import content_id
from zhiyin.core.tables import TABLES
from zhiyin.store.serving import Serving
from zhiyin.unify.traits import attributes_of

if TYPE_CHECKING:
    from zhiyin.store.lake import LakeBuild

__all__ = ["settle"]

_TOGETHER = 5_000  # records
_NO_TIME = datetime(1970, 1, 1)  # noqa: DTZ001 - UTC, as the tables hold it
Row = dict[str, Any]


def settle(build: LakeBuild, records: Collection[str]) -> None:
    """Make the attributes of these records what all of their traits say together; doing it twice changes nothing.

    An attribute that no trait made was said by a file, which says nothing of when: it becomes a trait of the time of its import.

    Args:
        build: the generation, with all traits that have come.
        records: record ids of which traits have come.
    """
    ids = sorted(records)
    for some in (ids[start : start + _TOGETHER] for start in range(0, len(ids), _TOGETHER)):
        known = Serving(build).rows("attribute", where={"record_id": some})
        traits = Serving(build).rows("trait", where={"record_id": some})
        told = list(_of_files(build, known, traits))
        if told:
            build.append("trait", _arrow("trait", told))
        wanted = {_key(row): row for row in attributes_of([*traits, *told])}
        stored = {_key(row): row for row in known}
        fresh = [row for row in wanted.values() if stored.get(_key(row)) != row]
        gone = [row for row in known if _key(row) not in wanted]
        if fresh:
            build.amend("attribute", _arrow("attribute", fresh))
        if gone:
            build.remove("attribute", build.scratch("gone", _arrow("attribute", gone)))


def _of_files(build: LakeBuild, known: Sequence[Row], traits: Sequence[Row]) -> Iterator[Row]:
    made = {(*_key(row), *_origin(row)) for row in traits}
    made |= {(row["record_id"], f"{row['name']}.{row['value']}", *_origin(row)) for row in traits if row["change"] == "append"}
    others = [row for row in known if (*_key(row), *_origin(row)) not in made]
    batches = sorted({row["batch_id"] for row in others if row["batch_id"]})
    came = {row["batch_id"]: row["imported_at"] for row in Serving(build).rows("batch", where={"batch_id": batches})} if others else {}
    for row in others:
        trait_id = content_id("s", str(row["batch_id"]), *_key(row), row["value"])
        yield {**row, "trait_id": trait_id, "change": "set", "told_at": came.get(row["batch_id"], _NO_TIME)}


def _key(row: Row) -> tuple[str, str]:
    return row["record_id"], row["name"]


def _origin(row: Row) -> tuple[str, int]:
    return row["batch_id"], row["source_row"]


def _arrow(table: str, rows: Sequence[Row]) -> pa.Table:
    kinds = {"string": pa.string(), "int64": pa.int64(), "timestamp": pa.timestamp("us")}
    types = TABLES[table].types
    return pa.table({name: pa.array([row.get(name) for row in rows], kinds[types[name]]) for name in types})
