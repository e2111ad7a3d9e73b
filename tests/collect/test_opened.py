from pathlib import Path

import pytest

from zhiyin.collect.batch import BATCH_ROWS, Unread
from zhiyin.collect.opened import block, checked_header, damaged, gathered, header_row
from zhiyin.core.words import Say


@pytest.mark.parametrize(
    ("rows", "wanted", "found"),
    [
        ([["客户编号", "金额"], ["C1", "1"]], [], 0),
        ([["订单报表", ""], ["导出人", "张三"], ["订单编号", "实付金额"], ["E1", "1"]], [], 2),
        ([["a", "b"], ["x", "y"], ["1", "2"]], ["x"], 1),
        ([["report"], ["left", "right"], ["1", "2"], ["3", "4"]], [], 1),
        ([[""], ["only"]], [], 1),
    ],
)
def test_the_header_is_found(rows, wanted, found):
    assert header_row(rows, wanted) == found


def test_headers_lose_blanks_and_the_byte_order_mark():
    assert checked_header(Path("a.csv"), ["\ufeff客户 ", " 金额", ""]) == ("客户", "金额", "")


def test_a_damaged_file_is_named_without_its_folder():
    refused = damaged(Path("exports") / "orders.csv", Say("坏了。", "It is bad."), line=3)
    assert str(refused).startswith("It is bad. Got orders.csv, line 3. Fix: ")


def test_small_blocks_are_joined():
    small = [
        block({"a": 0}, [["x"]] * (BATCH_ROWS // 2), numbers=range(BATCH_ROWS // 2), unread=[Unread(1, "ragged_row", b"")])
        for _ in range(3)
    ]
    joined = list(gathered(small, ["a"]))
    assert [(one.columns.num_rows, len(one.unread)) for one in joined] == [(BATCH_ROWS, 2), (BATCH_ROWS // 2, 1)]


def test_nothing_is_one_empty_block():
    (empty,) = gathered([], ["a"])
    assert (empty.columns.num_rows, empty.columns.column_names) == (0, ["a", "source_row"])
