"""Why does an act look suspicious? One clause a piece of evidence, in both languages."""

from __future__ import annotations

import math
from collections.abc import Mapping

from zhiyin.core.units import money_text
from zhiyin.core.words import Say
from zhiyin.predict.risk import PIECES
from zhiyin.predict.risk_pieces import PARTS

__all__ = ["clause", "sentence"]

_BY_DAY = Say("同一天还有 {near} 笔", "{near} more on the same day")
_CLAUSES = {
    "burst": Say("一小时内还有 {near} 笔", "{near} more within an hour"),
    "hour": Say("在 {begins} 到 {ends} 点，只有 {share} 发生在这个时段", "between {begins}:00 and {ends}:00, when only {share} happen"),
    "amount": Say("金额 {paid}，平时约 {usual}", "{paid}, where about {usual} is usual"),
    "coupon": Say("优惠券抵掉了 {saved}", "a coupon paid {saved} of it"),
    "payee": Say("第一次付给这个账户", "the first payment to this account"),
    "crowd": Say("一个月内另有 {others} 位客户与这个账户往来", "{others} other customers dealt with this account within a month"),
    "age": Say("认识这位客户才 {days} 天", "the customer is known for {days} days only"),
}
_HOURS = 24 // PARTS


def clause(piece: str, act: Mapping[str, object], *, currency: str) -> Say:
    """What one piece of evidence says of an act, with its figures.

    Args:
        piece: one of `risk.PIECES`.
        act: a row of `risk.evidence`.
        currency: of the amounts.
    """
    words = _BY_DAY if piece == "burst" and _number(act["part"]) < 0 else _CLAUSES[piece]
    begins = int(_number(act["part"])) * _HOURS
    paid, usual = (money_text(_number(act[name]), currency) for name in ("amount", "usual"))
    return words.fill(
        near=int(_number(act["near"])), begins=begins, ends=begins + _HOURS, share=f"{_number(act['part_share']):.1%}", paid=paid,
        usual=usual, saved=f"{_number(act['saved']):.0%}", others=int(_number(act["senders"])), days=int(_number(act["known_days"])),
    )  # fmt: skip


def sentence(act: Mapping[str, object], *, currency: str, most: int = 3) -> Say:
    """The strongest reasons in one sentence."""
    strong = sorted((name for name in PIECES if _number(act[f"nats_{name}"]) > 0), key=lambda name: -_number(act[f"nats_{name}"]))[:most]
    clauses = [clause(name, act, currency=currency) for name in strong]
    return Say("，".join(one.zh for one in clauses) + "。", "; ".join(one.en for one in clauses) + ".") if clauses else _NOTHING


_NOTHING = Say("没有一项特别突出，合起来少见。", "Nothing stands out by itself; together it is rare.")


def _number(value: object) -> float:
    number = float(str(value))
    return 0.0 if math.isnan(number) else number
