"""Whom chance put on the list is written down once."""

from __future__ import annotations

import pandas as pd
import pytest

from journeys.shop import DAY
from zhiyin.app.home import create_home, open_home
from zhiyin.app.listed import keep_draws


@pytest.fixture
def home(tmp_path):
    create_home(tmp_path)
    made = open_home(tmp_path)
    yield made
    made.close()


def steps(*rows):
    return pd.DataFrame(rows, columns=["customer_id", "listed", "holdout", "channel", "propensity"])


def test_listed_and_held_back_are_drawn_and_others_are_not(home):
    keep_draws(
        home, steps(("c1", True, False, "phone", 0.95), ("c2", False, True, "sms", 0.95), ("c3", False, False, "phone", 0.0)), at=DAY
    )
    kept = {row["customer_id"]: (row["holdout"], row["channel"], row["policy"]) for row in home.journal.touches()}
    assert kept == {"c1": (False, "phone", "repurchase-1"), "c2": (True, "sms", "repurchase-1")}


def test_drawn_again_on_the_same_day_a_row_is_written_once(home):
    for _ in range(2):
        keep_draws(home, steps(("c1", True, False, "phone", 0.95)), at=DAY)
    assert len(home.journal.touches()) == 1


def test_nobody_drawn_is_nothing_written(home):
    keep_draws(home, steps(("c3", False, False, "phone", 0.0)), at=DAY)
    assert home.journal.touches() == []
