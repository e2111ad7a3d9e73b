import base64
import gzip
import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.collect.tracking.decode import MOST_DEPTH, Unfit, dialect, opened, structured, whole
from zhiyin.core.errors import DataError

EVENT = {"type": "track", "event": "Product Viewed", "userId": "u1"}


def _form(text: bytes, *, zipped: bool, name: str = "data_list") -> bytes:
    return urlencode({name: base64.b64encode(gzip.compress(text, mtime=0) if zipped else text), "gzip": int(zipped)}).encode()


@pytest.mark.parametrize(
    ("form", "body", "count"),
    [
        ("segment:track", json.dumps(EVENT).encode(), 1),
        ("segment:batch", json.dumps({"batch": [EVENT, EVENT]}).encode(), 2),
        ("segment:batch", json.dumps([EVENT]).encode(), 1),
        ("segment:batch", gzip.compress(json.dumps({"batch": [EVENT]}).encode(), mtime=0), 1),
        ("segment:import", b'\xef\xbb\xbf{"batch": [{}]}', 1),
        ("cloudevents:structured", b"{}", 1),
        ("cloudevents:batch", b"[{}, {}]", 2),
        ("sensors", _form(b"[{}, {}]", zipped=True), 2),
        ("sensors", _form(b"{}", zipped=False, name="data"), 1),
        ("sensors", b"project=default&data=e30=&ext=crc%3D1", 1),
        ("sensors", b'{"type": "track"}', 1),
        ("lines", b'{"a": 1}\n\n{"a": 2}', 2),
    ],
)
def test_a_body_is_opened_whatever_it_is_packed_in(form: str, body: bytes, count: int):
    found = opened(form, body)
    assert next(place for place, _ in found.events) == 0
    assert len(found.events) == count
    assert found.unfit == []


def test_a_batch_says_some_things_once():
    body = {"batch": [EVENT], "context": {"ip": "1.1.1.1"}, "sentAt": "2026-11-22T00:00:00Z", "writeKey": "k"}
    assert set(opened("segment:batch", json.dumps(body).encode()).shared) == {"context", "sentAt", "writeKey"}


def test_a_plus_that_was_not_escaped_is_read():
    packed = base64.b64encode(json.dumps({"a": "~~~>>>???"}).encode()).decode()
    assert "+" in packed
    assert opened("sensors", f"data={packed}".encode()).events == [(0, {"a": "~~~>>>???"})]


def test_one_bad_value_does_not_refuse_its_neighbours():
    found = opened("segment:batch", b'{"batch": [{"a": NaN, "b": "\\ud83d", "c": "\\ud83d\\ude00", "d": 1e400}, {"a": 1}]}')
    assert found.events == [(0, {"a": None, "b": "�", "c": "😀", "d": "1e400"}), (1, {"a": 1})]
    assert opened("segment:track", b'{"a": 1' + b"0" * 5000 + b"}").events[0][1]["a"] == "1" + "0" * 5000


def test_what_is_no_event_is_told_with_its_place():
    deep = b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1)
    found = opened("segment:batch", b'{"batch": [{}, 7, {"a": ' + deep + b"}, null]}")
    assert [place for place, _ in found.events] == [0]
    assert [(one.place, one.code, one.pointer) for one in found.unfit] == [
        (1, "not_an_object", "/1"), (2, "too_deep", "/2"), (3, "not_an_object", "/3"),
    ]  # fmt: skip
    assert opened("lines", b'{"a": 1}\noops\n[1]').unfit == [Unfit(1, "not_json", "", b"oops"), Unfit(2, "not_an_object", "", b"[1]")]


@pytest.mark.parametrize(
    ("form", "body", "sentence"),
    [
        ("segment:track", b"[1]", "A JSON object was expected. Got array."),
        ("cloudevents:batch", b"{}", "A JSON array was expected. Got object."),
        ("segment:track", b"[" * 100_000, "The JSON is nested too deeply."),
        ("segment:track", b'"\xff"', "The body is not UTF-8. Got byte 1."),
        ("segment:track", "\u4f60\u597d".encode("gbk"), "The body is not UTF-8."),
        ("segment:track", b'{"a"', "The body is not JSON. Got line 1, column 5."),
        ("segment:track", b"", "The body is not JSON."),
        ("segment:batch", b'{"batch": {}}', "`batch` must be an array of events. Got object."),
        ("sensors", b"data=%%%", "`data` is not base64."),
        ("sensors", "data=好".encode(), "The body is not a form."),
        ("sensors", b"x=1", "The form has neither `data` nor `data_list`. Got x."),
        ("segment:track", gzip.compress(b"{}", mtime=0)[:-4], "The gzip data are cut off."),
        ("segment:track", b"\x1f\x8b" + b"x" * 40, "The gzip data are damaged."),
        ("sensors", b"data=H4sIAAAAAAAAAw==", "The gzip data are cut off."),
    ],
)
def test_a_body_that_cannot_be_read_says_why(form: str, body: bytes, sentence: str):
    with pytest.raises(DataError) as wrong:
        opened(form, body)
    assert str(wrong.value).startswith(sentence)
    assert str(wrong.value).endswith("Send what docs/intake.md shows; the same body again will not be taken.")


def test_a_bomb_stops_before_it_fills_the_memory():
    bomb = gzip.compress(b"0" * 10_000_000, mtime=0)
    for form, body in (("segment:track", bomb), ("sensors", urlencode({"data": base64.b64encode(bomb)}).encode()), ("lines", b"0" * 2_000)):
        with pytest.raises(DataError, match="too large once it is unpacked. Got > 1000 B. Fix: Send the events in several requests"):
            opened(form, body, most=1000)


def test_the_dialect_of_a_line_is_seen():
    assert dialect("segment:track", {}) == "segment"
    assert dialect("sensors", {}) == "sensors"
    assert dialect("cloudevents:batch", {}) == "cloudevents"
    told = [{"specversion": "1.0"}, {"distinct_id": "a"}, {"type": "item_set"}, {"type": "track"}]
    assert [dialect("lines", event) for event in told] == ["cloudevents", "sensors", "sensors", "segment"]


def test_a_cloud_event_in_headers_becomes_one_object():
    headers = {"Ce-Id": "1", "ce-source": "/till", "ce-specversion": "1.0", "ce-type": "a.b", "content-type": "application/json"}
    plain = {"id": "1", "source": "/till", "specversion": "1.0", "type": "a.b", "datacontenttype": "application/json"}
    assert json.loads(structured(headers, b'{"x": 1}')) == plain | {"data": {"x": 1}}
    assert json.loads(structured(headers, b"")) == plain
    assert json.loads(structured(headers, b"\xff")) == plain | {"data_base64": "/w=="}


@given(st.binary(max_size=200))
def test_no_bytes_break_it(body: bytes):
    for form in ("segment:track", "segment:batch", "sensors", "cloudevents:batch", "lines"):
        try:
            found = opened(form, body)
        except DataError as wrong:
            assert wrong.fix.zh
        else:
            assert isinstance(found.events, list)


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT, st.lists)


@given(JSON)
def test_json_is_read_as_it_was_written(value: object):
    assert whole(json.dumps(value).encode()) == value
    assert whole(b"\xef\xbb\xbf" + json.dumps(value).encode()) == value
