import pandas as pd
import pytest

from zhiyin.unify.linking.normal import pinyin, said


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  Ｌｉ\u3000Lei ", "li lei"),
        ("臺北市", "台北市"),
        (1990.0, "1990"),
        ("1990.0", "1990"),
        (pd.Timestamp("1990-02-03"), "1990-02-03"),
        (12.5, "12.5"),
        ("N/A", None),
        ("暂无", None),
        (None, None),
        (float("nan"), None),
        (True, "true"),
    ],
)
def test_a_cell_is_said_in_one_way(cell, text):
    assert said(pd.Series([cell], dtype=object)).tolist() == [text]


def test_cells_keep_their_places():
    assert said(pd.Series(["b", None, "a", "B"], index=[3, 1, 2, 0])).to_dict() == {3: "b", 1: None, 2: "a", 0: "b"}


def test_names_that_sound_the_same():
    assert pinyin("王丽") == pinyin("王莉") == "wang li"
    assert pinyin("smith 李") == "smith li"
