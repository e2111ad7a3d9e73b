from datetime import UTC, datetime

import pytest

from tracked import RECEIVED, said, why

AT = "2026-11-22T05:00:00.250Z"


def test_every_call_is_heard():
    told = said(
        {"type": "track", "userId": "u1", "event": "Completed Order", "properties": {"order_id": "E1"}, "messageId": "m1"},
        {"type": "page", "anonymousId": "a1", "name": "首页", "properties": {"path": "/"}, "messageId": "m2"},
        {"type": "screen", "userId": 7, "name": "我的", "messageId": "m3"},
        {"type": "identify", "userId": "u1", "anonymousId": "a1", "traits": {"name": "王丽"}, "messageId": "m4"},
        {"type": "group", "userId": "u1", "groupId": "g1", "traits": {"name": "知音商贸"}, "messageId": "m5"},
        {"type": "alias", "userId": "u1", "previousId": "a0", "messageId": "m6"},
    )
    assert [(one.kind, one.message_id, one.user, one.anonymous, one.name, one.group, one.previous, one.place) for one in told] == [
        ("track", "m1", "u1", "", "Order Completed", "", "", 0),
        ("page", "m2", "", "a1", "Page Viewed", "", "", 1),
        ("screen", "m3", "7", "", "Screen Viewed", "", "", 2),
        ("identify", "m4", "u1", "a1", "", "", "", 3),
        ("group", "m5", "u1", "", "", "g1", "", 4),
        ("alias", "m6", "u1", "", "", "", "a0", 5),
    ]
    assert told[1].properties == {"name": "首页", "path": "/"}
    assert told[3].traits == {"name": "王丽"}


def test_a_single_call_is_told_by_its_address():
    (told,) = said({"userId": "u1", "event": "Product Viewed"}, form="segment:track")
    assert (told.kind, told.name, told.place) == ("track", "Product Viewed", 0)
    (told,) = said({"userId": "u1", "type": "track"}, form="segment:identify")
    assert told.kind == "identify"


def test_what_a_batch_says_once_holds_for_each_event():
    events = ({"type": "track", "userId": "u1", "event": "x", "context": {"locale": "zh"}}, {"type": "track", "userId": "u1", "event": "y"})
    first, second = said(*events, context={"locale": "en", "ip": "1.1.1.1"}, integrations={"All": True})
    assert first.context == {"locale": "zh", "ip": "1.1.1.1"}
    assert second.context == {"locale": "en", "ip": "1.1.1.1"}


def test_the_traits_of_an_identify_may_stand_in_its_context():
    (told,) = said({"type": "identify", "userId": "u1", "context": {"traits": {"city": "杭州"}}})
    assert told.traits == {"city": "杭州"}
    (told,) = said({"type": "track", "event": "x", "userId": "u1", "context": {"traits": {"city": "杭州"}}})
    assert told.traits == {}


def test_the_skew_of_the_senders_clock_is_taken_out():
    event = {"type": "track", "userId": "u1", "event": "x", "timestamp": AT}
    (told,) = said(event, sentAt="2026-11-22T05:00:10Z")  # the sender believes that it is an hour earlier
    assert told.at == datetime(2026, 11, 22, 5, 59, 50, 250_000, tzinfo=UTC)
    (told,) = said({**event, "originalTimestamp": "2026-11-22T05:00:09Z", "sentAt": "2026-11-22T05:00:10Z"})
    assert told.at == datetime(2026, 11, 22, 5, 59, 59, tzinfo=UTC)


def test_without_a_time_of_sending_the_time_stands():
    event = {"type": "track", "userId": "u1", "event": "x"}
    (told,) = said({**event, "timestamp": AT})
    assert told.at == datetime(2026, 11, 22, 5, 0, 0, 250_000, tzinfo=UTC)
    (told,) = said(event, sentAt=AT)
    assert told.at == told.received_at == RECEIVED


def test_history_keeps_its_times():
    event = {"type": "track", "userId": "u1", "event": "x", "timestamp": "2012-12-02T08:30:12+08:00"}
    (told,) = said(event, form="segment:import", sentAt="2026-11-01T00:00:00Z")
    assert told.at == datetime(2012, 12, 2, 0, 30, 12, tzinfo=UTC)


def test_nothing_happens_after_it_was_received():
    event = {"type": "track", "userId": "u1", "event": "x", "timestamp": "2026-11-22T09:00:00Z"}
    assert said(event)[0].at == RECEIVED
    assert why({**event, "timestamp": "2026-11-23T07:00:00Z"}) == ("future_time", "/0/timestamp")


@pytest.mark.parametrize(
    ("event", "code", "pointer"),
    [
        ({"type": "track", "event": "x"}, "no_person", "/0/userId"),
        ({"type": "track", "event": "x", "userId": ""}, "no_person", "/0/userId"),
        ({"type": "track", "event": "x", "userId": {"a": 1}}, "bad_id", "/0/userId"),
        ({"type": "track", "event": "x", "userId": True}, "bad_id", "/0/userId"),
        ({"type": "track", "event": "x", "userId": "u" * 256}, "bad_id", "/0/userId"),
        ({"type": "track", "event": "x", "userId": "a\x00b"}, "bad_id", "/0/userId"),
        ({"type": "track", "userId": "u1"}, "bad_name", "/0/event"),
        ({"type": "track", "userId": "u1", "event": "  "}, "bad_name", "/0/event"),
        ({"type": "track", "userId": "u1", "event": 5}, "bad_name", "/0/event"),
        ({"type": "track", "userId": "u1", "event": "x" * 256}, "bad_name", "/0/event"),
        ({"type": "dance", "userId": "u1"}, "unknown_type", "/0/type"),
        ({"userId": "u1", "event": "x"}, "unknown_type", "/0/type"),
        ({"type": ["track"], "userId": "u1", "event": "x"}, "unknown_type", "/0/type"),
        ({"type": "track", "userId": "u1", "event": "x", "properties": [1]}, "bad_properties", "/0/properties"),
        ({"type": "track", "userId": "u1", "event": "x", "context": "c"}, "bad_properties", "/0/context"),
        ({"type": "identify", "userId": "u1", "traits": "t"}, "bad_properties", "/0/traits"),
        ({"type": "track", "userId": "u1", "event": "x", "timestamp": "yesterday"}, "bad_time", "/0/timestamp"),
        ({"type": "track", "userId": "u1", "event": "x", "timestamp": "2026-02-30T00:00:00Z"}, "bad_time", "/0/timestamp"),
        ({"type": "track", "userId": "u1", "event": "x", "timestamp": "1970-01-01T00:00:00Z"}, "bad_time", "/0/timestamp"),
        ({"type": "track", "userId": "u1", "event": "x", "timestamp": {"t": 1}}, "bad_time", "/0/timestamp"),
        ({"type": "track", "userId": "u1", "event": "x", "timestamp": AT, "sentAt": "soon"}, "bad_time", "/0/sentAt"),
        ({"type": "group", "userId": "u1"}, "bad_id", "/0/groupId"),
        ({"type": "alias", "userId": "u1"}, "bad_id", "/0/previousId"),
    ],
)
def test_what_has_no_meaning_says_why(event: dict[str, object], code: str, pointer: str):
    assert why(event) == (code, pointer)
    if isinstance(event.get("type"), str) and event["type"] != "dance":
        assert why(event, form=f"segment:{event['type']}") == (code, pointer.removeprefix("/0"))
