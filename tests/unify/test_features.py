import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unify import naive
from unify.shop import DAY, Shop, ago, sql
from zhiyin.core.errors import UsageError
from zhiyin.core.tables import TABLES
from zhiyin.unify.features import features

AT = [ago(30), DAY, ago(90)]
CATEGORIES = {"p1": "milk", "p2": "milk", "p3": "tea", "p4": ""}
KEY = ["customer_id", "at_on"]


def _of(shop: Shop, customer: str, at=DAY) -> pd.Series:
    found = shop.run(sql(features, (at,)))
    return found.set_index("customer_id").loc[customer]


def test_features_have_the_columns_of_their_table(shop):
    table = features(shop.facts, AT)
    assert table.columns == TABLES["profile_at"].names
    assert {name: str(type_) for name, type_ in table.schema().items()} == TABLES["profile_at"].types


def test_windows_hold_the_days_before_and_not_the_day_itself(shop):
    shop.orders([{"record_id": "a", "ordered_on": ago(day), "amount": 100} for day in (0, 1, 7, 8, 28, 84, 85)])
    row = _of(shop, "a")
    assert row[[f"orders_{span}" for span in ("7d", "14d", "28d", "56d", "84d", "all")]].tolist() == [2, 3, 4, 4, 5, 6]
    assert row[["days_since_order", "tenure_days", "last_gap", "gap_max"]].tolist() == [1, 85, 6, 56]


def test_a_customer_without_facts_is_known_from_the_day_after_the_first(shop):
    shop.fill("record", [{"record_id": "a", "since_on": ago(30)}, {"record_id": "b"}])
    found = shop.frame(features(shop.facts, [ago(30), ago(29)]))
    assert list(zip(found["customer_id"], found["at_on"].dt.date, strict=True)) == [("a", ago(29))]
    assert found["orders_all"].item() == 0
    assert found[["days_since_order", "gap_mean", "days_since_coupon", "days_since_visit"]].isna().all(axis=None)


def test_contacts_and_visits_and_attributes_are_features_too(shop):
    shop.fill("campaign", [{"campaign_id": name, "starts_on": ago(40)} for name in "xy"])
    shop.fill("touch", [{"record_id": "a", "campaign_id": name} for name in "xy"])
    shop.fill("outcome", [{"record_id": "a", "campaign_id": "x", "happened_on": ago(day)} for day in (30, 20)])
    shop.fill("event", [{"record_id": "a", "event_id": str(n), "happened_on": ago(day)} for n, day in enumerate((3, 3, 60))])
    shop.fill("attribute", [{"record_id": "a", "name": "city", "value": "x"}])
    shop.orders([{"record_id": "b", "ordered_on": ago(day), "amount": 100} for day in (9, 5)])
    names = ["offers_received", "offers_answered", "offers_used", "days_since_answer", "visits_28d", "visits_84d", "days_since_visit"]
    assert _of(shop, "a")[[*names, "has_attributes"]].tolist() == [2, 1, 2, 20, 1, 2, 3, 1]
    assert _of(shop, "a", at=ago(30))[["offers_received", "offers_answered", "offers_used", "visits_84d"]].tolist() == [2, 0, 0, 1]
    assert _of(shop, "b")[[*names[:3], "has_attributes"]].tolist() == [0, 0, 0, 0]


def test_results_of_calls_are_features_and_campaigns_are_none(shop):
    told = [("answered", 100), ("no_need", 50), ("unreachable", 9), ("wrong_number", 8)]
    calls = [{"record_id": "a", "kind": kind, "happened_on": ago(day), "campaign_id": None} for kind, day in told]
    shop.fill("outcome", [*calls, {"record_id": "b", "kind": "answered", "happened_on": ago(3), "campaign_id": "x"}])
    names = ["calls_84d", "calls_all", "calls_yes_all", "calls_no_all", "days_since_call"]
    shop.orders([{"record_id": "b", "ordered_on": ago(5), "amount": 100}])
    assert _of(shop, "a")[names].tolist() == [2, 3, 1, 1, 9]
    assert _of(shop, "b")[names[:4]].tolist() == [0, 0, 0, 0]


