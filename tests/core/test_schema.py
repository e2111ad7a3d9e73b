from zhiyin.core.schema import WINDOWS, read_table, windowed


def test_a_table_is_read_from_lines():
    table = read_table("visit", "fact", "visit_id", "来访", "a visit", "visit_id | string | - | public | all | 来访号 | the visit\n")
    assert (table.names, table.types, table.key) == (("visit_id",), {"visit_id": "string"}, ("visit_id",))
    assert table.columns[0].words.zh == "来访号"


def test_a_feature_has_a_column_a_window():
    names = [row.split(" | ")[0] for row in windowed("orders", "int64", "orders", "订单数", "orders").splitlines()]
    assert names == [*(f"orders_{days}d" for days in WINDOWS), "orders_all"]
