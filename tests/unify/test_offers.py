import ibis
import pandas as pd
import pytest

from unify.shop import DAY, Shop, ago
from zhiyin.core.tables import TABLES
from zhiyin.unify.offers import offers, received


@pytest.fixture
def spring(shop):
    """Campaign spring covers two milks and one tea; anna received it, bo is asked about."""
    shop.fill("product", [{"product_id": name, "category": name[:-1]} for name in ("milk1", "milk2", "milk3", "tea1", "rice1")])
    shop.fill("campaign", [{"campaign_id": "spring", "kind": "A", "starts_on": ago(10), "ends_on": ago(-20)}, {"campaign_id": "bare"}])
    covered = [("o1", "milk1"), ("o1", "milk2"), ("o2", "tea1"), ("o2", "milk1")]
    shop.fill("offer", [{"campaign_id": "spring", "offer_id": offer, "product_id": product} for offer, product in covered])
    shop.fill("touch", [{"record_id": "anna", "campaign_id": "spring"}, {"record_id": "anna", "campaign_id": "bare"}])
    bought = [
        ("milk1", 11, 300, 5),
        ("milk1", 40, 100, 0),
        ("milk2", 40, 100, 5),
        ("tea1", 120, 50, 0),
        ("milk3", 20, 70, 5),
        ("rice1", 12, 900, 5),
        ("milk1", 10, 999, 5),
        ("tea1", 15, 0, 5),
    ]
    shop.orders(
        [
            {"record_id": "anna", "ordered_on": ago(day), "product_id": product, "amount": amount, "coupon": coupon}
            for product, day, amount, coupon in bought
        ]
    )
    return shop


def test_received_campaigns_are_asked_about_as_of_their_first_day(spring: Shop):
    found = spring.frame(received(spring.facts))
    assert found.assign(at_on=found["at_on"].dt.date).to_numpy().tolist() == [["anna", "spring", ago(10)]]


def test_offers_count_what_was_bought_of_the_campaign_before_its_day(spring: Shop):
    row = spring.frame(offers(spring.facts, received(spring.facts))).iloc[0].to_dict()
    assert {name: value for name, value in row.items() if name not in ("customer_id", "campaign_id", "at_on")} == {
        "offer_products": 3,
        "offer_days": 3,
        "offer_days_84d": 2,
        "offer_spend": 550,
        "offer_spend_28d": 300,
        "offer_spend_84d": 500,
        "offer_days_since": 1,
        "offer_coupon_lines": 2,
        "offer_category_spend_84d": 570,
        "offer_category_coupon_lines": 3,
        "campaign_kind": "A",
        "campaign_products": 3,
        "campaign_offers": 2,
        "campaign_days": 30,
    }


def test_whoever_is_asked_about_gets_a_row(spring: Shop):
    spring.lake.execute("create table asked (customer_id varchar, campaign_id varchar, at_on date)")
    spring.lake.executemany("insert into asked values (?, ?, ?)", [["anna", "spring", DAY], ["bo", "spring", DAY], ["bo", "bare", DAY]])
    asked = ibis.table({"customer_id": "string", "campaign_id": "string", "at_on": "date"}, name="asked")
    found = spring.frame(offers(spring.facts, asked)).set_index(["customer_id", "campaign_id"])
    assert found["offer_spend"].to_dict() == {("anna", "spring"): 1549, ("bo", "bare"): 0, ("bo", "spring"): 0}
    assert pd.isna(found.loc[("bo", "spring"), "offer_days_since"])
    assert found["campaign_products"].tolist() == [3, 0, 3]


def test_offers_have_the_columns_of_their_table(spring: Shop):
    table = offers(spring.facts, received(spring.facts))
    assert table.columns == TABLES["campaign_at"].names
    assert {name: str(type_) for name, type_ in table.schema().items()} == TABLES["campaign_at"].types
