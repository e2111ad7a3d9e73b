"""What does a value mean beside a term: money in minor units, a share, days, a day, a text?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from zhiyin.core.errors import listed
from zhiyin.core.units import CURRENCIES, to_minor
from zhiyin.core.words import Say
from zhiyin.predict.rules.mistakes import mistake
from zhiyin.predict.rules.terms import KINDS, Kind, Term
from zhiyin.predict.rules.tokens import Token
from zhiyin.predict.rules.tree import Value, Within

__all__ = ["kind_beside", "value_of"]

_TIMES = {"": 1, "元": 1, "块": 1, "块钱": 1, "万": 10_000, "万元": 10_000, "亿": 100_000_000, "亿元": 100_000_000}
_YUAN = ("CNY", "HKD", "TWD")
_DAYS = {"day": 1, "days": 1, "天": 1, "日": 1, "week": 7, "weeks": 7, "周": 7, "month": 30, "months": 30, "个月": 30, "year": 365, "years": 365, "年": 365}  # fmt: skip
_SAMPLES: dict[Kind, str] = {
    "money": "5000", "number": "3", "share": "30%", "days": "60 days", "day": "2026-05-01", "text": '"…"', "list": '"…"',
}  # fmt: skip


def kind_beside(term: Term, token: Token) -> Kind:
    """The kind of a term beside a value: an attribute is what it is compared with, any other term is what it is."""
    if term.kind != "any":
        return term.kind
    if token.kind == "number":
        return "day" if _goes_back(token) else "number"
    return "day" if token.kind == "day" else "text"


def value_of(term: Term, token: Token, *, rule: str, currency: str) -> Value:
    """The value in the unit of the column.

    Raises:
        UsageError: when a value of this kind cannot stand beside the term; says what the term is, and shows where.
    """
    kind = term.kind
    if kind in ("text", "list"):
        return _text(term, token, rule)
    if kind == "day":
        return _day(term, token, rule)
    if token.kind != "number" or _goes_back(token):
        raise _wrong_kind(term, token, rule)
    if kind == "money":
        return _money(term, token, rule, currency)
    if kind == "share":
        return _share(term, token, rule)
    known: Mapping[str, int] = {"": 1, **_DAYS} if kind == "days" else {"": 1, "万": 10_000, "亿": 100_000_000}
    if token.unit not in known or token.sign:
        raise _wrong_kind(term, token, rule)
    return _plain(Decimal(token.text) * known[token.unit])


def _goes_back(token: Token) -> bool:
    return token.kind == "number" and (token.unit.endswith(" ago") or token.unit.endswith("前"))


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _money(term: Term, token: Token, rule: str, currency: str) -> int:
    sign = CURRENCIES[currency][1].strip()
    if token.unit not in _TIMES:
        raise _wrong_kind(term, token, rule)
    if (token.sign and token.sign not in (sign, currency)) or (token.unit.endswith(("元", "块", "块钱")) and currency not in _YUAN):
        raise mistake(
            rule,
            token.at,
            what=Say(f"这里的金额都是 {currency}。", f"Money is counted in {currency} here."),
            fix=Say(f"写成 {sign}{token.text}，或只写数字。", f"Write {sign}{token.text}, or the number alone."),
        )
    return to_minor(Decimal(token.text) * _TIMES[token.unit], currency)


def _share(term: Term, token: Token, rule: str) -> float:
    if token.sign or token.unit not in ("", "%"):
        raise _wrong_kind(term, token, rule)
    value = float(Decimal(token.text) / (100 if token.unit == "%" else 1))
    if not 0 <= value <= 1:
        raise mistake(
            rule,
            token.at,
            what=Say(f"{term.name} 是比例，只能在 0 和 1 之间。", f"{term.name} is a share: between 0 and 1."),
            fix=Say("写成 60% 或 0.6。", "Write 60% or 0.6."),
        )
    return value


def _day(term: Term, token: Token, rule: str) -> Value:
    if _goes_back(token):
        unit = token.unit.removesuffix(" ago").removesuffix("前").strip()
        return Within(int(Decimal(token.text) * _DAYS[unit]))
    if token.kind != "day":
        raise _wrong_kind(term, token, rule)
    try:
        year, month, day = (int(part) for part in token.text.split("-"))
        return date(year, month, day)
    except ValueError:
        raise mistake(
            rule,
            token.at,
            what=Say("日历上没有这一天。", "There is no such day."),
            fix=Say("写成 2026-05-01 这样。", "Write it like 2026-05-01."),
        ) from None


def _text(term: Term, token: Token, rule: str) -> str:
    if token.kind not in ("text", "name"):
        raise _wrong_kind(term, token, rule)
    if not term.choices:
        return token.text
    wanted = token.text.strip().lower()
    for code, words in term.choices.items():
        if wanted in (code, words.zh, words.en.lower()):
            return code
    zh, en = listed(f"{words.zh}（{code}）" for code, words in term.choices.items()), listed(term.choices)
    raise mistake(
        rule,
        token.at,
        what=Say(f"{term.name} 没有“{token.text}”这个值。", f"{term.name} is never {token.text}."),
        fix=Say(f"使用其中之一：{zh}。", f"Use one of {en}."),
    )


def _wrong_kind(term: Term, token: Token, rule: str) -> Exception:
    kind, sample = KINDS[term.kind], _SAMPLES.get(term.kind, "")
    seen = _seen(token)
    return mistake(
        rule,
        token.at,
        what=Say(f"{term.name}（{term.words.zh}）是{kind.zh}，这里写的是{seen.zh}。", f"{term.name} is {kind.en}; {seen.en} stands here."),
        fix=Say(f"写成 {sample} 这样。", f"Write something like {sample}."),
    )


def _seen(token: Token) -> Say:
    if token.kind == "number" and (token.sign or token.unit in _TIMES) and (token.sign or token.unit):
        return KINDS["money"]
    if token.kind == "number" and token.unit == "%":
        return KINDS["share"]
    if token.kind == "number" and token.unit:
        return KINDS["day"] if _goes_back(token) else KINDS["days"]
    found: dict[str, Say] = {"number": KINDS["number"], "day": KINDS["day"], "text": KINDS["text"], "name": KINDS["text"]}
    return found.get(token.kind, Say("别的东西", "something else"))
