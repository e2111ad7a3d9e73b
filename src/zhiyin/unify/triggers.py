"""What should somebody be told at once? Rules over the last steps of one customer; each fires once an episode."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from zhiyin.core.words import Say
from zhiyin.unify.live import ORDERED, PRICED, Day, StepKey

__all__ = ["LOOK_BACK", "RULES", "Alert", "Rule", "judged"]

LOOK_BACK = timedelta(days=1)  # what happened longer ago is no reason to act at once


class Rule(NamedTuple):
    """Fires `wait` after the last event of `opens`, unless one of `stops` came since; with `times`, after so many on one product and day."""

    name: str
    words: Say
    advice: Say
    opens: tuple[str, ...]
    stops: tuple[str, ...] = ()
    wait: timedelta = timedelta()
    times: int = 1


RULES = (
    Rule(
        "cart_left",
        Say("加购后没有下单", "left the cart"),
        Say("问问还差什么，或提醒一声", "ask what is missing, or remind"),
        ("Product Added", "Checkout Started"),
        stops=(ORDERED,),
        wait=timedelta(minutes=30),
    ),
    Rule(
        "looked_thrice",
        Say("一天内三次看同一商品", "looked at one product three times in a day"),
        Say("介绍这件商品", "tell about this product"),
        ("Product Viewed",),
        times=3,
    ),
    Rule("price_page", Say("看了价格页", "looked at the prices"), Say("主动报价或约演示", "offer a quote or a demonstration"), (PRICED,)),
)


@dataclass(frozen=True)
class Alert:
    """One episode of a rule: waiting until `due_at`, fired, or stopped by `cause`; moments are naive UTC."""

    rule: str
    episode: str
    state: str
    opened_at: datetime
    due_at: datetime
    ended_at: datetime | None
    product_id: str
    cause: str


def judged(steps: Mapping[StepKey, Day], alerts: Sequence[Alert], *, now: datetime) -> list[Alert]:
    """The alerts that are new or have changed.

    Args:
        steps: what the customer did of late, see `live.Fold.steps`.
        alerts: those known of the customer.
        now: naive UTC.
    """
    recent = [(key, day) for key, day in steps.items() if day.last_at > now - LOOK_BACK]
    found: list[Alert] = []
    for rule in RULES:
        known = [alert for alert in alerts if alert.rule == rule.name]
        opening = [(key, day) for key, day in recent if key.name in rule.opens]
        if rule.wait:
            stopped = max(((day.last_at, day.last_id) for key, day in recent if key.name in rule.stops), default=(datetime.min, ""))  # noqa: DTZ901 - naive UTC
            found += _patient(rule, opening, known, stopped)
        else:
            found += _prompt(rule, opening, known)
    return found


def _prompt(rule: Rule, opening: Sequence[tuple[StepKey, Day]], known: Iterable[Alert]) -> list[Alert]:
    """Rules that fire when something was done so often on a day."""
    counted: dict[str, Day] = {}
    for key, day in opening:
        episode = f"{key.product_id}/{key.happened_on}"
        counted[episode] = counted[episode].and_(day) if episode in counted else day
    past = {alert.episode for alert in known}
    return [
        Alert(rule.name, episode, "fired", day.first_at, day.last_at, day.last_at, episode.rpartition("/")[0], day.last_id)
        for episode, day in sorted(counted.items())
        if day.times >= rule.times and episode not in past
    ]


def _patient(rule: Rule, opening: Sequence[tuple[StepKey, Day]], known: Sequence[Alert], stopped: tuple[datetime, str]) -> list[Alert]:
    """Rules that wait whether something else happens."""
    covered = max((alert.ended_at or alert.due_at for alert in known if alert.state != "waiting"), default=datetime.min)  # noqa: DTZ901 - naive UTC
    waiting = [alert for alert in known if alert.state == "waiting"]
    over = [replace(alert, state="stopped", ended_at=stopped[0], cause=stopped[1]) for alert in waiting if stopped[0] >= alert.opened_at]
    fresh = [(key, day) for key, day in opening if day.last_at > max(stopped[0], covered)]
    if not fresh:
        return over
    last_at, last_id = max((day.last_at, day.last_id) for _, day in fresh)
    due = last_at + rule.wait
    still = [alert for alert in waiting if stopped[0] < alert.opened_at]
    if still:
        return over + [replace(alert, due_at=due, cause=last_id) for alert in still if due > alert.due_at]
    opened, product = min((day.first_at if day.first_at > max(stopped[0], covered) else day.last_at, key.product_id) for key, day in fresh)
    return [*over, Alert(rule.name, opened.isoformat(timespec="microseconds"), "waiting", opened, due, None, product, last_id)]
