"""Does this one customer fulfil the rule? The same answer as the relation of filters.py, from plain values."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any as Anything

from zhiyin.predict.rules.terms import Term
from zhiyin.predict.rules.tree import All, Among, Any, Between, Compared, Inside, Known, Not, Rule, Value, Within

__all__ = ["DAY", "NUMBER", "holds"]

NUMBER = r"^-?[0-9]{1,15}(\.[0-9]{1,9})?$"  # an attribute that counts as a number
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"  # and one that counts as a day: days in this form are in order as texts
_HOW: dict[str, Callable[[Anything, Anything], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def holds(rule: Rule, row: Mapping[str, object], *, at: date) -> bool:  # noqa: PLR0911 - one answer a kind of part
    """Whether a customer fulfils a rule. What is not known fulfils no condition.

    Args:
        rule: of `parse`.
        row: name of a term -> its value: money in minor units, days as dates, several words as a sequence; None or missing
            where nothing is known.
        at: the day of the list.
    """
    match rule:
        case All(parts):
            return all(holds(part, row, at=at) for part in parts)
        case Any(parts):
            return any(holds(part, row, at=at) for part in parts)
        case Not(part):
            return not holds(part, row, at=at)
        case Inside(_, part):
            return holds(part, row, at=at)
        case Known(term):
            return _told(term, row) not in (None, ())
        case Compared(term, how, value):
            return _fits(term, row, lambda told: _HOW[how](told, _meant(term, value, at)))
        case Among(term, values):
            return _fits(term, row, lambda told: told in [_meant(term, value, at) for value in values])
        case Between(term, low, high):
            return _fits(term, row, lambda told: _meant(term, low, at) <= told <= _meant(term, high, at))


def _fits(term: Term, row: Mapping[str, object], test: Callable[[Anything], bool]) -> bool:
    told = _told(term, row)
    if term.kind == "list":
        return any(test(one) for one in told or ())
    return told is not None and bool(test(told))


def _told(term: Term, row: Mapping[str, object]) -> Anything:  # noqa: ANN401 - a number, a text, a day or several texts
    value = row.get(term.name)
    if term.kind == "list":
        return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else ()
    if value in (None, "") or value != value:  # noqa: PLR0124 - a number that is none differs from itself
        return None
    if not term.name.startswith("attribute."):
        return value
    text = str(value)
    if term.kind == "number":
        return float(text) if re.match(NUMBER, text) else None
    return (text if re.match(DAY, text) else None) if term.kind == "day" else text


def _meant(term: Term, value: Value, at: date) -> Anything:  # noqa: ANN401 - as `_told`
    """The value that is compared with; a day of an attribute is a text."""
    day = at - timedelta(days=value.days) if isinstance(value, Within) else value
    return day.isoformat() if isinstance(day, date) and term.name.startswith("attribute.") else day
