"""What a new model is told to its card: whom it treats how, what drives it, and whether it may be used."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from zhiyin.core.settings import FairnessSettings
from zhiyin.learn.card import REFUSED, Card
from zhiyin.predict.climb import climb
from zhiyin.predict.questions import QUESTIONS
from zhiyin.predict.trust import Beside

PURCHASE = QUESTIONS["purchase"]
WHO = pd.Index([f"c{number:03d}" for number in range(300)])
GENDER = np.where(np.arange(300) % 2, "f", "m")
BESIDE = Beside(pd.DataFrame({"gender": GENDER}, index=WHO), pd.DataFrame({"industry": np.where(np.arange(300) % 3, "a", "b")}, index=WHO))


@pytest.fixture
def proxied(panel):
    """Women buy in more categories, which tells who is one; buying does not depend on it."""
    women = panel["customer_id"].map(dict(zip(WHO, GENDER, strict=True))).eq("f")
    return panel.assign(categories_28d=np.where(women, 4, 1) + panel["orders_28d"] % 2)


@pytest.fixture
def biased(proxied):
    """The label was written by somebody who overlooks three of four women."""
    women, seen = proxied["categories_28d"] >= 4, np.random.default_rng(1).random(len(proxied)) < 0.25
    return proxied.assign(label=np.where(women & ~seen, 0.0, proxied["label"]))


def test_a_biased_label_that_reaches_the_model_through_a_proxy_is_refused(biased, learning):
    card = climb(PURCHASE, biased, learning=learning, beside=BESIDE).card
    assert card.state == REFUSED
    assert "gender f" in card.notes[-1].en
    found = {group.group: group.found.value for group in card.groups}
    assert found["f"] < found["m"] - 0.3


def test_the_fair_label_passes_with_the_same_proxy_in_sight(proxied, learning):
    card = climb(PURCHASE, proxied, learning=learning, beside=BESIDE).card
    assert card.state == ""
    (proxy,) = card.proxies
    assert proxy.auc.value > 0.99
    assert proxy.strongest[0] == "categories_28d"
    assert {group.n for group in card.groups} == {150}


def test_customers_of_whom_nothing_is_known_are_left_out(biased, learning):
    half = Beside(BESIDE.protected.iloc[:200], BESIDE.apart.iloc[:0])
    card = climb(PURCHASE, biased, learning=learning, beside=half).card
    assert card.state == REFUSED
    assert {group.n for group in card.groups} == {100}


def test_who_only_wants_to_be_told_is_told(biased, learning):
    card = climb(PURCHASE, biased, learning=learning, beside=BESIDE, fairness=FairnessSettings(gate="say")).card
    assert card.state == ""
    assert "gender f" in card.notes[-1].en


def test_limits_that_allow_everything_refuse_nothing(biased, learning):
    fairness = FairnessSettings(min_ratio=0.0, max_difference=1.0)
    assert climb(PURCHASE, biased, learning=learning, beside=BESIDE, fairness=fairness).card.state == ""


def test_protected_columns_are_not_read_even_where_they_are_features(panel, learning):
    from dataclasses import replace

    question = replace(PURCHASE, features=("orders_28d", "gender", "age"))
    told = panel.assign(gender=np.tile([0.0, 1.0], 600), age=np.arange(1200.0))
    assert climb(question, told, learning=learning).card.features == ("orders_28d",)


def test_an_industry_that_was_not_learned_from_is_scored(panel, learning):
    card = climb(PURCHASE, panel, learning=learning, beside=BESIDE).card
    assert [(one.column, one.value, one.n) for one in card.left_out] == [("industry", "a", 800), ("industry", "b", 400)]
    assert all(one.auc.low > 0.8 for one in card.left_out)


def test_the_card_says_what_drives_the_answers_and_comes_back_whole(panel, learning):
    card = climb(PURCHASE, panel, learning=learning, beside=BESIDE).card
    topics = [effect.topic for effect in card.effects if not effect.feature]
    assert set(topics[:3]) <= {"frequency", "recency", "money"}
    curve = next(effect.curve for effect in card.effects if effect.feature == card.effects[len(topics)].feature)
    assert len(curve) > 3
    assert {"accuracy", "accuracy_no_model", "precision", "recall", "f1"} <= set(card.metrics)
    assert Card.from_json(card.to_json()) == card


def test_too_little_to_judge_is_not_called_fair_or_unfair(panel, learning):
    few = pd.concat([panel[panel["label"] == 0].head(400), panel[panel["label"] == 1].head(5)])
    card = climb(PURCHASE, few, learning=learning, beside=BESIDE).card
    assert (card.state, card.groups) == ("", ())
