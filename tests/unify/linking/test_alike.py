import numpy as np
import pandas as pd
import pytest

from zhiyin.unify.linking.alike import alike, top, values_of


def _level(kind, one, other):
    codes, values = values_of(kind, pd.Series([one, other], dtype=object))
    return int(alike(kind, values, left=codes[:1], right=codes[1:])[0])


@pytest.mark.parametrize(
    ("kind", "one", "other", "level"),
    [
        ("name", "anna", "anna", 6),
        ("name", "katherine", "kathreine", 5),  # two letters turned
        ("name", "丽", "莉", 5),  # the same sound
        ("name", "j.", "john", 3),
        ("name", "anna", "otto", 1),
        ("name", None, "otto", 0),
        ("date", "19810203", "1981-02-03", 6),
        ("date", "1981-02-03", "1981-03-02", 5),
        ("date", "1981-02-03", "1981-02-13", 5),
        ("date", "1981-02-03", "1981-09-30", 3),
        ("date", "1981-02-03", "1985-09-30", 2),
        ("date", "1981-02-03", "1945-09-30", 1),
        ("date", "13/02/1981", "1981-02-13", 6),
        ("date", "02/13/1981", "1981-02-13", 6),
        ("phone", "138 1234-5678", "+8613812345678", 5),
        ("phone", "13812345678", "13812345687", 4),
        ("phone", "13812345678", "13812390000", 2),
        ("phone", "13812345678", "15987654321", 1),
        ("postcode", "ts19 0sh", "ts19 7hb", 2),
        ("email", "li.lei@a.cn", "li.lei@b.cn", 3),  # one slip
        ("email", "li.lei@one.cn", "li.lei@another.com", 2),
        ("email", "lilei_77@one.cn", "lilei.x9@one.cn", 1),  # the name again, which the field of the name has told
        ("word", "north devon", "devon north", 3),
        ("word", "leeds", "leedz", 4),
        ("number", "27", "72", 2),
        ("number", "7", "8", 1),
        ("category", "male", "female", 1),
    ],
)
def test_values_are_alike_in_their_own_way(kind, one, other, level):
    assert _level(kind, one, other) == _level(kind, other, one) == level <= top(kind)


def test_many_pairs_are_compared_at_once():
    codes, values = values_of("name", pd.Series(["anna", "anne", None, "zoe"], dtype=object))
    left, right = codes[np.array([0, 0, 0, 3])], codes[np.array([1, 2, 3, 3])]
    assert alike("name", values, left=left, right=right).tolist() == [5, 0, 1, 6]
