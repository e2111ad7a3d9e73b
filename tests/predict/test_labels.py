"""Labels look at [D, D + days) and nowhere else."""

from datetime import date

import ibis
import pandas as pd
import pytest

from zhiyin.predict import labels

DAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def read():
    return ibis.duckdb.connect().to_pandas


def _table(schema, *rows):
    names = list(schema)
    return ibis.memtable([dict(zip(names, row, strict=True)) for row in rows], schema=ibis.schema(schema))


ORDERS = {"customer_id": "string", "on": "date", "orders": "float64", "spend": "float64"}
ASKED = {"customer_id": "string", "at_on": "date", "spend_84d": "int64"}


@pytest.mark.parametrize(
    ("on", "happened"),
    [(date(2026, 2, 28), 0.0), (DAY, 1.0), (date(2026, 3, 28), 1.0), (date(2026, 3, 29), 0.0)],
)
def test_the_window_begins_on_the_day_and_ends_before_the_last(read, on, happened):
    asked = _table(ASKED, ("c1", DAY, 0))
    orders = _table(ORDERS, ("c1", on, 1.0, 500.0), ("c2", DAY, 1.0, 500.0))
    found = read(labels.bought(asked, orders, days=28))
    assert found["label"].tolist() == [happened]
    assert pd.to_datetime(found["known_on"]).dt.date.tolist() == [date(2026, 3, 29)]
    assert read(labels.stayed_away(asked, orders, days=28))["label"].tolist() == [1.0 - happened]


def test_a_day_of_returns_only_is_no_purchase(read):
    asked, orders = _table(ASKED, ("c1", DAY, 0)), _table(ORDERS, ("c1", DAY, 0.0, -500.0))
    assert read(labels.bought(asked, orders, days=28))["label"].tolist() == [0.0]


@pytest.mark.parametrize(("spent", "halved"), [(49.0, 1.0), (50.0, 0.0), (0.0, 1.0)])
def test_half_of_the_usual_is_not_less_than_half(read, spent, halved):
    asked = _table(ASKED, ("c1", DAY, 300))  # 100 in 28 days
    orders = _table(ORDERS, ("c1", DAY, 1.0, spent), ("c1", date(2026, 2, 27), 1.0, 999.0))
    assert read(labels.halved(asked, orders, days=28))["label"].tolist() == [halved]


def test_nothing_bought_at_all_is_less_than_half(read):
    asked, orders = _table(ASKED, ("c1", DAY, 300)), _table(ORDERS, ("c2", DAY, 1.0, 1.0))
    assert read(labels.halved(asked, orders, days=28))["label"].tolist() == [1.0]


def test_another_category_is_another_answer(read):
    schema = {"customer_id": "string", "category": "string"}
    asked = _table(schema | {"at_on": "date"}, ("c1", "tea", DAY), ("c1", "milk", DAY))
    bought = _table(schema | {"on": "date"}, ("c1", "tea", DAY), ("c2", "milk", DAY))
    found = read(labels.bought_category(asked, bought, days=28)).set_index("category")["label"]
    assert found.to_dict() == {"tea": 1.0, "milk": 0.0}


def test_a_campaign_is_answered_until_its_last_day(read):
    keys = {"customer_id": "string", "campaign_id": "string"}
    asked = _table(keys | {"at_on": "date"}, ("c1", "spring", DAY), ("c2", "spring", DAY), ("c3", "spring", DAY), ("c4", "spring", DAY))
    campaigns = _table({"campaign_id": "string", "ends_on": "date"}, ("spring", date(2026, 3, 20)))
    outcomes = _table(
        keys | {"kind": "string", "happened_on": "date"},
        ("c1", "spring", "redeemed", date(2026, 3, 20)),
        ("c2", "spring", "redeemed", date(2026, 3, 21)),
        ("c3", "spring", "unreachable", date(2026, 3, 5)),
    )
    found = read(labels.answered(asked, outcomes, campaigns=campaigns)).set_index("customer_id")
    assert found["label"].to_dict() == {"c1": 1.0, "c2": 0.0, "c3": 0.0, "c4": 0.0}
    assert set(pd.to_datetime(found["known_on"]).dt.date) == {date(2026, 3, 21)}


OUTCOMES = {"customer_id": "string", "campaign_id": "string", "kind": "string", "happened_on": "date"}


@pytest.mark.parametrize(("kind", "yes"), [("answered", 1.0), ("bought", 1.0), ("no_need", 0.0), ("unreachable", 0.0)])
def test_the_first_call_of_the_window_says_yes_or_no(read, kind, yes):
    asked = _table(ASKED, ("c1", DAY, 0), ("never called", DAY, 0))
    calls = _table(
        OUTCOMES,
        ("c1", "", kind, date(2026, 3, 3)),
        ("c1", "", "answered", date(2026, 3, 9)),
        ("c1", "", "answered", date(2026, 2, 28)),
        ("never called", "spring sale", "answered", DAY),
    )
    found = read(labels.said_yes(asked, calls, days=14))
    assert found[["customer_id", "label"]].to_numpy().tolist() == [["c1", yes]]
    assert pd.to_datetime(found["known_on"]).dt.date.tolist() == [date(2026, 3, 15)]
