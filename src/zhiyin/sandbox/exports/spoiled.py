"""Rows that went wrong on the way: added to an export, never in place of a good row."""

from __future__ import annotations

import numpy as np

from zhiyin.sandbox.chance import Chance, Ids
from zhiyin.sandbox.exports.part import Part

__all__ = ["WAYS", "spoiled"]

WAYS = ("bad_time", "bad_money", "no_customer", "cut_off", "repeated")
_SHARE = 0.001  # of the rows: one more that went wrong
_BAD_TIMES = ("2026-13-45 25:61:00", "0000-00-00 00:00:00", "昨天下午")
_BAD_MONEY = ("九十九块", "#VALUE!", "一九九.零")


def spoiled(part: Part, chance: Chance, *, day: int, columns: tuple[str, str, str]) -> tuple[Part, list[str]]:
    """The part with bad rows at its end, and what is wrong with each.

    Args:
        part: rows of a CSV file without quoted cells.
        chance: the world's.
        day: number of the day.
        columns: the columns of the time, of the money and of the customer.
    """
    turn: Ids = np.arange(part.rows, dtype=np.int64)
    hit = turn[chance.happens(f"spoiled {part.file}", turn, share=_SHARE, day=day)]
    if not len(hit):
        return part, []
    header = part.header.decode("utf-8-sig").strip().split(",")
    rows = part.body.decode().splitlines()
    ways = chance.below("spoiled way", hit, most=len(WAYS), day=day).tolist()
    made = []
    for place, way in zip(hit.tolist(), ways, strict=True):
        cells = rows[place].split(",")
        time, money, customer = (header.index(name) for name in columns)
        if WAYS[way] == "bad_time":
            cells[time] = _BAD_TIMES[place % len(_BAD_TIMES)]
        elif WAYS[way] == "bad_money":
            cells[money] = _BAD_MONEY[place % len(_BAD_MONEY)]
        elif WAYS[way] == "no_customer":
            cells[customer] = ""
        elif WAYS[way] == "cut_off":
            cells = cells[: len(cells) // 2]
        made.append(",".join(cells))
    body = part.body + ("\n".join(made) + "\n").encode()
    return part._replace(body=body, rows=part.rows + len(made)), [WAYS[way] for way in ways]
