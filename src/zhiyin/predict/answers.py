"""The answers of a model as rows of `prediction`: value, interval, and reasons that add up and can be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from heapq import nlargest
from math import fsum

import pandas as pd

from zhiyin.core.tables import TABLES
from zhiyin.learn.base import PredictorBase
from zhiyin.learn.reasons import to_json
from zhiyin.predict.inputs import KIND
from zhiyin.predict.question import Question
from zhiyin.predict.topics import said

NAMED = 12  # parts kept by name: of 60 they hold nine tenths of the sum, and a fifth of the bytes

PIECE = 20_000  # rows answered at a time

__all__ = ["answer", "asked_rows", "values"]


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
    parts = [_best(question, _valued(question, model, part)) for part in _pieces(rows)]
    found = _best(question, pd.concat(parts, ignore_index=True)).reset_index(drop=True)
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


def values(question: Question, model: PredictorBase, *, rows: pd.DataFrame) -> pd.DataFrame:
    """What the model says about every row that the question is asked about, beside the simple way.

    Returns:
        `customer_id`, `subject_id`, `value`, and `simple`: the baseline's column, the larger the likelier.
    """
    column, less = question.baseline.column, question.baseline.less
    found = pd.concat([_valued(question, model, part)[_kept(question, column)] for part in _pieces(rows)], ignore_index=True)
    simple = found[column].fillna(0.0).astype("float64")
    subject = found[question.subject].astype(str) if question.subject else ""
    return pd.DataFrame(
        {"customer_id": found["customer_id"], "subject_id": subject, "value": found["value"], "simple": -simple if less else simple}
    )


def _kept(question: Question, column: str) -> list[str]:
    return ["customer_id", *([question.subject] if question.subject else []), column, "value"]


def _pieces(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The rows in pieces, at least one: models copy what they are given, and 100 000 rows of 60 columns are 50 MB a copy."""
    for start in range(0, max(len(rows), 1), PIECE):
        yield rows.iloc[start : start + PIECE]


def _valued(question: Question, model: PredictorBase, rows: pd.DataFrame) -> pd.DataFrame:
    asked = asked_rows(question, model, rows=rows)
    return pd.concat([asked, model.predict(asked)[["value", "low", "high"]]], axis=1)


def _best(question: Question, found: pd.DataFrame) -> pd.DataFrame:
    """The likeliest answers of each customer, where the question keeps a few only."""
    if not question.each:
        return found
    return found.sort_values("value", ascending=False, kind="stable").groupby("customer_id", sort=False).head(question.each)


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
    """The sum with its strongest parts by name; what the weaker ones add stands together as `others`, so that it still adds up."""
    sentences = said(parts, fact, question=question, currency=currency)
    named = dict(nlargest(NAMED, parts.items(), key=lambda part: abs(part[1])))
    if len(named) < len(parts):
        named["others"] = fsum(amount for name, amount in parts.items() if name not in named)
    return to_json(base, named, values={name: fact.get(name) for name in named}, said=sentences)
