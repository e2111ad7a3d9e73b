import numpy as np
import pandas as pd
import pytest

from zhiyin.predict.inputs import derived


def test_ratios_of_one_customer_seen_by_eye():
    rows = pd.DataFrame(
        {
            "orders_28d": [2], "orders_84d": [6], "coupon_orders_84d": [3], "spend_28d": [100], "spend_56d": [200], "spend_84d": [300],
            "days_since_order": [20], "gap_mean": [10.0], "gap_std": [2.0],
        }
    )  # fmt: skip
    found = derived(rows).iloc[0]
    assert found["coupon_share_84d"] == 0.5
    assert found["spend_trend_28d"] == pytest.approx(0.0)
    assert found["spend_spread"] == 0.0
    assert found["overdue"] == 2.0
    assert found["gap_ratio"] == 2.0


def test_who_stopped_has_a_falling_trend_and_who_returned_goods_no_broken_one():
    rows = pd.DataFrame({"spend_28d": [0, -50], "spend_84d": [300, 300]})
    assert derived(rows)["spend_trend_28d"].tolist() == pytest.approx([np.log(0.1 / 1.1)] * 2)
    assert derived(pd.DataFrame({"spend_28d": [0], "spend_84d": [0]}))["spend_trend_28d"].tolist() == [0.0]


def test_ratios_without_their_columns_are_left_out():
    assert list(derived(pd.DataFrame({"orders_28d": [1]})).columns) == ["orders_28d"]


def test_kinds_of_campaign_are_those_that_the_model_knows():
    rows = pd.DataFrame({"campaign_kind": ["A", "C"]})
    assert derived(rows)["kind_A"].tolist() == [1.0, 0.0]
    known = derived(rows, kinds=["kind_A", "kind_B"])
    assert known["kind_B"].tolist() == [0.0, 0.0]
    assert "kind_C" not in known
