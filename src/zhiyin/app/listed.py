"""Step four of a run: the one thing to do about each customer, and who is on the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial

import pandas as pd

from zhiyin.act.goals import policy_of
from zhiyin.act.next_step import assumption, chosen, in_order, placed, worded
from zhiyin.act.words import BLOCKED
from zhiyin.app.ground import Ground
from zhiyin.app.home import Home
from zhiyin.app.uplifted import draws_of, orders_since
from zhiyin.app.work import Work
from zhiyin.core.ids import content_id
from zhiyin.core.words import Say
from zhiyin.improve.effects import effect_words, measured_effects
from zhiyin.predict.contacts import UPLIFT
from zhiyin.unify.facts import Facts
from zhiyin.unify.spans import Span

__all__ = ["keep_draws", "make_list"]

BY_THE_LIST = "list"  # who drew: a draw is not yet a contact
PIECE = 25_000  # customers whose steps are chosen, and worded, at a time


def make_list(work: Work, facts: Facts) -> pd.DataFrame:
    """Write the next steps; returns them without their words.

    Everything but the places on the lists is a matter of one customer: it is done piece by piece, and the words, which take most
    memory, are made when the places are known.
    """
    effects = work.effects = _effects(work, facts)
    if not any(card.question == UPLIFT.name for card in work.cards):
        work.notes.append(assumption(work.home.settings, effects))
    if effects is not None:
        work.notes.append(effect_words(effects, policy_of(work.home.settings.goal)))
    ground = Ground(work)
    pieces = work.spans(ground.customers, size=PIECE)
    texts: dict[str, str] = {}
    choose = partial(chosen, settings=work.home.settings, at=work.at, effects=effects, usual=ground.usual_orders())
    found = [_slim(choose(ground.known(span)), texts) for span in pieces]
    sizes = [len(part) for part in found]
    steps = placed(pd.concat(found, ignore_index=True), work.home.settings, at=work.at)
    work.write_parts("act", "next_step", parts=_worded(work, ground, steps, zip(pieces, sizes, strict=True)))
    steps = in_order(steps)
    work.notes.append(_summary(steps))
    return steps


def _slim(steps: pd.DataFrame, texts: dict[str, str]) -> pd.DataFrame:
    """Steps without what is read again for their words; equal texts of all pieces are one text in memory."""
    slim = steps.drop(columns="favourites")
    for name in slim.columns.drop("customer_id"):
        if slim[name].dtype == object:
            slim[name] = pd.Series([texts.setdefault(cell, cell) for cell in slim[name]], index=slim.index, dtype=object)
    return slim


def _worded(work: Work, ground: Ground, steps: pd.DataFrame, pieces: Iterable[tuple[Span, int]]) -> Iterator[pd.DataFrame]:
    start = 0
    for span, size in pieces:
        part = steps.iloc[start : start + size].reset_index(drop=True)
        yield worded(part.assign(favourites=ground.favourites(span, part["customer_id"])), ground.said(part), at=work.at)
        start += size


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


def _effects(work: Work, facts: Facts) -> pd.DataFrame | None:
    """What contacting was measured to bring; None before anything was drawn by chance."""
    draws = draws_of(work)
    if draws.empty:
        return None
    orders = orders_since(work, facts, draws=draws)
    settings = work.home.settings
    return measured_effects(
        draws,
        orders,
        at=work.at,
        horizon_days=settings.learning.horizon_days,
        assumed_lift=settings.contact.assumed_lift,
    )
