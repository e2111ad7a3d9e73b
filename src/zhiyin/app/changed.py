"""What would change the chances of a customer: the models in use are asked again, with one thing different."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

import pandas as pd

from zhiyin.app.codes import label_of
from zhiyin.app.home import Home
from zhiyin.app.scores import question_words
from zhiyin.core.errors import NotFound, StoreError
from zhiyin.core.tables import TABLES
from zhiyin.core.words import Language, Say
from zhiyin.guard.access import Access, Actor, Guard
from zhiyin.predict.changes import Change, changes
from zhiyin.predict.questions import QUESTIONS

if TYPE_CHECKING:
    from zhiyin.learn.base import PredictorBase

__all__ = ["what_would_change"]

_TABLES = {"": "profile_at", "category": "interest_at", "campaign_id": "campaign_at"}
_OF_FEATURES = ("profile_at", "interest_at", "campaign_at")


def what_would_change(home: Home, guard: Guard, actor: Actor, *, predictions: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """For each prediction of a customer the levers that would move it most; those of a model that is gone are left out.

    Returns:
        question, subject_id, feature, now, then, before, after, and the sentence in both languages.
    """
    found = []
    for row in predictions:
        question = QUESTIONS.get(str(row["question"]))
        if question is None:
            continue
        try:
            model, card = home.shelf.load(str(row["model_id"])), home.shelf.card(str(row["model_id"]))
        except (NotFound, StoreError):
            continue
        features = _features(guard, Access(actor, "display"), row, subject=question.subject)
        for change in changes(question, cast("PredictorBase", model), row=features, card=card) if len(features) else []:
            said = Say(*(_said(change, row, language) for language in ("zh", "en")))
            about = {"question": row["question"], "subject_id": row["subject_id"]}
            found.append({**about, **change._asdict(), "text_zh": said.zh, "text_en": said.en})
    return found


def _features(guard: Guard, access: Access, row: Mapping[str, object], *, subject: str) -> pd.DataFrame:
    """The features that a prediction was made from; empty where they are gone."""
    customer, day = str(row["customer_id"]), str(row["at_on"])
    tables = ["profile_at", *([_TABLES[subject]] if subject else [])]
    wide: dict[str, object] = {}
    for table in tables:
        rows = [one for one in guard.row(table, customer, access) if str(one["at_on"]) == day]
        if table != "profile_at":
            rows = [one for one in rows if str(one[subject]) == str(row["subject_id"])]
        if not rows:
            return pd.DataFrame()
        wide |= rows[0]
    numbers = {column.name for table in tables for column in TABLES[table].columns if column.type in ("int64", "float64")}
    frame = pd.DataFrame([wide])
    return frame.assign(**{name: pd.to_numeric(frame[name]).astype("float64") for name in frame.columns if name in numbers})


def _said(change: Change, row: Mapping[str, object], language: Language) -> str:
    feature = label_of(change.feature, *_OF_FEATURES, language=language)
    asked = question_words({"question": row["question"]}).in_(language)
    now = Say("未知", "not known").in_(language) if change.now is None else _readable(change.feature, change.now)
    return (
        Say(
            "如果「{feature}」从 {now} 变成 {then}，「{asked}」的可能从 {before:.0%} 变成约 {after:.0%}。",
            "If {feature} were {then} instead of {now}, the chance ({asked}) would be about {after:.0%} instead of {before:.0%}.",
        )
        .fill(feature=feature, now=now, then=_readable(change.feature, change.then), asked=asked, before=change.before, after=change.after)
        .in_(language)
    )


def _readable(feature: str, value: float) -> str:
    return f"{value:.0%}" if "share" in feature or "promotion" in feature else f"{value:,.0f}"
