"""The last step of a run: how good were models, recommendations and list, judged by what came after."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

import ibis
import pandas as pd

from zhiyin.app.predicted import Asked
from zhiyin.app.recommended import QUESTION as RECOMMENDER
from zhiyin.app.work import Work
from zhiyin.core.errors import TooLittleData
from zhiyin.core.tables import TABLES
from zhiyin.improve.effects import effect_scores
from zhiyin.improve.kpi import BOUGHT, NO_NEED, kpi_scores, no_need_scores, no_need_words
from zhiyin.improve.recommended import popular, recommendation_scores
from zhiyin.improve.scorecard import list_scores, model_scores
from zhiyin.predict import labels
from zhiyin.predict.questions import QUESTIONS
from zhiyin.unify.facts import Facts, gather, owned

__all__ = ["score"]

MODEL, BASELINE = "model", "baseline"  # variants of who was judged by what came after the day of a list
_KINDS = {"repeat", "new"}  # questions of the recommender


def score(work: Work, facts: Facts, *, asked: Asked, steps: pd.DataFrame, offered: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Write the models in use and the scorecard; returns the scorecard.

    What has happened since the day of the list is read here and nowhere else. Without such facts (the usual case: the day is
    today) models are judged by the days they were held back from, which their cards say.
    """
    before = _judged_before(work)
    done = set(before.loc[before["variant"].eq(MODEL), "question"])
    parts = [before, *work.validation, _kpis(work, facts), _no_need(work, facts)]
    if work.effects is not None:
        parts.append(effect_scores(work.effects, at=work.at))
    if work.is_over():
        later = _later(work)
        told = _labels(work, later, asked, of={name: steps[steps["question"].eq(name)] for name in done})
        parts += [_models(work, asked, told, done=done), list_scores(steps, told, at=work.at, k=len(steps[steps["listed"]]) or 1)]
        parts.append(pd.DataFrame() if done & _KINDS else _recommendations(work, later, offered))
    nothing = pd.DataFrame(columns=list(TABLES["scorecard"].names), dtype=object)  # a company that has just begun is not judged
    rows = pd.concat([part for part in parts if len(part)], ignore_index=True) if any(map(len, parts)) else nothing
    work.write("improve", "model", rows=_models_in_use(work))
    rows = rows.reindex(columns=nothing.columns)
    rows["at_on"] = pd.to_datetime(rows["at_on"]).dt.date
    work.write("improve", "scorecard", rows=rows.drop_duplicates(list(TABLES["scorecard"].key)))
    return rows


def _judged_before(work: Work) -> pd.DataFrame:
    """What the scorecard already said of models that are used again: a model is judged once, not every morning."""
    scores, models = (work.frame(work.table(name, "measurement")) for name in ("scorecard", "model"))
    again = set(models["model_id"]) & {card.model_id for card in work.cards}
    questions = set(models.loc[models["model_id"].isin(again), "question"])
    theirs = questions | (_KINDS if RECOMMENDER in questions else set())
    return scores[scores["subject"].isin(["model", "recommendation"]) & scores["question"].isin(theirs)]


def _models_in_use(work: Work) -> pd.DataFrame:
    rows = [(card.model_id, card.question, card.name, card.snapshot, card.at_on, card.to_json()) for card in work.cards]
    return pd.DataFrame(rows, columns=["model_id", "question", "name", "snapshot", "at_on", "card"])


def _later(work: Work) -> Facts:
    """What has happened from the day of the list to the end of the horizon, and all outcomes."""
    names = ("record", "product", "attribute", "event", "touch", "outcome", "campaign", "offer", "identity")
    tables = {name: work.table(name, "measurement") for name in names}
    lines = work.table("order_line", "measurement")
    since = lines.filter((lines["ordered_on"] >= ibis.date(work.at)) & (lines["ordered_on"] < ibis.date(work.ends)))
    return gather({**tables, "order_line": work.build.scratch("later", since)}, currency=work.home.settings.currency)


