import pandas as pd

from unify.shop import ago
from zhiyin.unify.facts import category_days, order_days, owned
from zhiyin.unify.features import features
from zhiyin.unify.spans import spans


def test_facts_belong_to_the_customer_of_their_record(shop):
    shop.fill("identity", [{"record_id": "r2", "customer_id": "c1"}])
    shop.fill("event", [{"record_id": "r1", "name": "View"}, {"record_id": "r2", "name": "Buy"}])
    found = shop.frame(owned(shop.tables["event"], shop.tables["identity"]))
    assert "record_id" not in found
    assert dict(zip(found["customer_id"], found["name"], strict=True)) == {"r1": "View", "c1": "Buy"}


def test_a_day_adds_up_its_orders(shop):
    day = {"record_id": "a", "ordered_on": ago(3)}
    shop.orders(
        [
            {**day, "order_id": "1", "amount": 500, "discount": 100, "coupon": 50},
            {**day, "order_id": "1", "amount": 300},
            {**day, "order_id": "2", "amount": 200},
            {**day, "order_id": "3", "amount": 0, "discount": 900, "coupon": 1},
        ]
    )
    found = shop.frame(shop.facts.days).drop(columns=["customer_id", "on", "gap", "next_on"]).iloc[0].to_dict()
    assert found == {"orders": 2, "spend": 1000, "lines": 3, "paid": 1000, "discount": 100, "coupon_lines": 1, "coupon_orders": 1}


def test_a_return_lowers_the_spend_of_its_own_day_and_takes_no_order_away(shop):
    shop.orders(
        [
            {"record_id": "a", "ordered_on": ago(9), "order_id": "1", "amount": 500},
            {"record_id": "a", "ordered_on": ago(5), "order_id": "1", "amount": -500},
            {"record_id": "a", "ordered_on": ago(2), "order_id": "2", "amount": 700},
        ]
    )
    found = shop.frame(shop.facts.days)
    assert found["orders"].tolist() == [1, 0, 1]
    assert found["spend"].tolist() == [500, -500, 700]
    assert found["gap"].fillna(0).tolist() == [0, 0, 7]


def test_lines_in_another_currency_are_left_out(shop):
    shop.orders(
        [{"record_id": "a", "ordered_on": ago(1), "amount": 500}, {"record_id": "b", "ordered_on": ago(1), "amount": 9, "currency": "USD"}]
    )
    assert shop.frame(shop.facts.days)["customer_id"].tolist() == ["a"]


def test_the_same_order_number_in_two_systems_is_two_orders(shop):
    line = {"record_id": "a", "ordered_on": ago(1), "order_id": "1", "amount": 100}
    shop.orders([line, {**line, "source": "crm"}])
    assert shop.frame(shop.facts.days)["orders"].tolist() == [2]


def test_category_days_hold_what_was_paid_for_in_a_known_category(shop):
    shop.fill(
        "product",
        [{"product_id": "p1", "category": "milk"}, {"product_id": "p2", "category": "milk"}, {"product_id": "p3", "category": ""}],
    )
    shop.orders(
        [
            {"record_id": "a", "ordered_on": ago(9), "amount": 100, "product_id": "p1", "coupon": 5},
            {"record_id": "a", "ordered_on": ago(9), "amount": 150, "product_id": "p2", "discount": 50},
            {"record_id": "a", "ordered_on": ago(2), "amount": 100, "product_id": "p2"},
            {"record_id": "a", "ordered_on": ago(1), "amount": 0, "product_id": "p1"},
            {"record_id": "a", "ordered_on": ago(1), "amount": 100, "product_id": "p3"},
            {"record_id": "a", "ordered_on": ago(1), "amount": 100, "product_id": "unknown"},
        ]
    )
    found = shop.frame(shop.facts.category_days)
    assert found["category"].tolist() == ["milk", "milk"]
    assert found[["spend", "discount", "lines", "coupon_lines"]].to_numpy().tolist() == [[250, 50, 2, 1], [100, 0, 1, 0]]
    assert found["on"].dt.date.tolist() == [ago(9), ago(2)]


def test_a_campaign_is_answered_when_it_was_received_and_redeemed(shop):
    shop.fill("campaign", [{"campaign_id": "spring", "starts_on": ago(30)}, {"campaign_id": "summer", "starts_on": ago(20)}])
    shop.fill(
        "touch",
        [
            {"record_id": "a", "campaign_id": "spring"},
            {"record_id": "a", "campaign_id": "summer", "touched_on": ago(18)},
            {"record_id": "a", "campaign_id": "summer", "touched_on": ago(15)},
            {"record_id": "b", "campaign_id": "spring", "holdout": True},
            {"record_id": "b", "touched_on": ago(3), "campaign_id": ""},
        ],
    )
    shop.fill(
        "outcome",
        [
            {"record_id": "a", "campaign_id": "spring", "happened_on": ago(25)},
            {"record_id": "a", "campaign_id": "spring", "happened_on": ago(22)},
            {"record_id": "a", "campaign_id": "autumn", "happened_on": ago(2)},
            {"record_id": "a", "campaign_id": "summer", "happened_on": ago(14), "kind": "no_need"},
        ],
    )
    found = shop.frame(shop.facts.contacts)
    assert set(found["customer_id"]) == {"a"}
    assert found[["received", "answered", "used"]].sum().tolist() == [2, 1, 3]
    assert found.loc[found["received"] > 0, "on"].dt.date.tolist() == [ago(30), ago(18)]
    assert found.loc[found["answered"] > 0, "on"].dt.date.tolist() == [ago(25)]


def test_what_is_kept_is_what_is_read(shop):
    facts = shop.facts
    kept = facts.kept(lambda name, table: table.limit(0) if name == "days" else table)
    assert shop.frame(kept.days).empty
    assert kept.lines.equals(facts.lines)
    assert kept.currency == "CNY"


def test_features_of_pieces_are_those_of_the_whole(shop):
    shop.fill("record", [{"record_id": name, "since_on": ago(90)} for name in "abc"])
    shop.orders([{"record_id": name, "ordered_on": ago(day), "order_id": f"{name}{day}"} for name in "abc" for day in (60, 30, 5)])
    days = [ago(20), ago(0)]
    whole = shop.frame(features(shop.facts, days))
    parts = pd.concat([shop.frame(features(shop.facts.within(span), days)) for span in spans(["b", "c"])])
    order = ["customer_id", "at_on"]
    assert len(whole) == 6
    pd.testing.assert_frame_equal(parts.sort_values(order, ignore_index=True), whole.sort_values(order, ignore_index=True))


def test_relations_can_be_made_of_parts(shop):
    lines = owned(shop.tables["order_line"], shop.tables["identity"]).rename(on="ordered_on")
    assert order_days(lines).columns[:2] == ("customer_id", "on")
    assert category_days(lines, shop.tables["product"]).columns[:3] == ("customer_id", "category", "on")
