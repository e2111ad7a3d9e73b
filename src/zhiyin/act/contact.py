"""May we contact this customer today, and through what?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from zhiyin.act.closed import Closed, closed_channels, open_instead
from zhiyin.act.known import Known, days_of, of_customers
from zhiyin.core.fields import PERSONALISATION
from zhiyin.core.settings import ContactSettings

__all__ = ["NO_NEED_DAYS", "channels", "forbidden"]

NO_NEED_DAYS = 28  # a customer who said "no need" is left alone this long
ANY = "any"


def channels(known: Known, *, channel: str, at: date) -> pd.DataFrame:
    """One row per customer: the channel to use and whether that is allowed, refused or unknown, or closed because it leads nowhere.

    A channel whose address cannot be used is not contacted: another one with an address is used, unless it was refused.
    The latest word counts, a refusal wins on the same day, and "any" speaks for every channel. An agreed channel goes before
    one that was never spoken about; among agreed ones the usual `channel` goes first, then the alphabet.

    Returns:
        Columns customer_id, channel, contact.
    """
    said = _latest_words(known, at)
    of: dict[str, dict[str, bool]] = {}
    for customer, through, allowed in said.itertuples(index=False):
        of.setdefault(customer, {})[through] = allowed
    closed, instead = closed_channels(known, at=at), open_instead(known)
    rows = []
    for customer in known.customers["customer_id"]:
        best = _best_channel(of.get(customer, {}), channel)
        if best[0] in closed.get(customer, {}) and best[1] != "refused":
            best = _way_round(of.get(customer, {}), channel, closed=closed[customer], others=instead.get(customer, ()))
        rows.append((customer, *best))
    return pd.DataFrame(rows, columns=["customer_id", "channel", "contact"], dtype=object)


def forbidden(known: Known, settings: ContactSettings, *, at: date) -> pd.DataFrame:
    """One row per customer whom a rule forbids to contact today, with the first rule that does (`refused` is not among them).

    Returns:
        Columns customer_id, blocked.
    """
    touches = of_customers(known.touches, known.identity, needs=("touched_on",), optional=("holdout",))
    touches = touches[~touches["holdout"].eq(True)]
    outcomes = of_customers(known.outcomes, known.identity, needs=("kind", "happened_on"))
    calls = outcomes[outcomes["kind"].isin(["bought", "answered", "no_need", "unreachable", "wrong_number"])]
    no_need = outcomes[outcomes["kind"].eq("no_need")]
    never = pd.DataFrame({"record_id": list(settings.do_not_contact)}, dtype=object)
    rules = [
        ("do_not_contact", of_customers(never, known.identity, needs=())["customer_id"]),
        ("risk", of_customers(known.risks, known.identity, needs=())["customer_id"]),
        ("contacted_lately", _within(touches, "touched_on", at, settings.days_between)),
        ("contacted_lately", _within(calls, "happened_on", at, settings.days_between)),
        ("no_need_lately", _within(no_need, "happened_on", at, NO_NEED_DAYS)),
    ]
    blocked: dict[str, str] = {}
    for code, customers in rules:
        for customer in customers:
            blocked.setdefault(customer, code)
    return pd.DataFrame(sorted(blocked.items()), columns=["customer_id", "blocked"], dtype=object)


def _latest_words(known: Known, at: date) -> pd.DataFrame:
    """The last word of each customer about each channel: customer_id, channel, allowed; "any" is spread by the reader."""
    consents = of_customers(known.consents, known.identity, needs=("channel", "allowed", "since_on"))
    refusals = of_customers(known.outcomes, known.identity, needs=("kind", "happened_on"))
    refusals = refusals[refusals["kind"].eq("refused_contact")]
    refusals = pd.DataFrame({"customer_id": refusals["customer_id"], "channel": ANY, "allowed": False, "since_on": refusals["happened_on"]})
    parts = [part for part in (consents, refusals) if len(part)]
    if not parts:
        return pd.DataFrame(columns=["customer_id", "channel", "allowed"])
    said = pd.concat(parts, ignore_index=True)
    said = said[said["allowed"].notna() & said["channel"].ne(PERSONALISATION)]
    said = said.assign(allowed=said["allowed"].astype(bool))
    # A word without a day: a refusal is taken as of today, an agreement as the oldest, so that the mistake is never a contact.
    said["ago"] = days_of(said["since_on"], at).astype("float64").fillna(said["allowed"].map({True: float("inf"), False: 0.0}))
    said = said[said["ago"] >= 0]
    everywhere = said[said["channel"].eq(ANY)]
    named = said[["customer_id", "channel"]].drop_duplicates()
    spread = everywhere.drop(columns="channel").merge(named, on="customer_id")
    said = pd.concat([said[said["channel"].ne(ANY)], spread]) if len(spread) else said
    said = said.sort_values(["customer_id", "channel", "ago", "allowed"])
    return said.drop_duplicates(["customer_id", "channel"])[["customer_id", "channel", "allowed"]]


def _best_channel(said: dict[str, bool], usual: str) -> tuple[str, str]:
    """The channel for one customer from the last words about channels, and allowed, refused or unknown."""
    of_usual = said.get(usual, said.get(ANY))
    agreed = sorted(name for name, allowed in said.items() if allowed and name != ANY)
    if of_usual or (of_usual is None and not agreed):
        return usual, "allowed" if of_usual else "unknown"
    return (agreed[0], "allowed") if agreed else (usual, "refused")


def _way_round(said: dict[str, bool], usual: str, *, closed: Mapping[str, Closed], others: Iterable[str]) -> tuple[str, str]:
    """Another channel, agreed to or with an address and not refused, where the usual one is closed."""
    agreed = sorted(name for name, allowed in said.items() if allowed and name not in (ANY, *closed))
    for channel in (*agreed, *others):
        allowed = said.get(channel, said.get(ANY))
        if channel not in closed and allowed is not False:
            return channel, "allowed" if allowed else "unknown"
    return usual, "closed"


def _within(rows: pd.DataFrame, column: str, at: date, days: int) -> pd.Series:
    """Customers of the rows whose day lies fewer than `days` before `at`, today included."""
    if rows.empty:
        return pd.Series(dtype=object)
    ago = days_of(rows[column], at)
    return rows.loc[(ago >= 0) & (ago < days), "customer_id"]
