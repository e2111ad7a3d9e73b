"""Which channels of a customer lead nowhere, why, and since when?"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pandas as pd

from zhiyin.act.known import Known, days_of, of_customers

__all__ = ["LATELY_DAYS", "NEVER_REACHED", "Closed", "closed_channels", "open_instead"]

NEVER_REACHED = 5  # days on which a number was not answered, with no talk since, after which other channels are tried
LATELY_DAYS = 90  # of so many days; then the number is tried again
_FAULTS = {"wrong_number": "phone", "bounced": "email"}  # kind of outcome -> the address that failed
_SPOKEN, _MISSED = ("answered", "bought"), "unreachable"
_OVER = {"phone": ("phone", "sms"), "email": ("email",), "wechat": ("wechat",)}  # address -> channels that need it
_OTHERS = ("wechat", "email", "phone")  # what is tried instead, in this order


class Closed(NamedTuple):
    """Why a channel leads nowhere, as a code, and since when (None: not known)."""

    code: str
    since_on: date | None


def closed_channels(known: Known, *, at: date) -> dict[str, dict[str, Closed]]:
    """Customer -> channel -> why it is closed.

    A channel is closed where everything that was left for it cannot be used, or where as many addresses as there are have failed:
    one report of a wrong number closes the only phone, not two. An answer after a number was not reached opens it again.
    """
    found: dict[str, dict[str, Closed]] = {}
    keys: dict[tuple[str, str], int] = {}
    for row in known.reach.itertuples(index=False):
        keys[row.customer_id, row.channel] = int(row.keys)
        if row.code and not row.keys:
            _close(found, str(row.customer_id), str(row.channel), why=Closed(str(row.code), _day(row.since_on)))
    for customer, kind, days in _failed(known, at):
        channel = _FAULTS.get(kind, "phone")
        if len(days) >= keys.get((customer, channel), 1):
            _close(found, customer, channel, why=Closed(kind, days[0]))
    return found


def open_instead(known: Known) -> dict[str, list[str]]:
    """Customer -> channels for which a usable address is known, the one to try first at the front."""
    usable = known.reach[known.reach["keys"].gt(0)] if len(known.reach) else known.reach
    found: dict[str, list[str]] = {}
    for row in usable.itertuples(index=False):
        found.setdefault(str(row.customer_id), []).append(str(row.channel))
    return {customer: sorted(channels, key=_OTHERS.index) for customer, channels in found.items()}


def _close(found: dict[str, dict[str, Closed]], customer: str, address: str, *, why: Closed) -> None:
    for channel in _OVER.get(address, (address,)):
        found.setdefault(customer, {}).setdefault(channel, why)


def _failed(known: Known, at: date) -> list[tuple[str, str, list[date | None]]]:
    """Customer, kind of failure and the days on which it was told, the oldest first; a talk on the phone since then settles it."""
    told = of_customers(known.outcomes, known.identity, needs=("kind", "happened_on"))
    told = told.assign(ago=days_of(told["happened_on"], at))
    told = told[told["ago"] >= 0]
    spoken = told[told["kind"].isin(_SPOKEN)].groupby("customer_id")["ago"].min()
    missed = told[told["kind"].isin([*_FAULTS, _MISSED])]
    unsettled = missed["ago"] < missed["customer_id"].map(spoken).fillna(float("inf"))
    missed = missed[unsettled | missed["kind"].eq("bounced")]
    missed = missed[missed["kind"].ne(_MISSED) | (missed["ago"] < LATELY_DAYS)]
    missed = missed.sort_values(["customer_id", "kind", "ago"], ascending=[True, True, False]).drop_duplicates(
        ["customer_id", "kind", "ago"]
    )
    found = []
    for (customer, kind), rows in missed.groupby(["customer_id", "kind"]):
        days = [_day(day) for day in rows["happened_on"]]
        if kind != _MISSED:
            found.append((str(customer), str(kind), days))
        elif len(days) >= NEVER_REACHED:
            found.append((str(customer), "never_reached", days))
    return found


def _day(value: object) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(str(value)).date()
