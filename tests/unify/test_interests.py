import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unify import naive
from unify.shop import DAY, Shop, ago, sql
from zhiyin.core.errors import UsageError
from zhiyin.core.tables import TABLES
from zhiyin.unify.interests import interests

AT = [DAY, ago(40)]
CATEGORIES = {"p1": "milk", "p2": "milk", "p3": "tea", "p4": ""}


def test_interests_have_the_columns_of_their_table(shop):
    table = interests(shop.facts, AT)
    assert table.columns == TABLES["interest_at"].names
    assert {name: str(type_) for name, type_ in table.schema().items()} == TABLES["interest_at"].types


def test_a_category_is_left_after_eight_weeks(shop):
    shop.fill("product", [{"product_id": "p1", "category": "milk"}, {"product_id": "p2", "category": "tea"}])
    shop.orders(
        [{"record_id": "a", "ordered_on": ago(day), "amount": 100, "product_id": "p1"} for day in (70, 56, 0)]
        + [{"record_id": "a", "ordered_on": ago(55), "amount": 100, "product_id": "p2"}]
    )
    found = shop.run(sql(interests, (DAY,)))
    assert found[["category", "pair_orders", "pair_days_since", "pair_gap_last"]].to_numpy().tolist() == [["milk", 2, 56, 14]]
    later = shop.frame(interests(shop.facts, [DAY], silent_days=50))
    assert later["category"].tolist() == ["milk", "tea"]


def test_the_department_of_a_category_is_that_of_most_of_its_products(shop):
    departments = {"p1": "food", "p2": "food", "p3": "drinks", "p4": "drinks", "p5": "drinks"}
    categories = {"p1": "milk", "p2": "milk", "p3": "milk", "p4": "tea", "p5": "tea"}
    shop.fill("product", [{"product_id": p, "category": categories[p], "department": departments[p]} for p in departments])
    shop.orders(
        [{"record_id": "a", "ordered_on": ago(day), "amount": 100, "product_id": "p4"} for day in (90, 80, 60)]
        + [{"record_id": "a", "ordered_on": ago(day), "amount": 100, "product_id": "p3"} for day in (5, 60)]
    )
    found = shop.run(sql(interests, (DAY,)))
    assert found["category"].tolist() == ["tea"]
    assert found[["department_days_28d", "department_days_56d", "department_days_84d"]].to_numpy().tolist() == [[0, 0, 2]]


def test_a_category_without_a_department_has_no_department_days(shop):
    shop.fill("product", [{"product_id": "p1", "category": "milk", "department": ""}])
    shop.orders([{"record_id": "a", "ordered_on": ago(60), "amount": 100}])
    assert shop.run(sql(interests, (DAY,)))["department_days_84d"].tolist() == [0]


def test_no_day_is_refused(shop):
    with pytest.raises(UsageError, match="Give 1 to 60 days"):
        interests(shop.facts, [])


line = st.fixed_dictionaries(
    {
        "record_id": st.sampled_from("abc"),
        "ordered_on": st.integers(-3, 250).map(ago),
        "product_id": st.sampled_from(sorted(CATEGORIES)),
        "amount": st.sampled_from([100, 250, 99, 0, -100]),
        "discount": st.sampled_from([0, 0, 30]),
    }
)


@pytest.fixture(scope="module")
def one_shop():
    made = Shop()
    made.fill("product", [{"product_id": product, "category": category} for product, category in CATEGORIES.items()])
    yield made
    made.lake.close()


@settings(max_examples=15)
@given(lines=st.lists(line, max_size=25), later=st.lists(line, max_size=3))
def test_interests_equal_a_naive_count_and_are_blind_to_what_comes_later(one_shop, lines, later):
    one_shop.orders([*lines, *[{**row, "ordered_on": DAY} for row in later]])
    found = one_shop.run(sql(interests, tuple(AT)))
    rows = [{**row, "on": row["ordered_on"], "category": CATEGORIES[row["product_id"]], "coupon": 0} for row in lines]
    wanted = [
        {"customer_id": customer, "category": category, "at_on": str(at), **counted}
        for customer in "abc"
        for category in ("milk", "tea")
        for at in sorted(AT)
        if (counted := naive.interests([r for r in rows if r["record_id"] == customer], rows, category=category, at=at))
    ]
    found["at_on"] = found["at_on"].astype(str)
    assert len(found) == len(wanted)
    for got, row in zip(found.to_dict("records"), wanted, strict=True):
        assert {name: None if pd.isna(got[name]) else got[name] for name in row} == pytest.approx(row)
