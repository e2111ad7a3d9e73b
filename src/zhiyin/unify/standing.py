"""Where does this customer stand now: which stage since when and because of what, what was done of late, where last?

One pure function of the rows of `activity`, the same for rows of the lake, rows that came since, and both together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from zhiyin.unify.live import CONTACTED, ORDERED, SAVED, Day, DayKey
from zhiyin.unify.rhythm import NEW_DAYS, quiet_and_lost_after

__all__ = ["COUNTERS", "SPANS", "Cause", "Entry", "Last", "Standing", "derive"]

SPANS = (7, 28)
LONG = 84
# Counter -> the events that it counts; names of the e-commerce specification, and ours for clicks and dwell.
COUNTERS: dict[str, tuple[str, ...]] = {
    "views": ("Product Viewed",),
    "pages": ("Page Viewed", "Screen Viewed"),
    "clicks": ("Product Clicked", "Promotion Clicked", "Element Clicked"),
    "carts": ("Product Added",),
    "checkouts": ("Checkout Started", "Payment Info Entered"),
    "searches": ("Products Searched",),
    "coupons": ("Coupon Entered", "Coupon Applied"),
    "logins": ("Signed In",),
    "contacts": (CONTACTED,),
    "answers": ("redeemed", "bought", "answered"),
}
_COUNTED = {name: counter for counter, names in COUNTERS.items() for name in names}
# Event -> the counters that it adds to, and whether its money is added or how often it happened.
_SUMS = {name: ((counter, False),) for name, counter in _COUNTED.items()} | {
    ORDERED: (("orders", False), ("spend", True)),
    SAVED: (("discounted", False), ("saved", True)),
}
_BEHIND = _COUNTED | {ORDERED: "orders", SAVED: "saved"}
_EVER = 10**6  # days
_SHORT = {name: tuple((f"{name}_{days}d", days) for days in SPANS) for name in COUNTERS}
_LONG = {name: ((f"{name}_{LONG}d", LONG), (f"{name}_all", _EVER)) for name in ("orders", "spend", "saved", "discounted")}
_OVER = _SHORT | _LONG | {name: (*((f"{name}_{days}d", days) for days in SPANS), *_LONG[name]) for name in ("orders", "spend")}
# Event -> what it adds to: a figure, over how many days, and whether its money is added or how often it happened.
_ADDS = {name: [(figure, days, of_money) for counter, of_money in sums for figure, days in _OVER[counter]] for name, sums in _SUMS.items()}
_NOTHING = dict.fromkeys(
    (
        *(name for spans in _OVER.values() for name, _ in spans),
        *(f"{name}_{days}d" for name in ("seconds", "visits") for days in SPANS),
        "wanting_7d",
    ),
    0.0,
)
# How much one event of the last week, since the last order, says that somebody wants to buy: named priors, not measured.
_WANTS = {"views": 1, "searches": 1, "carts": 3, "checkouts": 5}
_WANTING = {name: points for counter, points in _WANTS.items() for name in COUNTERS[counter]}
_NO_VISIT = frozenset((ORDERED, SAVED, *COUNTERS["contacts"], *COUNTERS["answers"], "no_need", "unreachable", "refused_contact"))


_Age = tuple[datetime, str, str, str]  # time, id, name, channel: the latest event is the largest


class Cause(NamedTuple):
    """The event behind something: its name, channel, id and time (UTC)."""

    name: str
    channel: str
    id: str
    at: datetime


class Entry(NamedTuple):
    """A stage that the customer entered: when, and because of which event."""

    stage: str
    since: date
    because: Cause | None


class Last(NamedTuple):
    """The last event of a channel, and how many the channel has."""

    channel: str
    name: str
    id: str
    at: datetime
    times: int


class Standing(NamedTuple):
    """What `derive` answers.

    `stage` and `since` as in `profile`, `history` every stage entered by today's rhythm, `figures` counters by name and days,
    `causes` the last event behind each counter, `channels` the last events, latest first.
    """

    stage: str
    since: date | None
    history: list[Entry]
    figures: dict[str, float]
    causes: dict[str, Cause]
    channels: list[Last]


def derive(rows: Mapping[DayKey, Day], *, at: date, usual: float | None = None, since: date | None = None) -> Standing:
    """Where a customer stands on the day `at`, by what happened before it.

    Args:
        rows: `activity` of all records of the customer.
        at: the first day that is not known: tomorrow for what is known now.
        usual: days between two orders of the typical customer, None before anybody came twice.
        since: first day on which the customer was known otherwise, such as that of a list of customers.
    """
    known = [(key, day) for key, day in rows.items() if key.happened_on < at]
    orders = _order_days(known)
    history, stage, entered = _life(known, orders, at=at, usual=usual, since=since)
    return Standing(stage, entered, history, _figures(known, at=at), _causes(known), _channels(known))


def _order_days(known: Sequence[tuple[DayKey, Day]]) -> dict[date, Cause]:
    """The days with an order, each with its last one."""
    found: dict[date, _Age] = {}
    for key, day in known:
        if key.name == ORDERED and day.times > 0:
            age = (day.last_at, day.last_id, ORDERED, key.channel)
            found[key.happened_on] = max(found.get(key.happened_on, age), age)
    return {on: _cause(age) for on, age in sorted(found.items())}


def _life(
    known: Sequence[tuple[DayKey, Day]], orders: Mapping[date, Cause], *, at: date, usual: float | None, since: date | None
) -> tuple[list[Entry], str, date | None]:
    """Every stage entered, the stage now and since when: the same as `stages.stages` says."""
    first = _first(known)
    seen = min((day for day in (since, first[0] if first else None) if day), default=None)
    days = list(orders)
    before = seen and (not days or seen < days[0] or (first and first[1].at < orders[days[0]].at))
    lead = [Entry("lead", seen, first[1] if first and first[0] == seen else None)] if seen and before else []
    if not days:
        return lead, "lead", seen
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    quiet_after, lost_after = quiet_and_lost_after(gaps, usual)
    settled = days[0] + timedelta(days=NEW_DAYS)
    entries = [*lead, Entry("new", days[0], orders[days[0]])]
    returned = settled
    for on, later in pairwise([*days, at]):
        left = _silence(on, later, (quiet_after, lost_after), orders[on])
        if on < settled <= later and not (left and left[0].since <= settled):
            entries.append(Entry("active", settled, None))
        entries += left
        if left and later != at:
            entries.append(Entry("active" if later >= settled else "new", later, orders[later]))
            returned = max(returned, later)
    silent = (at - days[-1]).days
    stage = "lost" if silent > lost_after else "quiet" if silent > quiet_after else "new" if at < settled else "active"
    entered = {"new": days[0], "active": returned}.get(stage, entries[-1].since)
    return entries, stage, entered


def _silence(on: date, later: date, after: tuple[int, int], because: Cause) -> list[Entry]:
    """The stages that a silence from `on` to `later` led through."""
    return [
        Entry(stage, on + timedelta(days=days + 1), because)
        for stage, days in zip(("quiet", "lost"), after, strict=True)
        if (later - on).days > days
    ]


def _first(known: Sequence[tuple[DayKey, Day]]) -> tuple[date, Cause] | None:
    if not known:
        return None
    key, day = min(known, key=lambda row: (row[1].first_at, row[0]))
    only = day.last_id if day.times == 1 else ""
    return min(row[0].happened_on for row in known), Cause(key.name, key.channel, only, day.first_at)


def _figures(known: Sequence[tuple[DayKey, Day]], *, at: date) -> dict[str, float]:
    """Counters over the last days, and what rules are made of."""
    figures = _NOTHING.copy()
    visited: dict[int, set[date]] = {days: set() for days in SPANS}
    millis = dict.fromkeys(SPANS, 0)
    ordered_at = max((day.last_at for key, day in known if key.name == ORDERED and day.times > 0), default=None)
    for key, day in known:
        age = (at - key.happened_on).days
        for span, days, of_money in _ADDS.get(key.name, ()):
            if age <= days:
                figures[span] += day.amount if of_money else day.times
        if age > SPANS[-1]:
            continue
        for days in SPANS:
            if age <= days:
                millis[days] += day.millis
                if key.name not in _NO_VISIT:
                    visited[days].add(key.happened_on)
        if age <= SPANS[0] and key.name in _WANTING and (ordered_at is None or day.last_at > ordered_at):
            figures["wanting_7d"] += _WANTING[key.name] * day.times
    for days in SPANS:
        figures[f"visits_{days}d"], figures[f"seconds_{days}d"] = float(len(visited[days])), millis[days] / 1000
    return figures


def _causes(known: Sequence[tuple[DayKey, Day]]) -> dict[str, Cause]:
    """The last event behind each counter; `orders` and `saved` too."""
    last: dict[str, _Age] = {}
    for key, day in known:
        counter = _BEHIND.get(key.name)
        if counter and day.times > 0:
            age = (day.last_at, day.last_id, key.name, key.channel)
            last[counter] = max(last.get(counter, age), age)
    return {counter: _cause(age) for counter, age in last.items()}


def _channels(known: Iterable[tuple[DayKey, Day]]) -> list[Last]:
    """The last event of each channel, latest first."""
    last: dict[str, tuple[datetime, str, str]] = {}
    counts: dict[str, int] = {}
    for key, day in known:
        if key.name != SAVED:
            counts[key.channel] = counts.get(key.channel, 0) + day.times
            one = (day.last_at, key.name, day.last_id)
            last[key.channel] = max(last.get(key.channel, one), one)
    found = [Last(channel, name, id_, at, counts[channel]) for channel, (at, name, id_) in last.items()]
    return sorted(found, key=lambda one: (one.at, one.channel), reverse=True)


def _cause(age: _Age) -> Cause:
    at, id_, name, channel = age
    return Cause(name, channel, id_, at)
