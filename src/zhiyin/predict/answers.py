"""The answers of a model as rows of `prediction`: value, interval, and reasons that add up and can be read."""

from __future__ import annotations

from datetime import date

import pandas as pd

from zhiyin.core.tables import TABLES
from zhiyin.learn.base import PredictorBase
from zhiyin.learn.reasons import to_json
from zhiyin.predict.inputs import KIND
from zhiyin.predict.question import Question
from zhiyin.predict.topics import said

__all__ = ["answer", "asked_rows"]


def answer(question: Question, model: PredictorBase, *, rows: pd.DataFrame, at: date, model_id: str, currency: str) -> pd.DataFrame:
    """Rows of `prediction`, one a customer and subject; those that the question is not asked about are left out.

    Args:
        question: what is asked.
        model: fitted for it.
        rows: features of one day: `profile_at`, or `interest_at` or `campaign_at` joined to it.
        at: that day; becomes `at_on`.
        model_id: of the model on the shelf.
        currency: of the money columns, for the sentences.
    """
    asked = asked_rows(question, model, rows=rows)
    found = pd.concat([asked, model.predict(asked)[["value", "low", "high"]]], axis=1)
    if question.each:
        found = found.sort_values("value", ascending=False, kind="stable").groupby("customer_id", sort=False).head(question.each)
    found = found.reset_index(drop=True)
    given = pd.DataFrame(
        {
            "customer_id": found["customer_id"],
            "question": question.name,
            "subject_id": found[question.subject].astype(str) if question.subject else "",
            "at_on": at,
            "value": found["value"],
            "low": found["low"],
            "high": found["high"],
            "unit": str(model.unit),
            "reasons": _reasons(question, model, found, currency),
            "model_id": model_id,
        }
    )
    return given[list(TABLES["prediction"].names)]


def asked_rows(question: Question, model: PredictorBase, *, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that the question is asked about, with all columns that the model needs, index from 0.

    Args:
        question: what is asked.
        model: fitted for it; the kinds of campaign that it knows become flags.
        rows: features of one or more days.
    """
    return question.rows(rows, kinds=[name for name in model.needs if name.startswith(KIND)])


def _reasons(question: Question, model: PredictorBase, rows: pd.DataFrame, currency: str) -> list[str]:
    if not model.explains or rows.empty:
        return ["{}"] * len(rows)
    parts = model.reasons(rows).drop(columns=model.key)
    bases = parts.pop("base").tolist()
    features, amounts, facts = list(parts.columns), parts.to_numpy(), rows.to_dict("records")
    return [
        _one(question, base, dict(zip(features, row, strict=True)), fact, currency)
        for base, row, fact in zip(bases, amounts, facts, strict=True)
    ]


def _one(question: Question, base: float, parts: dict[str, float], fact: dict[str, object], currency: str) -> str:
    sentences = said(parts, fact, question=question, currency=currency)
    return to_json(base, parts, values={name: fact.get(name) for name in parts}, said=sentences)
