"""Which facts do the raw rows of a source hold, and which rows cannot be taken, and why?"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from zhiyin.unify.columns import as_text, over_distinct, over_values
from zhiyin.unify.contacts import faults_of_people
from zhiyin.unify.fills import fills_of_people
from zhiyin.unify.kinds import facts_of, shaped
from zhiyin.unify.parsing import Defaults, parsed
from zhiyin.unify.people import identifiers, link_keys, no_identifiers, untold
from zhiyin.unify.refusals import Refusal, refused_table
from zhiyin.unify.repeats import without_repeats

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FIRST_WINS", "KIND_ORDER", "Batch", "Defaults", "Typed", "Unsplit", "typed"]

# What a later import says again about the same key is no conflict: the first statement stays.
FIRST_WINS = ("record", "link_key", "attribute", "role", "product", "stock", "campaign", "offer", "fill", "bad_contact")
# Sources are best loaded in this order: full rows come before those that only mention an id.
KIND_ORDER = (
    "products",
    "stock",
    "campaigns",
    "offers",
    "customers",
    "contacts",
    "traits",
    "orders",
    "transfers",
    "events",
    "touches",
    "outcomes",
)


class Unsplit(Protocol):
    """A row that the reader could not split into columns."""

    @property
    def source_row(self) -> int:
        """Where it stands."""

    @property
    def code(self) -> str:
        """Why it could not be split."""

    @property
    def raw(self) -> bytes:
        """What it says."""


class Batch(Protocol):
    """What `collect` gives; the rooms do not import each other."""

    @property
    def columns(self) -> pa.Table:
        """Raw columns under field names, and `source_row`."""

    @property
    def unread(self) -> Sequence[Unsplit]:
        """Rows that could not be split into columns."""


@dataclass(frozen=True)
class Typed:
    """Facts of one batch.

    `rows` is how many rows came; `tables` table -> rows with all columns of `core/tables.py`; `refused` one row for every
    row that was not taken (source_row, code, field, reason_zh, reason_en); `raw_refused` what that row said;
    `identifiers` what belongs into the vault (record_id, column, value, original); the customer id of the source is
    the column `source_key`; `repeated` how many rows said exactly what an earlier row of the batch had said.
    """

    rows: int
    tables: dict[str, pa.Table]
    refused: pa.Table
    raw_refused: dict[int, bytes]
    identifiers: pa.Table
    repeated: int = 0


def typed(
    kind: str,
    batch: Batch,
    *,
    defaults: Defaults,
    record_id: Callable[[Sequence[str]], list[str]],
    digest: Callable[[str, str], str],
    firm_id: Callable[[Sequence[str]], list[str]] | None = None,
) -> Typed:
    """Turn raw rows of one kind into facts.

    Args:
        kind: one of `core.fields.KINDS`.
        batch: the rows.
        defaults: what the source says once.
        record_id: customer ids of the system -> record ids, called with distinct ids.
        digest: identifier column and normalised value -> keyed digest.
        firm_id: customer ids of firms -> record ids, where they are ids of another system than those of the rows.

    Raises:
        SettingsError: when the time zone is not known.
        DataError: when the currency of the source is not known.
    """
    rows, refusals = parsed(kind, batch.columns, defaults=defaults)
    problems = refusals.rows(rows["source_row"].to_numpy())
    rows = rows.filter(refusals.kept)
    people = None
    tables: dict[str, pa.Table] = {}
    if "customer" in rows.column_names:
        rows = rows.append_column("record_id", over_values(rows["customer"].combine_chunks(), record_id))
        found = identifiers(rows, defaults)
        keys = untold(link_keys(found, rows, digest=digest), defaults.told, names=("record_id", "kind", "digest"))
        tables["link_key"] = shaped("link_key", keys, defaults=defaults)
        for name, made in (("fill", fills_of_people(found, rows)), ("bad_contact", _faults(rows, defaults))):
            if made is not None:
                tables[name] = shaped(name, made, defaults=defaults)
        people = untold(found, defaults.told)
    if "payee" in rows.column_names:  # the account of somebody else: told apart, never known
        hidden = over_values(
            rows["payee"].combine_chunks(), lambda accounts: [account and digest("account", account) for account in accounts]
        )
        rows = rows.set_column(rows.schema.get_field_index("payee"), "payee", hidden)
    if "firm" in rows.column_names:
        rows = rows.append_column("firm_id", over_values(rows["firm"].combine_chunks(), firm_id or record_id))
    repeated = 0
    for name, table in facts_of(kind, rows, defaults=defaults).items():
        numbered = name == "order_line" and "line_id" not in batch.columns.column_names  # unique by construction
        tables[name], again, clashing = (table, 0, []) if numbered else without_repeats(name, table)
        problems += [Refusal(row, "repeated_id", "") for row in clashing]
        repeated += again
    raw = _raw(batch.columns, [problem.source_row for problem in problems]) | {row.source_row: row.raw for row in batch.unread}
    problems += [Refusal(row.source_row, row.code, "") for row in batch.unread]
    return Typed(
        rows=batch.columns.num_rows + len(batch.unread),
        tables={name: table for name, table in tables.items() if table.num_rows},
        refused=refused_table(kind, sorted(problems)),
        raw_refused=raw,
        identifiers=no_identifiers() if people is None else people.drop(["source_row"]),
        repeated=repeated,
    )


def _faults(rows: pa.Table, defaults: Defaults) -> pa.Table | None:
    return faults_of_people(rows, region=defaults.region, on=defaults.imported_on)


def _raw(columns: pa.Table, rows: list[int]) -> dict[int, bytes]:
    """What these rows of the source say, as JSON under the names of the fields; every distinct cell is written once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not rows:
        return {}
    wanted = columns.filter(pc.is_in(columns["source_row"], pa.array(rows, pa.int64())))
    names = [name for name in wanted.column_names if name != "source_row"]
    cells = [over_distinct(as_text(wanted[name]), partial(_cell, name)).values.to_pylist() for name in names]
    written = (", ".join(filter(None, row)) for row in zip(*cells, strict=True))
    return {number: f"{{{row}}}".encode() for number, row in zip(wanted["source_row"].to_pylist(), written, strict=True)}


def _cell(name: str, text: str) -> str:
    return f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(text, ensure_ascii=False)}"
