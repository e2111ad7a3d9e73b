from datetime import UTC, date, datetime

import pandas as pd
import pytest

from zhiyin.act.known import days_of, of_customers, text
from zhiyin.core.errors import MissingColumns


def test_records_and_retired_customers_become_the_customer_of_today() -> None:
    identity = pd.DataFrame({"record_id": ["r1", "r2", "c9"], "customer_id": ["c1", "c1", "c1"]})
    rows = pd.DataFrame({"customer_id": [None, "c9", "c5"], "record_id": ["r2", None, None], "channel": ["sms", "phone", "any"]})
    assert of_customers(rows, identity, needs=("channel",))["customer_id"].tolist() == ["c1", "c1", "c5"]


def test_what_is_optional_is_filled_and_what_is_needed_is_named() -> None:
    rows = pd.DataFrame({"customer_id": ["c1"], "kind": ["bought"]})
    assert of_customers(rows, pd.DataFrame(), needs=("kind",), optional=("campaign_id",)).columns.tolist() == [
        "customer_id",
        "kind",
        "campaign_id",
    ]
    with pytest.raises(MissingColumns, match="Columns are missing: happened_on"):
        of_customers(rows, pd.DataFrame(), needs=("kind", "happened_on"))
    with pytest.raises(MissingColumns, match="Columns are missing: customer_id"):
        of_customers(rows[["kind"]], pd.DataFrame(), needs=("kind",))


def test_days_are_counted_whole_whatever_the_column_holds() -> None:
    at = date(2026, 11, 21)
    assert days_of(pd.Series([date(2026, 11, 1), None]), at).fillna(-9).tolist() == [20, -9]
    assert days_of(pd.Series([datetime(2026, 11, 20, 23, 59, tzinfo=UTC)]), at).tolist() == [1]
    assert days_of(pd.Series(["2026-11-22"]), at).tolist() == [-1]
    assert days_of(pd.Series([date(2026, 11, 20), "2026-11-19T23:00:00+00:00"]), at).tolist() == [1, 2]


def test_text_is_never_empty_in_two_ways() -> None:
    assert text(pd.DataFrame({"a": ["x", None, float("nan")]}), "a").tolist() == ["x", "", ""]
    assert text(pd.DataFrame({"a": [1, 2]}), "b").tolist() == ["", ""]
