"""What do the values of a column look like? And how may they be shown without telling who it is?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from zhiyin.core.fields import FieldType

Look = Literal["phone", "email", "id_number", "time", "number", "flag", "text", "empty"]
DateOrder = Literal["auto", "ymd", "dmy", "mdy"]

__all__ = ["DateOrder", "Look", "date_order", "fits", "look", "masked"]

MOST = 0.8  # share of the values that must look alike

_SIGN = r"[-+−(]?\s*(?:[¥￥$€£]|HK\$|NT\$|CNY|RMB|USD)?\s*[-−]?"
_LOOKS: dict[Look, re.Pattern[str]] = {
    "phone": re.compile(r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|\+\d[\d ()-]{7,17}\d|1[3-9]\d\*{4}\d{4}"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "id_number": re.compile(r"\d{17}[\dXx]"),
    "time": re.compile(
        r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|(?:19|20)\d{6}|\d{1,2} [A-Za-z]{3,9},? \d{4}"
        r"|[A-Za-z]{3,9} \d{1,2},? \d{4})(?:[ T].*|\d{6})?"
    ),
    "flag": re.compile(r"(?i)yes|no|y|n|true|false|t|f|0|1|是|否|有|无"),
    "number": re.compile(_SIGN + r"(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d+)?\s*(?:元|%)?\)?"),
}
_SERIAL = re.compile(r"(?:[23456]\d{4}(?:\.\d+)?|1\d{9}|1\d{12})")  # Excel days 1954-2091, seconds or milliseconds since 1970
_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})\b")
_FITTING: dict[FieldType, tuple[Look, ...]] = {"time": ("time",), "number": ("number", "flag"), "money": ("number", "flag")}


def look(values: Sequence[str]) -> Look:
    """What most values look like; phones before numbers, dates before numbers."""
    filled = [value.strip() for value in values if value and value.strip()]
    if not filled:
        return "empty"
    for name, pattern in _LOOKS.items():
        if _share(filled, pattern) >= MOST:
            return name
    return "text"


def fits(values: Sequence[str], type_: FieldType, *, name: str) -> bool:
    """Could these values be of this type of field? Empty columns can be anything."""
    filled = [value.strip() for value in values if value and value.strip()]
    if not filled:
        return True
    if name in ("phone", "email"):
        return any("*" in value for value in filled) or look(filled) in (name, "number" if name == "phone" else name)
    if type_ == "time" and _share(filled, _SERIAL) >= MOST:
        return True
    return type_ not in _FITTING or look(filled) in _FITTING[type_]


def date_order(values: Sequence[str]) -> DateOrder:
    """The order of day and month that the values prove; auto when none does or they contradict each other."""
    found = [match for value in values if value and (match := _DAY.match(value.strip()))]
    day_first = any(int(match[1]) > 12 for match in found)
    month_first = any(int(match[2]) > 12 for match in found)
    if day_first == month_first:
        return "auto"
    return "dmy" if day_first else "mdy"


def masked(value: str) -> str:
    """A value with only its ends left: enough to recognise a column, too little to recognise a person.

    Example:
        >>> masked("13812345678"), masked("王小明"), masked("")
        ('1*********8', '王**', '')
    """
    if len(value) <= 4:
        return value[:1] + "*" * (len(value) - 1)
    return value[0] + "*" * (len(value) - 2) + value[-1]


def _share(values: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.fullmatch(value)) for value in values) / len(values)
