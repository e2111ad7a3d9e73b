import numpy as np
import pyarrow as pa

from zhiyin.sandbox.chance import Chance
from zhiyin.sandbox.exports.part import plain, table
from zhiyin.sandbox.exports.spoiled import WAYS, spoiled

COLUMNS = ("时间", "金额", "客户")


def _part(n):
    told = {
        "单号": plain(np.arange(n)),
        "客户": pa.repeat("M1", n),
        "金额": pa.repeat("9.90", n),
        "时间": pa.repeat("2026-03-02 09:00:00", n),
        "末": pa.repeat("x", n),
    }
    return table("a.csv", told)


def test_good_rows_stay_and_bad_ones_come_after_them():
    part = _part(20_000)
    whole, bad = spoiled(part, Chance(7), day=3, columns=COLUMNS)
    assert whole.body.startswith(part.body)
    assert 5 < len(bad) == whole.rows - part.rows < 45
    assert set(bad) == set(WAYS)
    rows = whole.body[len(part.body) :].decode().splitlines()
    for row, what in zip(rows, bad, strict=True):
        cells = row.split(",")
        wrong = {
            "bad_time": cells[-2] != "2026-03-02 09:00:00",
            "bad_money": len(cells) > 2 and cells[2] != "9.90",
            "no_customer": cells[1] == "",
            "cut_off": len(cells) == 2,
            "repeated": row in part.body.decode().splitlines(),
        }
        assert wrong[what], (row, what)


def test_few_rows_stay_as_they_are():
    part = _part(3)
    assert spoiled(part, Chance(7), day=3, columns=COLUMNS) == (part, [])
