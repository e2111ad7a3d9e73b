import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracked import RECEIVED, facts, heard, packed, requests, said
from zhiyin.collect.tracking.message import REASONS, Message, Unfit, messages
from zhiyin.core.errors import DataError

SERVERS = ("segment-analytics-python", "rudder-sdk-python", "analytics-node")
BROWSERS = ("sa-sdk-javascript t=beacon", "sa-sdk-javascript t=image", "sa-sdk-javascript batch=1")
CAME = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def _heard(client: str) -> list[Message | Unfit]:
    return [one for sent in requests(client) for one in messages(sent.form, sent.body, received_at=CAME, places=None)]


def _said(client: str) -> list[Message]:
    return [one for one in _heard(client) if isinstance(one, Message)]


def _exact(keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The keys that may link; those that only bring records into question are tried in tests/unify/identity."""
    return [key for key in keys if not key["kind"].startswith("near_")]


@pytest.mark.parametrize("client", SERVERS)
def test_a_segment_client_is_understood_as_it_is(client: str):
    told = _heard(client)
    assert [one.kind for one in told if isinstance(one, Message)] == ["identify", "track", "page", "group", "alias", "screen"]
    made = facts(_said(client))
    assert [(row["line_id"], row["amount"]) for row in made["order_line"]] == [("E1/P1/0", 3990), ("E1/P2/0", 2000)]
    assert {row["name"] for row in made["event"]} == {"Order Completed", "Page Viewed", "Screen Viewed"}
    assert {(key["kind"], key["digest"]) for key in _exact(made["link_key"]) if key["record_id"] == "shop/u1"} == {
        ("phone", "phone=+8613912345678"), ("anonymous_id", "anonymous_id=a1"),
        ("anonymous_id", "anonymous_id=a0"),
    }  # fmt: skip
    assert {"name": "company", "value": "知音商贸", "record_id": "shop/u1"} in made["attribute"]
    assert len({one.message_id for one in _said(client)}) == 6


def test_the_python_client_of_sensors_is_understood_as_it_is():
    told = _heard("SensorsAnalyticsSDK")
    assert [one for one in told if isinstance(one, Unfit)] == []
    made = facts(_said("SensorsAnalyticsSDK"), declared=("likes", "points"))
    assert sorted(row["name"] for row in made["event"]) == [
        "Identity Unbound", "Order Completed", "Order Completed", "Product Added", "Product Viewed", "Signed In"
    ]  # fmt: skip
    assert {(row["order_id"], row["amount"]) for row in made["order_line"]} == {("E1", 5990), ("E2", 500)}
    assert {(row["name"], row["value"]) for row in made["attribute"]} == {("city", "杭州"), ("likes.水果", "true"), ("points", "5")}
    assert {(key["record_id"], key["kind"], key["digest"]) for key in _exact(made["link_key"])} == {
        ("shop/u1", "phone", "phone=+8613912345678"),
        ("shop/u1", "anonymous_id", "anonymous_id=a1"), ("web.anonymous/a1", "anonymous_id", "anonymous_id=a1"),
        ("web.anonymous/$identity_mobile+13912345678", "anonymous_id", "anonymous_id=$identity_mobile+13912345678"),
    }  # fmt: skip
    assert {(row["product_id"], row.get("name"), row.get("hidden")) for row in made["product"][:2]} == {
        ("P1", "红富士苹果", None),
        ("P2", None, True),
    }


@pytest.mark.parametrize("client", BROWSERS)
def test_the_browser_client_of_sensors_is_understood_as_it_is(client: str):
    assert [one for one in _heard(client) if isinstance(one, Unfit)] == []
    made = facts(_said(client))
    named = [row["name"] for row in made["event"]]
    assert {"Page Viewed", "Product Viewed", "Signed In", "Order Completed", "Element Clicked"} <= set(named)
    (order,) = made["order_line"]
    assert (order["record_id"], order["amount"]) == ("shop/u1", 1250)
    (page,) = [row for row in made["event"] if row["name"] == "Page Viewed"]
    assert page["page"] == "/files/page.html"
    assert page["record_id"].startswith("web.anonymous/")
    assert made["attribute"] == [{"record_id": "shop/u1", "name": "city", "value": "杭州"}]
    devices = [key["digest"] for key in made["link_key"]]
    assert len(devices) == 2
    assert devices[0] == devices[1]
    if "batch" not in client:
        assert [row["seconds"] > 1 for row in made["event"] if row["name"] == "Page Left"] == [True]


def test_the_same_body_again_is_the_same_events():
    for client in (*SERVERS, "SensorsAnalyticsSDK"):
        assert facts([*_said(client), *_said(client)]) == facts(_said(client))


def test_only_the_places_that_count_are_read():
    body = json.dumps({"batch": [{"type": "track", "userId": "u1", "event": name} for name in "abc"] + [5]}).encode()
    told = list(messages("segment:batch", body, received_at=RECEIVED, places=[1, 3]))
    assert sorted(one.place for one in told) == [1, 3]
    assert list(messages("segment:batch", body, received_at=RECEIVED, places=[])) == []


def test_each_line_may_be_of_another_client():
    segment = {"type": "track", "userId": "u1", "event": "Product Viewed"}
    sensors = {"type": "track", "distinct_id": "u1", "event": "ProductViewed", "time": 1_795_323_600, "properties": {"$is_login_id": True}}
    cloud = {"specversion": "1.0", "id": "1", "source": "/a", "type": "product.viewed", "subject": "u1"}
    assert {(one.user, one.name) for one in said(segment, sensors, cloud, form="lines")} == {("u1", "Product Viewed")}


def test_what_has_no_meaning_keeps_what_it_said():
    event = {"type": "track", "event": "x"}
    (told,) = heard(event)
    assert isinstance(told, Unfit)
    assert json.loads(told.raw) == event


def test_a_body_that_cannot_be_read_is_an_error():
    with pytest.raises(DataError, match="The body is not JSON"):
        list(messages("segment:track", b"{", received_at=RECEIVED, places=None))


VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=6)  # fmt: skip
NAMES = ("type", "event", "userId", "anonymousId", "properties", "traits", "context", "timestamp", "sentAt", "groupId", "previousId",
         "distinct_id", "time", "identities", "original_id", "login_id", "_flush_time", "item_type", "item_id", "specversion", "id",
         "source", "data", "subject", "messageId")  # fmt: skip
TYPES = st.sampled_from(
    [
        "track",
        "page",
        "identify",
        "group",
        "alias",
        "track_signup",
        "profile_set",
        "profile_append",
        "profile_increment",
        "profile_unset",
        "profile_delete",
        "item_set",
    ]
)
EVENTS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8).flatmap(
    lambda event: st.fixed_dictionaries({}, optional={"type": TYPES, "specversion": st.just("1.0"), "userId": st.just("u1")}).map(
        lambda more: {**event, **more}
    )
)


@given(st.lists(EVENTS, min_size=1, max_size=4), st.sampled_from(["segment:batch", "sensors", "cloudevents:batch", "lines"]))
def test_every_event_is_facts_or_says_why_not(events: list[dict[str, Any]], form: str):
    if form == "segment:batch":
        body = json.dumps({"batch": events}).encode()
    elif form == "sensors":
        body = packed(*events)
    else:
        body = (json.dumps(events) if form != "lines" else "\n".join(map(json.dumps, events))).encode()
    told = list(messages(form, body, received_at=RECEIVED, places=None))
    assert sorted(one.place for one in told) == list(range(len(events)))
    assert all(one.code in REASONS for one in told if isinstance(one, Unfit))
    facts([one for one in told if isinstance(one, Message)])
