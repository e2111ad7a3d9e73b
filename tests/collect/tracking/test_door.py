"""Which events of a request are taken, and which are refused with which reason."""

import base64
import gzip
import json
from urllib.parse import urlencode

import pytest

from zhiyin.collect.tracking.codes import CODES, why
from zhiyin.collect.tracking.door import MOST_BODY, Item, alone, take
from zhiyin.core.errors import DataError, TooLarge

TRACK = {"type": "track", "userId": "u1", "event": "Product Viewed", "messageId": "m1"}
SENSORS = {"type": "track", "distinct_id": "d1", "event": "ViewProduct", "time": 1764000000000, "properties": {"price": 3}}
CLOUD = {"specversion": "1.0", "id": "1", "source": "/shop", "type": "io.shop.seen", "data": {"a": 1}}


def taken(form, value, **headers):
    return take(form, value if isinstance(value, bytes) else json.dumps(value).encode(), headers=headers)


def refused(form, value):
    """Code and pointer of each event that was not taken."""
    return [(one.code, one.pointer) for one in taken(form, value).unfit]


def form_of(event, *, name="data", packed=True):
    text = json.dumps(event).encode()
    return urlencode({name: base64.b64encode(gzip.compress(text, mtime=0) if packed else text), "gzip": int(packed)}).encode()


def test_a_batch_gives_each_event_with_its_id_and_place():
    found = taken("segment:batch", {"batch": [TRACK, TRACK | {"messageId": "m2"}], "writeKey": "zyw_k"})
    assert [(item.message_id, item.place) for item in found.items] == [("m1", 0), ("m2", 1)]
    assert (found.unfit, found.key) == ([], "zyw_k")


@pytest.mark.parametrize(
    ("form", "event"),
    [
        ("segment:track", {"userId": "u1", "event": "E"}),
        ("segment:identify", {"anonymousId": "a1", "traits": {}}),
        ("segment:page", {"userId": 42}),
        ("segment:group", {"userId": "u1", "groupId": "g1"}),
        ("segment:alias", {"userId": "u1", "previousId": "a1"}),
        ("sensors", SENSORS),
        ("sensors", {"type": "item_set", "item_type": "book", "item_id": "b1"}),
        ("cloudevents:structured", CLOUD),
        ("lines", TRACK),
        ("lines", SENSORS),
        ("lines", CLOUD),
    ],
)
def test_every_protocol_is_taken(form, event):
    found = taken(form, event)
    assert [item.place for item in found.items] == [0]
    assert found.unfit == []
    assert taken(form, event).items == found.items


@pytest.mark.parametrize(
    ("form", "event", "code", "pointer"),
    [
        ("segment:track", {"event": "E"}, "no_user_anon_id", "/userId"),
        ("segment:track", {"userId": " ", "anonymousId": "", "event": "E"}, "no_user_anon_id", "/userId"),
        ("segment:track", {"userId": True, "event": "E"}, "no_user_anon_id", "/userId"),
        ("segment:track", {"userId": "u1"}, "no_event_name", "/event"),
        ("segment:group", {"userId": "u1"}, "no_group_id", "/groupId"),
        ("segment:alias", {"userId": "u1"}, "no_previous_id", "/previousId"),
        ("segment:batch", {"batch": [TRACK | {"type": "delete"}]}, "unknown_type", "/batch/0/type"),
        ("segment:batch", {"batch": [TRACK, 5]}, "not_an_object", "/batch/1"),
        ("segment:track", TRACK | {"messageId": "x" * 100}, "message_id_too_long", "/messageId"),
        ("segment:track", TRACK | {"properties": {"x": "y" * 32_768}}, "event_too_large", ""),
        ("sensors", SENSORS | {"type": "track_everything"}, "unknown_type", "/0/type"),
        ("sensors", {"type": "track", "event": "E"}, "no_distinct_id", "/0/distinct_id"),
        ("sensors", SENSORS | {"distinct_id": "d" * 256}, "distinct_id_too_long", "/0/distinct_id"),
        ("sensors", {"type": "track", "distinct_id": "d"}, "no_event_name", "/0/event"),
        ("sensors", {"type": "item_set"}, "no_item_id", "/0/item_id"),
        ("cloudevents:structured", CLOUD | {"specversion": "0.3"}, "unknown_specversion", "/0/specversion"),
        ("cloudevents:structured", CLOUD | {"id": ""}, "no_id", "/0/id"),
        ("cloudevents:structured", CLOUD | {"source": None}, "no_source", "/0/source"),
        ("cloudevents:structured", CLOUD | {"type": 3}, "no_type", "/0/type"),
        ("cloudevents:batch", [CLOUD | {"data_base64": "YQ=="}], "data_twice", "/0/data_base64"),
        ("lines", {"type": "track"}, "no_user_anon_id", "/0/userId"),
        ("lines", b'{"type": "track"', "not_json", ""),
        ("lines", b'{"a":' * 70 + b"1" + b"}" * 70, "too_deep", ""),
    ],
)
def test_what_cannot_be_taken_says_why_and_where(form, event, code, pointer):
    assert refused(form, event) == [(code, pointer)]


def test_every_reason_has_a_sentence_in_both_languages():
    assert all(words.zh != words.en for words in CODES.values())
    assert why("id_conflict").zh == "同一个编号先前来过，内容不同"
    assert why("something_else").en == "something_else"


