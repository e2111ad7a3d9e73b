"""What came of what pages showed: clicks and orders by placement and variant, beside the holdout, and what another way would have earned.

An event or an order belongs to the last answer before it that showed the product to the same customer, or to the answer that it names.
An answer is judged once its window is over: one that is still open would look worse than it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from zhiyin.core.errors import DataError
from zhiyin.core.tables import table_named
from zhiyin.core.words import Say
from zhiyin.improve.off_policy import Estimate, dr, snips
from zhiyin.improve.rows import need, wilson
from zhiyin.learn.card import Interval
from zhiyin.learn.metrics import bootstrap

__all__ = ["HOLDOUT", "Rate", "WhatIf", "came_of", "rates", "tried", "what_ifs"]

HOLDOUT = "holdout"
_ITEM = ("request_id", "placement", "variant", "chance", "customer_id", "product_id", "place", "propensity", "usual", "shown_at")
_ENOUGH = 15  # clicks or orders from which customers are drawn anew; fewer: the interval of a share, as if each answer stood alone
_SOME = 3  # on both sides before two shares are compared
_AFTER, _WITHOUT = "usual", "tried"

_NO_HOLDOUT = Say("没有留出对照，不能说个性化带来了多少。", "There is no holdout, so nobody can say what the personal list brings.")
_FEW = Say(
    "点击或购买太少（至少各 {least} 次），还不能与留出对照相比。",
    "Too few clicks or orders on one side ({least} at least) to compare with the holdout.",
)


class Rate(NamedTuple):
    """How many answers of a variant led to something, beside those of the holdout."""

    placement: str
    variant: str
    measure: str  # click, order
    answers: int
    customers: int
    hits: int
    share: Interval
    beside_holdout: Interval | None
    note: Say | None


class WhatIf(NamedTuple):
    """What another way would have earned a show (of an item, or of an answer), or why nobody can say."""

    placement: str
    policy: str  # no_exploration, or a variant for all
    measure: str
    logged: float
    estimates: tuple[Estimate, ...]
    refused: DataError | None


def came_of(items: pd.DataFrame, events: pd.DataFrame, *, within: timedelta, until: datetime) -> pd.DataFrame:
    """The items of answers whose window is over, each with whether something came of it.

    Args:
        items: a row an item that was shown: request_id, placement, variant, chance, customer_id (empty: nobody known), product_id, place,
            propensity, usual, shown_at (UTC).
        events: clicks or orders: customer_id, product_id, at (UTC), and request_id where one was named.
        within: the window.
        until: up to when events are known.

    Returns:
        The items with `hit`.
    """
    need(items, _ITEM, what="shown")
    need(events, ("customer_id", "product_id", "at"), what="events")
    items, events = _timed(items, "shown_at"), _timed(events, "at")
    judged = items[items["shown_at"] + within <= until].reset_index(drop=True)
    named = events["request_id"].fillna("") if "request_id" in events else pd.Series("", index=events.index)
    by_name = events.assign(request_id=named)[named.ne("")].merge(
        judged[["request_id", "product_id", "shown_at"]], on=["request_id", "product_id"]
    )
    by_name = by_name[_in_window(by_name, within)]
    others = events[named.eq("")].sort_values("at")
    known = judged[judged["customer_id"].ne("")].sort_values("shown_at")
    last = pd.merge_asof(
        others[["customer_id", "product_id", "at"]],
        known[["customer_id", "product_id", "shown_at", "request_id"]],
        left_on="at",
        right_on="shown_at",
        by=["customer_id", "product_id"],
        tolerance=within,
    ).dropna(subset=["request_id"])
    hits = pd.concat([by_name[["request_id", "product_id"]], last[["request_id", "product_id"]]]).drop_duplicates().assign(hit=1.0)
    return judged.merge(hits, on=["request_id", "product_id"], how="left").fillna({"hit": 0.0})


def rates(judged: pd.DataFrame, *, measure: str, seed: int = 7) -> Iterator[Rate]:
    """The share of answers with a hit, by placement and variant, and its difference to the holdout of the placement.

    Args:
        judged: as of `came_of`.
        measure: what a hit is.
        seed: of the draws.
    """
    answers = _answers(judged)
    for placement, of_placement in answers.groupby("placement"):
        held = of_placement[of_placement["variant"].eq(HOLDOUT)]
        for variant, rows in of_placement.groupby("variant"):
            beside, note = (None, None) if variant in ("", HOLDOUT) else _beside(rows, held, seed=seed)
            people = rows["customer_id"].nunique() if variant else 0
            hits = int(rows["hit"].sum())
            yield Rate(str(placement), str(variant), measure, len(rows), people, hits, _share(rows, hits, seed=seed), beside, note)


def what_ifs(judged: pd.DataFrame, *, measure: str, seed: int = 7) -> Iterator[WhatIf]:
    """What the placements would have earned without exploring, and with one variant for all.

    Whether the usual item was shown is all that the first needs to know of an item, and which variant it was all that the second needs
    to know of an answer; so each is one context with two or a few items, and the propensities are those that were logged.
    """
    assigned = judged[judged["variant"].ne("")]
    for placement, items in assigned.groupby("placement"):
        tells = items.groupby("request_id")["propensity"].transform("min").lt(1)
        if tells.any():
            log = items[tells].assign(
                item_id=np.where(items[tells]["product_id"].eq(items[tells]["usual"]), _AFTER, _WITHOUT), reward=items[tells]["hit"]
            )
            wanted = pd.DataFrame({_AFTER: 1.0, _WITHOUT: 0.0}, index=sorted(log["place"].unique()))
            yield _what_if(str(placement), "no_exploration", log, wanted, measure=measure, seed=seed)
        answers = _answers(items)
        variants = sorted(answers["variant"].unique())
        log = answers.assign(item_id=answers["variant"], reward=answers["hit"], propensity=answers["chance"], place=1)
        for variant in variants if len(variants) > 1 else ():
            wanted = pd.DataFrame([[float(one == variant) for one in variants]], index=[1], columns=variants)
            yield _what_if(str(placement), variant, log, wanted, measure=measure, seed=seed)


def tried(judged: pd.DataFrame) -> pd.DataFrame:
    """How often places that explore have shown each product and how often it was clicked: rows of the table `tried`."""
    rows = judged[judged["propensity"].lt(1)]
    counted = rows.groupby(["placement", "product_id"])["hit"].agg(["size", "sum"]).reset_index()
    return counted.rename(columns={"size": "shows", "sum": "clicks"}).astype({"clicks": "int64"})[list(table_named("tried").names)]


def _timed(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """With the moments as moments, also where there is no row; joined by time, both sides must have one unit and texts be texts."""
    texts = {name: object for name in ("customer_id", "product_id", "request_id") if name in rows}
    return rows.assign(**{column: pd.to_datetime(rows[column]).astype("datetime64[us]")}).astype(texts)


def _in_window(rows: pd.DataFrame, within: timedelta) -> pd.Series:
    ago = rows["at"] - rows["shown_at"]
    return (ago >= timedelta(0)) & (ago <= within)


def _answers(judged: pd.DataFrame) -> pd.DataFrame:
    """A row an answer; people whom nobody knows are drawn answer by answer."""
    about = ["request_id", "placement", "variant", "chance", "customer_id"]
    rows = judged.groupby(about, sort=False)["hit"].max().reset_index()
    return rows.assign(customer_id=rows["customer_id"].where(rows["customer_id"].ne(""), rows["request_id"]))


def _share(rows: pd.DataFrame, hits: int, *, seed: int) -> Interval:
    if hits < _ENOUGH:
        return wilson(hits, len(rows))
    return bootstrap(np.mean, rows["hit"].to_numpy(), seed=seed, groups=rows["customer_id"].to_numpy(object))


def _beside(rows: pd.DataFrame, held: pd.DataFrame, *, seed: int) -> tuple[Interval | None, Say | None]:
    """The share less that of the holdout."""
    if held.empty:
        return None, _NO_HOLDOUT
    if min(rows["hit"].sum(), held["hit"].sum()) < _SOME:
        return None, _FEW.fill(least=_SOME)
    both = pd.concat([rows, held])
    columns = (both["hit"].to_numpy(), both["variant"].ne(HOLDOUT).to_numpy())
    return bootstrap(_difference, *columns, seed=seed, groups=both["customer_id"].to_numpy(object)), None


def _difference(hit: np.ndarray, own: np.ndarray) -> float:
    return float(hit[own].mean() - hit[~own].mean()) if own.any() and not own.all() else float("nan")


def _what_if(placement: str, policy: str, log: pd.DataFrame, wanted: pd.DataFrame, *, measure: str, seed: int) -> WhatIf:
    try:
        found = (snips(log, wanted, seed=seed), dr(log, wanted, seed=seed))
    except DataError as little:
        return WhatIf(placement, policy, measure, float(log["reward"].mean()), (), little)
    return WhatIf(placement, policy, measure, float(log["reward"].mean()), found, None)
