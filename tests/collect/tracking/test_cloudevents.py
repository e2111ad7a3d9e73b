from datetime import UTC, datetime
from functools import partial

import pytest

from tracked import said as said_in
from tracked import why as why_in

said, why = partial(said_in, form="cloudevents:structured"), partial(why_in, form="cloudevents:structured")


def _event(**more: object) -> dict[str, object]:
    return {"specversion": "1.0", "id": "7", "source": "/till", "type": "com.example.order.completed", "subject": "u1", **more}


def test_the_type_is_the_name_and_the_subject_the_person():
    (told,) = said(_event(time="2026-11-22T05:00:00Z", data={"order_id": "E1"}))
    assert (told.kind, told.name, told.user, told.message_id) == ("track", "Order Completed", "u1", "/till#7")
    assert told.at == datetime(2026, 11, 22, 5, tzinfo=UTC)
    assert told.properties == {"order_id": "E1"}


def test_the_data_may_name_the_person():
    (told,) = said(_event(subject="order-9", data={"userId": "u2", "anonymousId": "a2", "properties": {"x": 1}, "context": {"ip": "1"}}))
    assert (told.user, told.anonymous, told.properties, told.context) == ("u2", "a2", {"x": 1}, {"ip": "1"})


def test_an_identify_has_traits():
    (told,) = said(_event(type="com.example.person.identified", data={"traits": {"city": "杭州"}}))
    assert (told.kind, told.name, told.traits) == ("identify", "", {"city": "杭州"})
    (told,) = said(_event(type="identify", data={"city": "杭州"}))
    assert told.traits == {"city": "杭州"}


def test_binary_data_that_hold_json_are_read():
    (told,) = said(_event(data_base64="eyJvcmRlcl9pZCI6ICJFMSJ9"))
    assert told.properties == {"order_id": "E1"}


@pytest.mark.parametrize(
    ("type_", "name"),
    [("io.shop.page.viewed", "Page Viewed"), ("io.zhiyin.tag.changed", "io.zhiyin.tag.changed"), ("shop/product_viewed", "Product Viewed")],
)
def test_types_that_end_like_a_known_name_bear_it(type_: str, name: str):
    assert said(_event(type=type_))[0].name == name


@pytest.mark.parametrize(
    ("event", "code", "pointer"),
    [
        (_event(id=""), "bad_id", "/id"),
        (_event(source=None), "bad_id", "/source"),
        (_event(specversion="0.3"), "unknown_type", "/specversion"),
        (_event(type=""), "bad_name", "/type"),
        (_event(subject=None), "no_person", "/subject"),
        (_event(time="now"), "bad_time", "/time"),
        (_event(data=[1]), "bad_data", "/data"),
        (_event(data_base64="%%%"), "bad_data", "/data_base64"),
        (_event(data_base64="WzFd"), "bad_data", "/data"),
        (_event(data_base64="e30x"), "bad_data", "/data_base64"),
    ],
)
def test_what_has_no_meaning_says_why(event: dict[str, object], code: str, pointer: str):
    assert why(event) == (code, pointer)
