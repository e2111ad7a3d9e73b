from datetime import date

import ibis
import pytest

from zhiyin.core.tables import FACTS, TABLES
from zhiyin.unify.quality import MEASURES, quality


def _rows(name: str, *rows: dict[str, object]) -> ibis.Table:
    types = FACTS[name].types
    return ibis.memtable([{column: row.get(column) for column in types} for row in rows], schema=ibis.schema(types))


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, str, str, str], float]:
    facts = {
        "batch": _rows(
            "batch",
            {"batch_id": "b1", "source": "shop", "read": 10, "refused": 2, "duplicate": 1},
            {"batch_id": "b2", "source": "shop", "read": 10, "refused": 0, "duplicate": 3},
            {"batch_id": "b3", "source": "crm", "read": 0, "refused": 0, "duplicate": 0},
        ),
        "record": _rows(
            "record",
            {"record_id": "r1", "batch_id": "b1", "owner_id": "li"},
            {"record_id": "r2", "batch_id": "b2", "owner_id": "li"},
            {"record_id": "r3", "batch_id": "b2"},
            {"record_id": "r4", "batch_id": "b3"},
        ),
        "link_key": _rows(
            "link_key",
            {"record_id": "r1", "kind": "phone", "digest": "1", "batch_id": "b1"},
            {"record_id": "r1", "kind": "email", "digest": "2", "batch_id": "b1"},
            {"record_id": "r4", "kind": "id_number", "digest": "3", "batch_id": "b3"},
        ),
        "order_line": _rows("order_line", {"line_id": "1", "record_id": "r1", "batch_id": "b1", "ordered_on": date(2026, 11, 1)}),
        "event": _rows("event"),
    }
    table = quality(facts, at=date(2026, 11, 21))
    assert table.columns == TABLES["quality"].names
    rows = ibis.duckdb.connect(threads=1).to_pyarrow(table).to_pylist()
    return {(row["source"], row["table_name"], row["column_name"], row["measure"]): row["value"] for row in rows}


def test_what_became_of_the_rows_that_were_read(found):
    assert (found["shop", "batch", "", "read"], found["shop", "batch", "", "refused"], found["shop", "batch", "", "duplicate"]) == (
        20,
        0.1,
        0.2,
    )
    assert found["crm", "batch", "", "read"] == 0
    assert ("crm", "batch", "", "refused") not in found


def test_rows_and_freshness_of_each_source(found):
    assert (found["shop", "record", "", "rows"], found["crm", "record", "", "rows"]) == (3, 1)
    assert found["shop", "order_line", "", "fresh_days"] == 20
    assert ("shop", "event", "", "rows") not in found


def test_how_much_is_filled_and_distinct(found):
    assert found["shop", "record", "owner_id", "filled"] == pytest.approx(2 / 3)
    assert found["shop", "record", "owner_id", "distinct"] == 1
    assert found["shop", "record", "record_id", "distinct"] == 3
    assert found["shop", "order_line", "amount", "filled"] == 0


def test_who_can_be_reached(found):
    assert found["shop", "record", "", "reachable"] == pytest.approx(1 / 3)
    assert found["crm", "record", "", "reachable"] == 0


def test_only_measures_that_are_named(found):
    assert {measure for *_, measure in found} == set(MEASURES)


def test_it_compiles_for_spark():
    table = quality({name: ibis.table(FACTS[name].types, name=name) for name in FACTS}, at=date(2026, 11, 21))
    assert "explode" in ibis.to_sql(table, dialect="databricks").lower()
