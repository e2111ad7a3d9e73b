import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhiyin.collect.lines import open_lines, open_parquet
from zhiyin.core.errors import DataError


def _lines(folder: Path, *lines: str) -> Path:
    path = folder / "events.jsonl"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def _rows(path: Path) -> list[dict[str, object]]:
    opened = (open_lines if path.suffix == ".jsonl" else open_parquet)(path)
    return [row for block in opened.read(opened.header) for row in block.columns.to_pylist()]


def test_numbers_come_as_they_were_written_and_nested_names_with_a_dot(tmp_path):
    path = _lines(tmp_path, '{"user": {"id": 12345678901234567890}, "price": 1.10, "new": true, "tags": ["a"], "gone": null}')
    assert _rows(path) == [{"user.id": "12345678901234567890", "price": "1.10", "new": "true", "tags": '["a"]', "source_row": 1}]


def test_lines_may_have_different_keys(tmp_path):
    assert _rows(_lines(tmp_path, '{"a": "1"}', "", '{"b": "2"}')) == [
        {"a": "1", "b": None, "source_row": 1},
        {"a": None, "b": "2", "source_row": 3},
    ]


POISON = ["[1]", "{", '{"a": }', "not json", "[" * 5000, '{"a":' * 5000, "1e999", '"text"', "null", '{"a": 1}}']


@pytest.mark.parametrize("poison", POISON)
def test_a_line_that_is_no_object_is_set_aside(tmp_path, poison):
    opened = open_lines(_lines(tmp_path, '{"a": "1"}', poison, '{"a": "2"}'))
    (block,) = opened.read(["a"])
    assert block.columns["a"].to_pylist() == ["1", "2"]
    assert [(row.source_row, row.code, row.raw) for row in block.unread] == [(2, "unreadable_row", poison.encode())]


@pytest.mark.parametrize("value", ['"\\ud800"', "NaN", "Infinity", '"\\u0000"', "1" * 5000, '"' + "长" * 5000 + '"', "-0.0", '{"b": {}}'])
def test_strange_values_are_text(tmp_path, value):
    rows = _rows(_lines(tmp_path, '{"a": "1", "x": "y"}', f'{{"a": {value}, "x": "y"}}'))
    assert len(rows) == 2
    assert rows[1]["a"] is None or isinstance(rows[1]["a"], str)


def test_an_empty_file_is_refused(tmp_path):
    with pytest.raises(DataError, match="The file is empty"):
        open_lines(_lines(tmp_path, ""))


@pytest.mark.parametrize("tenth", range(1, 10))
def test_truncated_lines_are_refused_with_the_line_or_accepted_whole(tmp_path, tenth):
    whole = "".join(json.dumps({"id": number, "name": f"第{number}位"}, ensure_ascii=False) + "\n" for number in range(300)).encode()
    path = tmp_path / "events.jsonl"
    path.write_bytes(whole[: len(whole) * tenth // 10])
    try:
        rows = _rows(path)
    except DataError as refused:
        assert "cut off" in str(refused)
        assert "line " in refused.got
    else:
        assert [row["name"] for row in rows] == [f"第{number}位" for number in range(len(rows))]


def _parquet(folder: Path, rows: int = 1000) -> Path:
    path = folder / "orders.parquet"
    pq.write_table(pa.table({"id": range(rows), "name": [f"第{number}位" for number in range(rows)]}), path, row_group_size=300)
    return path


def test_parquet_keeps_its_types(tmp_path):
    assert _rows(_parquet(tmp_path, 2)) == [{"id": 0, "name": "第0位", "source_row": 1}, {"id": 1, "name": "第1位", "source_row": 2}]


@pytest.mark.parametrize("tenth", range(10))
def test_truncated_parquet_is_refused_whole(tmp_path, tenth):
    path = _parquet(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * tenth // 10])
    with pytest.raises(DataError, match=r"The Parquet file is damaged or cut off\. Got orders\.parquet\."):
        _rows(path)


def test_parquet_with_damaged_pages_is_refused(tmp_path):
    path = _parquet(tmp_path)
    whole = bytearray(path.read_bytes())
    whole[10:400] = b"\xff" * 390
    path.write_bytes(whole)
    with pytest.raises(DataError, match="damaged"):
        _rows(path)


def test_columns_of_lists_are_refused_only_when_they_are_asked_for(tmp_path):
    path = tmp_path / "orders.parquet"
    pq.write_table(pa.table({"id": [1], "items": [[1, 2]]}), path)
    opened = open_parquet(path)
    assert next(opened.read(["id"])).columns["id"].to_pylist() == [1]
    with pytest.raises(DataError, match=r"lists or structures.*orders\.parquet: items"):
        next(opened.read(["items"]))
