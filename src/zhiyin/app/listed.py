"""Step four of a run: the one thing to do about each customer, and who is on the list."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import ibis
import pandas as pd

from zhiyin.act.goals import policy_of
from zhiyin.act.known import Known, days_of
from zhiyin.act.next_step import assumption, next_steps
from zhiyin.act.words import BLOCKED
from zhiyin.app.home import Home
from zhiyin.app.work import Work
from zhiyin.core.ids import content_id
from zhiyin.core.words import Say
from zhiyin.improve.effects import effect_words, measured_effects
from zhiyin.unify.facts import Facts

if TYPE_CHECKING:
    from zhiyin.core.tables import Purpose

__all__ = ["keep_draws", "make_list"]

BY_THE_LIST = "list"  # who drew: a draw is not yet a contact
REFUSAL = "refused_contact"


def make_list(work: Work, facts: Facts) -> pd.DataFrame:
    """Write the next steps; returns them."""
    purpose: Purpose = "contact"
    known = Known(
        customers=_customers(work, purpose),
        profile=_profile(work, purpose),
        predictions=work.frame(work.table("prediction", purpose)),
        recommendations=work.frame(work.table("recommendation", purpose)),
        products=work.frame(work.table("product", purpose).select("product_id", "name", "category", "price", "hidden")),
        stock=work.frame(work.known("stock", purpose)),
        campaigns=work.frame(work.table("campaign", purpose)),
        offers=work.frame(work.table("offer", purpose)),
        consents=_consents(work),
        touches=work.frame(work.known("touch", purpose)),
        outcomes=_outcomes(work),
        identity=work.frame(work.table("identity", purpose)),
    )
    effects = work.effects = _effects(work, facts)
    work.notes.append(assumption(work.home.settings, effects))
    if effects is not None:
        work.notes.append(effect_words(effects, policy_of(work.home.settings.goal)))
    steps = next_steps(known, work.home.settings, at=work.at, effects=effects)
    work.write("act", "next_step", rows=steps)
    work.notes.append(_summary(steps))
    return steps


def _customers(work: Work, purpose: Purpose) -> pd.DataFrame:
    """Customers who are known on the day of the list, those who left their details today among them."""
    customers = work.table("customer", purpose)
    return work.frame(customers.filter(customers["since_on"].isnull() | (customers["since_on"] <= ibis.date(work.at))))


def _profile(work: Work, purpose: Purpose) -> pd.DataFrame:
    """Profiles with the mean days between two buying days, which the reasons speak of, and how much one order differs from another."""
    profile, features = work.table("profile", purpose), work.table("profile_at", purpose)
    now = features.filter(features["at_on"] == ibis.date(work.at)).select("customer_id", "gap_mean", "ticket_std")
    joined = profile.left_join(now, "customer_id")
    return work.frame(joined.select(*profile.columns, "gap_mean", "ticket_std"))


def _summary(steps: pd.DataFrame) -> Say:
    """How many are on the list, and why the others are not."""
    waiting = steps.loc[~steps["listed"].astype(bool), "blocked"].value_counts()
    why = [(BLOCKED.get(str(code), Say(str(code), str(code))), int(count)) for code, count in waiting.items()]
    zh = "；".join(f"{count} 位{say.zh.rstrip('。')}" for say, count in why)
    en = "; ".join(f"{count}: {say.en.rstrip('.')}" for say, count in why)
    listed, everybody = int(steps["listed"].sum()), len(steps)
    return Say(
        f"名单上有 {listed} 位，共 {everybody} 位客户。" + (f"没有列入的：{zh}。" if zh else ""),
        f"{listed} of {everybody} customers are on the list." + (f" Not on it: {en}." if en else ""),
    )


def keep_draws(home: Home, steps: pd.DataFrame, *, at: date) -> None:
    """Write to the ledger whom chance put on the list and whom it held back, so that the effect can be measured later.

    Drawn again on the same day, the same rows are written once.
    """
    drawn = steps[steps["listed"] | steps["holdout"]]
    policy = policy_of(home.settings.goal)
    home.journal.add_touches(
        {
            "touch_id": content_id("t", row.customer_id, policy, at.isoformat()),
            "customer_id": row.customer_id,
            "channel": row.channel,
            "policy": policy,
            "propensity": float(row.propensity),
            "holdout": bool(row.holdout),
            "at": at.isoformat(),
            "by": BY_THE_LIST,
        }
        for row in drawn.itertuples()
    )


def _draws(work: Work) -> pd.DataFrame:
    """Whom earlier lists contacted or held back: the experiment."""
    rows = [row for row in work.home.journal.touches() if str(row["at"]) < work.at.isoformat()]
    return pd.DataFrame(rows, columns=["customer_id", "policy", "propensity", "holdout", "at"]).rename(columns={"at": "touched_on"})


def _consents(work: Work) -> pd.DataFrame:
    """What sources and people say about consent."""
    noted = [{**row, "since_on": row["at"]} for row in work.home.journal.consents()]
    said = _stacked(work.frame(work.table("consent", "contact")), noted)
    return _holding(said, "since_on", refused=said["allowed"].eq(False), at=work.at)


def _outcomes(work: Work) -> pd.DataFrame:
    """Outcomes of the sources before today, those that a salesperson wrote down, today's too, and every refusal of contact."""
    told = work.table("outcome", "contact")
    told = told.filter((told["happened_on"] < ibis.date(work.at)) | (told["kind"] == REFUSAL))
    noted = [row for row in work.home.journal.outcomes() if row["kind"] == REFUSAL or str(row["at"]) <= work.at.isoformat()]
    said = _stacked(work.frame(told), [{**row, "happened_on": row["at"]} for row in noted])
    return _holding(said, "happened_on", refused=said["kind"].eq(REFUSAL), at=work.at)


def _holding(said: pd.DataFrame, column: str, *, refused: pd.Series, at: date) -> pd.DataFrame:
    """A refusal holds whenever it was said: one of a later day counts as one of the day of the list, which is worked off today."""
    return said.assign(**{column: said[column].astype(object).mask(refused & (days_of(said[column], at) < 0), at)})


def _stacked(stored: pd.DataFrame, noted: list[dict[str, object]]) -> pd.DataFrame:
    """Facts of the sources with what people wrote down under them."""
    written = pd.DataFrame(noted)
    parts = [part for part in (stored, written) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else stored


def _effects(work: Work, facts: Facts) -> pd.DataFrame | None:
    """What contacting was measured to bring; None before anything was drawn by chance."""
    draws = _draws(work)
    if draws.empty:
        return None
    since = facts.lines.filter(facts.lines["on"] >= ibis.date(str(draws["touched_on"].min())))
    orders = work.frame(since.select("customer_id", "amount", ordered_on="on"))
    settings = work.home.settings
    return measured_effects(
        draws,
        orders,
        at=work.at,
        horizon_days=settings.learning.horizon_days,
        assumed_lift=settings.contact.assumed_lift,
    )