def _labels(work: Work, later: Facts, asked: Asked, *, of: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What came of each question: customer_id, question, subject_id, label; only what is known by the end of the horizon.

    Of a question in `of`, only what came of those customers and subjects.
    """
    horizon = work.home.settings.learning.horizon_days
    columns, found = ["customer_id", "question", "subject_id", "label"], []
    for name, everybody in asked.rows.items():
        subject = QUESTIONS[name].subject
        rows = _about(everybody, of[name], subject) if name in of else everybody
        if rows.empty:
            continue
        keys = work.build.scratch("asked", rows[["customer_id", "at_on", *([subject] if subject else []), "spend_84d"]])
        match name:
            case "churn":
                told = labels.stayed_away(keys, later.days, days=asked.churn_days)
            case "spend_halves":
                told = labels.halved(keys, later.days, days=horizon)
            case "campaign_answer":
                told = labels.answered(keys, later.outcomes, campaigns=later.campaigns)
            case "category_raise":
                told = labels.bought_category(keys, later.category_days, days=horizon)
            case _:
                told = labels.bought(keys, later.days, days=horizon)
        frame = work.frame(told.filter(told["known_on"] <= ibis.date(work.ends)))
        found.append(frame.assign(question=name, subject_id=frame[subject].astype(str) if subject else ""))
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def _about(rows: pd.DataFrame, steps: pd.DataFrame, subject: str) -> pd.DataFrame:
    theirs = rows["customer_id"].isin(steps["customer_id"])
    return rows[theirs & rows[subject].isin(steps["subject_id"])] if subject else rows[theirs]


def _models(work: Work, asked: Asked, told: pd.DataFrame, *, done: Collection[str]) -> pd.DataFrame:
    """Each model that is not judged yet and its baseline, on the same customers."""
    variants = []
    for name, values in asked.values.items():
        if name in done:
            continue
        said = values.assign(question=name)
        variants.append(said.drop(columns="simple").assign(unit="probability", variant=MODEL, used=True))
        variants.append(said.assign(value=said.pop("simple"), unit="score", variant=BASELINE, used=False))
    if not variants:
        return pd.DataFrame()
    try:
        return model_scores(pd.concat(variants, ignore_index=True), told, at=work.at)
    except (TooLittleData, ValueError):
        return pd.DataFrame()


def _recommendations(work: Work, later: Facts, offered: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What was recommended beside what is popular, by what was bought within the horizon."""
    if "bought" not in offered:
        return pd.DataFrame()
    lines = later.lines.filter(later.lines["amount"] > 0)
    bought = work.frame(lines.select("customer_id", "product_id").distinct())
    before = offered["bought"][["customer_id", "product_id"]]
    ours = work.frame(work.table("recommendation", "measurement")).assign(variant=MODEL, used=True)
    both = pd.concat([ours, popular(before)], ignore_index=True)
    return recommendation_scores(both, bought, before=before, at=work.at)


def _kpis(work: Work, facts: Facts) -> pd.DataFrame:
    """Conversion, repurchase, churn and campaign answers of the horizon before the day, beside those of the one before it."""
    days = work.home.settings.learning.horizon_days
    start = work.at - timedelta(days=days)
    reach = work.at - timedelta(days=3 * days)
    lines = facts.lines.filter(facts.lines["on"] >= ibis.date(reach)).rename(ordered_on="on")
    orders = work.frame(lines.group_by("customer_id", "source", "order_id", "ordered_on").agg(amount=lines["amount"].sum()))
    told = {name: work.frame(rows) for name, rows in _told(work, facts, start=start).items()}
    return kpi_scores(orders, told["event"], touches=told["touch"], outcomes=told["outcome"], at=start, days=days)


def _no_need(work: Work, facts: Facts) -> pd.DataFrame:
    """How many calls judged "no need", by files or by people here, were wrong; says it in the notes."""
    days = work.home.settings.learning.horizon_days
    since = (work.at - timedelta(days=3 * days)).isoformat()
    verdicts = facts.outcomes.filter((facts.outcomes["kind"] == NO_NEED) & (facts.outcomes["happened_on"] >= ibis.date(since)))
    told = work.frame(verdicts.select("customer_id", "happened_on"))
    here = [row for row in work.home.journal.outcomes() if row["kind"] == NO_NEED and since <= str(row["at"]) < work.at.isoformat()]
    noted = pd.DataFrame({name: [row[column] for row in here] for name, column in (("customer_id", "customer_id"), ("happened_on", "at"))})
    ordered = facts.days.filter((facts.days["orders"] > 0) & (facts.days["on"] >= ibis.date(since)))
    calls = pd.concat([part.astype({"happened_on": str}) for part in (told, noted) if len(part)]) if len(told) or len(noted) else told
    scores = no_need_scores(calls, work.frame(ordered.select("customer_id", ordered_on="on")), at=work.at, days=days)
    words = no_need_words(scores, days=days)
    work.notes += [words] if words is not None else []
    return scores


def _told(work: Work, facts: Facts, *, start: date) -> dict[str, ibis.Table]:
    """What the figures ask of the two horizons: who was seen and who bought in each, and who was contacted about and answered what.

    A visit is told by the first day of its horizon: a million customers have ten million events, and four such rows at most each.
    """
    before = start - (work.at - start)
    identity = work.table("identity")
    events = owned(work.known("event", "measurement"), identity)
    events = events.filter(events["happened_on"] >= ibis.date(before))
    seen = events.select(
        "customer_id",
        name=(events["name"] == BOUGHT).ifelse(BOUGHT, ""),
        happened_on=(events["happened_on"] >= ibis.date(start)).ifelse(ibis.date(start), ibis.date(before)),
    )
    touches = owned(work.known("touch", "measurement"), identity)
    touches = touches.filter((touches["touched_on"] >= ibis.date(before)) & (touches["campaign_id"] != ""))
    outcomes = facts.outcomes.filter((facts.outcomes["happened_on"] >= ibis.date(before)) & (facts.outcomes["campaign_id"] != ""))
    return {
        "event": seen.distinct(),
        "touch": touches.select("customer_id", "campaign_id", "holdout", "touched_on"),
        "outcome": outcomes.select("customer_id", "campaign_id", "kind", "happened_on"),
    }
