from datetime import date

import numpy as np
import pyarrow as pa

from zhiyin.sandbox.exports.part import clock, lines, money, picked, plain, table, times, worded


def test_a_column_is_quoted_where_one_of_its_cells_must_be():
    part = table("a.csv", {"名": pa.array(["a,b", 'c"d']), "数": pa.array(["1", "2"])})
    assert part == ("a.csv", "名,数\n".encode(), b'"a,b",1\n"c""d",2\n', 2)
    assert table("a.txt", {"x": pa.array(["a,b"])}, tab="\t").body == b"a,b\n"
    sliced = pa.array(["a,b", "c"]).slice(1)
    assert table("a.csv", {"x": sliced}).body == b"c\n"


def test_the_mark_of_utf_8_stands_at_the_head_only():
    part = table("a.csv", {"x": pa.array(["好"])}, encoding="utf-8-sig")
    assert (part.header, part.body) == (b"\xef\xbb\xbfx\n", "好\n".encode())
    assert table("a.csv", {"好": pa.array(["好"])}, encoding="gb18030").header == "好\n".encode("gb18030")


def test_a_table_without_rows_is_its_header():
    assert table("a.csv", {"x": pa.array([], pa.string())}) == ("a.csv", b"x\n", b"", 0)
    assert lines("a.jsonl", pa.array([], pa.string())).body == b""
    assert lines("a.jsonl", pa.array(["{}", "{}"])) == ("a.jsonl", b"", b"{}\n{}\n", 2)


def test_money_has_two_digits():
    assert money(np.array([0, 5, -12990, 100])).to_pylist() == ["0.00", "0.05", "-129.90", "1.00"]


def test_times_of_systems_and_of_tills():
    second = np.array([0, 9 * 3600 + 5 * 60 + 3, 86_399])
    assert times(date(2026, 3, 2), second).to_pylist() == ["2026-03-02 00:00:00", "2026-03-02 09:05:03", "2026-03-02 23:59:59"]
    assert clock(date(2026, 3, 2), second).to_pylist() == ["2026/3/2 0:00:00", "2026/3/2 9:05:03", "2026/3/2 23:59:59"]


def test_words_by_place_and_templates():
    assert picked(["a", "b"], np.array([1, -1, 0])).to_pylist() == ["b", "", "a"]
    assert worded("<x>-<y>号", x=plain(np.array([1, 2])), y=pa.array(["a", "b"])).to_pylist() == ["1-a号", "2-b号"]
