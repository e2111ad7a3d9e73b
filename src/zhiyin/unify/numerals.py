"""Which number do these Chinese numerals and units stand for?"""

from __future__ import annotations

import re

__all__ = ["in_digits"]

_ONES = {
    sign: value
    for value, signs in enumerate(("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for sign in signs
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_WRITTEN = re.compile(rf"[{''.join([*_ONES, *_TENS, *_MYRIADS])}]+")
_MIXED = re.compile(r"(?:\d+(?:\.\d+)?[亿万千百])+\d*")
_PART = re.compile(r"(\d+(?:\.\d+)?)([亿万千百]?)")
_POWER = {"亿": 100_000_000, "万": 10_000, "千": 1000, "百": 100, "": 1}
_SIGN = re.compile(r"^(?:人民币|RMB|CNY|¥)\s*", re.IGNORECASE)
_BEGINS = frozenset([*_ONES, "十", "拾"])
_SMALL_MONEY = re.compile(r"^(?P<yuan>\d[\d,]*)[元块圆](?P<jiao>\d)?[角毛]?(?P<fen>\d)?分?$")


def in_digits(text: str) -> str:
    """An amount with Chinese numerals, several units or 角 and 分 as digits with one unit; any other text as it is.

    Example:
        >>> in_digits("壹佰贰拾元整"), in_digits("1万2千"), in_digits("99元9角"), in_digits("十万"), in_digits("1.2万")
        ('120元', '12000', '99.9', '100000', '1.2万')
    """
    found = re.sub(r"[整正]$", "", text.strip()).replace("圆", "元").removesuffix("钱").replace("块", "元")
    if sign := _SIGN.match(found):
        return sign[0] + in_digits(found[sign.end() :]).removesuffix("元")
    if small := _SMALL_MONEY.match(found):
        if small["jiao"] or small["fen"]:
            return f"{small['yuan']}.{small['jiao'] or 0}{small['fen'] or ''}"
        return f"{small['yuan']}元"
    if (mixed := _MIXED.match(found)) and len(_PART.findall(mixed[0])) > 1 and mixed[0][-1] in "亿万千百":
        total = sum(float(figure) * _POWER[unit] for figure, unit in _PART.findall(mixed[0]))
        return f"{total:g}{found[mixed.end() :]}" if total < 10**6 else f"{total:.0f}{found[mixed.end() :]}"
    written = _WRITTEN.match(found)
    return f"{_number(written[0])}{found[written.end() :]}" if written and written[0][0] in _BEGINS else found


def _number(text: str) -> int:
    """The number that Chinese numerals write."""
    total = section = figure = 0
    for sign in text:
        if sign in _ONES:
            figure = _ONES[sign]
        elif sign in _TENS:
            section += (figure or 1) * _TENS[sign]
            figure = 0
        else:
            total = (total + section + figure) * _MYRIADS[sign] if sign in "亿億" else total + (section + figure or 1) * _MYRIADS[sign]
            section = figure = 0
    return total + section + figure
