import numpy as np
import pandas as pd

from zhiyin.core.tables import TABLES
from zhiyin.predict.loyalty import loyalty_segments


def test_each_level_is_seen_by_eye():
    rows = pd.DataFrame(
        [
            ("weekly", 40, 10, 400, 3, 10.0),
            ("monthly", 12, 2, 400, 20, 34.0),
            ("twice", 2, 1, 100, 10, 90.0),
            ("once", 1, 1, 9, 9, np.nan),
            ("left", 30, 0, 400, 200, 7.0),
        ],
        columns=["customer_id", "days_all", "days_84d", "tenure_days", "days_since_order", "gap_mean"],
    )
    found = loyalty_segments(rows, staying=[0.99, 0.9, 0.8, 0.7, 0.05])
    assert tuple(found.columns) == TABLES["segment"].names
    assert found["segment_id"].tolist() == ["devoted", "regular", "returning", "new", "fading"]
    assert found["reason_en"][0] == (
        "Bought on 40 days in 1.1 years, every 10 days on average, last 3 days ago; still a customer with a probability of 99%."
    )
    assert found["reason_zh"][3] == "只在 9 天前买过一次，仍是客户的可能性 70%。"


def test_without_regulars_nobody_is_devoted():
    rows = pd.DataFrame(
        {"customer_id": ["a"], "days_all": [2], "days_84d": [2], "tenure_days": [9], "days_since_order": [1], "gap_mean": [8.0]}
    )
    assert loyalty_segments(rows, staying=[0.9])["segment_id"].tolist() == ["returning"]
