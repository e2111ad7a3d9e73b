"""Is a new model put in use? Only when it treats groups of people alike; else the one before it stays, and the reader is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast

import pandas as pd

from zhiyin.app.work import Work
from zhiyin.core.clock import utc_now
from zhiyin.core.errors import StoreError
from zhiyin.core.words import Say
from zhiyin.learn.card import REFUSED, Card
from zhiyin.learn.fairness import Limits, breach, is_protected, sentence
from zhiyin.predict.climb import Fitted, climb
from zhiyin.predict.making import new_model
from zhiyin.predict.question import Question
from zhiyin.predict.trust import Beside
from zhiyin.predict.tuning import found_shape

if TYPE_CHECKING:
    import ibis

    from zhiyin.core.settings import Settings
    from zhiyin.learn.base import ModelBase, PredictorBase

__all__ = ["beside", "fitted", "last_tried", "promoted", "put_on_shelf"]

_KEPT = 3  # models of one question kept on the shelf


def beside(settings: Settings, table: Callable[[str], ibis.Table], *, frame: Callable[[ibis.Table], pd.DataFrame]) -> Beside:
    """What is known of customers that models are judged by and never learn from: protected groups, and industries or sources.

    Of several records of a customer the first that says something counts.

    Args:
        settings: which attributes are protected, which are left out one at a time.
        table: gives a table as its reader may see it.
        frame: runs a relation.
    """
    attributes, identity = table("attribute"), table("identity")
    names = frame(attributes.select("name").distinct())["name"].tolist()
    protected = [name for name in names if is_protected(name, settings.fairness.protected)]
    apart = [name for name in names if name.lower() in {one.lower() for one in settings.learning.apart}]
    told = attributes.filter(attributes["name"].isin([*protected, *apart, ""])).inner_join(identity, "record_id")
    rows = frame(told.select("customer_id", "record_id", "name", "value")).sort_values(["customer_id", "record_id"])
    wide = rows[rows["value"] != ""].drop_duplicates(["customer_id", "name"]).pivot(index="customer_id", columns="name", values="value")

    def of(wanted: list[str]) -> pd.DataFrame:
        return wide.reindex(columns=sorted(wanted))

    return Beside(of(protected), of(apart), smallest=settings.privacy.smallest_group)


def fitted(work: Work, question: Question, *, examples: pd.DataFrame, known: Beside, instead: str = "") -> Fitted:
    """The model that wins on the examples, or the one named `instead` where nobody chose another, judged by the groups of the customers too.

    Without a search of its own it tries the shape of trees that the last search for this question found.
    """
    settings = work.home.settings
    learning = settings.learning.model_copy(update={"tune_s": work.tune_s or settings.learning.tune_s})
    newest = None if learning.tune_s or learning.shape else _newest_card(work, question.name)
    earlier = newest.trials if newest else ()
    if earlier:
        learning = learning.model_copy(update={"shape": found_shape(earlier)})
    use = learning.models.get(question.name, "") or instead
    new = climb(question, examples, learning=learning, use=use, beside=known, fairness=settings.fairness)
    return replace(new, card=replace(new.card, trials=new.card.trials or earlier))


def promoted(work: Work, question: Question, *, new: Fitted, examples: pd.DataFrame, known: Beside) -> tuple[PredictorBase, Card]:
    """The model that is used from now on: the new one, or where it was refused the one before it, or rates.

    A refused model is kept on the shelf with its card, and never asked.
    """
    fairness = work.home.settings.fairness
    limits = Limits(fairness.min_ratio, fairness.max_difference)
    worst = breach(new.card.gaps, limits)
    if new.card.state != REFUSED:
        if worst is not None:
            work.notes.append(_about(question, sentence(worst, limits), then=Say("仍然采用。", "It is used all the same.")))
        return _used(work, new)
    put_on_shelf(work, new.model, card=new.card)
    champion = _champion(work, question)
    then = Say("因此没有采用，改用平均比例。", "It is not used; rates are.")
    if champion is not None:
        then = Say("因此没有采用，继续用 {at_on} 的模型。", "It is not used; the one of {at_on} stays.").fill(at_on=champion[1].at_on)
    if worst is not None:
        work.notes.append(_about(question, sentence(worst, limits), then=then))
    return champion or _rates(work, question, examples, known)


def _about(question: Question, why: Say, *, then: Say) -> Say:
    return Say(
        f"{question.asks.zh}新训练的模型待人不公：{why.zh}{then.zh}",
        f"{question.asks.en} The new model is not fair: {why.en} {then.en}",
    )


def _used(work: Work, new: Fitted) -> tuple[PredictorBase, Card]:
    work.validation.append(new.scores)
    return new.model, put_on_shelf(work, new.model, card=new.card)


def _champion(work: Work, question: Question) -> tuple[PredictorBase, Card] | None:
    """The newest model that passed, unless it wants columns that the question does not give any more."""
    try:
        model_id = work.home.shelf.latest(question.name, skip_damaged=True)
    except StoreError:
        return None
    if model_id is None or not question.gives(work.home.shelf.card(model_id).features):
        return None
    return cast("PredictorBase", work.home.shelf.load(model_id)), work.home.shelf.card(model_id)


def _rates(work: Work, question: Question, examples: pd.DataFrame, known: Beside) -> tuple[PredictorBase, Card]:
    """The rate of the simple column; where that treats groups unlike too, one rate for everybody."""
    settings = work.home.settings
    simple = climb(question, examples, learning=settings.learning, use="rate", beside=known, fairness=settings.fairness)
    if simple.card.state != REFUSED:
        return _used(work, simple)
    plain = new_model("rate", needs=()).fit(examples[examples["label"].notna()])
    return plain, put_on_shelf(work, plain, card=replace(plain.card(), question=question.name))


def last_tried(work: Work, question: str) -> date | None:
    """The day of the newest model of a question, also of one that was refused: another try before the next one is due says the same."""
    newest = _newest_card(work, question)
    return newest.at_on if newest else None


def _newest_card(work: Work, question: str) -> Card | None:
    """The newest that can be read, also of a model that was refused."""
    for model_id in reversed(work.home.shelf.list(question)):
        try:
            return work.home.shelf.card(model_id)
        except StoreError:
            continue
    return None


def put_on_shelf(work: Work, model: ModelBase, *, card: Card) -> Card:
    """Put a model on the shelf; returns its card with its id."""
    card = replace(card, snapshot=work.build.snapshot, at_on=work.at, made_at=utc_now())
    model_id = work.home.shelf.save(model, card)
    work.home.shelf.prune(card.question, keep=_KEPT)
    return replace(card, model_id=model_id)
