"""What may a rule speak of? Columns of the customer view, declared attributes, predictions and groups, each with its kind."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from zhiyin.core.schema import Column
from zhiyin.core.tables import TABLES
from zhiyin.core.words import Say

__all__ = ["KINDS", "SCHEMES", "VIEW", "Kind", "Term", "Vocabulary", "typed", "vocabulary"]

Kind = Literal["money", "number", "share", "days", "day", "text", "list", "any"]

KINDS: dict[Kind, Say] = {
    "money": Say("金额", "an amount of money"),
    "number": Say("数字", "a number"),
    "share": Say("比例", "a share"),
    "days": Say("天数", "a number of days"),
    "day": Say("日期", "a day"),
    "text": Say("文字", "a text"),
    "list": Say("几个词", "several words"),
    "any": Say("属性", "an attribute"),
}
VIEW = ("profile", "profile_at", "customer")  # one row a customer each; the first that has a column is asked
SCHEMES = ("rfm", "behaviour")
_UNITS: dict[str, Kind] = {"minor units": "money", "days": "days", "share": "share", "probability": "share"}
_LEFT_OUT = ("customer_id", "at_on", "attributes", "currency")
_NEAR = 0.55


@dataclass(frozen=True)
class Term:
    """One thing that a rule can ask about.

    Args:
        name: as it is written: `spend`, `attribute.city`, `prediction.churn`.
        kind: what it is compared with; `any` for an attribute, which is a text, a number or a day by what it is compared with.
        table: where it stands.
        column: its column, or the attribute, the question, the scheme.
        words: what people call it.
        choices: code -> words, where only these values occur.
        many: a question with several answers a customer, of which the highest counts.
    """

    name: str
    kind: Kind
    table: str
    column: str
    words: Say
    choices: Mapping[str, Say] = field(default_factory=dict, hash=False)
    many: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """All terms by name, with what else they are called; attributes that were never met are known by `attribute.NAME` only."""

    terms: Mapping[str, Term]
    called: Mapping[str, str]
    hidden: frozenset[str] = frozenset()

    def find(self, word: str) -> Term | None:
        """The term of this name, in Chinese or English."""
        name = word if word in self.terms else self.called.get(word, word)
        family, _, rest = name.partition(".")
        if name not in self.terms and family in ("attribute", "属性") and rest:
            return _attribute(rest)
        return self.terms.get(name)

    def near(self, word: str) -> list[str]:
        """Names that look like this one, the likeliest first."""
        names = [*self.terms, *self.called]
        return difflib.get_close_matches(word.lower(), names, n=3, cutoff=_NEAR)


def vocabulary(
    columns: Mapping[str, Collection[str]],
    *,
    choices: Mapping[str, Mapping[str, Say]],
    questions: Mapping[str, tuple[Kind, Say, bool]],
    attributes: Collection[str] = (),
) -> Vocabulary:
    """The vocabulary of an actor.

    Args:
        columns: table -> the columns that the actor may use; those that are declared and missing here are hidden.
        choices: column -> code -> words, for columns with a fixed set of values.
        questions: question -> the kind of its answer, its words, and whether it has several answers a customer.
        attributes: declared attributes that are known; they may be written without `attribute.`.
    """
    terms: dict[str, Term] = {}
    hidden: set[str] = set()
    for table in VIEW:
        for column in TABLES[table].columns:
            if column.name in terms or column.name in _LEFT_OUT:
                continue
            if column.name in columns.get(table, ()):
                terms[column.name] = _of_column(table, column, choices.get(column.name, {}))
            else:
                hidden.add(column.name)
    if "value" in columns.get("prediction", ()):
        asked = {f"prediction.{name}": (name, *answer) for name, answer in questions.items()}
        terms |= {title: Term(title, kind, "prediction", name, words, many=many) for title, (name, kind, words, many) in asked.items()}
    if "segment_id" in columns.get("segment", ()):
        terms |= {f"segment.{name}": Term(f"segment.{name}", "list", "segment", name, _SCHEME_WORDS[name]) for name in SCHEMES}
    if "attributes" not in columns.get("profile", ()):
        return Vocabulary(terms, _called(terms), frozenset({*hidden, *attributes}))
    told = {name: _attribute(name) for name in attributes}
    terms |= {term.name: term for term in told.values()}
    called = _called(terms) | {name: term.name for name, term in told.items() if name not in terms}
    return Vocabulary(terms, called, frozenset(hidden))


# What the attributes that zhiyin's own mappings name are called; a company's own go by the name it gave them.
_ATTRIBUTES = {
    "city": Say("城市", "city"), "province": Say("省份", "province"), "birthday": Say("生日", "birthday"), "gender": Say("性别", "gender"),
    "age": Say("年龄", "age"), "company": Say("公司", "company"), "level": Say("会员等级", "level"), "industry": Say("行业", "industry"),
}  # fmt: skip
_SCHEME_WORDS = {"rfm": Say("价值分层", "value tier"), "behaviour": Say("行为分群", "behaviour group")}


def _of_column(table: str, column: Column, choices: Mapping[str, Say]) -> Term:
    kind = _UNITS.get(column.unit, "number")
    if column.name == "interests":
        kind = "list"
    elif column.type == "date":
        kind = "day"
    elif column.type == "string":
        kind = "text"
    words = column.words if column.name != "interests" else Say("喜欢的品类", "favourite categories")
    return Term(column.name, kind, table, column.name, words, choices)


def _attribute(name: str) -> Term:
    return Term(f"attribute.{name}", "any", "profile", name, _ATTRIBUTES.get(name, Say(name, name)))


def _called(terms: Mapping[str, Term]) -> dict[str, str]:
    """Chinese names, where only one term has them, and `stage` in other words."""
    names: dict[str, list[str]] = {}
    for term in terms.values():
        names.setdefault(term.words.zh.replace(" ", ""), []).append(term.name)
    found = {zh: own[0] for zh, own in names.items() if len(own) == 1}
    return found | {name: target for name, target in _ALSO.items() if target in terms}


_ALSO = {"消费": "spend", "人生阶段": "stage", "阶段": "stage", "等级": "tier", "距上次购买": "days_since_order", "interest": "interests", "兴趣": "interests"}  # fmt: skip


def typed(term: Term, kind: Kind) -> Term:
    """An attribute, compared with a value of this kind."""
    return replace(term, kind=kind)
