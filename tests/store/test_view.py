import threading

import ibis
import pandas as pd
import pytest

from zhiyin.core.errors import NotFound, StoreError
from zhiyin.core.schema import Table
from zhiyin.core.tables import TABLES, table_named
from zhiyin.store import view as module
from zhiyin.store.view import aligned_columns


@pytest.fixture
def view(published):
    with published.open() as made:
        yield made


def test_a_table_is_a_relation_and_a_frame(view):
    customer = view.table("customer")
    assert list(customer.columns) == list(table_named("customer").names)
    assert view.frame(customer.filter(customer["owner_id"] == "wang").select("customer_id")).to_dict("list") == {"customer_id": ["c1"]}
    assert view.count(customer) == 3
    assert view.snapshot == "g000001"


def test_rows_come_in_batches(view):
    batches = list(view.batches(view.table("customer").select("customer_id").order_by("customer_id")))
    assert [row["customer_id"] for batch in batches for row in batch.to_pylist()] == ["c1", "c2", "c3"]


def test_batches_keep_their_order_and_lose_nothing_while_other_questions_are_asked(view, monkeypatch):
    monkeypatch.setattr(module, "_BATCH_ROWS", 700)
    numbers = ibis.range(0, 10_000).unnest().name("n").as_table().order_by(ibis.desc("n"))
    seen = []
    for batch in view.batches(numbers):
        seen += batch.column(0).to_pylist()
        assert view.count(view.table("customer")) == 3
    assert seen == list(range(9_999, -1, -1))
    assert view.cursor().execute("SELECT count(*) FROM duckdb_tables() WHERE temporary").fetchone() == (0,)
    assert list(view.batches(view.table("order_line"))) == []


@pytest.mark.parametrize("name", ["order_line", "prediction", "refused"])
def test_a_table_that_was_never_written_is_empty_and_typed(view, name):
    assert not view.has(name)
    relation = view.table(name)
    assert {column: str(type_).removesuffix("(6)") for column, type_ in relation.schema().items()} == table_named(name).types
    assert view.frame(relation).empty
    assert view.count(relation.join(view.table("customer"), relation[table_named(name).names[0]] == "x")) == 0


def test_a_table_that_does_not_exist_is_named(view):
    with pytest.raises(NotFound, match="There is no such table. Got orders"):
        view.table("orders")


def test_an_older_generation_gets_the_columns_of_today(lake, rows, monkeypatch):
    now = table_named("customer")
    before = Table(now.name, now.kind, now.key, now.columns[:-1], now.words)
    with monkeypatch.context() as past:
        past.setitem(TABLES, "customer", before)
        with lake.build(carry=[]) as build:
            build.write("customer", rows("customer", customer_id=["c1"]))
            build.publish()
    with lake.open() as view:
        assert view.frame(view.table("customer"))["records"].isna().tolist() == [True]
        assert view.cursor().execute(f"SELECT records FROM {view.source('customer')}").fetchall() == [(None,)]
    with lake.build(carry=["customer"]) as build:
        assert build.stored_columns("customer") == list(now.names)
        build.publish()


def test_aligned_columns_cast_what_is_missing():
    assert aligned_columns(table_named("identity"), ["record_id"]) == '"record_id", CAST(NULL AS VARCHAR) AS "customer_id"'


def test_threads_read_one_view(view):
    frames = []

    def read():
        frames.append(view.frame(view.table("customer").order_by("customer_id")))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(frames) == 4
    for frame in frames:
        pd.testing.assert_frame_equal(frame, frames[0])


def test_a_closed_view_says_so(published):
    with published.open() as view:
        pass
    view.close()
    with pytest.raises(StoreError, match="This generation is closed. Got g000001"):
        view.table("customer")


def test_a_published_generation_cannot_be_written(view):
    import duckdb

    with pytest.raises(duckdb.InvalidInputException, match="read-only"):
        view.cursor().execute("DELETE FROM lake.main.customer")
