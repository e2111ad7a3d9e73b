import pytest

from zhiyin.collect.formats import FORMATS, open_file
from zhiyin.core.errors import DataError


def test_every_ending_in_capitals_too(tmp_path):
    (tmp_path / "a.CSV").write_text("a,b\n1,2\n")
    assert open_file(tmp_path / "a.CSV").header == ("a", "b")
    assert {".csv", ".tsv", ".xlsx", ".jsonl", ".parquet"} <= FORMATS.keys()


def test_a_missing_file_lists_those_that_are_there(tmp_path):
    (tmp_path / "there.csv").write_text("a\n")
    with pytest.raises(DataError, match=r"There is no such file\. Got gone\.csv\. Fix: The folder has: there\.csv\."):
        open_file(tmp_path / "gone.csv")


def test_an_unknown_ending_lists_those_that_are_known(tmp_path):
    (tmp_path / "a.docx").write_text("x")
    with pytest.raises(DataError, match=r"This kind of file is not known\. Got a\.docx\. Fix: Export it as one of \.csv"):
        open_file(tmp_path / "a.docx")
