"""Step one of a run: whose is each record, what do we know of each customer, today and on the days models learn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import pandas as pd

from zhiyin.app.corrections import corrected
from zhiyin.app.filled import fill_behaviour, with_categories
from zhiyin.app.known import Reader
from zhiyin.app.linking import link_new
from zhiyin.app.work import Work
from zhiyin.core.errors import TooLittleData
from zhiyin.core.words import Say
from zhiyin.store.merges import CURSOR
from zhiyin.unify.activity import activity
from zhiyin.unify.facts import Facts, gather
from zhiyin.unify.features import features
from zhiyin.unify.interests import interests
from zhiyin.unify.merge import resolve
from zhiyin.unify.norms import norms
from zhiyin.unify.offers import offers, received
from zhiyin.unify.profile import profile, values
from zhiyin.unify.spans import EVERYBODY, Span

if TYPE_CHECKING:
    from zhiyin.store.lake import LakeBuild

__all__ = ["identify", "know", "profiles_at"]

_ACTIVE = ("batch", "event", "order_line", "touch", "outcome")
SOON_DAYS = 7  # a campaign that begins within a week can be prepared today
LATELY_DAYS = 84  # who has not bought for longer is won back, not invited
LEARNERS = 100_000  # customers whose past days are counted; at most 50 000 examples of them are learned from (`Question.most_rows`)
PROFILED = 100_000  # customers whose profiles are made at a time (measured: 240 000 fitted once and failed once)
ROWS = 100_000  # customers times days that are counted at a time (measured: 423 000 do not fit into the default lake.memory_mb)
STALE_DAYS = 14  # a shop that sold nothing for so long has probably not been loaded
_TABLES = ("record", "order_line", "product", "attribute", "event", "touch", "outcome", "campaign", "offer")


def identify(work: Work) -> None:
    """Compare what is new, append what was found to the merge log, and write who is who."""
    link_new(work.home, Reader(work.guard, work.frame))
    merges = work.home.merges
    read_up_to = merges.last()
    records = work.frame(work.table("record", "identity").select("record_id", "source", "since_on"))
    work.write("unify", "identity", rows=resolve(records, merges.findings(), said=merges.decisions()))
    _note_position(work.build, read_up_to)


def _note_position(build: LakeBuild, position: int) -> None:
    """Up to where in the merge log this generation tells who is who: what people said later is read from the log."""
    row = pd.DataFrame({"name": [CURSOR], "position": [position]})
    build.append("cursor", row.head(0))
    build.amend("cursor", build.scratch("merge_cursor", row))


def know(work: Work) -> Facts:
    """What happened before the day of the list, counted once and kept for all that follows; writes customers and profiles.

    Raises:
        TooLittleData: when nobody was known before that day.
    """
    tables = {name: work.known(name) for name in _TABLES} | {"identity": work.table("identity")}
    tables |= {name: corrected(work.home, tables[name], name=name) for name in ("attribute", "product")}
    tables["product"], categories = with_categories(work, tables["product"])
    facts = gather(tables, currency=work.home.settings.currency).kept(work.build.scratch)
    fill_behaviour(work, facts, categories=categories)
    work.write("unify", "customer", rows=facts.customers)
    work.write("unify", "activity", rows=activity({name: work.table(name) for name in _ACTIVE}, currency=work.home.settings.currency))
    work.write("unify", "norm", rows=norms(facts.days, at=work.at))
    if not work.write_parts("unify", "profile", parts=_profiles(work, facts)):
        raise _nobody(work)
    work.notes.extend(_stale(work, facts))
    return facts


def _profiles(work: Work, facts: Facts) -> Iterator[ibis.Table]:
    """`profile` piece by piece; what compares customers is counted once for all."""
    pieces = work.spans(facts.customers, size=PROFILED)
    if len(pieces) == 1:
        yield profile(facts, at=work.at)
        return
    valued = work.build.scratch("valued", values(facts, at=work.at))
    for span in pieces:
        yield profile(facts.within(span), at=work.at, valued=span.of(valued))


def _nobody(work: Work) -> TooLittleData:
    """Nobody was known before the day of the list: nothing was loaded, or the day lies before the first order."""
    orders = work.table("order_line")
    first = work.frame(orders.agg(first=orders["ordered_on"].min()))["first"].iloc[0]
    if pd.isna(first):
        return TooLittleData(
            Say("还没有任何客户或订单。", "There are no customers and no orders yet."),
            fix=Say("先用 `zhiyin import` 导入至少一行。", "Load at least one row with `zhiyin import`."),
        )
    day = pd.Timestamp(first).date()
    return TooLittleData(
        Say("这一天之前还没有任何客户。", "Nobody was known before this day."),
        got=work.at,
        fix=Say(f"第一笔订单在 {day}；--as-of 写之后的一天。", f"The first order is of {day}; name a later day with --as-of."),
    )


def _stale(work: Work, facts: Facts) -> list[Say]:
    """A warning where the orders end long before the day of the list: whoever was not loaded looks as if he had stayed away."""
    last = work.frame(facts.days.agg(last=facts.days["on"].max()))["last"].iloc[0]
    silent = (work.at - pd.Timestamp(last).date()).days if pd.notna(last) else 0
    if silent <= STALE_DAYS:
        return []
    told = Say(
        "订单只到 {last}，比名单的日子早 {days} 天：没有导入的订单看起来像客户没来，预测会失准。",
        "Orders end on {last}, {days} days before the day of the list: orders that were not loaded look like customers who stayed away.",
    )
    return [told.fill(last=pd.Timestamp(last).date(), days=silent)]


def profiles_at(work: Work, facts: Facts, *, days: Sequence[date], pair_days: Sequence[date]) -> None:
    """Features of the days asked about.

    Campaigns are asked about as of their first day for who received them, and today for everybody whom one that is on,
    or begins soon, may still reach.

    Where there are very many customers, the past days are asked about a part of them: models learn from no more examples anyway.

    Args:
        work: the run.
        facts: of `know`.
        days: days of `profile_at`; campaigns that began on another day are left out.
        pair_days: days of `interest_at`.
    """
    pieces, learners = _pieces(work, facts, days)
    work.write_parts("unify", "profile_at", parts=_features(work, facts, days, pieces=pieces))
    work.write("unify", "interest_at", rows=_of_today(work, interests(facts, pair_days), learners))
    past = learners.of(received(facts))
    past = past.filter(past["at_on"].isin([ibis.date(day) for day in days]) & (past["at_on"] < ibis.date(work.at)))
    asked = work.build.scratch("asked", ibis.union(past, _reachable(work, facts)))
    work.write("unify", "campaign_at", rows=offers(facts, asked))


def _pieces(work: Work, facts: Facts, days: Sequence[date]) -> tuple[list[tuple[Span, Sequence[date]]], Span]:
    """Customers in pieces, each with the days asked about, and the span of those who are asked about the past.

    Ids are keyed digests: the first of them in their order are as good a draw as any.
    """
    small = max(ROWS // len(set(days)), 1)
    cuts = work.spans(facts.customers, size=ROWS, small=small, smalls=-(-LEARNERS // small))
    if len(cuts) == 1:
        return [(cuts[0], days)], EVERYBODY
    learning = min(-(-LEARNERS // small), len(cuts))
    pieces = [(cut, days if place < learning else [work.at]) for place, cut in enumerate(cuts)]
    return pieces, Span("", cuts[learning - 1].end)


def _features(work: Work, facts: Facts, days: Sequence[date], *, pieces: Sequence[tuple[Span, Sequence[date]]]) -> Iterator[ibis.Table]:
    """`features` piece by piece: the engine holds some seventy sums for each customer and day until all rows are counted."""
    if len(pieces) > 1:
        lines = facts.lines.select("customer_id", "product_id", "on", "amount")
        facts = replace(facts, lines=work.build.scratch("lines", lines.order_by("customer_id")))
    for span, asked in pieces:
        yield features(facts.within(span), asked)


def _of_today(work: Work, rows: ibis.Table, learners: Span) -> ibis.Table:
    """Rows of the day of the list, and those of earlier days of who is learned from."""
    if learners == EVERYBODY:
        return rows
    return rows.filter((rows["at_on"] == ibis.date(work.at)) | (rows["customer_id"] < learners.end))


def _reachable(work: Work, facts: Facts) -> ibis.Table:
    """Customers who bought lately with each campaign that is on today or begins soon, and that they have not answered."""
    profiles = work.table("profile")
    lately = profiles.filter(profiles["days_since_order"] <= LATELY_DAYS)
    campaigns = facts.campaigns
    soon = ibis.date(work.at + timedelta(days=SOON_DAYS))
    open_ = campaigns.filter((campaigns["ends_on"] >= ibis.date(work.at)) & (campaigns["starts_on"] <= soon))
    both = lately.select("customer_id").cross_join(open_.select("campaign_id"))
    unanswered = both.anti_join(facts.outcomes, ["customer_id", "campaign_id"])
    return unanswered.mutate(at_on=ibis.date(work.at)).select("customer_id", "campaign_id", "at_on")
