"""Step two of a run: what will customers do, answered by the best model that the data allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import pandas as pd

from zhiyin.app.parity import discount_notes
from zhiyin.app.promoting import beside, fitted, last_tried, promoted
from zhiyin.app.unified import profiles_at
from zhiyin.app.work import Work
from zhiyin.core.clock import days_before
from zhiyin.core.errors import StoreError, TooLittleData
from zhiyin.core.tables import TABLES
from zhiyin.core.words import Say
from zhiyin.predict import labels
from zhiyin.predict.answers import answer
from zhiyin.predict.making import chosen
from zhiyin.predict.question import Question
from zhiyin.predict.questions import QUESTIONS, churn_days, told_by_rhythm
from zhiyin.unify.facts import Facts
from zhiyin.unify.spans import EVERYBODY, Span

if TYPE_CHECKING:
    from zhiyin.learn.base import ModelBase, PredictorBase
    from zhiyin.learn.card import Card

    _Made = tuple[ModelBase, Card]

__all__ = ["Asked", "of_today", "predict", "young"]

STEP_DAYS = 14  # days between two days that models learn from
PAIR_DAYS = 3  # days that the question about categories learns from: its rows are many (100 000 a day for 2 469 households)
CAMPAIGN_DAYS = 30  # first days of past campaigns that are learned from
PIECE = 50_000  # customers who are answered at a time


@dataclass
class Asked:
    """What was asked: the questions with their rows of today, and what was said about each, for the scorecard.

    Args:
        churn_days: silent days after which a customer is counted as gone.
        by_rhythm: whether that is told by the rhythm of purchases, see `told_by_rhythm`.
        rows: by question.
        values: by question.
    """

    churn_days: int
    by_rhythm: bool
    rows: dict[str, pd.DataFrame]
    values: dict[str, pd.DataFrame]


def predict(work: Work, facts: Facts) -> Asked:
    """Write predictions; reuse models that are young enough."""
    chosen_for = chosen(work.home.settings.learning.models, questions=QUESTIONS)
    reused = {name: _same(question, young(work, name, model=chosen_for.get(name, ""))) for name, question in QUESTIONS.items()}
    fresh = any(reused[name] is None for name in QUESTIONS if _can_be_asked(work, facts, name))
    learning = work.home.settings.learning
    past = days_before(work.at - timedelta(days=learning.horizon_days - STEP_DAYS), learning.past_dates, every=STEP_DAYS) if fresh else []
    starts = _campaign_starts(work) if fresh else []
    profiles_at(work, facts, days=[work.at, *past, *starts], pair_days=[work.at, *past[:PAIR_DAYS]])
    asked = _asked(of_today(work, EVERYBODY, "gap_mean", "gap_std", "tenure_days"))
    models = {}
    for name, question in QUESTIONS.items():
        made = _model(work, question, facts, asked, reused=reused[name])
        if made is not None:
            models[name] = made
            work.cards.append(made[1])
            work.progress(_PREDICT, len(models) / (len(QUESTIONS) + 4))
    pieces = work.spans(work.table("profile"), size=PIECE)
    work.write_parts("predict", "prediction", parts=_predictions(work, models, asked=asked, pieces=pieces))
    work.notes += discount_notes(work)
    return asked


def _asked(today: pd.DataFrame) -> Asked:
    days = churn_days(today)
    return Asked(days, told_by_rhythm(today, days), {}, {})


def of_today(work: Work, span: Span, *columns: str) -> pd.DataFrame:
    """Customer, day and those of the columns that `profile_at` has, on the day of the list."""
    rows = span.of(_on(work.table("profile_at"), work.at))
    wanted = ("customer_id", "at_on", *columns)
    return work.frame(rows.select(*(name for name in rows.columns if name in wanted)))


def _predictions(work: Work, models: Mapping[str, _Made], *, asked: Asked, pieces: Sequence[Span]) -> Iterator[pd.DataFrame]:
    """The answers of all models, with their reasons, about one piece of the customers after the other."""
    judged = work.is_over()
    rows_of: defaultdict[str, list[pd.DataFrame]] = defaultdict(list)
    values_of: defaultdict[str, list[pd.DataFrame]] = defaultdict(list)
    for place, span in enumerate(pieces):
        found = []
        for name, (model, card) in models.items():
            question = QUESTIONS[name]
            rows = work.frame(span.of(_on(_wide(work, question), work.at)))
            answers = answer(question, model, rows=rows, at=work.at, model_id=card.model_id, currency=work.home.settings.currency)  # type: ignore[arg-type]
            found.append(answers.predictions)
            if judged:
                rows_of[name].append(rows[["customer_id", "at_on", *([question.subject] if question.subject else []), "spend_84d"]])
                values_of[name].append(answers.values)
        work.progress(_PREDICT, (len(QUESTIONS) + 4 * (place + 1) / len(pieces)) / (len(QUESTIONS) + 4))
        yield _together(found)
    asked.rows |= {name: pd.concat(parts, ignore_index=True) for name, parts in rows_of.items()}
    asked.values |= {name: pd.concat(parts, ignore_index=True) for name, parts in values_of.items()}


def _can_be_asked(work: Work, facts: Facts, name: str) -> bool:
    """Whether the facts say anything about a question: without campaigns nobody is asked whether they answer one."""
    if name == "campaign_answer":
        return bool(_campaign_starts(work))
    return name != "category_raise" or work.build.count(facts.category_days) > 0


_PREDICT = Say("预测", "Predict")
_DAMAGED = Say("模型 {question} 的文件损坏，已重新训练。", "The files of the model {question} are damaged; it was fitted anew.")


def young(work: Work, question: str, *, model: str = "") -> tuple[ModelBase, Card] | None:
    """The latest model of a question if it learned from before this day, and not too long before, and is the one that was chosen."""
    if work.refit:
        return None
    try:
        model_id = work.home.shelf.latest(question, skip_damaged=True)
    except StoreError:  # none of them is whole
        work.notes.append(_DAMAGED.fill(question=question))
        return None
    if model_id is None:
        return None
    card = work.home.shelf.card(model_id)
    tried = last_tried(work, question) or card.at_on
    age = (work.at - tried).days if tried else -1
    if not 0 <= age < work.home.settings.learning.refit_days or (model and card.name != model):
        return None
    return work.home.shelf.load(model_id), replace(card, model_id=model_id)


def _same(question: Question, made: tuple[ModelBase, Card] | None) -> tuple[ModelBase, Card] | None:
    """The model, unless it wants columns that the question does not give any more."""
    return made if made is not None and question.gives(made[1].features) else None


def _model(
    work: Work, question: Question, facts: Facts, asked: Asked, *, reused: tuple[ModelBase, Card] | None
) -> tuple[PredictorBase, Card] | None:
    if reused is not None:
        return reused  # type: ignore[return-value]
    known = beside(work.home.settings, work.table, frame=work.frame)
    try:
        examples = _examples(work, question, facts, asked)
        instead = question.slowly if asked.by_rhythm else ""
        new = fitted(work, question, examples=examples, known=known, instead=instead)
    except TooLittleData as little:
        work.notes.append(little.what)
        return None
    work.notes.append(new.verdict)
    return promoted(work, question, new=new, examples=examples, known=known)


def _examples(work: Work, question: Question, facts: Facts, asked: Asked) -> pd.DataFrame:
    """Features of past days with what came of them, where that is known on the day of the list."""
    rows = _rows_with_label(work, question, facts, asked)
    return work.frame(rows.filter(rows["known_on"] <= ibis.date(work.at)))


def _rows_with_label(work: Work, question: Question, facts: Facts, asked: Asked) -> ibis.Table:
    horizon = work.home.settings.learning.horizon_days
    rows = _wide(work, question)
    rows = rows.filter(rows["at_on"] < ibis.date(work.at))
    if question.learns_from is not None:
        rows = rows.filter(question.learns_from(rows))
    match question.name:
        case "churn":
            told = labels.stayed_away(rows, facts.days, days=asked.churn_days)
        case "spend_halves":
            told = labels.halved(rows, facts.days, days=horizon)
        case "campaign_answer":
            told = labels.answered(rows, facts.outcomes, campaigns=facts.campaigns)
        case "category_raise":
            told = labels.bought_category(rows, facts.category_days, days=horizon)
        case _:
            told = labels.bought(rows, facts.days, days=horizon)
    keys = [name for name in told.columns if name not in ("label", "known_on")]
    both = rows.inner_join(told, keys)
    return both.select(*rows.columns, "label", "known_on")


def _wide(work: Work, question: Question) -> ibis.Table:
    """The rows of a question with the features of their customer on that day."""
    customers = _read(work, "profile_at", question)
    if not question.subject:
        return customers
    pairs = _read(work, "interest_at" if question.subject == "category" else "campaign_at", question)
    joined = pairs.inner_join(customers, ["customer_id", "at_on"])
    return joined.select(*pairs.columns, *(name for name in customers.columns if name not in pairs.columns))


def _read(work: Work, name: str, question: Question) -> ibis.Table:
    """The key of a table of features and the columns that the question reads: a wide frame of pairs takes 300 MB."""
    rows = work.table(name)
    return rows.select(*(column for column in rows.columns if column in TABLES[name].key or column in question.reads))


def _on(rows: ibis.Table, *days: date) -> ibis.Table:
    return rows.filter(rows["at_on"].isin([ibis.date(day) for day in days]))


def _campaign_starts(work: Work) -> list[date]:
    """The first days of the latest campaigns that are over."""
    rows = work.frame(work.table("campaign").select("starts_on", "ends_on")).dropna()
    over = {pd.Timestamp(row.starts_on).date() for row in rows.itertuples() if pd.Timestamp(row.ends_on).date() < work.at}
    return sorted(over)[-CAMPAIGN_DAYS:]


def _together(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(TABLES["prediction"].names))
