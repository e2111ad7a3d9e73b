import pytest

from zhiyin.core.errors import NotFound
from zhiyin.core.fields import IDENTIFIERS
from zhiyin.core.tables import FACTS, PURPOSES, TABLES, table_named

TYPES = {"string", "int64", "float64", "boolean", "date", "timestamp"}


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_table_has_a_key_of_its_own_columns_and_words(table):
    assert table.key
    assert set(table.key) <= set(table.names)
    assert len(set(table.names)) == len(table.names)
    assert table.words.zh and table.words.en
    assert table.kind == ("fact" if table.name in FACTS else "derived")


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_column_has_type_unit_sensitivity_purposes_and_words(table):
    for column in table.columns:
        assert column.type in TYPES
        assert column.unit
        assert column.sensitivity in ("public", "personal", "sensitive")
        assert column.purposes and set(column.purposes) <= set(PURPOSES)
        assert column.words.zh and column.words.en


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_names_tell_their_type(table):
    kinds = {"_at": "timestamp", "_on": "date", "_id": "string", "_share": "float64"}
    for column in table.columns:
        for ending, kind in kinds.items():
            assert not column.name.endswith(ending) or column.type == kind, column.name


def test_no_column_holds_a_direct_identifier():
    columns = {column.name for table in TABLES.values() for column in table.columns if table.person}
    assert columns & (set(IDENTIFIERS) - {"name"}) == set()


def test_who_a_row_belongs_to_is_seen_from_its_columns():
    assert table_named("customer").person == "customer_id"
    assert table_named("order_line").person == "record_id"
    assert table_named("product").person == ""


def test_an_unknown_table_is_refused_with_those_that_exist():
    with pytest.raises(NotFound, match="There is no such table. Got people. Fix: Use one of batch, record") as refused:
        table_named("people")
    assert "scorecard" in refused.value.fix.en
