"""A model that was refused is kept and never asked: the one before it stays, or rates are used."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from journeys.shop import DAY
from zhiyin.app.home import open_home
from zhiyin.app.predicted import young
from zhiyin.app.promoting import beside, fitted, last_tried, promoted, put_on_shelf
from zhiyin.app.reading import guard_over
from zhiyin.app.work import Work
from zhiyin.core.clock import utc_now
from zhiyin.core.tables import FACTS
from zhiyin.learn.card import REFUSED, Gap, Interval, Trial
from zhiyin.predict.climb import Fitted
from zhiyin.predict.making import new_model
from zhiyin.predict.questions import QUESTIONS
from zhiyin.predict.trust import Beside

PURCHASE = QUESTIONS["purchase"]
UNFAIR = Gap("selection", "gender", "f", "m", Interval(0.4, 0.3, 0.5), Interval(-0.2, -0.3, -0.1))
NOBODY = Beside(pd.DataFrame(), pd.DataFrame())


@pytest.fixture
def work(another_shop):
    home = open_home(another_shop)
    with home.lake.build(carry=[*FACTS, "identity"]) as build:
        yield Work(home, build, guard_over(home, build, clock=utc_now), DAY + timedelta(days=8), False, lambda stage, done: None)
    home.close()


@pytest.fixture
def examples():
    """Forty customers on five days; who ordered often lately orders again."""
    rows = [(f"c{n:02}", pd.Timestamp(2026, 1 + day, 1), n % 8, float(n % 8 > 3)) for n in range(40) for day in range(5)]
    frame = pd.DataFrame(rows, columns=["customer_id", "at_on", "days_84d", "label"])
    return frame.assign(known_on=frame["at_on"] + pd.Timedelta(days=28), orders_all=9, orders_28d=frame["days_84d"])


def made(examples, **told):
    model = new_model("rate", needs=("days_84d",)).fit(examples)
    return Fitted(model, replace(model.card(), question="purchase", **told), pd.DataFrame(), PURCHASE.asks)


def test_the_model_before_stays_and_the_refused_one_is_kept_with_its_card(work, examples):
    before = work.home.shelf.latest("purchase")
    _, card = promoted(work, PURCHASE, new=made(examples, state=REFUSED, gaps=(UNFAIR,)), examples=examples, known=NOBODY)
    assert card.model_id == before
    kept = work.home.shelf.list("purchase")[-1]
    assert work.home.shelf.card(kept).state == REFUSED
    assert work.home.shelf.latest("purchase") == before
    (note,) = work.notes
    assert note.en.startswith(
        "Will this customer buy soon? The new model is not fair: Customers with gender f are picked 40% as often as m"
    )
    assert note.en.endswith(f"It is not used; the one of {DAY} stays.")
    assert note.zh.endswith(f"因此没有采用，继续用 {DAY} 的模型。")


def test_the_refused_try_counts_as_a_try_until_the_next_one_is_due(work, examples):
    assert young(work, "purchase") is None  # eight days old
    _, card = promoted(work, PURCHASE, new=made(examples, state=REFUSED, gaps=(UNFAIR,)), examples=examples, known=NOBODY)
    assert last_tried(work, "purchase") == work.at
    model, again = young(work, "purchase")
    assert again.model_id == card.model_id
    assert model is not None


def test_without_a_model_before_rates_are_used(work, examples):
    shutil.rmtree(work.home.folder / "models")
    _, card = promoted(work, PURCHASE, new=made(examples, state=REFUSED, gaps=(UNFAIR,)), examples=examples, known=NOBODY)
    assert (card.name, card.state) == ("rate", "")
    assert work.notes[0].en.endswith("It is not used; rates are.")


def test_where_rates_are_unfair_too_everybody_gets_the_same(work, examples):
    shutil.rmtree(work.home.folder / "models")
    rich = examples["days_84d"].gt(3).groupby(examples["customer_id"]).first()
    known = Beside(pd.DataFrame({"gender": rich.map({True: "m", False: "f"})}), pd.DataFrame(index=rich.index), smallest=5)
    model, card = promoted(work, PURCHASE, new=made(examples, state=REFUSED, gaps=(UNFAIR,)), examples=examples, known=known)
    assert model.predict(pd.DataFrame({"customer_id": ["x", "y"]}))["value"].nunique() == 1
    assert card.features == ()


def test_a_fair_model_is_used_and_one_that_is_only_reported_too(work, examples):
    _, card = promoted(work, PURCHASE, new=made(examples), examples=examples, known=NOBODY)
    assert work.home.shelf.latest("purchase") == card.model_id
    assert work.notes == []
    _, card = promoted(work, PURCHASE, new=made(examples, gaps=(UNFAIR,)), examples=examples, known=NOBODY)
    assert work.home.shelf.latest("purchase") == card.model_id
    assert work.notes[0].en.endswith("It is used all the same.")


def test_what_is_known_of_people_is_read_beside_the_features(work):
    settings = work.home.settings
    asked = settings.model_copy(update={"fairness": settings.fairness.model_copy(update={"protected": ("city",)})})
    known = beside(asked, work.table, frame=work.frame)
    assert set(known.protected["city"].dropna()) == {"上海", "杭州"}
    assert known.protected.index.is_unique
    assert list(known.apart.columns) == []
    assert list(beside(settings, work.table, frame=work.frame).protected.columns) == []


def test_what_a_search_found_is_tried_again_and_kept_on_the_card(work, examples):
    trial = Trial(0.4, (("num_leaves", 4.0),))
    model = new_model("rate", needs=("days_84d",)).fit(examples)
    put_on_shelf(work, model, card=replace(model.card(), question="purchase", trials=(trial,)))
    new = fitted(work, PURCHASE, examples=examples, known=NOBODY)
    assert new.card.trials == (trial,)
    assert work.home.shelf.card(put_on_shelf(work, new.model, card=new.card).model_id).trials == (trial,)


def test_a_model_that_wants_columns_of_another_version_is_no_champion(work, examples):
    model = new_model("rate", needs=("days_84d",)).fit(examples)
    put_on_shelf(work, model, card=replace(model.card(), question="purchase", features=("of_old",)))
    _, card = promoted(work, PURCHASE, new=made(examples, state=REFUSED, gaps=(UNFAIR,)), examples=examples, known=NOBODY)
    assert card.features != ("of_old",)
    assert "rates are" in work.notes[0].en
