"""Rushes on a channel: found by the run in the days that are over, and by the live loop while a day goes on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis

from zhiyin.app.departments import tell
from zhiyin.app.work import Work
from zhiyin.core.clock import Clock, utc_now, zone
from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Actor, Guard
from zhiyin.predict.spike_words import sentence
from zhiyin.predict.spikes import Alarm, Level, Spike, levels, spikes
from zhiyin.store.live_day import LiveDay
from zhiyin.store.serving import Serving
from zhiyin.unify.facts import owned

if TYPE_CHECKING:
    import pandas as pd

    from zhiyin.app.home import Home
    from zhiyin.store.lake import LakeView

__all__ = ["LiveRushes", "alarm_of", "find_rushes", "rushes"]

INTEREST = ("Product Viewed", "Product Added")  # events that say that somebody wants a product
_DAYS = 425  # of history: a year, and the eight weeks that its first days are held against
_NEWS_DAYS = 2  # a rush that was noticed longer ago is no news for a department


def alarm_of(home: Home) -> Alarm:
    """When an alert is raised, by the settings."""
    alerts = home.settings.alerts
    return Alarm(alerts.false_a_month, alerts.least_times, alerts.least_people)


def find_rushes(work: Work) -> list[Spike]:
    """Write `spike` and `demand_level`, and tell departments of what is new."""
    counts, alarm = _counts(work), alarm_of(work.home)
    found = spikes(counts, alarm, upto=work.at - timedelta(days=1))
    usual = levels(counts, at=work.at)
    work.write("predict", "spike", rows=_frame(found, Spike))
    work.write("predict", "demand_level", rows=_frame(usual, Level).assign(at_on=work.at))
    news = [spike for spike in found if (work.at - spike.noticed_on).days <= _NEWS_DAYS]
    if _is_of_today(work):
        tell(work.home, news)
    work.notes.extend(sentence(spike) for spike in news)
    return found


def rushes(guard: Guard, actor: Actor, *, limit: int = 0) -> list[dict[str, object]]:
    """The rushes that the last run found, the newest first, with a sentence each.

    Args:
        guard: over what was published.
        actor: who asks.
        limit: at most so many, 0 for all.
    """
    access = Access(actor, "display")
    rows = guard.rows("spike", access, where={}, order="-noticed_on, place, category", limit=limit) if guard.holds("spike") else []
    return [{**row, **{f"sentence_{tongue}": words for tongue, words in _said(row)._asdict().items()}} for row in rows]


def _said(row: Mapping[str, object]) -> Say:
    """A row of `spike` in one sentence."""
    place, category, measure = (str(row[name]) for name in ("place", "category", "measure"))
    starts_on, noticed_on, ends_on = (date.fromisoformat(str(row[name])[:10]) for name in ("starts_on", "noticed_on", "ends_on"))
    expected, chance = (float(str(row[name])) for name in ("expected", "chance"))
    return sentence(Spike(place, category, measure, starts_on, noticed_on, ends_on, int(str(row["people"])), expected, chance))


def _is_of_today(work: Work) -> bool:
    """Whether the run is of these days, or of the day that the settings pin: a look back into the past tells nobody anything."""
    settings = work.home.settings
    today = utc_now().astimezone(zone(settings.timezone)).date()
    return settings.as_of == work.at or abs((today - work.at).days) <= _NEWS_DAYS


class LiveRushes:
    """Looks whether so far today more people want something than is usual on the whole day.

    Args:
        home: the workspace.
        view: an open generation, whose `demand_level` says what is usual.
        clock: what time it is.
    """

    def __init__(self, home: Home, view: LakeView, *, clock: Clock) -> None:
        self._home = home
        self._serving = Serving(view)
        self._clock = clock
        self._live = LiveDay(home.ledger)
        rows = self._serving.rows("demand_level", where={"measure": "interest"})
        self._usual = {(str(row["place"]), str(row["category"])): _level(row) for row in rows}
        self._categories: dict[str, str] = {}
        self._places: dict[str, str] = {}

    def look(self) -> int:
        """Tell departments of what is a rush by now; returns how many messages are new."""
        now = self._clock()
        today = now.astimezone(zone(self._home.settings.timezone)).date()
        people: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        steps = self._live.steps(today.isoformat(), INTEREST) if self._usual else []
        self._learn({record for record, _ in steps}, {product for _, product in steps})
        for record, product in steps:
            people[self._places.get(record, ""), self._categories.get(product, "")].add(record)
        alarm = alarm_of(self._home)
        chance = alarm.false_a_month / (30 * max(len(self._usual), 1))
        found = []
        for key, who in people.items():
            level = self._usual.get(key)
            enough = level and len(who) >= max(alarm.least_people, alarm.least_times * level.expected)
            if level and enough and (rare := level.chance(len(who))) < chance:
                found.append(Spike(*key, "interest", today, today, today, len(who), level.expected, rare))
        return tell(self._home, found, clock=lambda: now) if found else 0

    def _learn(self, records: set[str], products: set[str]) -> None:
        """Which category a product has, and which system a record is of; what is not known has none."""
        if new := products - self._categories.keys():
            rows = self._serving.rows("product", where={"product_id": sorted(new)})
            self._categories |= dict.fromkeys(new, "") | {str(row["product_id"]): str(row["category"] or "") for row in rows}
        if fresh := records - self._places.keys():
            rows = self._serving.rows("record", where={"record_id": sorted(fresh)})
            self._places |= {str(row["record_id"]): str(row["source"]) for row in rows}
            self._places |= self._live.sources(fresh - self._places.keys())


def _level(row: Mapping[str, object]) -> Level:
    expected, spread, basis_people = (float(str(row[name])) for name in ("expected", "spread", "basis_people"))
    return Level(str(row["place"]), str(row["category"]), str(row["measure"]), expected, spread, basis_people)


def _counts(work: Work) -> pd.DataFrame:
    """People a day, channel and category: who ordered, and who viewed or added to the cart."""
    import pandas as pd

    since = ibis.date(work.at - timedelta(days=_DAYS))
    products = work.table("product").select("product_id", "category")
    products = products.filter(products["category"].notnull() & (products["category"] != ""))
    identity = work.table("identity")
    lines, events = owned(work.known("order_line"), identity), owned(work.known("event"), identity)
    parts = {
        "orders": lines.filter((lines["amount"] > 0) & (lines["ordered_on"] >= since)).rename(on="ordered_on"),
        "interest": events.filter(events["name"].isin(INTEREST) & (events["happened_on"] >= since)).rename(on="happened_on"),
    }
    found = []
    for measure, rows in parts.items():
        named = rows.select("customer_id", "source", "product_id", "on").inner_join(products, "product_id")
        counted = named.group_by(place=named["source"], category=named["category"], on=named["on"]).agg(
            people=named["customer_id"].nunique()
        )
        found.append(work.frame(counted).assign(measure=measure))
    return pd.concat(found, ignore_index=True)


def _frame(rows: Sequence[Spike | Level], kind: type[Spike | Level]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([asdict(row) for row in rows], columns=[one.name for one in fields(kind)])
