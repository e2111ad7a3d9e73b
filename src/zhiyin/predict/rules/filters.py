"""Which customers fulfil the rule? One relation, with only those tables that the rule asks about."""

from __future__ import annotations

import functools
import json
import operator
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING
from typing import Any as Anything

import ibis

from zhiyin.predict.rules.decide import DAY, NUMBER
from zhiyin.predict.rules.terms import Term
from zhiyin.predict.rules.tree import All, Among, Any, Between, Compared, Inside, Known, Not, Rule, Value, Within, terms_of

if TYPE_CHECKING:
    from ibis import Table
    from ibis.expr.types import BooleanValue

__all__ = ["condition", "members", "view"]

_HOW: dict[str, Callable[[Anything, Anything], Anything]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_LABELS = ("segment_id", "name_zh", "name_en")


def members(rule: Rule, tables: Mapping[str, Table], *, at: date) -> Table:
    """The customers who fulfil a rule: `customer_id`, each once.

    Args:
        rule: of `parse`.
        tables: `profile`, and those of `profile_at`, `customer`, `prediction`, `segment` that the rule asks about.
        at: the day of the list.
    """
    rows = view(rule, tables, at=at)
    return rows.filter(condition(rule, rows, at=at)).select("customer_id")


def view(rule: Rule, tables: Mapping[str, Table], *, at: date) -> Table:
    """One row a customer of `profile`, with a column for every term of the rule, by its name."""
    terms = {term.name: term for term in terms_of(rule)}
    base = tables["profile"]
    own = {name: _of_profile(base, term) for name, term in terms.items() if term.table == "profile"}
    rows = base.select("customer_id", **own)
    for table in ("profile_at", "customer", "prediction", "segment"):
        wanted = {name: term for name, term in terms.items() if term.table == table}
        if wanted:
            more = _of_table(table, tables[table], wanted, at)
            rows = rows.left_join(more, "customer_id").drop("customer_id_right")
    return rows


def condition(rule: Rule, rows: Table, *, at: date) -> BooleanValue:  # noqa: PLR0911 - one answer a kind of part
    """The rule as a condition on `view`; true or false for everybody, also where something is not known."""
    match rule:
        case All(parts):
            return functools.reduce(operator.and_, (condition(part, rows, at=at) for part in parts))
        case Any(parts):
            return functools.reduce(operator.or_, (condition(part, rows, at=at) for part in parts))
        case Not(part):
            return ~condition(part, rows, at=at)
        case Inside(_, part):
            return condition(part, rows, at=at)
        case Known(term):
            return _sure(rows[term.name] != "[]") if term.column == "interests" else rows[term.name].notnull()
        case Compared(term, how, value):
            if term.kind == "list":
                return _has(term, rows, value)
            return _sure(_HOW[how](_told(term, rows), _meant(term, value, at)))
        case Among(term, values):
            if term.kind == "list":
                return functools.reduce(operator.or_, (_has(term, rows, value) for value in values))
            return _sure(_told(term, rows).isin([_meant(term, value, at) for value in values]))
        case Between(term, low, high):
            return _sure(_told(term, rows).between(_meant(term, low, at), _meant(term, high, at)))


def _sure(condition: BooleanValue) -> BooleanValue:
    """What is not known fulfils no condition, so that `not` turns it round for everybody."""
    return ibis.coalesce(condition, ibis.literal(False))


def _has(term: Term, rows: Table, value: Value) -> BooleanValue:
    """Whether one of several words is this one: in a list written as JSON, or in the names of a group."""
    if term.table == "segment":
        return _sure(rows[term.name].contains(f"\x1f{value}\x1f"))
    return _sure(rows[term.name].contains('{"category": ' + json.dumps(str(value), ensure_ascii=False) + ","))


def _told(term: Term, rows: Table) -> Anything:  # noqa: ANN401 - a column of any type
    told = rows[term.name]
    if not term.name.startswith("attribute."):
        return told
    if term.kind == "number":
        return told.re_search(NUMBER).ifelse(told, None).cast("float64")
    return told.re_search(DAY).ifelse(told, None) if term.kind == "day" else told


def _meant(term: Term, value: Value, at: date) -> Anything:  # noqa: ANN401 - a literal of any type
    day = at - timedelta(days=value.days) if isinstance(value, Within) else value
    if not isinstance(day, date):
        return day
    return day.isoformat() if term.name.startswith("attribute.") else ibis.date(day)


def _of_profile(base: Table, term: Term) -> Anything:  # noqa: ANN401 - a column of any type
    if not term.name.startswith("attribute."):
        return base[term.column]
    return base["attributes"].cast("json")[term.column]["value"].str


def _of_table(table: str, rows: Table, wanted: Mapping[str, Term], at: date) -> Table:
    """One row a customer, with the columns that are asked about."""
    if table == "customer":
        return rows.select("customer_id", **{name: rows[term.column] for name, term in wanted.items()})
    if table == "profile_at":
        today = rows.filter(rows["at_on"] == ibis.date(at))
        return today.select("customer_id", **{name: today[term.column] for name, term in wanted.items()})
    asked = rows.filter(rows["question" if table == "prediction" else "scheme"].isin([term.column for term in wanted.values()]))
    if table == "prediction":  # of several categories or campaigns the likeliest counts
        today = asked.filter(asked["at_on"] == ibis.date(at))
        return today.group_by("customer_id").agg(**{name: today["value"].max(where=today["question"] == term.column) for name, term in wanted.items()})  # fmt: skip
    label = ibis.literal("\x1f") + functools.reduce(lambda one, other: one + "\x1f" + other, (asked[name] for name in _LABELS)) + "\x1f"
    return asked.group_by("customer_id").agg(**{name: label.max(where=asked["scheme"] == term.column) for name, term in wanted.items()})
