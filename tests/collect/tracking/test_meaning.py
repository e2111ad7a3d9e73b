from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tracked import facts, said, typed_all
from zhiyin.collect.tracking.meaning import anonymous_system, batches

IDENTIFY = {"type": "identify", "userId": "u1", "anonymousId": "a1", "messageId": "m1", "timestamp": "2026-11-21T17:00:00Z"}
PAGE = {"type": "page", "anonymousId": "a1", "messageId": "m2", "timestamp": "2026-11-22T01:00:00Z", "properties": {"path": "/"}}
VIEW = {
    "type": "track",
    "event": "Product Viewed",
    "userId": "u1",
    "anonymousId": "a1",
    "messageId": "m3",
    "properties": {"product_id": "P1"},
}
BOUGHT = {"type": "track", "event": "Order Completed", "userId": "u1", "messageId": "m4", "properties": {"order_id": "E1", "revenue": 9}}


def test_ids_belong_to_the_system_of_the_key_or_to_its_devices():
    made = {(batch.kind, batch.system): batch for batch in batches(said(IDENTIFY, PAGE, VIEW, BOUGHT), name="web", system="shop")}
    assert list(made) == [
        ("customers", "shop"), ("customers", "web.anonymous"), ("orders", "shop"), ("events", "shop"), ("events", "web.anonymous")
    ]  # fmt: skip
    assert made["events", "shop"].columns["customer"].to_pylist() == ["u1", "u1"]  # an event of both is the user's
    assert made["events", "web.anonymous"].columns["customer"].to_pylist() == ["a1"]
    assert {batch.system for batch in batches(said(VIEW), name="web")} == {"web"}
    assert anonymous_system("web") == "web.anonymous"


def test_rows_know_their_messages_and_are_numbered_through():
    made = list(batches(said(BOUGHT, PAGE, IDENTIFY), name="web", system="shop"))
    numbers = [number for batch in made for number in batch.columns["source_row"].to_pylist()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {(batch.kind, batch.system): batch.messages for batch in made} == {
        ("customers", "shop"): (2,), ("customers", "web.anonymous"): (1,), ("orders", "shop"): (0,), ("events", "shop"): (0,),
        ("events", "web.anonymous"): (1,),
    }  # fmt: skip


def test_user_and_device_share_a_key_so_that_they_may_be_one_person():
    keys = facts(said(IDENTIFY, PAGE, VIEW))["link_key"]
    assert keys == [
        {"record_id": "shop/u1", "kind": "anonymous_id", "digest": "anonymous_id=a1"},
        {"record_id": "web.anonymous/a1", "kind": "anonymous_id", "digest": "anonymous_id=a1"},
    ]
    alias = {"type": "alias", "userId": "u1", "previousId": "a0", "messageId": "m9"}
    assert facts(said(alias))["link_key"] == [{"record_id": "shop/u1", "kind": "anonymous_id", "digest": "anonymous_id=a0"}]


def test_a_device_that_two_users_share_is_on_both_records():
    other = {**IDENTIFY, "userId": "u2", "messageId": "m8"}
    keys = facts(said(IDENTIFY, other))["link_key"]
    assert [(key["record_id"], key["digest"]) for key in keys] == [("shop/u1", "anonymous_id=a1"), ("shop/u2", "anonymous_id=a1")]


def test_a_consent_holds_since_it_was_given_and_a_person_is_known_since_then_at_the_latest():
    made = facts(said({**IDENTIFY, "traits": {"consent": {"sms": True}}}))
    assert made["consent"] == [{"record_id": "shop/u1", "channel": "sms", "allowed": True, "since_on": date(2026, 11, 22)}]
    assert made["record"][0]["since_on"] == date(2026, 11, 22)
    made = facts(said({**IDENTIFY, "traits": {"createdAt": "2020-05-01", "consent": {"sms": True}}}))
    assert made["consent"][0]["since_on"] == date(2026, 11, 22)
    assert made["record"][0]["since_on"] == date(2020, 5, 1)


def test_what_was_said_last_holds_whatever_came_last():
    early = {**IDENTIFY, "traits": {"city": "上海"}}
    late = {**IDENTIFY, "messageId": "m7", "timestamp": "2026-11-22T02:00:00Z", "traits": {"city": "杭州"}}
    for told in (said(early, late), said(late, early)):
        assert facts(told)["attribute"] == [{"record_id": "shop/u1", "name": "city", "value": "杭州"}]


def test_undeclared_properties_are_counted_once_a_message():
    told = said(
        {**VIEW, "properties": {"product_id": "P1", "shelf": 3}}, {**BOUGHT, "properties": {"order_id": "E1", "revenue": 1, "shelf": 3}}
    )
    assert {batch.kind: batch.dropped for batch in batches(told, name="web")} == {
        "customers": {}, "events": {"shelf": 1}, "orders": {"shelf": 1}
    }  # fmt: skip


def test_a_line_that_is_refused_leads_back_to_its_message():
    bad = {**BOUGHT, "messageId": "m5", "properties": {"order_id": "E2"}}
    made = {batch.kind: (batch, facts_) for batch, facts_ in typed_all(said(BOUGHT, bad))}
    batch, found = made["orders"]
    (refused,) = found.refused.to_pylist()
    assert refused["code"] == "no_amount"
    assert batch.messages[batch.columns["source_row"].to_pylist().index(refused["source_row"])] == 1


def _events() -> st.SearchStrategy[list[dict[str, Any]]]:
    who = st.fixed_dictionaries({}, optional={"userId": st.sampled_from(["u1", "u2"])}) | st.just({"userId": "u1", "anonymousId": "a1"})
    at = st.sampled_from([f"2026-11-2{day}T0{hour}:00:00Z" for day in (0, 1) for hour in range(6)])
    city, product = st.sampled_from(["杭州", "上海", "北京"]), st.sampled_from(["P1", "P2"])
    said_ = [
        st.builds(lambda city: {"type": "identify", "traits": {"city": city, "consent": {"sms": city == "杭州"}}}, city),
        st.builds(lambda product: {"type": "track", "event": "Product Viewed", "properties": {"product_id": product}}, product),
        st.builds(
            lambda n: {"type": "track", "event": "Order Completed", "properties": {"order_id": f"E{n}", "revenue": n}}, st.integers(1, 4)
        ),
        st.just({"type": "page", "properties": {"path": "/"}}),
    ]
    one = st.builds(lambda event, who, at: {"anonymousId": "a2", **event, **who, "timestamp": at}, st.one_of(said_), who, at)
    return st.lists(one, min_size=1, max_size=12).map(lambda found: [{**event, "messageId": f"m{at}"} for at, event in enumerate(found)])


@given(_events(), st.randoms(use_true_random=False), st.integers(1, 3))
def test_shuffled_and_repeated_messages_give_the_same_facts(events: list[dict[str, Any]], chance: Any, times: int):
    told = said(*events)
    again = [one for one in told for _ in range(times)]
    chance.shuffle(again)
    assert facts(again) == facts(told)


@given(_events())
def test_every_message_gives_a_row(events: list[dict[str, Any]]):
    told = said(*events)
    made = list(batches(told, name="web"))
    assert {place for batch in made for place in batch.messages} == set(range(len(told)))
    assert all(batch.columns.num_rows == len(batch.messages) for batch in made)
