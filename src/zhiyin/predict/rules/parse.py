"""What does a rule say? A recursive descent through its words to a tree; every mistake is shown where it stands.

    rule   = all ("or" all)*
    all    = part ("and" part)*
    part   = "not" part | "(" rule ")" | "in" "segment" text | term beside
    beside = ("=" | "!=" | "<" | "<=" | ">" | ">=") value | ["not"] "in" "(" value ("," value)* ")"
           | ["not"] "between" value "and" value | ["is"] ["not"] ("known" | "unknown")

`common-expression-language` (Apache-2.0, 6 MB) was looked at: it evaluates a compiled program on values and gives no tree, so
no relation can be made of it; and it knows no money, no days and no Chinese.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from zhiyin.core.errors import listed
from zhiyin.core.words import Say
from zhiyin.predict.rules.literals import kind_beside, value_of
from zhiyin.predict.rules.mistakes import mistake
from zhiyin.predict.rules.terms import Term, Vocabulary, typed
from zhiyin.predict.rules.tokens import Token, tokens
from zhiyin.predict.rules.tree import All, Among, Any, Between, Compared, Inside, Known, Not, Rule, Value, Within

__all__ = ["LONGEST", "Speech", "parse"]

LONGEST = 2000  # signs of a rule: more was pasted by mistake, and depth is bounded by it
_DEEPEST = 40
_SHOWN = 24
_ORDERED = ("<", "<=", ">", ">=")
_VALUES = ("text", "name", "number", "day")


class Speech(NamedTuple):
    """What rules are written in.

    Args:
        words: the terms.
        currency: ISO 4217 code of all money.
        segments: name -> rule of the other segments, for `in segment "NAME"`.
    """

    words: Vocabulary
    currency: str
    segments: Mapping[str, str] = {}


def parse(rule: str, speech: Speech) -> Rule:
    """The tree of a rule.

    Raises:
        UsageError: for a mistake; shows where, and what could stand there.
    """
    return _parsed(rule, speech, ())


def _parsed(rule: str, speech: Speech, through: tuple[str, ...]) -> Rule:
    if not rule.strip():
        raise mistake(rule, 0, what=Say("规则是空的。", "The rule is empty."), fix=_LIKE)
    if len(rule) > LONGEST:
        raise mistake(rule, LONGEST, what=Say(f"规则太长，最多 {LONGEST} 个字。", f"The rule is too long: at most {LONGEST} signs."), fix=Say("拆成几个分群，用 in segment 连起来。", "Make several segments and join them with in segment."))  # fmt: skip
    reader = _Reader(rule, speech, through=through)
    tree = reader.rule()
    reader.expect_end()
    return tree


def _above(low: Value, high: Value) -> bool:
    match low, high:
        case int() | float(), int() | float():
            return low > high
        case date(), date():
            return low > high
        case Within(), Within():
            return low.days < high.days
    return False


_LIKE = Say('写成这样：spend >= 5000 and city in ("上海", "杭州")。', 'Write it like spend >= 5000 and city in ("Shanghai", "Hangzhou").')


class _Reader:
    """Goes through the words of one rule."""

    def __init__(self, rule: str, speech: Speech, *, through: tuple[str, ...]) -> None:
        self.text = rule
        self.speech = speech
        self.through = through
        self.words = tokens(rule)
        self.place = 0
        self.depth = 0

    def rule(self) -> Rule:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self._mistake(self._now, Say("括号或 not 套得太深。", "Brackets or nots are nested too deep."), _LIKE)
        found = self._joined("or", lambda: self._joined("and", self._part, All), Any)
        self.depth -= 1
        return found

    def expect_end(self) -> None:
        if self._now.kind != "end":
            raise self._mistake(
                self._now,
                Say("前面已经说完，这里接不上。", "The condition before is complete; this does not go on from it."),
                Say("两个条件之间写 and（且）或 or（或）。", "Put and or or between two conditions."),
            )

    @property
    def _now(self) -> Token:
        return self.words[self.place]

    def _is(self, *texts: str) -> bool:
        return self._now.kind in ("keyword", "mark") and self._now.text in texts

    def _take(self) -> Token:
        token = self._now
        self.place = min(self.place + 1, len(self.words) - 1)
        return token

    def _took(self, *texts: str) -> bool:
        if self._is(*texts):
            self._take()
            return True
        return False

    def _joined(self, word: str, inner: Callable[[], Rule], made: type[All] | type[Any]) -> Rule:
        parts = [inner()]
        while self._took(word):
            parts.append(inner())
        return parts[0] if len(parts) == 1 else made(tuple(parts))

    def _part(self) -> Rule:
        if self._is("not"):
            self._take()
            self.depth += 1
            if self.depth > _DEEPEST:
                raise self._mistake(self._now, Say("括号或 not 套得太深。", "Brackets or nots are nested too deep."), _LIKE)
            found = Not(self._part())
            self.depth -= 1
            return found
        if self._took("("):
            inner = self.rule()
            self._close()
            return inner
        if self._took("in"):
            return self._segment()
        return self._beside(self._term())

    def _close(self) -> None:
        if not self._took(")"):
            raise self._mistake(self._now, Say("这里少一个右括号。", "A closing bracket is missing here."), Say("补上 )。", "Add )."))

    def _term(self) -> Term:
        token = self._take()
        if token.kind == "name":
            term = self.speech.words.find(token.text)
            if term:
                return term
            raise self._unknown(token)
        if token.kind == "end":
            raise self._mistake(token, Say("规则没有说完。", "The rule is not complete."), _LIKE)
        raise self._mistake(token, Say("这里应当是一个列名。", "The name of a column should stand here."), _LIKE)

    def _beside(self, term: Term) -> Rule:
        self._took("is")
        no = self._took("not")
        if self._is("known", "unknown"):
            negated = (self._take().text == "unknown") != no
            return Not(Known(term)) if negated else Known(term)
        if self._took("in"):
            found: Rule = self._among(term)
        elif self._took("between"):
            found = self._between(term)
        elif self._now.kind == "mark" and self._now.text not in ("(", ")", ",") and not no:
            found = self._compared(term)
        else:
            raise self._mistake(
                self._now,
                Say(f"{term.name} 后面应当是比较，例如 >=、=、in、between、is known。", f"A comparison should follow {term.name}: >=, =, in, between, is known."),
                _LIKE,
            )  # fmt: skip
        return Not(found) if no else found

    def _compared(self, term: Term) -> Rule:
        mark = self._take()
        term, value = self._value(term)
        if mark.text in _ORDERED and term.kind in ("text", "list"):
            raise self._mistake(
                mark,
                Say(f"{term.name} 是文字，没有大小。", f"{term.name} is a text: it is neither more nor less."),
                Say("用 = 或 in。", "Use = or in."),
            )
        if mark.text == "!=" and term.kind == "list":
            return Not(Compared(term, "=", value))
        return Compared(term, mark.text, value)

    def _between(self, term: Term) -> Rule:
        start = self._now
        term, low = self._value(term)
        if not self._took("and", "or"):
            raise self._mistake(self._now, Say("between 要两个值，中间写 and。", "between takes two values with and in the middle."), Say("例如 between 3 and 10。", "For example between 3 and 10."))  # fmt: skip
        term, high = self._value(term)
        if term.kind in ("text", "list"):
            raise self._mistake(start, Say(f"{term.name} 是文字，没有大小。", f"{term.name} is a text: it is neither more nor less."), Say("用 = 或 in。", "Use = or in."))  # fmt: skip
        if _above(low, high):
            raise self._mistake(start, Say("第一个值比第二个大，没有客户符合。", "The first value is above the second: nobody fits."), Say("把两个值换过来。", "Swap them."))  # fmt: skip
        return Between(term, low, high)

    def _among(self, term: Term) -> Rule:
        if not self._took("("):
            raise self._mistake(self._now, Say("in 后面要一个括号里的清单。", "A list in brackets should follow in."), Say('例如 in ("上海", "杭州")。', 'For example in ("Shanghai", "Hangzhou").'))  # fmt: skip
        values: list[Value] = []
        while True:
            if self._now.grouped:
                raise self._mistake(
                    self._now,
                    Say("清单里的逗号分隔两个值，看不出这是一个数还是两个。", "In a list a comma parts two values: this may be one number or two."),
                    Say("一个数写成 1000；两个数在逗号后空一格。", "Write one number as 1000, two with a blank after the comma."),
                )  # fmt: skip
            term, value = self._value(term)
            values.append(value)
            if not self._took(","):
                break
        self._close()
        return Among(term, tuple(dict.fromkeys(values)))

    def _value(self, term: Term) -> tuple[Term, Value]:
        token = self._take()
        if token.kind not in _VALUES:
            raise self._mistake(token, Say("这里应当是一个值。", "A value should stand here."), _LIKE)
        term = typed(term, kind_beside(term, token))
        return term, value_of(term, token, rule=self.text, currency=self.speech.currency)

    def _segment(self) -> Rule:
        self._took("segment")
        token = self._take()
        if token.kind not in ("text", "name"):
            raise self._mistake(token, Say("这里应当是分群的名字。", "The name of a segment should stand here."), Say('例如 in segment "高价值客户"。', 'For example in segment "good ones".'))  # fmt: skip
        if token.text in self.through:
            raise self._mistake(token, Say(f"分群“{token.text}”绕一圈又用到自己。", f"The segment {token.text} comes back to itself."), Say("直接写出条件。", "Write the condition itself."))  # fmt: skip
        if token.text not in self.speech.segments:
            known = listed(self.speech.segments)
            raise self._mistake(
                token,
                Say(f"没有叫“{token.text}”的分群。", f"There is no segment called {token.text}."),
                Say(f"已有：{known or '还没有'}。", f"There are: {known or 'none yet'}."),
            )
        return Inside(token.text, _parsed(self.speech.segments[token.text], self.speech, (*self.through, token.text)))

    def _unknown(self, token: Token) -> Exception:
        words = self.speech.words
        if token.text in words.hidden:
            return self._mistake(
                token,
                Say(f"{token.text} 不能用来分群。", f"{token.text} may not be used for segments."),
                Say("换一列；`zhiyin segments words` 列出可以用的。", "Use another column; `zhiyin segments words` lists them."),
            )
        near = words.near(token.text)
        some = listed(words.terms, most=_SHOWN)
        maybe = Say(f"是不是 {'、'.join(near)}？", f"Did you mean {' or '.join(near)}? ") if near else Say("", "")
        return self._mistake(
            token,
            Say(f"没有“{token.text}”这一列。", f"There is no column {token.text}."),
            Say(f"{maybe.zh}可以用的有：{some}；全部见 `zhiyin segments words`。", f"{maybe.en}There are {some}; `zhiyin segments words` lists all."),
        )  # fmt: skip

    def _mistake(self, token: Token, what: Say, fix: Say) -> Exception:
        return mistake(self.text, token.at, what=what, fix=fix)
