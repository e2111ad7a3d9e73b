"""Proposals of cleaning: made when data come, decided by a person, read instead from the next run on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import ibis
import pandas as pd
import pyarrow as pa

from zhiyin.app.reading import published
from zhiyin.app.rows import Rows
from zhiyin.core.clock import utc_now
from zhiyin.core.errors import NotFound, UsageError, listed
from zhiyin.core.words import Say
from zhiyin.guard.access import RUN, Access, Actor, Guard
from zhiyin.unify.proposals import (
    LEAST,
    RULES,
    Proposal,
    category_proposals,
    city_proposals,
    company_proposals,
    email_proposals,
    trusted,
)

if TYPE_CHECKING:
    from zhiyin.app.home import Home

__all__ = ["corrected", "corrections", "decide", "keep_proposals", "propose_emails"]

_EMAIL = "email_domain"


def propose_emails(home: Home, people: pa.Table) -> list[Proposal]:
    """Seal what is proposed for the e-mail addresses of a batch; the proposals themselves hold no address."""
    if _confidence(home, _EMAIL) < LEAST:
        return []
    found = list(email_proposals(people))
    home.vault.seal((one.record_id, "email_proposed", one.proposed) for one in found)
    return [one._replace(told="", proposed="") for one in found]


def keep_proposals(home: Home, made: Iterable[Proposal]) -> int:
    """Write down the proposals of an import, and those that all that is known now gives rise to; returns how many are new."""
    found = list(made)
    with published(home, utc_now) as (view, guard):
        attributes, products = guard.read("attribute", Access(RUN, "analysis")), guard.read("product", Access(RUN, "analysis"))
        of_city = _counted(view.frame(_values(attributes.filter(attributes["name"] == "city"), "value")))
        of_company = _counted(view.frame(_values(attributes.filter(attributes["name"] == "company"), "value")))
        of_category = _counted(view.frame(_values(products, "category")))
    found += [*city_proposals(of_city), *company_proposals(of_company), *category_proposals(of_category)]
    sure = {rule: _confidence(home, rule) for rule in RULES}
    kept = [one._replace(confidence=round(sure[one.rule], 4)) for one in found if sure[one.rule] >= LEAST]
    return home.corrections.propose([one._asdict() for one in kept])


def corrections(home: Home, guard: Guard, actor: Actor, *, every: bool = False) -> Rows:
    """The proposals that wait for a person, e-mail addresses masked; with `every` also those that were decided."""
    rows = home.corrections.all() if every else home.corrections.all(decided=False)
    shown = _emails(guard, actor, [str(row["record_id"]) for row in rows if row["rule"] == _EMAIL])
    told = []
    for row in rows:
        before, after = shown.get(str(row["record_id"]), ("", "")) if row["rule"] == _EMAIL else (row["told"], row["proposed"])
        rule = RULES[str(row["rule"])].words
        state = "proposed" if row["accepted"] is None else "accepted" if row["accepted"] else "rejected"
        told.append({**row, "told": before, "proposed": after, "rule_zh": rule.zh, "rule_en": rule.en, "state": state})
    return Rows(told)


def decide(home: Home, actor: Actor, *, accepted: bool, one: str = "", all_of: str = "") -> Mapping[str, object]:
    """Accept or reject one proposal, or all of a rule that wait.

    Raises:
        UsageError: when neither or both are named, or there is no such rule.
        NotFound: when there is no such proposal.
    """
    if bool(one) == bool(all_of):
        raise UsageError(
            Say("要么写一个编号，要么写 --all-of 规则。", "Name one proposal, or a rule with --all-of."),
            got=one or "-",
            fix=Say("`zhiyin corrections` 列出编号和规则。", "`zhiyin corrections` lists ids and rules."),
        )
    if all_of and all_of not in RULES:
        raise UsageError(
            Say("没有这条规则。", "There is no such rule."),
            got=all_of,
            fix=Say(f"使用其中之一：{listed(RULES)}。", f"Use one of {listed(RULES)}."),
        )
    rows = home.corrections.all(decided=False) if all_of else home.corrections.all()
    ids = [str(row["correction_id"]) for row in rows if (row["rule"] == all_of if all_of else row["correction_id"] == one)]
    if not ids:
        raise NotFound(
            Say("没有这样的建议。", "There is no such proposal."),
            got=one or all_of,
            fix=Say("`zhiyin corrections` 列出等待决定的。", "`zhiyin corrections` lists those that wait."),
        )
    home.corrections.decide(ids, accepted=accepted, by=actor.id)
    sure = {rule: round(_confidence(home, rule), 4) for rule in RULES}
    return {
        "decided": len(ids),
        "accepted": accepted,
        "confidence": sure,
        "stopped": [rule for rule, share in sure.items() if share < LEAST],
    }


def corrected(home: Home, rows: ibis.Table, *, name: str) -> ibis.Table:
    """A table with the accepted corrections read in place of what was told; the facts stay as they came."""
    accepted = [row for row in home.corrections.all(accepted=True) if row["table_name"] == name and not row["record_id"]]
    for column in sorted({str(row["column_name"]) for row in accepted}):
        pairs = {str(row["told"]): str(row["proposed"]) for row in accepted if row["column_name"] == column}
        place = "value" if name == "attribute" else column
        meant = rows[place].cases(*((told, _last(pairs, told)) for told in pairs), else_=rows[place])
        applies = rows["name"] == column if name == "attribute" else ibis.literal(True)
        rows = rows.mutate(**{place: applies.ifelse(meant, rows[place])})
    return rows


def _last(pairs: Mapping[str, str], told: str) -> str:
    """Where a chain of corrections ends: A is B, B is C; a circle ends where it began."""
    seen = {told}
    while pairs.get(told) and pairs[told] not in seen:
        told = pairs[told]
        seen.add(told)
    return told


def _confidence(home: Home, rule: str) -> float:
    accepted, rejected = home.corrections.record_of_rules().get(rule, (0, 0))
    return trusted(rule, accepted=accepted, rejected=rejected)


def _values(rows: ibis.Table, column: str) -> ibis.Table:
    told = rows.filter(rows[column].notnull())
    return told.group_by(value=told[column]).agg(count=told.count())


def _counted(frame: pd.DataFrame) -> dict[str, int]:
    return {str(value): int(count) for value, count in zip(frame["value"], frame["count"], strict=True)}


def _emails(guard: Guard, actor: Actor, records: list[str]) -> dict[str, tuple[str, str]]:
    """Record -> its address and what is proposed for it, masked; before the first run nobody is in sight."""
    if not records or not guard.holds("identity"):
        return {}
    opened = guard.masked(records, ("email", "email_proposed"), Access(actor, "display"))
    return {record: (fields.get("email", ""), fields.get("email_proposed", "")) for record, fields in opened.items()}
