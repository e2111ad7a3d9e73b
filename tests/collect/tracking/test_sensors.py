from datetime import UTC, datetime
from functools import partial

import pytest

from tracked import RECEIVED, facts
from tracked import said as said_in
from tracked import why as why_in

said, why = partial(said_in, form="sensors"), partial(why_in, form="sensors")
MILLISECONDS = 1_795_323_600_123  # 2026-11-22 05:00:00.123 UTC
AT = datetime(2026, 11, 22, 5, 0, 0, 123_000, tzinfo=UTC)


def _track(event: str = "x", **more: object) -> dict[str, object]:
    return {"type": "track", "distinct_id": "a1", "event": event, "time": MILLISECONDS, "properties": {}, **more}


def test_an_event_belongs_to_the_device_until_somebody_signs_in():
    device, user, both = said(
        _track(), _track(properties={"$is_login_id": True}), _track(login_id="u1", anonymous_id="d1", distinct_id="u1")
    )
    assert (device.user, device.anonymous, device.at) == ("", "a1", AT)
    assert (user.user, user.anonymous) == ("a1", "")
    assert (both.user, both.anonymous) == ("u1", "d1")


def test_identities_say_who_it_is():
    (told,) = said(
        _track(distinct_id="u1", identities={"$identity_login_id": "u1", "$identity_cookie_id": "c1", "$identity_mobile": "139"})
    )
    assert (told.user, told.anonymous, told.traits) == ("u1", "c1", {"phone": "139"})
    (told,) = said(_track(distinct_id="$identity_email+li@shop.test", identities={"$identity_email": "li@shop.test"}))
    assert (told.user, told.anonymous, told.traits) == ("", "$identity_email+li@shop.test", {"email": "li@shop.test"})


def test_a_sign_in_names_both():
    (told,) = said(_track("$SignUp", type="track_signup", distinct_id="u1", original_id="a1"))
    assert (told.kind, told.name, told.user, told.anonymous) == ("track", "Signed In", "u1", "a1")


def test_a_binding_tells_of_the_person_and_an_unbinding_is_an_event():
    bound, unbound = said(
        _track(
            "$BindID", type="track_id_bind", distinct_id="u1", identities={"$identity_login_id": "u1", "$identity_mobile": "13912345678"}
        ),
        _track("$UnbindID", type="track_id_unbind", distinct_id="u1", identities={"$identity_mobile": "13912345678"}),
    )
    assert (bound.kind, bound.user, bound.traits) == ("identify", "u1", {"phone": "13912345678"})
    assert (unbound.kind, unbound.name) == ("track", "Identity Unbound")


def test_profiles_are_traits():
    kinds = ("profile_set", "profile_set_once", "profile_append")
    login = {"$is_login_id": True}
    told = said(*(_track(type=kind, properties={"city": "杭州", "likes": ["水果", "茶"], **login}) for kind in kinds))
    assert [(one.kind, one.user, one.first) for one in told] == [
        ("identify", "a1", False),
        ("identify", "a1", True),
        ("identify", "a1", False),
    ]
    assert told[2].traits == {"likes.水果": True, "likes.茶": True}
    assert facts(told, declared=("likes",))["attribute"][-2:] == [
        {"record_id": "shop/a1", "name": "likes.水果", "value": "true"},
        {"record_id": "shop/a1", "name": "likes.茶", "value": "true"},
    ]


def test_what_was_set_once_gives_way_to_what_was_set():
    login = {"$is_login_id": True}
    once = _track(type="profile_set_once", time=MILLISECONDS + 5_000, properties={"city": "北京", "country": "中国", **login})
    later = _track(type="profile_set_once", time=MILLISECONDS + 9_000, properties={"country": "法国", **login})
    told = said(once, later, _track(type="profile_set", properties={"city": "杭州", **login}))
    assert {row["name"]: row["value"] for row in facts(told)["attribute"]} == {"city": "杭州", "country": "中国"}


