"""Discounts of groups of equal value, on the tables of the shop."""

from __future__ import annotations

import ibis
import pandas as pd
import pytest

from zhiyin.app.parity import discount_parity
from zhiyin.core.settings import Settings

DAY = pd.Timestamp(2026, 9, 28)


@pytest.fixture
def shop_of(request):
    """Forty customers of one tier; the women get `request.param` more discount."""
    people = [f"c{n:02}" for n in range(40)]
    given = [0.1 + 0.01 * (n % 3) + (request.param if n % 2 else 0.0) for n in range(40)]
    tables = {
        "attribute": pd.DataFrame({"record_id": people, "name": "gender", "value": ["m", "f"] * 20}),
        "identity": pd.DataFrame({"record_id": people, "customer_id": people}),
        "profile": pd.DataFrame({"customer_id": people, "at_on": DAY, "tier": "loyal"}),
        "profile_at": pd.DataFrame({"customer_id": people, "at_on": DAY, "discount_share_84d": given}),
    }
    return lambda name: ibis.memtable(tables[name])


def told(tables, **fairness):
    import duckdb

    settings = Settings(fairness=fairness)
    rows = discount_parity(settings, tables, frame=lambda rows: ibis.duckdb.from_connection(duckdb.connect()).to_pandas(rows))
    return {row["group"]: row for row in rows}


@pytest.mark.parametrize("shop_of", [0.1], indirect=True)
def test_a_group_that_gets_more_is_seen(shop_of):
    rows = told(shop_of)
    assert rows["f"]["difference"] == pytest.approx(0.1, abs=0.01)
    assert not rows["f"]["ok"]
    assert not rows["m"]["ok"]
    assert all(row["ok"] for row in told(shop_of, max_discount=0.2).values())


@pytest.mark.parametrize("shop_of", [0.0], indirect=True)
def test_groups_that_get_the_same_pass(shop_of):
    assert all(row["ok"] for row in told(shop_of).values())


@pytest.mark.parametrize("shop_of", [0.1], indirect=True)
def test_where_nothing_is_protected_nothing_is_compared(shop_of):
    assert told(shop_of, protected=("religion",)) == {}
