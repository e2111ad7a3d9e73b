"""How complete, valid and fresh are the data of each source?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING

import ibis

from zhiyin.core.tables import FACTS, TABLES

if TYPE_CHECKING:
    from ibis import Table

__all__ = ["MEASURES", "quality"]

# Measure -> what it says. Shares are between 0 and 1.
MEASURES = ("rows", "fresh_days", "reachable", "filled", "distinct", "read", "refused", "duplicate")

_ORIGIN = ("batch_id", "source_row", "source")
_DAYS = ("ordered_on", "happened_on", "touched_on", "moved_on", "counted_on", "ends_on", "since_on")  # the day on which a fact happened
_REACHED_BY = ("phone", "email", "openid")
_BETWEEN = "__"  # between column and measure while they are one name


def quality(facts: Mapping[str, Table], *, at: date, known: Table | None = None) -> Table:
    """One row a source, table, column and measure, as the table `quality` holds them.

    Of a table: `rows`, and `fresh_days`, the days between its last fact and `at`. Of a column: `filled`, the share of rows that
    tell it, and for ids, names and kinds how many are `distinct`. Of `record`: `reachable`, the share with a valid phone,
    mail or openid. Of `batch`: how many rows were `read`, and the shares `refused` and `duplicate`.

    Args:
        facts: the tables by name; `batch` must be among them, those that are not there are left out.
        at: the day asked about.
        known: what was measured after the import before; `before` is what a figure was until it changed.
    """
    sources = facts["batch"].select("batch_id", named="source")
    parts = [_imports(facts["batch"])]
    for name in FACTS:
        if name in facts and name not in ("batch", "refused", "cursor"):
            rows = facts[name].inner_join(sources, "batch_id")
            parts.append(_long(name, rows.group_by("named").agg(**_of_table(rows, at), **_of_columns(name, rows))))
    if "record" in facts and "link_key" in facts:
        parts.append(_reachable(facts["record"].inner_join(sources, "batch_id"), facts["link_key"]))
    return _beside(reduce(lambda left, right: left.union(right), parts), known)


def _beside(measured: Table, known: Table | None) -> Table:
    """The figures with what they were until they last changed."""
    names = TABLES["quality"].names
    if known is None:
        return measured.mutate(before=ibis.null("float64")).select(*names)
    old = known.select(*TABLES["quality"].key, old="value", older="before")
    joined = measured.left_join(old, list(TABLES["quality"].key))
    before = (joined["old"] == joined["value"]).ifelse(joined["older"], joined["old"])
    return joined.select(*measured.columns, before=before).select(*names)


def _of_table(rows: Table, at: date) -> dict[str, ibis.Value]:
    day = next((name for name in _DAYS if name in rows.columns), None)
    found = {f"{_BETWEEN}rows": rows.count()}
    if day is not None:
        found[f"{_BETWEEN}fresh_days"] = ibis.date(at).delta(rows[day].max(), unit="day")
    return found


def _of_columns(name: str, rows: Table) -> dict[str, ibis.Value]:
    columns = [column for column in TABLES[name].columns if column.name not in _ORIGIN]
    filled = {f"{column.name}{_BETWEEN}filled": rows[column.name].notnull().mean() for column in columns}
    texts = [column.name for column in columns if column.type == "string" and column.name != "value"]
    return filled | {f"{text}{_BETWEEN}distinct": rows[text].nunique() for text in texts}


def _imports(batches: Table) -> Table:
    """What became of the rows that were read."""
    read = batches["read"].sum()
    shares = {f"{_BETWEEN}{name}": batches[name].sum() / read.nullif(0) for name in ("refused", "duplicate")}
    return _long("batch", batches.group_by(named=batches["source"]).agg(**{f"{_BETWEEN}read": read}, **shares))


def _reachable(records: Table, link_keys: Table) -> Table:
    """The share of records that can be reached."""
    known = link_keys.filter(link_keys["kind"].isin(_REACHED_BY)).select("record_id").distinct()
    joined = records.left_join(known, "record_id")
    return _long("record", joined.group_by("named").agg(**{f"{_BETWEEN}reachable": joined["record_id_right"].notnull().mean()}))


def _long(name: str, wide: Table) -> Table:
    """A row a measure instead of a column a measure."""
    measured = [column for column in wide.columns if column != "named"]
    floats = wide.select("named", **{column: wide[column].cast("float64") for column in measured})
    long = floats.pivot_longer(measured, names_to=["column_name", "measure"], names_pattern=f"(.*){_BETWEEN}(.*)", values_to="value")
    told = long.filter(long["value"].notnull())
    return told.select(
        source=told["named"], table_name=ibis.literal(name), column_name=told["column_name"], measure=told["measure"], value=told["value"]
    )
