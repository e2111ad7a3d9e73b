import pyarrow as pa
import pytest

from unify.batches import defaults
from zhiyin.core.fields import KINDS
from zhiyin.core.tables import TABLES
from zhiyin.unify.kinds import facts_of, shaped
from zhiyin.unify.parsing import parsed


def test_a_table_gets_all_its_columns_in_order_and_its_origin():
    (row,) = shaped("stock", pa.table({"source_row": [7], "product_id": ["P1"], "pieces": [3]}), defaults=defaults()).to_pylist()
    assert row == {"product_id": "P1", "counted_on": None, "pieces": 3.0, "batch_id": "b1", "source_row": 7}
    assert tuple(row) == TABLES["stock"].names


@pytest.mark.parametrize("kind", KINDS)
def test_no_rows_are_no_tables(kind):
    needed = {name: pa.array([], pa.string()) for name, field in KINDS[kind].items() if field.needed}
    rows, _ = parsed(kind, pa.table({**needed, "source_row": pa.array([], pa.int64())}), defaults=defaults())
    if "customer" in KINDS[kind]:
        rows = rows.append_column("record_id", pa.array([], pa.string()))
    assert facts_of(kind, rows, defaults=defaults()) == {}


def test_orders_without_a_word_about_products_make_no_products():
    columns = {
        "customer": ["C1"],
        "order_id": ["E1"],
        "product_id": ["P1"],
        "amount": ["1"],
        "ordered_at": ["2026-01-01"],
        "source_row": [2],
    }
    rows, _ = parsed("orders", pa.table(columns), defaults=defaults())
    made = facts_of("orders", rows.append_column("record_id", pa.array(["r1"])), defaults=defaults())
    assert sorted(made) == ["order_line", "record"]
