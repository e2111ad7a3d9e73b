"""What does a value mean that a person or a program wrote: a number, money, a flag, an id, a phone?

Pure functions of one text. Each gives the value, None where the text says that there is none, or raises `ValueError`
where it says something else. `columns.py` asks them once for every distinct text.
"""

from __future__ import annotations

import re
import unicodedata

from zhiyin.core.units import CURRENCIES
from zhiyin.unify.numerals import in_digits

__all__ = [
    "CHANGES",
    "change",
    "currency_code",
    "email",
    "flag",
    "held_back",
    "id_number",
    "id_text",
    "money",
    "number",
    "openid",
    "outcome",
    "plain_text",
    "probability",
    "whole_id",
]

CHANGES = ("delete", "unset", "set", "set_once", "append", "increment")  # of `trait`, in the order in which they count at one moment

_NOTHING = frozenset(["", "-", "--", "—", "——", "/", "\\n", "null", "none", "nan", "nat", "n/a", "na", "#n/a", "无", "暂无", "空", "未知"])
_DAMAGED = re.compile(r"\d(?:\.\d+)?E\+?\d{1,3}", re.IGNORECASE)
_CONTROL = {code: None for code in range(32) if chr(code) not in "\t\n"} | {127: None, 0xFEFF: None, 0x200B: None}

_AMOUNT = re.compile(r"(?P<before>[+-])?\s*(?P<digits>\d[\d,.' ]*|\.\d+)(?:E(?P<power>[+-]?\d+))?(?P<unit>[万亿千])?\s*(?P<after>-)?")
_UNITS = {"千": 3, "万": 4, "亿": 8, None: 0}  # powers of ten
_PIECES = re.compile(r"\s*(?:件|个|盒|箱|瓶|袋|包|双|套|台|支|只|份|条|pcs?|pieces?|ea)$", re.IGNORECASE)

# What people write for money, and the currencies that it may stand for; the longest signs first.
_SIGNS: dict[str, frozenset[str]] = {
    "HK$": frozenset(["HKD"]), "NT$": frozenset(["TWD"]), "US$": frozenset(["USD"]), "AU$": frozenset(["AUD"]), "CA$": frozenset(["CAD"]),
    "A$": frozenset(["AUD"]), "C$": frozenset(["CAD"]), "S$": frozenset(["SGD"]), "JP¥": frozenset(["JPY"]), "CN¥": frozenset(["CNY"]),
    "RMB": frozenset(["CNY"]), "人民币": frozenset(["CNY"]), "元": frozenset(["CNY", "TWD", "HKD"]), "¥": frozenset(["CNY", "JPY"]),
    "円": frozenset(["JPY"]), "$": frozenset(["USD", "HKD", "TWD", "SGD", "AUD", "CAD"]), "€": frozenset(["EUR"]), "£": frozenset(["GBP"]),
    "RM": frozenset(["MYR"]), "฿": frozenset(["THB"]), "₹": frozenset(["INR"]), "₩": frozenset(["KRW"]), "₫": frozenset(["VND"]),
}  # fmt: skip
_CURRENCY_WORDS = {
    "RMB": "CNY",
    "人民币": "CNY",
    "元": "CNY",
    "¥": "CNY",
    "美元": "USD",
    "US$": "USD",
    "港币": "HKD",
    "欧元": "EUR",
    "日元": "JPY",
}

