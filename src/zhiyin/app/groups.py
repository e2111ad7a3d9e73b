"""Which groups is this one customer in, since when, and why? Without Ibis: a rule is decided on the customer's own row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from zhiyin.app.codes import words_of
from zhiyin.app.vocabulary import segment_log, speech_of, vocabulary_for
from zhiyin.core.errors import UsageError
from zhiyin.guard.access import RUN, Access, Guard
from zhiyin.predict.rules.decide import holds
from zhiyin.predict.rules.parse import parse
from zhiyin.predict.rules.terms import Term
from zhiyin.predict.rules.tree import terms_of
from zhiyin.predict.rules.written import sentence

if TYPE_CHECKING:
    from zhiyin.app.home import Home

__all__ = ["groups_of", "row_of"]

_LABELS = ("segment_id", "name_zh", "name_en")


def groups_of(home: Home, guard: Guard, access: Access, *, customer: str, profile: Mapping[str, Any]) -> list[dict[str, object]]:
    """Lifecycle, value tier, behaviour group, and the segments whose rule the customer fulfils now.

    A segment that was saved a moment ago is there at once; `since_on` follows with the next run.

    Args:
        home: the workspace.
        guard: over the generation.
        access: who asks, what for.
        customer: the customer's id.
        profile: the row of `profile`, empty where there is none.

    Returns:
        Columns of `segment` with `since_on`: since when, None where no run has noted it yet.

    Raises:
        NotFound, PrivacyError: see `Guard.row`.
    """
    groups = guard.row("segment", customer, access)
    since = {(row["scheme"], row["segment_id"]): row["since_on"] for row in _noted(guard, access, customer) if row["until_on"] is None}
    stage = _stage(customer, profile)
    found = [*stage, *({**row, "since_on": since.get((row["scheme"], row["segment_id"]))} for row in groups)]
    rules = _fulfilled(home, guard, access, customer=customer, profile=profile) if profile else []
    return found + [{**row, "since_on": since.get(("rule", row["segment_id"]))} for row in rules]


def row_of(terms: Iterable[Term], tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, object]:
    """What is known of a customer, by the names of terms, for `decide.holds`.

    Args:
        terms: what is asked about.
        tables: the rows of the customer in each table that the terms name; `profile_at` and `prediction` of the day of the list.
    """
    return {term.name: _value(term, tables.get(term.table, ())) for term in terms}


def _value(term: Term, rows: Sequence[Mapping[str, Any]]) -> object:
    if term.table == "prediction":  # of several categories or campaigns the likeliest counts
        answers = (row["value"] for row in rows if row["question"] == term.column and (term.many or row["subject_id"] == ""))
        return max(answers, default=None)
    if term.table == "segment":
        return tuple(str(row[name]) for row in rows if row["scheme"] == term.column for name in _LABELS)
    if not rows:
        return () if term.kind == "list" else None
    if term.name.startswith("attribute."):
        return json.loads(rows[0]["attributes"] or "{}").get(term.column, {}).get("value")
    if term.column == "interests":
        return tuple(one["category"] for one in json.loads(rows[0]["interests"] or "[]"))
    return rows[0].get(term.column)  # hidden from who asks: not known


def _noted(guard: Guard, access: Access, customer: str) -> list[dict[str, object]]:
    return guard.row("membership", customer, access) if guard.holds("membership") else []


def _stage(customer: str, profile: Mapping[str, Any]) -> list[dict[str, object]]:
    """The lifecycle stage as a group, with the day on which the customer entered it."""
    if not profile:
        return []
    words, days = words_of("stage", profile["stage"]), profile["days_since_order"]
    why = {"reason_zh": "还没有下过单。", "reason_en": "Has not ordered yet."}
    if days is not None:
        why = {"reason_zh": f"距上次下单 {days} 天，按这位客户自己的节奏判断。", "reason_en": f"{days} days since the last order, judged by the customer's own rhythm."}  # fmt: skip
    group = {"customer_id": customer, "scheme": "lifecycle", "segment_id": profile["stage"], "name_zh": words.zh, "name_en": words.en}
    return [{**group, **why, "since_on": profile["stage_since_on"]}]


def _fulfilled(home: Home, guard: Guard, access: Access, *, customer: str, profile: Mapping[str, Any]) -> list[dict[str, object]]:
    """The segments that people defined and that hold for this customer."""
    defined = [one for one in segment_log(home).defined() if one.scheme == "rule"]
    if not defined:
        return []
    speech = speech_of(defined, vocabulary_for(Access(RUN, "analysis")), currency=home.settings.currency)
    at, tables = date.fromisoformat(str(profile["at_on"])), {"profile": [profile]}
    found: list[dict[str, object]] = []
    for one in defined:
        try:
            rule = parse(one.rule, speech)
        except UsageError:  # the list of segments says why
            continue
        terms = list(terms_of(rule))
        for name in {term.table for term in terms} - set(tables):
            tables[name] = [row for row in guard.row(name, customer, access) if row.get("at_on", at) == at]
        if holds(rule, row_of(terms, tables), at=at):
            told = sentence(rule, currency=home.settings.currency)
            found.append(
                {
                    **{"customer_id": customer, "scheme": "rule", "segment_id": one.segment_id, "name_zh": one.name, "name_en": one.name},
                    **{"reason_zh": told.zh, "reason_en": told.en},
                }
            )
    return found
