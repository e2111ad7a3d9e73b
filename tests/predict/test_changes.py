from dataclasses import replace

import numpy as np
import pytest

from zhiyin.predict.changes import LEVERS, UNWANTED, changes
from zhiyin.predict.climb import climb
from zhiyin.predict.questions import QUESTIONS


@pytest.fixture
def fitted(panel, learning):
    """Who got a discount lately buys: the discount decides, and half of the orders."""
    draw = np.random.default_rng(2)
    share = draw.choice([0.0, 0.1, 0.2, 0.3], len(panel))
    label = (panel["orders_28d"] + 20 * share + draw.normal(0, 1, len(panel)) > 7).astype(float)
    rows = panel.assign(discount_share_28d=share, label=label)
    return climb(QUESTIONS["purchase"], rows, learning=learning), rows


def test_the_lever_that_decides_is_pulled_no_further_than_customers_have_gone(fitted):
    (made, rows), question = fitted, QUESTIONS["purchase"]
    poor = rows[(rows["discount_share_28d"] == 0) & (rows["orders_28d"] == 4)].head(1)
    found = changes(question, made.model, row=poor, card=made.card)
    assert [change.feature for change in found] == ["discount_share_28d"]
    (change,) = found
    assert change.now == 0
    assert 0 < change.then <= 0.3
    assert change.after > change.before + 0.2


def test_what_is_already_as_good_as_can_be_is_left(fitted):
    made, rows = fitted
    rich = rows[(rows["discount_share_28d"] == 0.3) & (rows["orders_28d"] == 8)].head(1)
    assert changes(QUESTIONS["purchase"], made.model, row=rich, card=made.card) == []


def test_what_nobody_wants_is_pulled_down(fitted):
    made, rows = fitted
    some = rows[(rows["discount_share_28d"] == 0.2) & (rows["orders_28d"] == 5)].head(1)
    unwanted = replace(QUESTIONS["purchase"], name="churn")
    (change,) = changes(unwanted, made.model, row=some, card=made.card)
    assert change.after < change.before
    assert change.then < change.now


def test_who_is_not_asked_about_has_nothing_to_change(fitted):
    made, rows = fitted
    assert changes(QUESTIONS["purchase"], made.model, row=rows.head(1).assign(orders_all=0), card=made.card) == []


def test_levers_are_features_of_their_question_and_never_who_somebody_is():
    assert set(LEVERS) == set(QUESTIONS)
    assert set(QUESTIONS) >= UNWANTED
    for name, levers in LEVERS.items():
        assert any(lever in QUESTIONS[name].features for lever in levers)
        assert not [lever for lever in levers if lever in ("tenure_days", "has_attributes")]