_YES = frozenset(["yes", "y", "true", "t", "1", "是", "有", "同意", "已同意", "允许", "接受", "已订阅", "subscribed", "√", "✓", "on"])
_NO = frozenset(
    [
        "no",
        "n",
        "false",
        "f",
        "0",
        "否",
        "不",
        "没有",
        "不同意",
        "拒绝",
        "未同意",
        "不允许",
        "不接受",
        "未订阅",
        "退订",
        "unsubscribed",
        "×",
        "off",
    ]
)
_OUTCOMES = {
    "redeemed": "redeemed", "核销": "redeemed", "已核销": "redeemed", "已使用": "redeemed", "used": "redeemed",
    "bought": "bought", "won": "bought", "成交": "bought", "已成交": "bought", "购买": "bought", "已购买": "bought", "赢单": "bought",
    "answered": "answered", "connected": "answered", "接通": "answered", "已接通": "answered", "已回复": "answered", "replied": "answered",
    "no_need": "no_need", "not interested": "no_need", "无需求": "no_need", "不需要": "no_need", "没兴趣": "no_need",
    "unreachable": "unreachable", "no answer": "unreachable", "未接通": "unreachable", "无人接听": "unreachable", "关机": "unreachable",
    "wrong_number": "wrong_number", "wrong number": "wrong_number", "空号": "wrong_number", "停机": "wrong_number", "号码错误": "wrong_number",
    "打错": "wrong_number", "不是本人": "wrong_number", "bounced": "bounced", "bounce": "bounced", "退信": "bounced", "邮件退回": "bounced",
    "refused_contact": "refused_contact", "do not call": "refused_contact", "勿扰": "refused_contact", "拒绝联系": "refused_contact",
}  # fmt: skip

