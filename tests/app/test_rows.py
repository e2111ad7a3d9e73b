import pandas as pd

from zhiyin.app.rows import Rows


def test_rows_are_dicts_and_become_a_frame():
    rows = Rows([{"a": 1}, {"a": 2}])
    assert rows[0] == {"a": 1}
    pd.testing.assert_frame_equal(rows.frame(), pd.DataFrame({"a": [1, 2]}))


def test_rows_are_copies():
    row = {"a": 1}
    Rows([row])[0]["a"] = 2
    assert row == {"a": 1}
