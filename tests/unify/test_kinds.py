from datetime import date

import pyarrow as pa
import pytest

from unify.batches import batch, defaults, facts
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


def _product(**told: str) -> dict[str, object]:
    (row,) = facts("products", batch(product_id=["P1"], **{name: [value] for name, value in told.items()})).tables["product"].to_pylist()
    return {name: value for name, value in row.items() if value is not None and name not in ("source", "batch_id", "source_row")}


def test_a_product_says_when_where_and_instead_of_what_it_is_sold():
    assert _product(
        sold_from="2026-03-01", sold_until="2026年5月31日 18:00", regions="浙江、上海", successor_id="P2", description="夏天喝"
    ) == {
        "product_id": "P1",
        "currency": "CNY",
        "sold_from": date(2026, 3, 1),
        "sold_until": date(2026, 5, 31),
        "regions": '["浙江省", "上海市"]',
        "successor_id": "P2",
        "description": "夏天喝",
    }


@pytest.mark.parametrize(
    ("told", "margin"),
    [
        ({"price": "12", "cost": "7.5"}, 450),
        ({"price": "12", "cost": "7.5", "margin": "3"}, 300),
        ({"price": "5", "cost": "7"}, -200),
        ({"price": "12"}, None),
        ({"cost": "7"}, None),
    ],
)
def test_the_margin_is_told_or_price_less_cost(told, margin):
    assert _product(**told).get("margin") == margin


def test_whatever_else_is_told_of_an_item_is_kept_by_name():
    told = batch(product_id=["R1", "R2"], attribute__户型=["三室一厅", None], attribute__floor=["12", ""])
    assert facts("products", told).tables["product"]["attributes"].to_pylist() == ['{"floor": "12", "户型": "三室一厅"}', None]


def test_an_order_tells_attributes_of_the_buyer_and_not_of_the_goods():
    told = batch(customer=["C1"], order_id=["E1"], product=["茶"], amount=["1"], ordered_at=["2026-01-01"], attribute__city=["杭州"])
    (product,) = facts("orders", told).tables["product"].to_pylist()
    assert (product["name"], product["attributes"]) == ("茶", None)