# Which arm of an experiment -> was the customer held back.
_HELD_BACK = {
    "control": True, "control group": True, "holdout": True, "held back": True, "对照": True, "对照组": True, "留出": True, "留出组": True,
    "treatment": False, "treated": False, "test": False, "test group": False, "contacted": False, "sent": False, "实验": False,
    "实验组": False, "测试组": False, "干预组": False, "触达": False, "已触达": False, "触达组": False, "1.0": True, "0.0": False,
}  # fmt: skip

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_ID_NUMBER = re.compile(r"\d{17}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999


def plain_text(text: str) -> str | None:
    """Text without control characters and blanks around it; None when nothing is left.

    Example:
        >>> plain_text("  红富士苹果 " + chr(0)), plain_text(" NULL ")
        ('红富士苹果', None)
    """
    found = text.translate(_CONTROL).strip()
    return None if found.lower() in _NOTHING else found


def id_text(text: str) -> str | None:
    """An id with full-width characters made half-width.

    Example:
        >>> id_text("　Ａ１２３ "), id_text("无")
        ('A123', None)
    """
    return plain_text(text if text.isascii() else unicodedata.normalize("NFKC", text))


def whole_id(text: str) -> str | None:
    """An id of which nothing is lost.

    Example:
        >>> whole_id("E15"), whole_id("12E3456")
        ('E15', '12E3456')

    Raises:
        ValueError: when a spreadsheet wrote it in scientific notation (1.93E+15): its last digits are gone.
    """
    found = id_text(text)
    if found is not None and _DAMAGED.fullmatch(found):
        raise ValueError(len(found))
    return found


def number(text: str) -> float | None:
    """A number of pieces or points.

    Example:
        >>> number("１，２３４"), number("3 件"), number("-2"), number("—")
        (1234.0, 3.0, -2.0, None)

    Raises:
        ValueError: when it is no number.
    """
    found = id_text(text)
    return None if found is None else _amount(_PIECES.sub("", found))


def money(text: str, currency: str = "") -> float | None:
    """An amount of money in whole units; with `currency` a sign of another currency is refused.

    Example:
        >>> money("¥1,234.50"), money("(12.00)"), money("1.2万"), money("1.234,50 €"), money("无")
        (1234.5, -12.0, 12000.0, 1234.5, None)

    Raises:
        LookupError: when the sign is that of another currency.
        ValueError: when it is no amount.
    """
    found = id_text(text)
    if found is None:
        return None
    found = found if found.isascii() else in_digits(found)
    negative = found.startswith("(") and found.endswith(")")
    found = found.strip("()").strip()
    sign = next((sign for sign in _SIGNS if sign in found), None)
    if sign is None and (code := re.search(r"[A-Z]{3}", found)):
        sign = code[0]
    if sign and currency and currency not in _SIGNS.get(sign, frozenset([sign])):
        raise LookupError(sign)
    value = _amount(found.replace(sign or "", "", 1) if sign else found)
    return -value if negative else value


def _amount(text: str) -> float:
    """Digits with separators of thousands and a point, a sign before or after, 万 and 亿."""
    match = _AMOUNT.fullmatch(text.replace("−", "-").replace("，", ",").strip().upper())
    if match is None or (match["before"] and match["after"]):
        raise ValueError(len(text))
    value = float(f"{_with_point(match['digits'])}E{int(match['power'] or 0) + _UNITS[match['unit']]}")
    return -value if "-" in (match["before"], match["after"]) else value


def _with_point(digits: str) -> str:
    """The last separator is the decimal point, unless it cuts thousands: 1,234 but 12,50 and 1.234,50."""
    digits = digits.replace(" ", "").replace("'", "")
    if "," not in digits:
        return digits
    if "." in digits:  # 1.234.567,50 or 1,234,567.50
        thousands = "," if digits.rindex(".") > digits.rindex(",") else "."
        return digits.replace(thousands, "").replace(",", ".")
    head, tail = digits.rsplit(",", 1)
    return digits.replace(",", "") if len(tail) == 3 and head.strip("0") else f"{head.replace(',', '')}.{tail}"


def currency_code(text: str) -> str | None:
    """The ISO code of a currency as people write it.

    Example:
        >>> currency_code("人民币"), currency_code("usd")
        ('CNY', 'USD')

    Raises:
        ValueError: for a currency that is not in `core.units.CURRENCIES`.
    """
    found = id_text(text)
    code = None if found is None else _CURRENCY_WORDS.get(found.upper(), found.upper())
    if code is not None and code not in CURRENCIES:
        raise ValueError(len(code))
    return code


def flag(text: str) -> bool | None:
    """Yes or no; None where the text says neither.

    Example:
        >>> flag("是"), flag("No"), flag("maybe")
        (True, False, None)
    """
    found = text.strip().lower()
    return True if found in _YES else False if found in _NO else None


def held_back(text: str) -> bool | None:
    """Was this customer held back from a contact? None where nothing is said.

    Example:
        >>> held_back("对照组"), held_back("实验组"), held_back("1"), held_back("")
        (True, False, True, None)

    Raises:
        ValueError: for a word that says neither.
    """
    found = plain_text(text)
    if found is None:
        return None
    said = _HELD_BACK.get(found.lower(), flag(found))
    if said is None:
        raise ValueError(len(found))
    return said


def probability(text: str) -> float | None:
    """A probability as a share or in percent; its bounds are checked by the column.

    Example:
        >>> probability("0.25"), probability("２５%"), probability("")
        (0.25, 0.25, None)

    Raises:
        ValueError: when it is no number.
    """
    found = id_text(text)
    if found is None:
        return None
    share = number(found.rstrip("%％"))
    return share / 100 if share is not None and found[-1] in "%％" else share


def change(text: str) -> str | None:
    """How something said changes an attribute, in the words of the table `trait`.

    Example:
        >>> change("SET")
        'set'

    Raises:
        ValueError: for a change that is not known.
    """
    found = plain_text(text)
    if found is not None and found.lower() not in CHANGES:
        raise ValueError(len(found))
    return found and found.lower()


def outcome(text: str) -> str | None:
    """What came of a contact, in the words of the table `outcome`.

    Example:
        >>> outcome("已核销"), outcome("空号")
        ('redeemed', 'wrong_number')

    Raises:
        ValueError: for an outcome that is not known.
    """
    found = plain_text(text)
    if found is None:
        return None
    if found.lower() not in _OUTCOMES:
        raise ValueError(len(found))
    return _OUTCOMES[found.lower()]


def email(text: str) -> str | None:
    """An e-mail address in lower case; None for a masked or impossible one.

    Example:
        >>> email(" Li.Lei@Example.COM "), email("l***@example.com")
        ('li.lei@example.com', None)
    """
    found = (id_text(text) or "").lower().removeprefix("mailto:")
    return found if "*" not in found and _EMAIL.fullmatch(found) else None


def id_number(text: str) -> str | None:
    """A Chinese identity number with a right check digit; None for a masked or impossible one."""
    found = (id_text(text) or "").upper()
    if not _ID_NUMBER.fullmatch(found):
        return None
    rest = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, found, strict=False)) % 11
    return found if found[17] == "10X98765432"[rest] else None


def openid(text: str) -> str | None:
    """An id that a platform gave a person; None when it is masked."""
    found = id_text(text)
    return None if found is None or "*" in found else found
