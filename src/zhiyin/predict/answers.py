"""The answers of a model as rows of `prediction`: value, interval, and reasons that add up and can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from zhiyin.core.tables import TABLES
from zhiyin.learn.base import PredictorBase
from zhiyin.learn.reasons import to_json
from zhiyin.predict.inputs import KIND
from zhiyin.predict.question import Question
from zhiyin.predict.topics import said, strongest, summed

NAMED = 12  # parts kept by name: of 60 they hold nine tenths of the sum, and a fifth of the bytes

PIECE = 20_000  # rows answered at a time

__all__ = ["Answers", "answer", "asked_rows"]


class Answers(NamedTuple):
    """What the model says of everybody, and the rows of `prediction`: with reasons, and only the likeliest where few are kept.

    `values` has `customer_id`, `subject_id`, `value`, and `simple`: the baseline's column, the larger the likelier.
    """

    predictions: pd.DataFrame
    values: pd.DataFrame


def answer(question: Question, model: PredictorBase, *, rows: pd.DataFrame, at: date, model_id: str, currency: str) -> Answers:
    """The answers of one day, one a customer and subject; those that the question is not asked about are left out.

    Args:
        question: what is asked.
        model: fitted for it.
        rows: features of one day: `profile_at`, or `interest_at` or `campaign_at` joined to it.
        at: that day; becomes `at_on`.
        model_id: of the model on the shelf.
        currency: of the money columns, for the sentences.
    """
    told = _values(question, model, rows)
    found = _valued(question, model, _likeliest(question, rows, told))
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
    return Answers(given[list(TABLES["prediction"].names)], told)


def asked_rows(question: Question, model: PredictorBase, *, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that the question is asked about, with all columns that the model needs, index from 0.

    Args:
        question: what is asked.
        model: fitted for it; the kinds of campaign that it knows become flags.
        rows: features of one or more days.
    """
    return question.rows(rows, kinds=[name for name in model.needs if name.startswith(KIND)])


def _values(question: Question, model: PredictorBase, rows: pd.DataFrame) -> pd.DataFrame:
    """What the model says about every row that the question is asked about, beside the simple way."""
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


def _likeliest(question: Question, rows: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """The rows of the likeliest answers of each customer, where the question keeps a few only."""
    if not question.each:
        return rows
    best = told.sort_values("value", ascending=False, kind="stable").groupby("customer_id", sort=False).head(question.each)
    keys = ["customer_id", question.subject]
    return best[["customer_id", "subject_id"]].set_axis(keys, axis=1).merge(rows.astype({question.subject: str}), on=keys)


def _reasons(question: Question, model: PredictorBase, rows: pd.DataFrame, currency: str) -> list[str]:
    """Sums with their strongest parts by name; what the weaker ones add stands together as `others`, so that they still add up."""
    if not model.explains or rows.empty:
        return ["{}"] * len(rows)
    parts = model.reasons(rows).drop(columns=model.key)
    bases = parts.pop("base").tolist()
    features, amounts = list(parts.columns), parts.to_numpy(dtype=np.float64)
    named = np.argsort(-np.abs(amounts), axis=1, kind="stable")[:, :NAMED]
    largest = np.take_along_axis(amounts, named, axis=1)
    others = amounts.sum(axis=1) - largest.sum(axis=1)
    columns = {name: rows[name].tolist() for name in rows.columns}
    topics, sums = summed(features, amounts)
    told = zip(bases, named.tolist(), largest.tolist(), others.tolist(), strongest(features, amounts), sums.tolist(), strict=True)
    found = []
    for place, (base, which, parts, rest, heard, by_topic) in enumerate(told):
        row, part_of = _Row(columns, place), {features[at]: part for at, part in zip(which, parts, strict=True)}
        if len(part_of) < len(features):
            part_of["others"] = rest
        values = {name: row.get(name) for name in part_of}
        told_of = {name: amount for name, amount in zip(topics, by_topic, strict=True) if amount}
        found.append(to_json(base, part_of, values=values, said=said(heard, row, question=question, currency=currency), topics=told_of))
    return found


class _Row(NamedTuple):
    """One row of columns that are lists: a dict a row would take longer than all the rest."""

    columns: Mapping[str, Sequence[object]]
    place: int

    def get(self, name: str, /) -> object:
        column = self.columns.get(name)
        return None if column is None else column[self.place]
