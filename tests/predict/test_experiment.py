from datetime import date

import pandas as pd
import pytest

from predict.held_back import drawn
from zhiyin.core.errors import TooLittleData
from zhiyin.predict.experiment import measure


def contacts(rows=3_000, *, moves=0.3, seed=1):
    return drawn(rows, moves=moves, seed=seed).assign(at_on=pd.Timestamp(date(2026, 1, 5)), propensity=0.7)


def test_an_order_that_is_told_from_chance_is_used():
    found = measure(contacts(), needs=("a", "b"))
    assert found.won
    assert "by chance to buy" in found.verdict.en
    qini = found.scores[found.scores["metric"].eq("qini")].set_index("variant")["value"]
    assert qini["uplift"] > 0.02 > abs(qini["response"]) / 2
    assert qini["random"] == 0.0
    assert found.card.question == "uplift"
    assert found.scores["used"].sum() == 3


def test_an_order_that_is_not_says_how_many_more_are_needed():
    found = measure(contacts(800, moves=0.0, seed=3), needs=("a", "b"))
    assert not found.won
    assert "more held-back contacts are needed" in found.verdict.en


def test_of_very_many_contacts_all_held_back_ones_are_kept(monkeypatch):
    monkeypatch.setattr("zhiyin.predict.experiment.MOST_ROWS", 2_000)
    rows = contacts()
    found = measure(rows, needs=("a", "b"))
    assert found.model.examples_ == 2_000
    assert found.won


def test_hardly_anybody_held_back_is_said_with_the_number_missing():
    few = contacts()
    few = pd.concat([few[few["treated"] > 0], few[few["treated"] == 0].head(7)])
    with pytest.raises(TooLittleData, match="7 held back"):
        measure(few, needs=("a", "b"))
