"""How is a rule said: as text that reads back to the same rule, and as a sentence for a salesperson?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from zhiyin.core.units import exponent, money_text
from zhiyin.core.words import Language, Say, one_of_each
from zhiyin.predict.rules.terms import Term
from zhiyin.predict.rules.tree import All, Among, Any, Between, Compared, Inside, Known, Not, Rule, Value, Within

__all__ = ["sentence", "written"]


def written(rule: Rule, *, currency: str) -> str:
    """The rule as text in full names, that needs no knowledge of the data to be read again."""
    return _written(rule, currency, "")


def _written(rule: Rule, currency: str, around: str) -> str:  # noqa: PLR0911 - one answer a kind of part
    match rule:
        case All(parts) | Any(parts):
            word = "and" if isinstance(rule, All) else "or"
            text = f" {word} ".join(_written(part, currency, word) for part in parts)
            return f"({text})" if around and around != word else text
        case Not(Known(term)):
            return f"{term.name} is unknown"
        case Not(part):
            return f"not {_written(part, currency, 'not')}"
        case Inside(name, _):
            return f'in segment "{name}"'
        case Known(term):
            return f"{term.name} is known"
        case Compared(term, how, value):
            return f"{term.name} {how} {_literal(term, value, currency)}"
        case Among(term, values):
            return f"{term.name} in ({', '.join(_literal(term, value, currency) for value in values)})"
        case Between(term, low, high):
            return f"{term.name} between {_literal(term, low, currency)} and {_literal(term, high, currency)}"


def _literal(term: Term, value: Value, currency: str) -> str:
    if isinstance(value, Within):
        return f"{value.days} days ago"
    if isinstance(value, date):
        return value.isoformat()
    if term.kind == "money":
        return f"{Decimal(str(value)).scaleb(-exponent(currency)).normalize():f}"
    if isinstance(value, str):
        return f'"{value}"' if '"' not in value else f"'{value}'"
    return f"{value:.15f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def sentence(rule: Rule, *, currency: str) -> Say:
    """The rule for a salesperson.

    Example:
        消费至少 ¥5,000.00、超过 60 天没下单、城市是上海或杭州的客户。
    """
    zh, en = _said(rule, "zh", currency, ""), _said(rule, "en", currency, "")
    return Say(_NEEDLESS.sub("", f"{zh}的客户。"), one_of_each(f"Customers with {en}."))


_NEEDLESS = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")  # a blank between two Chinese words
_HOW: Mapping[str, Say] = {
    "=": Say("是 {}", "{}"), "!=": Say("不是 {}", "other than {}"), ">": Say("超过 {}", "above {}"), ">=": Say("至少 {}", "of at least {}"),
    "<": Say("不到 {}", "below {}"), "<=": Say("至多 {}", "of at most {}"),
}  # fmt: skip
_HOW_DAY: Mapping[str, Say] = {
    "=": Say("在 {}", "on {}"), "!=": Say("不在 {}", "not on {}"), ">": Say("晚于 {}", "after {}"), ">=": Say("在 {} 或以后", "on or after {}"),
    "<": Say("早于 {}", "before {}"), "<=": Say("在 {} 或以前", "on or before {}"),
}  # fmt: skip
_SILENT: Mapping[str, Say] = {
    ">": Say("超过 {} 没下单", "no order for more than {}"), ">=": Say("至少 {} 没下单", "no order for at least {}"),
    "<": Say("{} 以内下过单", "an order less than {} ago"), "<=": Say("最多 {} 前下过单", "an order at most {} ago"),
}  # fmt: skip
_CONTRARY = {"=": "!=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _said(rule: Rule, tongue: Language, currency: str, around: str) -> str:  # noqa: PLR0911 - one answer a kind of part
    match rule:
        case All(parts) | Any(parts):
            return _together(rule, parts, tongue, currency, around)
        case Not(part):
            return _contrary(part, tongue, currency)
        case Inside(name, _):
            return Say(f"属于“{name}”", f"a place in “{name}”").in_(tongue)
        case Known(term):
            return Say(f"知道{_name(term)}", f"a known {_called(term)}").in_(tongue)
        case Compared(term, how, value):
            return _compared(term, how, _value(term, value, tongue, currency), tongue)
        case Among(term, values):
            told = _either([_value(term, value, tongue, currency) for value in values], tongue)
            return Say(f"{_name(term)}是{told}", f"{_called(term)} {told}").in_(tongue)
        case Between(term, low, high):
            ends = [_value(term, value, tongue, currency) for value in (low, high)]
            return Say(f"{_name(term)}在 {ends[0]} 到 {ends[1]} 之间", f"{_called(term)} from {ends[0]} to {ends[1]}").in_(tongue)


def _together(rule: Rule, parts: Sequence[Rule], tongue: Language, currency: str, around: str) -> str:
    all_of = isinstance(rule, All)
    texts = [_said(part, tongue, currency, "and" if all_of else "or") for part in parts]
    if tongue == "zh":
        text = "、".join(texts) if all_of else "，或者".join(texts)
        return f"（{text}）" if around else text
    text = ", ".join(texts[:-1]) + f"{', ' if len(texts) > 2 else ' '}{'and' if all_of else 'or'} {texts[-1]}"
    return f"({text})" if around else text


def _contrary(part: Rule, tongue: Language, currency: str) -> str:
    match part:
        case Known(term):
            return Say(f"不知道{_name(term)}", f"an unknown {_called(term)}").in_(tongue)
        case Among(term, values):
            told = [_value(term, value, tongue, currency) for value in values]
            zh, en = "也不是".join(told), " nor ".join(told)
            return Say(f"{_name(term)}不是{zh}", f"{_called(term)} neither {en}" if len(told) > 1 else f"{_called(term)} not {en}").in_(
                tongue
            )
        case Compared(term, "=", value):
            told_one = _value(term, value, tongue, currency)
            return Say(f"{_name(term)}不是{told_one}", f"{_called(term)} not {told_one}").in_(tongue)
        case Not(inner):
            return _said(inner, tongue, currency, "not")
        case Inside(name, _):
            return Say(f"不属于“{name}”", f"no place in “{name}”").in_(tongue)
    text = _said(part, tongue, currency, "not" if isinstance(part, All | Any) else "")
    return Say(f"并非{text}", f"not {text}").in_(tongue)


def _compared(term: Term, how: str, told: str, tongue: Language) -> str:
    if term.column == "days_since_order" and how in _SILENT:
        return _SILENT[how].in_(tongue).format(told)
    if term.kind in ("text", "list") and how == "=":
        return Say(
            f"{_name(term)}{'有' if term.kind == 'list' and term.table == 'profile' else '是'}{told}", f"{_called(term)} {told}"
        ).in_(tongue)
    words = (_HOW_DAY if term.kind == "day" else _HOW)[how].in_(tongue).format(told)
    return f"{_name(term)}{words}" if tongue == "zh" else f"{_called(term)} {words}"


def _called(term: Term) -> str:
    """A term in English: as people call it."""
    if term.name.startswith(("attribute.", "prediction.", "segment.")) or term.column in ("interests",):
        return f"chance of “{term.words.en}”" if _is_chance(term) else term.words.en
    return term.column.removesuffix("_on").replace("_", " ")


def _is_chance(term: Term) -> bool:
    return term.table == "prediction" and term.kind == "share"


def _name(term: Term) -> str:
    """A term in Chinese."""
    return f"“{term.words.zh}”的概率" if _is_chance(term) else term.words.zh


def _value(term: Term, value: Value, tongue: Language, currency: str) -> str:
    if isinstance(value, Within):
        return Say(f"{value.days} 天前", f"{value.days} days ago").in_(tongue)
    if term.kind == "money":
        return money_text(float(str(value)), currency).removesuffix(".00")
    if term.kind == "days":
        return Say(f"{value} 天", f"{value} days").in_(tongue)
    if term.kind == "share" and isinstance(value, float | int):
        return f"{100 * value:.10g}%"
    if isinstance(value, str):
        words = term.choices.get(value)
        return words.in_(tongue) if words else value
    return f"{value:,}" if isinstance(value, int) else str(value)


def _either(texts: Sequence[str], tongue: Language) -> str:
    word = "或" if tongue == "zh" else " or "
    between = "、" if tongue == "zh" else ", "
    return word.join([between.join(texts[:-1]), texts[-1]]) if len(texts) > 1 else texts[0]
