"""Money that customers move between accounts, of scenarios that have accounts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from zhiyin.sandbox.exports.office import Office
from zhiyin.sandbox.exports.part import Part, money, picked, plain, table, times, worded
from zhiyin.sandbox.happened import Day
from zhiyin.sandbox.shopping import NUMBERS

__all__ = ["transfer_ids", "transfers"]


def transfer_ids(day: Day) -> list[str]:
    """The number of each transfer of one day."""
    return [f"ZZ{day.number * NUMBERS + turn:012d}" for turn in range(day.count("transfers"))]


def transfers(office: Office, day: Day) -> Part:
    """The transfers of one day."""
    rows = day.rows("transfers")
    payee = worded("6222****<payee>", payee=plain(rows["person"] * 7 % 8000 + 1000 + rows["payee"] % 997))
    told = {
        "交易流水号": pa.array(transfer_ids(day), pa.string()),
        "会员编号": picked(office.written.key("mall"), rows["person"]),
        "交易时间": times(day.on, rows["second"]),
        "方向": picked(["转出", "转入"], (rows["person"] + rows["second"]) % 3 // 2),
        "金额": money(rows["amount"]),
        "对方账户": payee,
        "是否首次收款人": picked(["否", "是"], (rows["payee"] >= 1000).astype(np.int64)),
    }
    return table(f"账户流水_{day.month}.csv", told, encoding="gb18030")
