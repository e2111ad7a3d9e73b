import json

import pandas as pd

from unify.shop import DAY, Shop, ago, sql
from zhiyin.core.tables import TABLES
from zhiyin.unify.profile import TIERS, profile, values
from zhiyin.unify.spans import spans


def _profiles(shop: Shop, at=DAY) -> pd.DataFrame:
    return shop.run(sql(profile, at=at)).set_index("customer_id")


def _records(shop: Shop, *names: str, since: int = 300) -> None:
    shop.fill("record", [{"record_id": name, "since_on": ago(since)} for name in names])


def test_a_customer_who_never_bought_is_a_lead(shop):
    _records(shop, "a", since=7)
    row = _profiles(shop).loc["a"]
    assert (row["stage"], row["tier"], row["orders"], row["spend"]) == ("lead", "lead", 0, 0)
    assert row["stage_since_on"].date() == ago(7)
    assert row["interests"] == "[]"
    assert row["attributes"] == "{}"
    assert row[["days_since_order", "recency_score", "frequency_score", "monetary_score"]].isna().all()


def test_a_profile_has_the_columns_of_its_table(shop):
    _records(shop, "a")
    table = profile(shop.facts, at=DAY)
    assert table.columns == TABLES["profile"].names
    assert {name: str(type_) for name, type_ in table.schema().items()} == TABLES["profile"].types


def test_profiles_of_pieces_are_those_of_the_whole(shop):
    _records(shop, *"abcd")
    shop.orders(
        {"record_id": name, "ordered_on": ago(3 * day), "order_id": f"{name}{day}", "amount": 100 * place}
        for place, name in enumerate("abc", start=1)
        for day in range(1, place + 1)
    )
    facts, whole = shop.facts, _profiles(shop)
    assert whole["monetary_score"].nunique() > 1  # what compares customers must not be counted piece by piece
    valued = values(facts, at=DAY)
    parts = [shop.frame(profile(facts.within(span), at=DAY, valued=span.of(valued))) for span in spans(["b", "d"])]
    pieces = pd.concat(parts).set_index("customer_id").sort_index()
    pd.testing.assert_frame_equal(pieces, shop.frame(profile(facts, at=DAY)).set_index("customer_id").sort_index())


def test_who_came_later_is_not_known_yet(shop):
    _records(shop, "a", "b", since=7)
    shop.fill("record", [{"record_id": "a", "since_on": ago(0)}, {"record_id": "b", "since_on": ago(3)}, {"record_id": "c"}])
    assert list(_profiles(shop).index) == ["b", "c"]
    shop.orders([{"record_id": "a", "ordered_on": ago(1), "amount": 100}])
    assert list(_profiles(shop).index) == ["a", "b", "c"]


def test_scores_are_fifths_and_equals_get_equal_scores(shop):
    _records(shop, *"abcdefghij")
    shop.orders([{"record_id": name, "ordered_on": ago(n + 1), "amount": 100} for n, name in enumerate("abcdefghij")])
    found = _profiles(shop)
    assert found["recency_score"].tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert set(found["frequency_score"]) == {1}
    assert set(found["monetary_score"]) == {1}


def test_the_tier_follows_value_and_the_own_rhythm(shop):
    days = {"a": range(10, 300, 10), "b": range(10, 290, 20), "c": [10], "d": range(110, 300, 5), "e": range(60, 300, 10)}
    _records(shop, *days)
    shop.orders([{"record_id": name, "ordered_on": ago(day), "amount": 100} for name, all_ in days.items() for day in all_])
    found = _profiles(shop)
    assert found["tier"].to_dict() == {"a": "champion", "b": "promising", "c": "promising", "d": "asleep", "e": "slipping"}
    assert set(found["tier"]) < set(TIERS)


def test_interests_are_the_categories_bought_on_most_days(shop):
    _records(shop, "a", "b")
    shop.fill("product", [{"product_id": name, "category": name} for name in ("milk", "tea", '"salt"\\', "rice")])
    bought = {"milk": [9, 5, 1], "tea": [8, 4], '"salt"\\': [3], "rice": [2]}
    shop.orders(
        [
            {"record_id": "a", "ordered_on": ago(day), "amount": 250 + (name == "rice"), "product_id": name}
            for name, days in bought.items()
            for day in days
        ]
    )
    found = _profiles(shop)
    assert json.loads(found.loc["a", "interests"]) == [
        {"category": "milk", "days": 3, "spend": 750, "last_on": str(ago(1))},
        {"category": "tea", "days": 2, "spend": 500, "last_on": str(ago(4))},
        {"category": "rice", "days": 1, "spend": 251, "last_on": str(ago(2))},
    ]
    assert json.loads(_profiles(shop, at=ago(2)).loc["a", "interests"])[2]["category"] == '"salt"\\'


def test_attributes_name_their_source_and_the_youngest_record_speaks(shop):
    shop.fill(
        "record",
        [
            {"record_id": "a", "since_on": ago(90)},
            {"record_id": "b", "since_on": ago(9), "source": "crm"},
            {"record_id": "c"},
        ],
    )
    shop.fill("identity", [{"record_id": name, "customer_id": "a"} for name in "abc"])
    shop.fill(
        "attribute",
        [
            {"record_id": "a", "name": "city", "value": "Shanghai"},
            {"record_id": "b", "name": "city", "value": "Hang\nzhou"},
            {"record_id": "c", "name": "city", "value": "Beijing"},
            {"record_id": "a", "name": "age", "value": "35"},
        ],
    )
    found = _profiles(shop)
    assert json.loads(found.loc["a", "attributes"]) == {
        "age": {"value": "35", "source": "shop"},
        "city": {"value": "Hang zhou", "source": "crm"},
    }


def test_later_facts_change_nothing(shop):
    _records(shop, "a", "b")
    shop.fill("product", [{"product_id": "p1", "category": "milk"}])
    past = [{"record_id": name, "ordered_on": ago(day), "amount": 100 * day} for name, day in [("a", 40), ("a", 12), ("b", 60)]]
    shop.orders(past)
    before = _profiles(shop)
    shop.orders([*past, *[{"record_id": name, "ordered_on": ago(day), "amount": 900} for name, day in [("a", 0), ("b", -3), ("z", 0)]]])
    pd.testing.assert_frame_equal(_profiles(shop), before)
