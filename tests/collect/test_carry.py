import pyarrow as pa

from zhiyin.collect.carry import Carried

FIELDS = ("customer", "order_id", "product", "amount")


def _rows(*rows: tuple[str | None, ...]) -> pa.Table:
    cells = list(zip(*rows, strict=True))
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(FIELDS, cells, strict=True)})


def test_the_head_of_an_order_reaches_its_other_rows_and_no_further():
    filled = Carried("orders", FIELDS).down(
        _rows(("li", "#1", "a", "10"), (None, "#1", "b", None), (None, "#2", "c", None), ("wang", "#3", "d", None), (None, "#3", "e", "5"))
    )
    assert filled["customer"].to_pylist() == ["li", "li", None, "wang", "wang"]
    assert filled["amount"].to_pylist() == ["10", None, None, None, "5"]


def test_an_order_that_goes_on_in_the_next_batch_keeps_its_head():
    carried = Carried("orders", FIELDS)
    carried.down(_rows(("li", "#1", "a", None), (None, "#1", "b", None)))
    assert carried.down(_rows((None, "#1", "c", None), (None, "#2", "d", None)))["customer"].to_pylist() == ["li", None]


def test_rows_without_order_and_other_kinds_stay():
    rows = _rows(("li", None, "a", None), (None, None, "b", None))
    assert Carried("orders", FIELDS).down(rows)["customer"].to_pylist() == ["li", None]
    assert Carried("customers", FIELDS).down(rows) is rows
