from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from zhiyin.collect.sheets import open_sheet, refuse_old_excel
from zhiyin.core.errors import DataError


def _book(folder: Path, *sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"sheet{number}")
        for row in rows:
            sheet.append(row)
    path = folder / "orders.xlsx"
    book.save(path)
    return path


def _rows(path: Path) -> list[dict[str, object]]:
    opened = open_sheet(path)
    return [row for block in opened.read(opened.header) for row in block.columns.to_pylist()]


def test_cells_come_as_the_text_that_they_show(tmp_path):
    cells = ["C1", 13812345678, 39.9, datetime(2026, 11, 1, 10, 30), True, None, 12.0]  # noqa: DTZ001 - Excel has no zones
    path = _book(tmp_path, [["客户编号", "手机", "金额", "下单时间", "同意", "备注", "数量"], cells])
    assert list(_rows(path)[0].values()) == ["C1", "13812345678", "39.9", "2026-11-01T10:30:00", "true", "", "12", 2]


def test_a_number_too_long_for_excel_shows_that_it_is_damaged(tmp_path):
    path = _book(tmp_path, [["订单编号", "金额"], [1930000000000000, 1], [193000000000000, 2]])
    assert [row["订单编号"] for row in _rows(path)] == ["1.93000E+15", "193000000000000"]


def test_the_first_sheet_that_holds_anything_is_read(tmp_path):
    path = _book(tmp_path, [], [["订单报表"], ["客户编号", "金额"], ["C1", 1], [None, None], ["C2", 2]], [["别的"], ["x"]])
    assert _rows(path) == [
        {"客户编号": "C1", "金额": "1", "source_row": 3},
        {"客户编号": "C2", "金额": "2", "source_row": 5},
    ]


def test_rows_shorter_than_the_header_are_filled_up(tmp_path):
    assert _rows(_book(tmp_path, [["a", "b", "c"], ["1"]])) == [{"a": "1", "b": "", "c": "", "source_row": 2}]


def test_an_empty_book_and_two_equal_names_are_refused(tmp_path):
    with pytest.raises(DataError, match="The file is empty"):
        open_sheet(_book(tmp_path, []))
    with pytest.raises(DataError, match="Two columns have the same name"):
        open_sheet(_book(tmp_path, [["金额", "金额"], [1, 2]]))


@pytest.mark.parametrize("tenth", range(10))
def test_truncated_at_each_tenth_is_refused_whole(tmp_path, tenth):
    path = _book(tmp_path, [["客户编号", "金额"], *[[f"C{number}", number] for number in range(500)]])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * tenth // 10])
    with pytest.raises(DataError, match=r"The Excel file is damaged, cut off or has a password\. Got orders\.xlsx\."):
        _rows(path)


def test_a_changed_byte_in_the_cells_is_refused(tmp_path):
    path = _book(tmp_path, [["客户编号", "金额"], *[[f"C{number}", number] for number in range(500)]])
    whole = bytearray(path.read_bytes())
    at = whole.find(b"xl/worksheets/sheet1.xml") + 200
    whole[at : at + 40] = b"\xff" * 40
    path.write_bytes(whole)
    with pytest.raises(DataError, match="damaged"):
        _rows(path)


def test_an_old_excel_file_is_refused_with_a_way_out(tmp_path):
    with pytest.raises(DataError, match=r"The old \.xls format cannot be read.*Save it as \.xlsx"):
        refuse_old_excel(tmp_path / "orders.xls")
