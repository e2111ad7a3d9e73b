"""Step two of a run, about the life of a customer: what they are worth, when they order next, and how loyal they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import pandas as pd

from zhiyin.app.predicted import of_today, young
from zhiyin.app.promoting import put_on_shelf
from zhiyin.app.work import Work
from zhiyin.core.errors import TooLittleData
from zhiyin.core.tables import TABLES
from zhiyin.predict import loyalty, next_order
from zhiyin.predict.answers import answer
from zhiyin.predict.inputs import derived
from zhiyin.predict.spend import fit_spend
from zhiyin.predict.value import NEEDS, QUESTION, answer_value, fit_value
from zhiyin.unify.facts import Facts
from zhiyin.unify.features import features
from zhiyin.unify.spans import EVERYBODY, Span

if TYPE_CHECKING:
    from zhiyin.learn.base import PredictorBase
    from zhiyin.learn.card import Card
    from zhiyin.predict.spend import SpendModel

    _Made = tuple[PredictorBase, Card]

__all__ = ["lifetimes"]

PIECE = 50_000  # customers who are answered at a time
YEAR = 365
LEARNERS = 10_000  # customers whose earlier histories value is checked on
_NEXT = next_order.NEXT_ORDER


def lifetimes(work: Work, facts: Facts) -> None:
    """Add to predictions and segments what the purchase history says of the time to come."""
    value = _made(work, QUESTION, lambda: _fitted_value(work, facts))
    soon = _made(work, _NEXT.name, lambda: _fitted_next(work, facts))
    for span in work.spans(work.table("profile"), size=PIECE):
        found = []
        if value is not None:
            found += [_valued(work, value, span)]
        if soon is not None:
            rows = of_today(work, span, *_NEXT.reads)
            found += [
                answer(_NEXT, soon[0], rows=rows, at=work.at, model_id=soon[1].model_id, currency=work.home.settings.currency).predictions
            ]
        for predictions in found:
            work.add("predict", "prediction", rows=predictions)


def _valued(work: Work, value: _Made, span: Span) -> pd.DataFrame:
    """What customers are worth; the same histories tell how loyal they are."""
    today = of_today(work, span, *NEEDS, *loyalty.NEEDS)
    model: SpendModel = value[0]  # type: ignore[assignment]
    bought = today[today["days_all"] > 0].reset_index(drop=True)
    work.add("predict", "segment", rows=loyalty.loyalty_segments(bought, staying=model.staying(bought)))
    return answer_value(model, bought, at=work.at, model_id=value[1].model_id, currency=work.home.settings.currency)


def _made(work: Work, question: str, fit: Callable[[], _Made]) -> _Made | None:
    """The model of a question, fitted where none is young enough; nothing where hardly anybody ever came back."""
    try:
        made = young(work, question) or fit()
    except TooLittleData as little:
        work.notes.append(little.what)
        return None
    work.cards.append(made[1])
    return made  # type: ignore[return-value]


def _fitted_value(work: Work, facts: Facts) -> _Made:
    """What customers will spend within a year."""
    today, seed = of_today(work, EVERYBODY, *NEEDS), work.home.settings.learning.seed
    seen = _seen(today)
    try:
        found = fit_spend(_earlier(work, facts, seen=seen), today, days=YEAR, seen=seen, seed=seed)
    except TooLittleData as little:
        plain = fit_value(today, days=YEAR, seed=seed)
        work.notes.append(little.what)
        return plain, put_on_shelf(work, plain, card=replace(plain.card(), question=QUESTION))
    work.notes.append(found.verdict)
    work.validation.append(found.scores)
    return found.model, put_on_shelf(work, found.model, card=found.card)


def _seen(today: pd.DataFrame) -> int:
    """Days that value is checked on: half of the history, a year at most."""
    longest = today["tenure_days"].max()
    return min(YEAR, int(longest) // 2) if pd.notna(longest) else 0


def _earlier(work: Work, facts: Facts, *, seen: int) -> pd.DataFrame:
    """Histories as of an earlier day, with the money spent in the days since, and in as many days before."""
    on = work.at - timedelta(days=seen)
    some = _some(work, facts)
    known = features(some, [on])
    known = known.filter(known["days_all"] > 0).select("customer_id", "at_on", *NEEDS)
    rows = work.frame(known)
    for name, (start, end) in {"label": (on, work.at), "before": (on - timedelta(days=seen), on)}.items():
        rows[name] = rows["customer_id"].map(_spent(work, some, start, end)).fillna(0.0).astype("float64")
    return rows


def _some(work: Work, facts: Facts) -> Facts:
    """The facts of some customers: ids are keyed digests, the first of them are as good a draw as any."""
    spans = work.spans(facts.customers, size=LEARNERS)
    return facts.within(spans[0]) if spans else facts


def _spent(work: Work, facts: Facts, start: date, end: date) -> pd.Series:
    days = facts.days.filter((facts.days["on"] >= ibis.date(start)) & (facts.days["on"] < ibis.date(end)))
    return work.frame(days.group_by("customer_id").agg(spend=days["spend"].sum())).set_index("customer_id")["spend"]


def _fitted_next(work: Work, facts: Facts) -> _Made:
    """When customers order next."""
    found = next_order.fit_next_order(_told(work, facts), at=work.at, seed=work.home.settings.learning.seed)
    work.notes.append(found.verdict)
    work.validation.append(found.scores)
    return found.model, put_on_shelf(work, found.model, card=found.card)


def _told(work: Work, facts: Facts) -> pd.DataFrame:
    """Customers on the days before that of the list, with the days to their next order, or to today."""
    rows = work.table("profile_at")
    rows = rows.select(*(name for name in rows.columns if name in (*TABLES["profile_at"].key, *_NEXT.reads)))
    rows = rows.filter((rows["at_on"] < ibis.date(work.at)) & (rows["orders_all"] > 0))
    days = facts.days.filter(facts.days["orders"] > 0).select("customer_id", "on")
    later = rows.select("customer_id", "at_on").inner_join(days, ["customer_id", days["on"] >= rows["at_on"]])
    first = work.frame(later.group_by("customer_id", "at_on").agg(on=later["on"].min()))
    found = derived(work.frame(rows)).merge(first, on=["customer_id", "at_on"], how="left")
    came = pd.to_datetime(found["on"])
    until = came.fillna(pd.Timestamp(work.at))
    return found.drop(columns="on").assign(
        label=(until - pd.to_datetime(found["at_on"])).dt.days.astype("float64"), happened=came.notna().astype("float64")
    )