@given(
    st.lists(
        st.tuples(st.sampled_from(["Signed In", "$AppStart", "Page Viewed", "Subscription Renewed", "续费"]), st.integers(0, 100)),
        min_size=1,
    )
)
def test_logins_and_renewals_are_counted_as_by_hand(events):
    shop = Shop()
    rows = [{"record_id": "a", "event_id": str(n), "name": name, "happened_on": ago(day)} for n, (name, day) in enumerate(events)]
    shop.fill("event", rows)
    found = shop.run(sql(features, tuple(AT))).set_index("at_on")
    shop.lake.close()
    for at in AT:
        wanted = naive.uses([{"name": row["name"], "on": row["happened_on"]} for row in rows], at)
        if pd.Timestamp(at) in found.index:
            told = found.loc[pd.Timestamp(at)]
            assert {name: None if pd.isna(told[name]) else told[name] for name in wanted} == wanted
        else:
            assert all(row["happened_on"] >= at for row in rows)


def test_records_of_one_customer_count_together(shop):
    shop.fill("identity", [{"record_id": name, "customer_id": "a"} for name in "ab"])
    shop.orders([{"record_id": name, "ordered_on": ago(3), "amount": 100} for name in "ab"])
    row = _of(shop, "a")
    assert row[["orders_7d", "days_28d", "spend_all"]].tolist() == [2, 1, 200]


def test_too_many_days_are_refused(shop):
    with pytest.raises(UsageError, match="Give 1 to 60 days"):
        features(shop.facts, [])


line = st.fixed_dictionaries(
    {
        "record_id": st.sampled_from("ab"),
        "ordered_on": st.integers(-3, 200).map(ago),
        "order_id": st.sampled_from("12"),
        "product_id": st.sampled_from(sorted(CATEGORIES)),
        "amount": st.sampled_from([100, 250, 99, 0, -100]),
        "discount": st.sampled_from([0, 0, 30]),
        "coupon": st.sampled_from([0, 0, 10]),
    }
)
some_lines = st.lists(line, max_size=25)


@pytest.fixture(scope="module")
def one_shop():
    made = Shop()
    made.fill("product", [{"product_id": product, "category": category} for product, category in CATEGORIES.items()])
    yield made
    made.lake.close()


def _counted(shop, lines) -> pd.DataFrame:
    shop.orders(lines)
    return shop.run(sql(features, tuple(AT)))


@settings(max_examples=15)
@given(lines=some_lines)
def test_features_equal_a_naive_count(one_shop, lines):
    found = _counted(one_shop, lines)
    rows = [{**row, "on": row["ordered_on"], "category": CATEGORIES[row["product_id"]]} for row in lines]
    wanted = [
        {"customer_id": customer, "at_on": at, **counted}
        for customer in "ab"
        for at in sorted(AT)
        if (counted := naive.features([row for row in rows if row["record_id"] == customer], at))
    ]
    assert list(zip(found["customer_id"], found["at_on"].dt.date, strict=True)) == [(row["customer_id"], row["at_on"]) for row in wanted]
    for got, row in zip(found.to_dict("records"), wanted, strict=True):
        same = {name: got[name] for name in row if name in got and name not in KEY}
        assert {name: None if pd.isna(value) else value for name, value in same.items()} == pytest.approx(
            {name: row[name] for name in same}
        )


@settings(max_examples=6)
@given(lines=some_lines, later=st.lists(line, max_size=5))
def test_later_facts_change_nothing(one_shop, lines, later):
    before = _counted(one_shop, lines)
    tomorrow = [{**row, "ordered_on": DAY, "order_id": "9"} for row in later]
    pd.testing.assert_frame_equal(_counted(one_shop, [*lines, *tomorrow]), before)


@settings(max_examples=6)
@given(lines=some_lines, random=st.randoms(use_true_random=False))
def test_the_order_of_facts_changes_nothing(one_shop, lines, random):
    before = _counted(one_shop, lines)
    shuffled = random.sample(lines, len(lines))
    pd.testing.assert_frame_equal(_counted(one_shop, shuffled), before)


def test_many_days_give_the_same_as_each_day_alone(one_shop):
    bought = [{"record_id": name, "ordered_on": ago(day), "amount": 100 + day} for name in "ab" for day in range(0, 150, 11)]
    together = _counted(one_shop, bought)
    alone = pd.concat([one_shop.run(sql(features, (at,))) for at in (AT[0], DAY)])
    together = together[together["at_on"].dt.date != AT[2]].reset_index(drop=True)
    pd.testing.assert_frame_equal(together, alone.sort_values(KEY, ignore_index=True))
