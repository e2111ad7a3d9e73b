"""Into which words does a rule fall: names, texts, numbers with their unit, days, marks?"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from zhiyin.core.units import CURRENCIES
from zhiyin.core.words import Say
from zhiyin.predict.rules.mistakes import mistake

__all__ = ["Kind", "Token", "tokens"]

Kind = Literal["name", "text", "number", "day", "mark", "keyword", "end"]


class Token(NamedTuple):
    """One word of a rule.

    Args:
        kind: what it is.
        text: a keyword or mark in its English form; anything else as it stands, without quotes and thousands marks.
        at: where it stands, from 0.
        unit: of a number, as it stands behind it: `天`, `%`, `weeks`; with `ago` where it counts back.
        sign: of the money, before a number.
        grouped: a number written with marks between thousands.
    """

    kind: Kind
    text: str
    at: int
    unit: str = ""
    sign: str = ""
    grouped: bool = False


_KEYWORDS = {
    "and": "and", "&&": "and", "且": "and", "并且": "and", "同时": "and",
    "or": "or", "||": "or", "或": "or", "或者": "or",
    "not": "not", "非": "not", "不": "not",
    "in": "in", "属于": "in", "between": "between", "介于": "between", "is": "is",
    "known": "known", "已知": "known", "unknown": "unknown", "未知": "unknown", "segment": "segment", "分群": "segment",
}  # fmt: skip
_MARKS = {
    "==": "=", "=": "=", "是": "=", "等于": "=", "包含": "=",
    "!=": "!=", "<>": "!=", "≠": "!=", "不是": "!=", "不等于": "!=",
    ">=": ">=", "≥": ">=", "大于等于": ">=", "不小于": ">=", "至少": ">=", "满": ">=",
    "<=": "<=", "≤": "<=", "小于等于": "<=", "不大于": "<=", "至多": "<=", "不超过": "<=",
    ">": ">", "大于": ">", "超过": ">", "<": "<", "小于": "<", "不到": "<",
}  # fmt: skip
# Chinese is written without blanks: a name ends before these.
_ENDS = "并且|且|或者|或|属于|介于|已知|未知|大于|小于|不等于|等于|不小于|不大于|超过|不超过|不到|至少|至多|包含"
_WIDE = str.maketrans("（）＞＜＝！，、％￥：；。", "()><=!,,%¥:;.")
_SIGNS = "|".join(
    re.escape(sign.strip()) for sign in sorted({sign for _, sign in CURRENCIES.values()} | set(CURRENCIES), key=len, reverse=True)
)
_UNITS = "%|万元|亿元|元|块钱|块|分|万|亿|days?|天前|天|日|weeks?|周前|周|months?|个月前|个月|years?|年前|年"
_PATTERN = re.compile(
    rf"""(?P<blank>\s+)
    |(?P<text>"[^"]*"|'[^']*'|“[^”]*”|‘[^’]*’|「[^」]*」)
    |(?P<day>\d{{4}}-\d{{1,2}}-\d{{1,2}})
    |(?P<number>(?P<sign>{_SIGNS})?\s?(?P<digits>-?\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|-?\d+(?:\.\d+)?)\s?(?P<unit>(?:{_UNITS})(?![A-Za-z_]))?(?P<ago>\s+ago\b)?)
    |(?P<mark>>=|<=|!=|<>|==|&&|\|\||[=<>≥≤≠(),])
    |(?P<name>(?:{_ENDS})|[A-Za-z_\u4e00-\u9fff](?:(?!{_ENDS})[\w.\u4e00-\u9fff])*)
    """,
    re.VERBOSE,
)
_QUOTES = "\"'“‘「"


def tokens(rule: str) -> list[Token]:
    """The words of a rule, with an `end` after the last.

    Raises:
        UsageError: for a sign that no rule has, or a text whose quote is not closed; shows where.
    """
    plain, found, at = rule.translate(_WIDE), list[Token](), 0
    while at < len(plain):
        match = _PATTERN.match(plain, at)
        if match is None:
            raise _stranger(rule, at)
        if match.lastgroup != "blank" and not match["blank"]:
            found.append(_token(match, rule))
        at = match.end()
    return [*found, Token("end", "", len(rule))]


def _token(match: re.Match[str], rule: str) -> Token:
    at, text = match.start(), match.group()
    if match["number"]:
        digits, unit = match["digits"], (match["unit"] or "") + (" ago" if match["ago"] else "")
        return Token("number", digits.replace(",", ""), at, unit, match["sign"] or "", "," in digits)
    if match["text"]:
        return Token("text", rule[at + 1 : match.end() - 1], at)
    if match["day"]:
        return Token("day", text, at)
    if (match["mark"] and text not in _KEYWORDS) or text in _MARKS:
        return Token("mark", _MARKS.get(text, text), at)
    word = text.lower()
    return Token("keyword", _KEYWORDS[word], at) if word in _KEYWORDS else Token("name", text, at)


def _stranger(rule: str, at: int) -> Exception:
    if rule[at] in _QUOTES:
        return mistake(
            rule,
            at,
            what=Say("这里的引号没有收尾。", "This quote is not closed."),
            fix=Say("在文字后面补上引号。", "Put a quote after the text."),
        )
    return mistake(
        rule,
        at,
        what=Say(f"规则里没有“{rule[at]}”这个符号。", f"No rule has the sign {rule[at]}."),
        fix=Say(
            '写成这样：spend >= 5000 and city in ("上海", "杭州")。', 'Write it like spend >= 5000 and city in ("Shanghai", "Hangzhou").'
        ),
    )
