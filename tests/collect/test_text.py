import csv
import io
from pathlib import Path

import pytest

from zhiyin.collect.opened import Opened
from zhiyin.collect.text import encoding_of, open_text
from zhiyin.core.errors import DataError

HEADER = "客户编号,订单编号,商品名称,实付金额,下单时间"
ROWS = ["C1,E1,红富士苹果 5斤,39.90,2026-11-01 10:00:00", "C2,E2,新疆大枣,25.00,2026-11-02 11:30:00"]
TEXT = "\n".join([HEADER, *ROWS, ""])


def _rows(opened: Opened, *columns: str) -> list[dict[str, object]]:
    return [row for block in opened.read(columns or opened.header) for row in block.columns.to_pylist()]


def _unread(opened: Opened) -> list[tuple[int, str]]:
    return [(row.source_row, row.code) for block in opened.read(opened.header) for row in block.unread]


def _file(folder: Path, text: str, encoding: str = "utf-8", name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_every_usual_encoding_gives_the_same_rows(tmp_path, encoding):
    opened = open_text(_file(tmp_path, TEXT, encoding))
    assert opened.header == tuple(HEADER.split(","))
    assert [row["商品名称"] for row in _rows(opened)] == ["红富士苹果 5斤", "新疆大枣"]
    assert [row["source_row"] for row in _rows(opened)] == [2, 3]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    opened = open_text(_file(tmp_path, TEXT.replace(",", delimiter)))
    assert len(opened.header) == 5
    assert _rows(opened)[0]["实付金额"] == "39.90"


def test_titles_above_the_header_are_skipped(tmp_path):
    opened = open_text(_file(tmp_path, "订单报表,,,,\n导出时间：2026-11-21,,,,\n" + TEXT))
    assert opened.header[0] == "客户编号"
    assert [row["source_row"] for row in _rows(opened)] == [4, 5]


def test_the_header_is_the_row_with_the_mapped_columns(tmp_path):
    opened = open_text(_file(tmp_path, "x,y\n甲,乙\n1,2\n"), ("甲", "乙"))
    assert opened.header == ("甲", "乙")
    assert _rows(opened) == [{"甲": "1", "乙": "2", "source_row": 3}]


def test_quoted_cells_hold_commas_and_new_lines(tmp_path):
    opened = open_text(_file(tmp_path, 'id,note\n1,"a, ""b""\nc"\n2,d\n'))
    assert [row["note"] for row in _rows(opened)] == ['a, "b"\nc', "d"]
    assert [row["source_row"] for row in _rows(opened)] == [2, 3]


def test_a_ragged_row_is_set_aside_with_its_line(tmp_path):
    opened = open_text(_file(tmp_path, "id,note\n1,a\n2\n3,b,c\n4,d,\n\n5,e\n"))
    assert [row["id"] for row in _rows(opened)] == ["1", "4", "5"]
    assert _unread(opened) == [(3, "ragged_row"), (4, "ragged_row")]
    unread = next(opened.read(["id"])).unread
    assert [row.raw for row in unread] == [b'["2"]', b'["3", "b", "c"]']


def test_a_quote_that_is_never_closed_names_its_line(tmp_path):
    path = _file(tmp_path, 'id,note\n1,"a\nb"\n2,"cut')
    with pytest.raises(DataError, match=r"The file was cut off\. Got orders\.csv, line 4\."):
        open_text(path)


def test_a_quote_closed_within_a_cell_names_its_line(tmp_path):
    opened = open_text(_file(tmp_path, "id,note\n" + "1,a\n" * 30 + '2,"a" b\n'))
    with pytest.raises(DataError, match=r"Quotes do not match.*line 32"):
        _rows(opened)


def test_a_row_cut_off_at_the_end_refuses_the_file(tmp_path):
    opened = open_text(_file(tmp_path, TEXT + "C3,E3,半"))
    with pytest.raises(DataError, match=r"cut off.*line 4"):
        _rows(opened)


def test_a_file_cut_within_a_character_is_cut_off(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_bytes(TEXT.encode()[:-40] + "半".encode()[:2])
    with pytest.raises(DataError, match=r"cut off.*line 3"):
        open_text(path)


@pytest.mark.parametrize(
    "content",
    [
        "id,name\n1,Café Ångström Müller\n".encode("latin-1"),
        b"id,name\n1,a\x00b\n",
        "id,name\n1,a\n".encode("utf-16-le"),
        bytes(range(256)) * 4,
    ],
)
def test_what_is_no_text_of_a_known_encoding_is_refused(tmp_path, content):
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"The file is not text, or its encoding is not known\. Got orders\.csv, line \d"):
        encoding_of(path)


def test_an_empty_file_is_refused(tmp_path):
    for text in ("", "\n\n", " , \n"):
        with pytest.raises(DataError, match="The file is empty"):
            open_text(_file(tmp_path, text))


def test_a_header_alone_gives_no_rows(tmp_path):
    assert _rows(open_text(_file(tmp_path, HEADER + "\n"))) == []


def test_two_columns_of_one_name_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"Two columns have the same name\. Got orders\.csv: 金额"):
        open_text(_file(tmp_path, "金额,客户, 金额 \n1,2,3\n"))


def test_a_long_file_comes_in_blocks_with_all_rows(tmp_path):
    lines = [f"{number},{number * 2}" for number in range(45_000)]
    blocks = list(open_text(_file(tmp_path, "\n".join(["a,b", *lines, ""]))).read(["b"]))
    assert len(blocks) > 1
    assert sum(block.columns.num_rows for block in blocks) == 45_000
    assert blocks[-1].columns["source_row"][-1].as_py() == 45_001


def _quoted() -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(["客户编号", "备注"])
    writer.writerows([f"C{number}", f"第{number}位客户，\n喜欢“苹果”"] for number in range(200))
    return text.getvalue().encode()


@pytest.mark.parametrize("tenth", range(1, 10))
def test_truncated_at_each_tenth_is_refused_with_a_line_or_accepted_whole(tmp_path, tenth):
    whole = _quoted()
    path = tmp_path / "orders.csv"
    path.write_bytes(whole[: len(whole) * tenth // 10])
    try:
        rows = _rows(open_text(path))
    except DataError as refused:
        assert "cut off" in str(refused)
        assert "line " in refused.got
    else:
        assert [(row["客户编号"], row["备注"]) for row in rows] == [
            (f"C{number}", f"第{number}位客户，\n喜欢“苹果”") for number in range(len(rows))
        ]
