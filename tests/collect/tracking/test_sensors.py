from datetime import UTC, date, datetime
from functools import partial

import pytest

from tracked import RECEIVED, facts
from tracked import said as said_in
from tracked import why as why_in
from zhiyin.collect.tracking.meaning import batches

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


def _profiles(*said_: tuple[str, dict[str, object]]) -> list[dict[str, object]]:
    """Profile calls a second apart."""
    return [
        _track(type=f"profile_{call}", time=MILLISECONDS + 1000 * at, properties={"$is_login_id": True, **told})
        for at, (call, told) in enumerate(said_)
    ]


def _known(*said_: tuple[str, dict[str, object]], declared: tuple[str, ...] = ()) -> dict[str, object]:
    rows = facts(said(*_profiles(*said_)), declared=declared).get("attribute", [])
    return {row["name"]: row["value"] for row in rows}


def test_profiles_say_how_they_change_what_is_known():
    told = said(*_profiles(*((call, {"likes": ["水果"]}) for call in ("set", "set_once", "increment", "append", "unset", "delete"))))
    assert [(one.kind, one.user, one.change) for one in told] == [
        ("identify", "a1", call) for call in ("set", "set_once", "increment", "append", "unset", "delete")
    ]
    assert [("likes" in one.traits, "likes" in one.changed) for one in told] == [(True, False)] * 2 + [(False, True)] * 4


def test_what_was_set_once_holds_where_nothing_was_known():
    assert _known(("set_once", {"city": "北京", "country": "中国"}), ("set_once", {"country": "法国"}), ("set", {"city": "杭州"})) == {
        "city": "杭州", "country": "中国",
    }  # fmt: skip
    assert _known(("set", {"city": "杭州"}), ("set_once", {"city": "北京"})) == {"city": "杭州"}


def test_numbers_add_up_and_members_are_added():
    declared = ("points", "likes")
    assert _known(("increment", {"points": 5}), ("increment", {"points": -1.5}), declared=declared) == {"points": "3.5"}
    assert _known(("set", {"points": 10}), ("increment", {"points": 5.0}), declared=declared) == {"points": "15"}
    assert _known(("append", {"likes": ["茶", "水果", "茶"]}), ("append", {"likes": ["酒"]}), declared=declared) == {
        "likes.水果": "true", "likes.茶": "true", "likes.酒": "true",
    }  # fmt: skip


def test_what_is_unset_or_deleted_is_not_known_any_more():
    before = ("set", {"city": "杭州", "gender": "女", "likes": ["茶"]}), ("append", {"likes": ["酒"]})
    declared = ("likes",)
    assert _known(*before, ("unset", {"city": True}), declared=declared) == {"gender": "女", "likes": "茶", "likes.酒": "true"}
    assert _known(*before, ("unset", {"likes": True}), declared=declared) == {"city": "杭州", "gender": "女"}
    assert _known(*before, ("delete", {}), ("set", {"city": "北京"}), declared=declared) == {"city": "北京"}
    assert _known(("set", {"city": "杭州"}), ("set", {"city": None})) == {"city": "杭州"}


def test_what_no_attribute_is_cannot_be_changed_and_is_counted():
    told = said(
        *_profiles(
            ("increment", {"points": 5, "vip": "5", "logins": True, "age": 1}),
            ("append", {"likes": "茶", "vip": [""]}),
            ("unset", {"phone": True, "name": True, "$email": True}),
        )
    )
    people, traits = batches(told, name="web", declared=("vip", "logins", "likes"))
    assert people.dropped == {
        "traits.points": 1, "traits.vip": 2, "traits.logins": 1, "traits.likes": 1, "traits.phone": 1, "traits.name": 1,
    }  # fmt: skip
    assert traits.columns.select(["trait", "change", "value"]).to_pylist() == [{"trait": "age", "change": "increment", "value": "1"}]


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


def test_an_item_says_when_where_and_instead_of_what_it_is_sold():
    told = {"price": 10, "cost": 6, "sold_until": "2026-12-31", "regions": ["浙江", "CA", 3.5, {}], "successor_id": "P2", "colour": "red"}
    items = said({"type": "item_set", "item_type": "sku", "item_id": "P1", "time": MILLISECONDS, "properties": told})
    assert [one.dropped for one in batches(items, name="shop")] == [{"colour": 1}]
    assert facts(items)["product"] == [
        {
            "product_id": "P1", "source": "shop", "price": 1000, "currency": "CNY", "sold_until": date(2026, 12, 31), "margin": 400,
            "regions": '["浙江省", "CA", "3.5"]', "successor_id": "P2",
        }
    ]  # fmt: skip


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
        ({"type": "item_set", "item_type": "", "item_id": "1", "time": MILLISECONDS}, "bad_name", "/0/item_type"),
        ({"type": "item_set", "item_type": "sku", "time": MILLISECONDS}, "bad_id", "/0/item_id"),
    ],
)
def test_what_has_no_meaning_says_why(event: dict[str, object], code: str, pointer: str):
    assert why(event) == (code, pointer)
