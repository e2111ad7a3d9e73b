import datetime

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from zhiyin.core.errors import DataError, MissingColumns
from zhiyin.core.tables import table_named
from zhiyin.store.shapes import arrow_rows, checked_columns, columns_ddl, fitted

STOCK = table_named("stock")  # product_id string, counted_on date, pieces float64, batch_id string, source_row int64
DAY = datetime.date(2026, 11, 1)


def frame(**changed):
    return pd.DataFrame({"product_id": ["p1"], "counted_on": [DAY], "pieces": [2.5], "batch_id": ["b"], "source_row": [1]} | changed)


def test_columns_come_in_the_order_of_the_table():
    made = arrow_rows(STOCK, frame()[["source_row", "pieces", "product_id", "batch_id", "counted_on"]])
    assert made.column_names == list(STOCK.names)
    assert made.to_pylist() == [{"product_id": "p1", "counted_on": DAY, "pieces": 2.5, "batch_id": "b", "source_row": 1}]


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ({"pieces": [3]}, 3.0),
        ({"pieces": [np.float32(0.5)]}, 0.5),
        ({"pieces": [None]}, None),
        ({"pieces": [float("nan")]}, None),
        ({"pieces": pd.array([4], dtype="Int64")}, 4.0),
    ],
)
def test_numbers_are_widened_and_empty_stays_empty(changed, value):
    assert arrow_rows(STOCK, frame(**changed))["pieces"].to_pylist() == [value]


@pytest.mark.parametrize("rows", [[1.0], np.array([1], dtype="int32"), pd.array([1], dtype="Int64"), pd.Series([1], dtype="uint8")])
def test_whole_numbers_of_any_kind_are_whole_numbers(rows):
    assert arrow_rows(STOCK, frame(source_row=rows))["source_row"].to_pylist() == [1]


def test_text_of_any_kind_is_text():
    for text in (pd.Categorical(["p1"]), pd.array(["p1"], dtype="string"), pa.array(["p1"], pa.large_string()).to_pandas()):
        assert arrow_rows(STOCK, frame(product_id=text))["product_id"].to_pylist() == ["p1"]


def test_days_and_times():
    assert arrow_rows(STOCK, frame(counted_on=pd.to_datetime(["2026-11-01"])))["counted_on"].to_pylist() == [DAY]
    event = table_named("event")
    times = {"happened_at": pd.to_datetime(["2026-11-01T08:00:00+08:00"]), "happened_on": [DAY]}
    given = {name: times.get(name, ["x" if event.types[name] == "string" else 1]) for name in event.names}
    assert arrow_rows(event, pd.DataFrame(given))["happened_at"].to_pylist() == [datetime.datetime(2026, 11, 1)]  # noqa: DTZ001 - UTC


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"pieces": ["secret"]}, "pieces"),
        ({"product_id": [13812345678]}, "product_id"),
        ({"source_row": [1.5]}, "source_row"),
        ({"source_row": [2.0**70]}, "source_row"),
        ({"counted_on": ["2026-11-01"]}, "counted_on"),
        ({"source_row": [True]}, "source_row"),
        ({"product_id": [object()]}, "product_id"),
        ({"product_id": ["a", 1][1:]}, "product_id"),
    ],
)
def test_values_of_another_type_are_refused_without_being_shown(changed, column):
    with pytest.raises(DataError, match=f"Column {column} of table stock must be") as problem:
        arrow_rows(STOCK, frame(**changed))
    assert "secret" not in str(problem.value)
    assert "13812345678" not in str(problem.value)
    assert problem.value.__cause__ is None


def test_a_missing_column_is_named():
    with pytest.raises(MissingColumns, match="Table stock lacks columns: pieces. Got product_id, counted_on, batch_id, source_row"):
        arrow_rows(STOCK, frame().drop(columns="pieces"))


def test_a_column_that_is_not_declared_is_refused():
    with pytest.raises(DataError, match="Table stock does not declare these columns: phone"):
        arrow_rows(STOCK, frame(phone=["13812345678"]))
    with pytest.raises(DataError, match="does not declare these columns: pieces"):
        checked_columns(STOCK, [*STOCK.names, "pieces"])


def test_a_relation_is_ordered_and_widened():
    rows = ibis.memtable(
        pa.table(
            {
                "source_row": pa.array([1], pa.int32()),
                "pieces": pa.array([2], pa.int8()),
                "product_id": ["p"],
                "counted_on": [DAY],
                "batch_id": pa.nulls(1),
            }
        )
    )
    made = fitted(STOCK, rows)
    assert {name: str(type_) for name, type_ in made.schema().items()} == STOCK.types


def test_a_relation_of_another_type_is_refused():
    rows = ibis.memtable(pa.table({"source_row": ["1"], "pieces": [2.0], "product_id": ["p"], "counted_on": [DAY], "batch_id": ["b"]}))
    with pytest.raises(DataError, match="Column source_row of table stock must be int64. Got string"):
        fitted(STOCK, rows)


def test_ddl_quotes_names_that_are_words_of_sql():
    assert columns_ddl(STOCK).startswith('"product_id" VARCHAR, "counted_on" DATE, "pieces" DOUBLE')
