"""Step two of a run, about contacts: who says yes when called, and whom a contact changes where enough of them were held back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import ibis
import pandas as pd

from zhiyin.act.goals import policy_of
from zhiyin.app.predicted import young
from zhiyin.app.promoting import put_on_shelf
from zhiyin.app.work import Work
from zhiyin.core.errors import TooLittleData
from zhiyin.core.tables import TABLES
from zhiyin.core.words import Say
from zhiyin.improve.effects import judged_contacts
from zhiyin.predict import labels
from zhiyin.predict.answers import answer
from zhiyin.predict.climb import climb
from zhiyin.predict.contacts import CALL, CALL_DAYS, UPLIFT
from zhiyin.predict.experiment import measure
from zhiyin.predict.inputs import derived
from zhiyin.predict.persuadable import effect_segments
from zhiyin.predict.question import Question
from zhiyin.unify.facts import Facts
from zhiyin.unify.spans import Span

if TYPE_CHECKING:
    from zhiyin.learn.card import Card
    from zhiyin.learn.life import ModelBase
    from zhiyin.predict.uplift import UpliftModel

    _Made = tuple[ModelBase, Card]

__all__ = ["contacts", "draws_of", "orders_since"]

PIECE = 50_000  # customers who are answered at a time
FEWEST_CALLS = 50  # results of calls below which nothing is learned from them
PAST_DAYS = 365  # of contacts that are learned from
STALE_DAYS = 14  # features of so many days before a contact still tell who was contacted
SURE = 0.5  # AUC of chance: a model of calls whose interval holds it is not used
_FOLLOWS = Say(
    "联系的作用按「打电话会有意向」的可能性分给每位客户：一半可能有意向的客户按假设全算，可能性更小的按比例减少。",
    "The effect of a contact follows the chance to say yes when called: in full for even odds, less in proportion below.",
)
_RANKED = Say("名单按测得的联系作用排序。", "The list is ordered by the measured effect of a contact.")
_UNSURE = Say(
    "从通话结果还看不出谁会有意向，名单不用它。",
    "Results of calls do not yet tell who will say yes; the list does not use them.",
)


def contacts(work: Work, facts: Facts) -> None:
    """Add to predictions and segments what contacts come to; the list is made from them where they beat chance.

    Reads `profile_at` with the days that the other questions learn from.
    """
    called, moved = _calls(work, facts), _effects(work, facts)
    made = {name: model for name, model in ((CALL.name, called), (UPLIFT.name, moved)) if model is not None}
    if not made:
        return
    work.notes.append(_FOLLOWS if moved is None else _RANKED)
    questions = {CALL.name: CALL, UPLIFT.name: UPLIFT}
    pieces = work.spans(work.table("profile"), size=PIECE)
    for span in pieces:
        for name, (model, card) in made.items():
            rows = _features(work, span)
            said = answer(questions[name], model, rows=rows, at=work.at, model_id=card.model_id, currency=work.home.settings.currency)  # type: ignore[arg-type]
            work.add("predict", "prediction", rows=said.predictions)
            if name == UPLIFT.name:
                work.add("predict", "segment", rows=_groups(model, rows, said.predictions))  # type: ignore[arg-type]


def draws_of(work: Work) -> pd.DataFrame:
    """Whom earlier lists contacted or held back: the experiment; under the ids of then."""
    rows = [row for row in work.home.journal.touches() if str(row["at"]) < work.at.isoformat()]
    return pd.DataFrame(rows, columns=["customer_id", "policy", "propensity", "holdout", "at"]).rename(columns={"at": "touched_on"})


def orders_since(work: Work, facts: Facts, *, draws: pd.DataFrame) -> pd.DataFrame:
    """Order lines from the first draw on: customer_id, amount, ordered_on."""
    since = facts.lines.filter(facts.lines["on"] >= ibis.date(str(draws["touched_on"].min())))
    return work.frame(since.select("customer_id", "amount", ordered_on="on"))


def _calls(work: Work, facts: Facts) -> _Made | None:
    """Who says yes when called; nothing where too few results are known, or they do not tell."""
    if work.build.count(facts.contacts.filter(facts.contacts["calls"] > 0)) < FEWEST_CALLS:
        return None
    return _in_use(work, CALL, lambda: _fitted_calls(work, facts))


def _fitted_calls(work: Work, facts: Facts) -> _Made | None:
    rows = _past(work, CALL)
    told = labels.said_yes(rows, facts.outcomes, days=CALL_DAYS)
    both = rows.inner_join(told, ["customer_id", "at_on"]).select(*rows.columns, "label", "known_on")
    fitted = climb(CALL, work.frame(both.filter(both["known_on"] <= ibis.date(work.at))), learning=work.home.settings.learning)
    work.notes.append(fitted.verdict)
    work.validation.append(fitted.scores)
    auc = fitted.card.metrics.get("auc")
    if auc is None or not auc.low > SURE:
        work.notes.append(_UNSURE)
        return None
    return fitted.model, put_on_shelf(work, fitted.model, card=fitted.card)


def _effects(work: Work, facts: Facts) -> _Made | None:
    """Whom a contact changes; nothing where no list has held anybody back, or the order cannot be told from chance."""
    draws = draws_of(work)
    draws = draws[draws["policy"].eq(policy_of(work.home.settings.goal))]
    if draws.empty:
        return None
    return _in_use(work, UPLIFT, lambda: _fitted_effects(work, facts, draws))


def _fitted_effects(work: Work, facts: Facts, draws: pd.DataFrame) -> _Made | None:
    horizon = work.home.settings.learning.horizon_days
    judged = judged_contacts(draws, orders_since(work, facts, draws=draws), at=work.at, horizon_days=horizon)
    rows = derived(work.frame(_past(work, UPLIFT)))
    examples = _as_of(judged, rows)
    found = measure(examples, needs=UPLIFT.readable(examples), seed=work.home.settings.learning.seed)
    work.validation.append(found.scores)
    work.notes.append(found.verdict)
    if not found.won:
        return None
    return found.model, put_on_shelf(work, found.model, card=found.card)


def _as_of(judged: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Each contact with the features of the last day that was asked about before it, at most `STALE_DAYS` earlier."""
    left = judged.assign(touched_on=pd.to_datetime(judged["touched_on"]).astype("datetime64[ns]")).sort_values("touched_on")
    right = rows.assign(at_on=pd.to_datetime(rows["at_on"]).astype("datetime64[ns]")).sort_values("at_on")
    stale = pd.Timedelta(days=STALE_DAYS)
    met = pd.merge_asof(left, right, left_on="touched_on", right_on="at_on", by="customer_id", tolerance=stale)
    met = met[met["at_on"].notna()].reset_index(drop=True)
    return met.assign(label=met["bought"], treated=(~met["holdout"].astype(bool)).astype("float64"))


