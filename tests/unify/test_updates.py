from datetime import date

import ibis
import pytest

from zhiyin.core.tables import TABLES
from zhiyin.unify.updates import UPDATED, amendments, updated


@pytest.fixture(scope="module")
def lake():
    return ibis.duckdb.connect(threads=1)


def _records(*rows: dict[str, object]) -> ibis.Table:
    types = TABLES["record"].types
    usual = {"source": "shop", "kind": "person", "batch_id": "b1", "source_row": 1}
    return ibis.memtable([{name: (usual | row).get(name) for name in types} for row in rows], schema=ibis.schema(types))


def _shown(lake, table: ibis.Table) -> list[tuple[object, ...]]:
    text = {name: table[name].cast("string") for name in ("record_id", "owner_id", "team_id", "since_on", "batch_id")}
    return [tuple(row.values()) for row in lake.to_pyarrow(table.select(**text).order_by("record_id")).to_pylist()]


def test_a_newer_statement_wins_and_an_empty_one_changes_nothing(lake):
    known = _records({"record_id": "r1", "team_id": "east", "since_on": date(2026, 1, 5)})
    new = _records(
        {"record_id": "r1", "owner_id": "li", "since_on": date(2026, 1, 2), "batch_id": "b2"},
        {"record_id": "r2", "owner_id": "li", "batch_id": "b2"},
    )
    both = updated(known, new, name="record")
    assert both.columns == TABLES["record"].names
    assert _shown(lake, both) == [("r1", "li", "east", "2026-01-02", "b1"), ("r2", "li", None, None, "b2")]


def test_only_what_changes_is_an_amendment(lake):
    known = _records(
        {"record_id": "r1", "owner_id": "li", "since_on": date(2026, 1, 2)},
        {"record_id": "r2", "since_on": date(2026, 1, 5)},
        {"record_id": "r3", "owner_id": "wu"},
    )
    new = _records(
        {"record_id": "r1", "since_on": date(2026, 1, 9), "batch_id": "b2"},  # a later day and another batch change nothing
        {"record_id": "r2", "owner_id": "li", "batch_id": "b2"},
        {"record_id": "r4", "owner_id": "li", "batch_id": "b2"},
    )
    found = _shown(lake, amendments(known, new, name="record"))
    assert found == [("r2", "li", None, "2026-01-05", "b1"), ("r4", "li", None, None, "b2")]
    whole = {row[0]: row for row in _shown(lake, known)} | {row[0]: row for row in found}
    assert sorted(whole.values()) == _shown(lake, updated(known, new, name="record"))


def test_saying_the_same_again_changes_nothing(lake):
    known = _records({"record_id": "r1", "owner_id": "li"}, {"record_id": "r2", "since_on": date(2026, 1, 5)})
    assert _shown(lake, updated(known, known, name="record")) == _shown(lake, known)


def test_customers_before_orders_or_after_them_is_the_same(lake):
    customers = _records({"record_id": "r1", "owner_id": "li", "batch_id": "b1"})
    orders = _records({"record_id": "r1", "since_on": date(2026, 1, 5), "batch_id": "b1"})
    assert _shown(lake, updated(customers, orders, name="record")) == _shown(lake, updated(orders, customers, name="record"))


@pytest.mark.parametrize("name", UPDATED)
def test_it_compiles_for_both_engines(name):
    types = TABLES[name].types
    both = updated(ibis.table(types, name="known"), ibis.table(types, name="new"), name=name)
    assert both.columns == TABLES[name].names
    for dialect in ("duckdb", "databricks"):
        assert "FULL OUTER JOIN" in ibis.to_sql(both, dialect=dialect)
