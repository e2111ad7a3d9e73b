import numpy as np
import pandas as pd
import pytest

from zhiyin.learn.reasons import expit
from zhiyin.predict.leaving import LeavingModel
from zhiyin.predict.questions import told_by_rhythm


def fitted():
    model = LeavingModel()
    return model.fit(model.example_rows(600, seed=1))


def people(**columns):
    return pd.DataFrame({"customer_id": [f"p{place}" for place in range(len(columns["days_since_order"]))], **columns})


def test_silence_beyond_the_own_rhythm_speaks_for_leaving_not_silence_alone():
    said = fitted().predict(people(days_since_order=[60.0, 60.0, 5.0], tenure_days=[400.0, 400.0, 400.0], gap_mean=[10.0, 80.0, 10.0]))
    quick_and_silent, slow_and_silent, quick = said["value"]
    assert quick_and_silent > slow_and_silent > quick
    assert (said["low"] <= said["value"]).all()
    assert (said["value"] <= said["high"]).all()


def test_who_bought_once_may_have_left_too():
    once = fitted().predict(people(days_since_order=[20.0, 300.0], tenure_days=[20.0, 300.0], gap_mean=[np.nan, np.nan]))
    assert once["value"][1] > once["value"][0]


def test_reasons_name_the_rhythm_and_add_up_to_the_chance():
    model, rows = fitted(), people(days_since_order=[250.0, 5.0], tenure_days=[400.0, 90.0], gap_mean=[10.0, np.nan])
    reasons = model.reasons(rows).drop(columns="customer_id")
    assert set(reasons.columns) == {"base", "days_since_order", "tenure_days", "gap_mean"}
    assert expit(reasons.sum(axis=1)) == pytest.approx(model.predict(rows)["value"].to_numpy())
    assert reasons["days_since_order"][0] > 0 > reasons["days_since_order"][1]


def test_other_columns_are_not_read():
    assert LeavingModel(needs=("a", "b")).needs == LeavingModel().needs


def test_the_rhythm_tells_where_leaving_takes_longer_to_show_than_half_the_history():
    rows = pd.DataFrame({"tenure_days": [100.0, 540.0]})
    assert told_by_rhythm(rows, 336)
    assert not told_by_rhythm(rows, 56)
    assert not told_by_rhythm(rows.head(0), 84)