def _in_use(work: Work, question: Question, fit: Callable[[], _Made | None]) -> _Made | None:
    """A young model of the shelf, or one fitted now; why there is none is said in the notes."""
    try:
        made = young(work, question.name) or fit()
    except TooLittleData as little:
        work.notes.append(little.what)
        return None
    if made is not None:
        work.cards.append(made[1])
    return made


def _past(work: Work, question: Question) -> ibis.Table:
    """What the question reads, of the days before that of the list."""
    rows = work.table("profile_at")
    rows = rows.select(*(name for name in rows.columns if name in (*TABLES["profile_at"].key, *question.reads)))
    return rows.filter((rows["at_on"] < ibis.date(work.at)) & (rows["at_on"] >= ibis.date(work.at - timedelta(days=PAST_DAYS))))


def _features(work: Work, span: Span) -> pd.DataFrame:
    rows = span.of(work.table("profile_at"))
    rows = rows.filter(rows["at_on"] == ibis.date(work.at))
    return work.frame(rows.select(*(name for name in rows.columns if name in ("customer_id", "at_on", *CALL.reads, *UPLIFT.reads))))


def _groups(model: UpliftModel, rows: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """Whom to contact and whom to leave alone."""
    asked = UPLIFT.rows(rows)
    chance = pd.Series(model.without(asked), index=asked["customer_id"].to_numpy())
    return effect_segments(said.assign(chance=said["customer_id"].map(chance)))
