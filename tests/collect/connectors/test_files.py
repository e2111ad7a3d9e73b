from pathlib import Path

import openpyxl
import pytest

from zhiyin.collect.connectors.files import paths, rows
from zhiyin.core.errors import DataError, SettingsError
from zhiyin.core.settings import SourceSettings

COLUMNS = {"customer": "客户编号", "order_id": "订单编号", "amount": "实付金额", "ordered_at": "下单时间"}


def _source(file: str, **more: object) -> SourceSettings:
    return SourceSettings(**{"name": "shop", "file": file, "columns": COLUMNS, **more})  # type: ignore[arg-type]


def _csv(folder: Path, name: str, *lines: str, encoding: str = "utf-8") -> None:
    (folder / name).write_bytes("\n".join(["客户编号,订单编号,实付金额,下单时间,备注", *lines, ""]).encode(encoding))


def test_a_chinese_export_with_all_its_habits(tmp_path):
    first = '李雷 ,"=""1930000000000001""",￥39.90,2026/11/1 10:00,加急'
    _csv(tmp_path, "订单.csv", first, "'13812345678,E2,,2026/11/2,", encoding="gb18030")
    (batch,) = rows(_source("订单.csv"), tmp_path)
    assert batch.kind == "orders"
    assert batch.columns.to_pylist() == [
        {"customer": "李雷", "order_id": "1930000000000001", "amount": "￥39.90", "ordered_at": "2026/11/1 10:00", "source_row": 2},
        {"customer": "13812345678", "order_id": "E2", "amount": None, "ordered_at": "2026/11/2", "source_row": 3},
    ]
    assert batch.dropped == {"备注": 2}
    assert batch.file == "订单.csv"


def test_several_files_are_read_by_name_as_if_laid_end_to_end(tmp_path):
    _csv(tmp_path, "2026-02.csv", "C3,E3,3,2026-02-01,", "ragged")
    _csv(tmp_path, "2026-01.csv", "C1,E1,1,2026-01-01,", "C2,E2,2,2026-01-02,")
    first, second = rows(_source("2026-*.csv"), tmp_path)
    assert first.columns["source_row"].to_pylist() == [2, 3]
    assert second.columns["source_row"].to_pylist() == [5]
    assert [row.source_row for row in second.unread] == [6]


def test_files_of_several_formats_may_be_one_source(tmp_path):
    _csv(tmp_path, "a.csv", "C1,E1,1,2026-01-01,")
    (tmp_path / "b.jsonl").write_text('{"客户编号": "C2", "订单编号": 2, "实付金额": 2.50, "下单时间": "2026-01-02"}\n', encoding="utf-8")
    book = openpyxl.Workbook()
    book.active.append(["下单时间", "实付金额", "订单编号", "客户编号"])
    book.active.append(["2026-01-03", 3, "E3", "C3"])
    book.save(tmp_path / "c.xlsx")
    batches = list(rows(_source("*"), tmp_path))
    assert [row["customer"] for batch in batches for row in batch.columns.to_pylist()] == ["C1", "C2", "C3"]
    assert [row["amount"] for batch in batches for row in batch.columns.to_pylist()] == ["1", "2.50", "3"]


def test_one_column_may_be_two_fields(tmp_path):
    (tmp_path / "a.csv").write_text("买家手机号,订单号,付款时间\n13812345678,E1,2026-01-01\n", encoding="utf-8")
    source = _source("a.csv", columns={"customer": "买家手机号", "phone": "买家手机号", "order_id": "订单号", "ordered_at": "付款时间"})
    (batch,) = rows(source, tmp_path)
    assert batch.columns["customer"].to_pylist() == batch.columns["phone"].to_pylist() == ["13812345678"]


def test_shopify_orders_carry_their_head_down(tmp_path):
    (tmp_path / "orders.csv").write_text(
        "Name,Email,Created at,Total,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku\n"
        "#1,li@example.com,2026-03-04 10:00:00 +0000,30.00,1,tea,10.00,T1\n"
        "#1,,,,2,cup,10.00,C1\n"
        "#2,wang@example.com,2026-03-05 10:00:00 +0000,10.00,1,tea,10.00,T1\n"
    )
    (batch,) = rows(_source("orders.csv", columns={}), tmp_path)
    assert batch.columns["customer"].to_pylist() == ["li@example.com", "li@example.com", "wang@example.com"]
    assert batch.columns["ordered_at"].null_count == 0
    assert "amount" not in batch.columns.column_names
    assert batch.dropped == {"Total": 3}


def test_a_header_alone_is_one_batch_without_rows(tmp_path):
    _csv(tmp_path, "a.csv")
    (batch,) = rows(_source("a.csv"), tmp_path)
    assert (batch.columns.num_rows, batch.columns.column_names[0]) == (0, "customer")


def test_a_source_must_name_a_file_that_is_there(tmp_path):
    with pytest.raises(SettingsError, match=r"This source names no file\. Got source\.shop\.file"):
        paths(_source(""), tmp_path)
    with pytest.raises(DataError, match=r"There is no such file\. Got gone\*\.csv"):
        next(rows(_source("gone*.csv"), tmp_path))
