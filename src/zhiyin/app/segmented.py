"""The groups of a run: value tiers, behaviour groups, the segments that people defined, and who came into each and who left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import ibis
import pandas as pd

from zhiyin.app.predicted import of_today, young
from zhiyin.app.promoting import put_on_shelf
from zhiyin.app.vocabulary import segment_log, speech_of, vocabulary_for
from zhiyin.app.work import Work
from zhiyin.core.errors import StoreError, TooLittleData, UsageError
from zhiyin.core.tables import TABLES
from zhiyin.core.words import Say
from zhiyin.guard.access import RUN, Access
from zhiyin.predict.inputs import inputs_of
from zhiyin.predict.membership import moves
from zhiyin.predict.novelty import new_shares
from zhiyin.predict.rules.filters import members
from zhiyin.predict.rules.parse import parse
from zhiyin.predict.segments import GROUPS, NEEDS, SPOKEN, BehaviourGroups, behaviour_segments, fit_groups, tier_segments
from zhiyin.unify.facts import Facts
from zhiyin.unify.spans import EVERYBODY, Span

if TYPE_CHECKING:
    from zhiyin.learn.base import ModelBase
    from zhiyin.learn.card import Card
    from zhiyin.store.segments import Defined

__all__ = ["group", "remember"]

PIECE = 50_000  # customers who are put into groups at a time
_COLUMNS = sorted(({*NEEDS, *SPOKEN} | inputs_of((*NEEDS, *SPOKEN))) & set(TABLES["profile_at"].names))
_GROUP = ("customer_id", "scheme", "segment_id")


def group(work: Work, facts: Facts) -> None:
    """Write `segment`: value tiers and behaviour groups. What is learned of customers later in a run adds its own schemes."""
    groups = _groups_model(work, facts)
    defined = segment_log(work.home).defined()
    names = {(one.scheme, one.segment_id): one.name for one in defined if one.scheme != "rule"}
    pieces = work.spans(work.table("profile"), size=PIECE)
    work.write_parts("predict", "segment", parts=(_named(_segments(work, groups, span), names) for span in pieces))


def _groups_model(work: Work, facts: Facts) -> BehaviourGroups | None:
    """Behaviour groups, where there are customers enough; groups learned again keep the ids of those they go on from."""
    try:
        model, card = young(work, "segment", model=GROUPS) or _fitted(work, facts)
    except TooLittleData as little:
        work.notes.append(little.what)
        return None
    work.cards.append(card)
    return model if isinstance(model, BehaviourGroups) else None


def _fitted(work: Work, facts: Facts) -> tuple[ModelBase, Card]:
    news = work.frame(new_shares(facts.lines.filter(facts.lines["on"] < ibis.date(work.at)), at=work.at))
    rows = of_today(work, EVERYBODY, *_COLUMNS).merge(news, on="customer_id", how="left")
    model = fit_groups(rows, seed=work.home.settings.learning.seed, before=_before(work))
    work.notes.append(model.said())
    return model, put_on_shelf(work, model, card=replace(model.card(), question="segment"))


def _before(work: Work) -> BehaviourGroups | None:
    """The groups that were learned last, however long ago; none where their files are damaged."""
    shelf = work.home.shelf
    try:
        model_id = shelf.latest("segment", skip_damaged=True)
    except StoreError:
        return None
    model = shelf.load(model_id) if model_id and shelf.card(model_id).name == GROUPS else None
    return model if isinstance(model, BehaviourGroups) else None


def _segments(work: Work, groups: BehaviourGroups | None, span: Span) -> pd.DataFrame:
    """Value tiers for everybody of a piece, and behaviour groups."""
    profile = span.of(work.table("profile"))
    tiers = tier_segments(work.frame(profile.select("customer_id", "tier", "recency_score", "frequency_score", "monetary_score")))
    return tiers if groups is None else pd.concat([tiers, behaviour_segments(groups, of_today(work, span, *_COLUMNS))], ignore_index=True)


def _named(rows: pd.DataFrame, names: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """Groups by the names that people gave them."""
    for (scheme, segment_id), name in names.items():
        rows.loc[(rows["scheme"] == scheme) & (rows["segment_id"] == segment_id), ["name_zh", "name_en"]] = name
    return rows


def remember(work: Work) -> None:
    """Go on with `membership`, when all groups and predictions are written; a run of an earlier day than it reaches leaves it as it is."""
    rules = [one for one in segment_log(work.home).defined() if one.scheme == "rule"]
    known = work.table("membership")
    if work.build.has("membership"):
        later = known.filter((known["since_on"] > ibis.date(work.at)) | (known["until_on"] > ibis.date(work.at)))
        if work.build.count(later):
            work.notes.append(_EARLIER.fill(day=work.at))
            return
    found = list(_by_rules(work, rules))
    rows = work.table("segment").select(*_GROUP)
    today = work.build.scratch("memberships", ibis.union(rows, *(members for _, members in found)) if found else rows)
    renewed = [*(one.segment_id for one, _ in found), *_gone(work, rules)]
    kept = known.filter((known["scheme"] != "rule") | known["segment_id"].isin(renewed))
    change = moves(kept, today, at=work.at)
    amended, removed = work.build.scratch("moved", change.amended), work.build.scratch("unmoved", change.removed)
    work.build.amend("membership", amended)
    work.build.remove("membership", removed)


def _gone(work: Work, rules: list[Defined]) -> list[str]:
    """Segments that people took away: whoever was in one leaves it. One whose rule cannot be read any more stays as it was."""
    now = {one.segment_id for one in rules}
    return sorted({one.segment_id for one in segment_log(work.home).history() if one.scheme == "rule"} - now)


def _by_rules(work: Work, rules: list[Defined]) -> Iterator[tuple[Defined, ibis.Table]]:
    """The members of each segment whose rule can be read."""
    speech = speech_of(rules, vocabulary_for(Access(RUN, "analysis")), currency=work.home.settings.currency)
    tables = {name: work.table(name) for name in ("profile", "profile_at", "customer", "prediction", "segment")}
    for one in rules:
        try:
            rule = parse(one.rule, speech)
        except UsageError:
            work.notes.append(_UNREADABLE.fill(name=one.name))
            continue
        found = members(rule, tables, at=work.at)
        yield one, found.select("customer_id", scheme=ibis.literal("rule"), segment_id=ibis.literal(one.segment_id))


_EARLIER = Say(
    "分群的进出记录已经写到 {day} 之后，这次运行没有改动它。",
    "The history of the groups reaches beyond {day}; this run left it as it is.",
)
_UNREADABLE = Say(
    "分群“{name}”的规则读不懂了，成员没有更新；用 `zhiyin segments` 看原因。",
    "The rule of the segment {name} cannot be read any more, its members were not renewed; see `zhiyin segments`.",
)
