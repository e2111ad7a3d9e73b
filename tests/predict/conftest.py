"""Small customers with a visible rule: who bought a lot lately buys again."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from zhiyin.core.settings import LearningSettings


@pytest.fixture
def two_columns():
    """`a` decides, `b` is noise; every tenth `b` is not known."""
    draw = np.random.default_rng(3)
    a, b = draw.gamma(2.0, 10.0, 400).round(2), draw.gamma(2.0, 10.0, 400).round(2)
    label = (a + draw.normal(0, 5, 400) > 20).astype(float)
    return pd.DataFrame(
        {"customer_id": [f"c{n:03d}" for n in range(400)], "a": a, "b": np.where(np.arange(400) % 10, b, np.nan), "label": label}
    )


@pytest.fixture
def panel():
    """300 customers on four days, 28 days apart; the chance to buy grows with the orders of the last 28 days."""
    draw = np.random.default_rng(5)
    parts = []
    for number in range(4):
        at = date(2026, 1, 1) + timedelta(days=28 * number)
        orders = draw.integers(0, 9, 300)
        label = (orders + draw.normal(0, 2, 300) > 4).astype(float)
        rows = pd.DataFrame({"customer_id": [f"c{n:03d}" for n in range(300)], "at_on": pd.Timestamp(at), "label": label})
        rows["known_on"] = pd.Timestamp(at + timedelta(days=28))
        rows["orders_28d"], rows["orders_84d"], rows["orders_all"] = orders, orders + 3, orders + 10
        rows["days_84d"] = draw.integers(1, 20, 300)
        rows["spend_28d"], rows["spend_84d"] = orders * 1000, orders * 1000 + 3000
        rows["days_since_order"] = 9.0 - orders
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


@pytest.fixture
def learning():
    return LearningSettings()