def test_items_are_products():
    told = said(
        {"type": "item_set", "item_type": "sku", "item_id": "P1", "time": MILLISECONDS, "properties": {"name": "梨", "price": 3.5}},
        {"type": "item_delete", "item_type": "sku", "item_id": "P2", "time": MILLISECONDS, "properties": {}},
    )
    assert facts(told) == {
        "product": [
            {"product_id": "P1", "source": "shop", "name": "梨", "price": 350, "currency": "CNY"},
            {"product_id": "P2", "source": "shop", "currency": "CNY", "hidden": True},
        ]
    }


@pytest.mark.parametrize(
    ("event", "name", "kind"),
    [
        ("$pageview", "Page Viewed", "page"), ("$WebClick", "Element Clicked", "track"), ("$WebStay", "Page Left", "track"),
        ("$AppStart", "Application Opened", "track"), ("$MPViewScreen", "Screen Viewed", "screen"),
        ("OrderCompleted", "Order Completed", "track"), ("product_viewed", "Product Viewed", "track"), ("$Strange", "$Strange", "track"),
        ("payOrder", "payOrder", "track"),
    ],
)  # fmt: skip
def test_events_bear_our_names(event: str, name: str, kind: str):
    (told,) = said(_track(event))
    assert (told.name, told.kind) == (name, kind)


def test_times_have_ten_or_thirteen_digits():
    assert said(_track(time=MILLISECONDS // 1000))[0].at == AT.replace(microsecond=0)
    assert said(_track(time=str(MILLISECONDS)))[0].at == AT


def test_the_clock_of_the_browser_is_corrected_where_it_is_off_by_a_minute():
    flushed = int(RECEIVED.timestamp() * 1000) - 3_600_000
    assert said(_track(_flush_time=flushed))[0].at == RECEIVED
    assert said(_track(_flush_time=flushed, time=flushed - 5_000))[0].at == datetime(2026, 11, 22, 5, 59, 55, tzinfo=UTC)
    assert said(_track(_flush_time=flushed + 3_590_000))[0].at == AT


@pytest.mark.parametrize(
    ("event", "code", "pointer"),
    [
        (_track("time"), "reserved_name", "/0/event"),
        (_track("user_group_a"), "reserved_name", "/0/event"),
        (_track("1st"), "bad_name", "/0/event"),
        (_track("Order Completed"), "bad_name", "/0/event"),
        (_track("e" * 101), "bad_name", "/0/event"),
        (_track(event=None), "bad_name", "/0/event"),
        (_track(properties={"Date": 1}), "reserved_name", "/0/properties/Date"),
        (_track(properties={"a b": 1}), "bad_properties", "/0/properties/a b"),
        (_track(properties=[]), "bad_properties", "/0/properties"),
        (_track(time=123), "bad_time", "/0/time"),
        (_track(time=None), "bad_time", "/0/time"),
        (_track(time=[1]), "bad_time", "/0/time"),
        (_track(time=True), "bad_time", "/0/time"),
        (_track(time=MILLISECONDS + 90_000_000_00), "future_time", "/0/time"),
        (_track(distinct_id=""), "no_person", "/0/distinct_id"),
        (_track(distinct_id="d" * 256), "bad_id", "/0/distinct_id"),
        (_track(type="dance"), "unknown_type", "/0/type"),
        (_track(type="profile_increment"), "needs_state", "/0/type"),
        (_track(type="profile_unset"), "needs_state", "/0/type"),
        (_track(type="profile_delete"), "needs_state", "/0/type"),
        ({"type": "item_set", "item_type": "", "item_id": "1", "time": MILLISECONDS}, "bad_name", "/0/item_type"),
        ({"type": "item_set", "item_type": "sku", "time": MILLISECONDS}, "bad_id", "/0/item_id"),
    ],
)
def test_what_has_no_meaning_says_why(event: dict[str, object], code: str, pointer: str):
    assert why(event) == (code, pointer)