def test_a_refused_event_is_kept_as_a_request_of_its_own():
    found = taken(
        "segment:batch", {"batch": [TRACK, {"type": "track", "event": "E"}], "sentAt": "2026-11-22T00:00:00Z", "writeKey": "zyw_k"}
    )
    [unfit] = found.unfit
    assert json.loads(unfit.raw) == {"sentAt": "2026-11-22T00:00:00Z", "batch": [{"type": "track", "event": "E"}]}
    assert refused("segment:batch", unfit.raw) == [("no_user_anon_id", "/batch/0/userId")]


def test_the_digest_forgets_what_belongs_to_the_delivery_and_nothing_else():
    [first] = taken("segment:track", TRACK | {"sentAt": "2026-11-22T00:00:00Z", "writeKey": "a"}).items
    turned = dict(reversed((TRACK | {"sentAt": "2026-11-22T00:00:09Z", "receivedAt": "x"}).items()))
    assert taken("segment:track", turned).items == [first]
    [other] = taken("segment:track", TRACK | {"properties": {}}).items
    assert (other.message_id, other.digest == first.digest) == ("m1", False)


def test_an_event_without_an_id_gets_one_from_its_content():
    event = {"userId": "u1", "event": "E"}
    [first], [again], [other] = (taken("segment:track", one).items for one in (event, event | {"sentAt": "x"}, event | {"event": "F"}))
    assert first == again
    assert first.message_id[0] == "h"
    assert first.message_id != other.message_id


def test_the_forms_of_sensors_hold_the_same_event():
    plain = taken("sensors", SENSORS).items
    assert taken("sensors", form_of(SENSORS)).items == plain
    assert taken("sensors", form_of(SENSORS, packed=False)).items == plain
    assert taken("sensors", form_of([SENSORS], name="data_list")).items == plain
    assert taken("sensors", SENSORS | {"lib": {"$lib": "js"}, "_flush_time": 5}).items == plain
    assert taken("sensors", SENSORS | {"_track_id": 7}).items != plain


def test_the_headers_of_a_cloud_event_are_kept_with_it():
    headers = {"ce-id": "1", "ce-source": "/shop", "ce-type": "io.shop.seen", "ce-specversion": "1.0", "content-type": "application/json"}
    found = take("cloudevents:binary", b'{"a": 1}', headers=headers)
    assert found.form == "cloudevents:structured"
    assert json.loads(found.body) == CLOUD | {"datacontenttype": "application/json"}
    assert [item.message_id for item in found.items] == ["/shop#1"]
    picture = take("cloudevents:binary", b"\x89PNG", headers=headers | {"content-type": "image/png"})
    assert json.loads(picture.body)["data_base64"] == base64.b64encode(b"\x89PNG").decode()


def test_gzip_is_opened_wherever_it_stands():
    text = json.dumps({"batch": [TRACK]}).encode()
    assert [type(item) for item in taken("segment:batch", gzip.compress(text, mtime=0)).items] == [Item]
    assert (
        taken("segment:batch", gzip.compress(text[:9], mtime=0) + gzip.compress(text[9:], mtime=0)).items
        == taken("segment:batch", text).items
    )


@pytest.mark.parametrize(
    ("form", "body", "words"),
    [
        ("segment:batch", b"{", "not JSON"),
        ("segment:batch", b'{"batch": 5}', "`batch` must be an array of events. Got number"),
        ("segment:track", b"[]", "A JSON object was expected. Got array"),
        ("segment:track", "中文".encode("gbk"), "not UTF-8"),
        ("segment:track", gzip.compress(b"{}", mtime=0)[:-9], "cut off"),
        ("segment:track", b"\x1f\x8bxxxx", "damaged"),
        ("segment:track", gzip.compress(b"{}", mtime=0) + b"rubbish", "damaged"),
        ("segment:track", b"[" * 60_000, "nested too deeply"),
        ("sensors", b"", "neither `data` nor `data_list`"),
        ("sensors", b"data=%%%", "not base64"),
        ("sensors", b"\xff", "not a form"),
        ("cloudevents:batch", b"{}", "A JSON array was expected"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_whole(form, body, words):
    with pytest.raises(DataError, match=words):
        take(form, body, headers={})


def test_too_much_is_refused_whole():
    with pytest.raises(TooLarge, match=r"2501 > 2500\. Fix: Send the events in several requests"):
        taken("segment:batch", {"batch": [{}] * 2501})
    with pytest.raises(TooLarge, match=f"> {MOST_BODY['segment:batch']} B"):
        taken("segment:batch", gzip.compress(b" " * 10_000_000, mtime=0))
    with pytest.raises(TooLarge, match="too large"):
        taken("sensors", form_of(" " * 10_000_000))


def test_an_event_can_be_taken_out_of_its_request():
    body = json.dumps({"batch": [TRACK, TRACK | {"messageId": "m2"}], "context": {"locale": "zh"}}).encode()
    one = alone("segment:batch", body, place=1)
    assert json.loads(one) == {"context": {"locale": "zh"}, "batch": [TRACK | {"messageId": "m2"}]}
    assert json.loads(alone("segment:batch", json.dumps(TRACK).encode(), place=0)) == {"batch": [TRACK]}
    assert "messageId" not in json.loads(alone("segment:track", json.dumps(TRACK).encode(), place=0, renamed=True))
    assert json.loads(alone("cloudevents:batch", json.dumps([CLOUD]).encode(), place=0, renamed=True))[0]["id"] != "1"
    with pytest.raises(DataError, match=r"The request has no such event\. Got segment:batch, 9"):
        alone("segment:batch", body, place=9)
