from datetime import date

import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import TooLittleData
from zhiyin.predict.next_order import NEXT_ORDER, NextOrderModel, concordance, fit_next_order

TODAY = date(2026, 6, 1)


def clocks(rows=300, seed=1):
    """Customers who order every 10 or every 40 days, asked about on three days."""
    draw = np.random.default_rng(seed)
    found = []
    for at in (date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)):
        gap = np.where(np.arange(rows) % 2, 10.0, 40.0)
        since = draw.uniform(0, 1, rows) * gap
        days = np.ceil((gap - since) * np.exp(0.2 * draw.normal(size=rows))).clip(min=1)
        left = draw.random(rows) < 0.05
        until = float((TODAY - at).days)
        frame = pd.DataFrame({name: 1.0 for name in NEXT_ORDER.reads}, index=range(rows)).assign(
            gap_mean=gap, days_since_order=since.round(), orders_all=5.0, at_on=pd.Timestamp(at)
        )
        late = left | (days > until)
        who = [f"c{place:04d}" for place in range(rows)]
        found.append(frame.assign(customer_id=who, label=np.where(late, until, days), happened=(~late).astype(float)))
    return pd.concat(found, ignore_index=True)


def test_the_next_order_comes_after_the_rest_of_the_usual_gap():
    found = fit_next_order(clocks(), at=TODAY)
    scores = found.scores.set_index(["variant", "metric"])["value"]
    assert scores["next_order", "concordance"] > 0.8
    assert 0.8 < scores["next_order", "inside_interval"] <= 1.0
    assert "of two customers the earlier one is named" in found.verdict.en
    rows = NEXT_ORDER.rows(clocks(2).head(2))  # every 40 days, every 10 days
    said = found.model.predict(rows.assign(days_since_order=1.0, gap_ratio=1.0 / rows["gap_mean"]))
    assert said["value"][0] > 2 * said["value"][1]
    assert (said["low"] < said["value"]).all()


def test_who_has_not_come_yet_counts_as_later():
    rows = pd.DataFrame({"a": [0.0, 1.0] * 40, "label": [5.0, 5.0, 20.0, 20.0] * 20, "happened": [1.0, 0.0] * 40})
    said = NextOrderModel(needs=("a",)).fit(rows).predict(pd.DataFrame({"customer_id": ["x", "y"], "a": [0.0, 1.0]}))
    assert said["value"][0] == pytest.approx(10, abs=3)
    assert said["value"][1] > 20


def test_days_add_up_from_reasons_and_end_at_two_years():
    model = NextOrderModel.example()
    model.fit(model.example_rows(400, seed=1))
    asked = pd.DataFrame({"customer_id": ["x", "far"], "a": [20.0, 1e9], "b": [1.0, 1.0]})
    parts, said = model.reasons(asked), model.predict(asked)
    assert parts[["base", "a", "b"]].sum(axis=1).to_numpy() == pytest.approx(said["value"].to_numpy())
    assert said["value"][1] == 730.0


def test_hardly_any_repeat_orders_are_said():
    with pytest.raises(TooLittleData, match="more repeat orders are needed"):
        fit_next_order(clocks(5), at=TODAY)


def test_who_is_known_to_be_first_is_compared():
    assert concordance([1, 2, 3], [1, 2, 3], happened=[1, 1, 0]) == 1.0
    assert concordance([1, 2, 3], [3, 2, 1], happened=[1, 1, 0]) == 0.0
    assert concordance([1, 2], [5, 5], happened=[1, 1]) == 0.5
    assert np.isnan(concordance([1, 2], [1, 2], happened=[0, 0]))
