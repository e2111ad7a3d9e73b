import pyarrow as pa

from zhiyin.collect.guards import without_guards


def test_marks_that_keep_excel_away_are_removed():
    raw = pa.chunked_array(
        [['="1930000000000001"', "'13812345678", "'+8613812345678", " E1 ", "", "  ", None, "'90s shirt", "Levi's", "'Tis"]]
    )
    assert without_guards(raw).to_pylist() == [
        "1930000000000001", "13812345678", "+8613812345678", "E1", None, None, None, "90s shirt", "Levi's", "'Tis",
    ]  # fmt: skip


def test_typed_columns_stay_and_dictionaries_are_opened():
    assert without_guards(pa.chunked_array([[1, 2]])).to_pylist() == [1, 2]
    assert without_guards(pa.chunked_array([pa.array([" a", "b"]).dictionary_encode()])).to_pylist() == ["a", "b"]
