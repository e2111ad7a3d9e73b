"""What is on offer on which day."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from zhiyin.predict.promotions import promoted


def test_the_share_of_what_sells_is_on_offer_while_the_campaign_runs():
    sold = pd.DataFrame({"product_id": ["a", "b", "c"], "category": ["茶", "茶", "奶"], "value": [3.0, 1.0, 5.0]})
    offers = pd.DataFrame({"campaign_id": ["k", "k", "l"], "product_id": ["a", "a", "z"]})
    campaigns = pd.DataFrame({"campaign_id": ["k", "l"], "starts_on": [date(2026, 1, 2)] * 2, "ends_on": [date(2026, 1, 3), None]})
    found = promoted(sold, offers, campaigns=campaigns, days=pd.date_range("2026-01-01", periods=4))
    assert list(found.columns) == ["茶"]
    assert found["茶"].tolist() == pytest.approx([0, 0.75, 0.75, 0])


def test_without_campaigns_nothing_is_on_offer():
    sold = pd.DataFrame({"product_id": ["a"], "category": ["茶"], "value": [3.0]})
    offers = pd.DataFrame({"campaign_id": [], "product_id": []}, dtype=object)
    campaigns = pd.DataFrame({"campaign_id": [], "starts_on": [], "ends_on": []}, dtype=object)
    assert promoted(sold, offers, campaigns=campaigns, days=pd.date_range("2026-01-01", periods=2)).empty
