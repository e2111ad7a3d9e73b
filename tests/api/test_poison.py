"""R8: whatever is sent, no 5xx: each poisoned body is a 4xx, or its events are refused with a reason, and the next sender is served."""

import base64
import gzip
import json
import zlib

import pytest

pytestmark = pytest.mark.slow

TRACK = b'{"type":"track","userId":"u","event":"E"'
JSON = {"content-type": "application/json"}
CE = {"ce-id": "1", "ce-source": "/s", "ce-type": "t", "ce-specversion": "1.0"}


def form(raw):
    return b"data=" + base64.b64encode(raw).replace(b"+", b"%2B") + b"&gzip=1"


def batch(*events):
    return b'{"batch":[' + b",".join(events) + b"]}"


def deep(layers, inner=b"1"):
    return b'{"a":' * layers + inner + b"}" * layers


BOMB = gzip.compress(b"0" * 50_000_000)
POISON = {
    "nothing": ("/v1/track", b""),
    "blank": ("/v1/track", b"   "),
    "half an object": ("/v1/track", b'{"userId":'),
    "two values": ("/v1/track", b"{} {}"),
    "a number": ("/v1/track", b"5"),
    "null": ("/v1/batch", b"null"),
    "a string": ("/v1/batch", b'"batch"'),
    "batch of null": ("/v1/batch", b'{"batch":null}'),
    "batch of nulls": ("/v1/batch", batch(b"null", b"1", b'"x"', b"[]")),
    "batch in a batch": ("/v1/batch", batch(batch(TRACK + b"}"))),
    "type is a list": ("/v1/batch", batch(b'{"type":[],"userId":"u"}')),
    "type is an object": ("/v1/batch", batch(b'{"type":{"a":1},"userId":"u"}')),
    "ids are objects": ("/v1/track", b'{"userId":{"a":1},"anonymousId":[1],"event":"E"}'),
    "event is a list": ("/v1/track", b'{"userId":"u","event":["E"]}'),
    "message id is an object": ("/v1/track", TRACK + b',"messageId":{"$ne":1}}'),
    "message id is a huge number": ("/v1/track", TRACK + b',"messageId":' + b"9" * 3000 + b"}"),
    "write key is a list": ("/v1/batch", b'{"batch":[],"writeKey":["a"]}'),
    "invalid utf-8": ("/v1/track", TRACK + b',"a":"\xff\xfe"}'),
    "utf-8 cut in half": ("/v1/track", TRACK + b',"a":"\xe4\xb8"}'),
    "surrogate in utf-8": ("/v1/track", TRACK + b',"a":"\xed\xa0\x80"}'),
    "lone surrogate": ("/v1/track", TRACK + b',"a":"\\ud83d"}'),
    "lone surrogate as a name": ("/v1/track", TRACK + b',"\\udc00":1}'),
    "lone surrogate as an id": ("/v1/track", TRACK + b',"messageId":"\\ud83d"}'),
    "lone surrogate in a refused event": ("/v1/track", b'{"event":"\\ud83d"}'),
    "gbk": ("/v1/track", '{"userId":"用户","event":"购买"}'.encode("gbk")),
    "utf-16": ("/v1/track", '{"userId":"u","event":"E"}'.encode("utf-16")),
    "utf-8 with a mark": ("/v1/track", b"\xef\xbb\xbf" + TRACK + b"}"),
    "nul byte": ("/v1/track", TRACK + b',"a":"\x00"}'),
    "nul escaped": ("/v1/track", b'{"userId":"\\u0000","event":"\\u0000","messageId":"\\u0000"}'),
    "line ends in a string": ("/v1/track", TRACK + b',"a":"x\ny"}'),
    "not a number": ("/v1/track", TRACK + b',"a":NaN,"b":Infinity,"c":-Infinity}'),
    "huge exponent": ("/v1/track", TRACK + b',"a":1e999999}'),
    "huge integer": ("/v1/track", TRACK + b',"a":' + b"9" * 20_000 + b"}"),
    "huge integer in a batch": ("/v1/batch", batch(TRACK + b',"a":' + b"9" * 400_000 + b"}")),
    "minus nothing": ("/v1/track", TRACK + b',"a":-}'),
    "hex": ("/v1/track", TRACK + b',"a":0x1F}'),
    "trailing comma": ("/v1/track", TRACK + b",}"),
    "single quotes": ("/v1/track", b"{'userId':'u'}"),
    "comment": ("/v1/track", b"/* */ " + TRACK + b"}"),
    "the same name twice": ("/v1/track", TRACK + b',"userId":"v","userId":null}'),
    "deep objects": ("/v1/track", deep(10_000)),
    "deep lists": ("/v1/batch", b"[" * 200_000),
    "deep within an event": ("/v1/batch", batch(deep(500))),
    "a little too deep": ("/v1/track", TRACK + b',"a":' + deep(70) + b"}"),
    "deep where only brackets count": ("/v1/track", TRACK + b',"a":' + b"[" * 900 + b"]" * 900 + b"}"),
    "a name of a megabyte": ("/v1/batch", batch(b'{"' + b"n" * 500_000 + b'":1}')),
    "ten thousand names": ("/v1/batch", batch(b"{" + b",".join(b'"n%d":1' % n for n in range(30_000)) + b"}")),
    "prototype": ("/v1/track", TRACK + b',"__proto__":{"a":1},"constructor":{"prototype":{}}}'),
    "an event of 40 KB": ("/v1/batch", batch(TRACK + b',"a":"' + b"x" * 40_000 + b'"}')),
    "2501 events": ("/v1/batch", batch(*[b"{}"] * 2501)),
    "gzip bomb": ("/v1/batch", BOMB),
    "gzip bomb in lines": ("/v1/lines", BOMB),
    "gzip in gzip": ("/v1/batch", gzip.compress(BOMB)),
    "gzip cut off": ("/v1/batch", gzip.compress(batch(TRACK + b"}"))[:-4]),
    "gzip with a wrong sum": ("/v1/batch", gzip.compress(batch(TRACK + b"}"))[:-8] + b"x" * 8),
    "gzip with rubbish behind": ("/v1/batch", gzip.compress(batch(TRACK + b"}")) + b"rubbish"),
    "zlib instead of gzip": ("/v1/batch", zlib.compress(batch(TRACK + b"}"))),
    "sensors without data": ("/sa", b"x=1"),
    "sensors with rubbish": ("/sa", b"data=!!!!"),
    "sensors not a form": ("/sa", b"\xff\xfe\x00"),
    "sensors with many fields": ("/sa", b"&".join(b"a%d=1" % n for n in range(5000))),
    "sensors bomb": ("/sa", form(BOMB)),
    "sensors cut off": ("/sa", form(gzip.compress(b"{}")[:-3])),
    "sensors types": ("/sa", form(gzip.compress(b'[{"type":[]},{"type":"track","distinct_id":{}},{"type":"item_set","item_id":[]},7]'))),
    "sensors in gbk": ("/sa", form(gzip.compress('{"type":"track","distinct_id":"用户"}'.encode("gbk")))),
    "cloud batch of objects": ("/v1/cloudevents", b"{}", {"content-type": "application/cloudevents-batch+json"}),
    "cloud batch of rubbish": ("/v1/cloudevents", b'[1,null,{"specversion":1}]', {"content-type": "application/cloudevents-batch+json"}),
    "cloud without headers": ("/v1/cloudevents", b"{}", JSON),
    "cloud with deep data": ("/v1/cloudevents", deep(5000), CE | JSON),
    "cloud with binary data": ("/v1/cloudevents", b"\x00\xff" * 40_000, CE | {"content-type": "application/octet-stream"}),
    "cloud with a broken type": ("/v1/cloudevents", b"{", CE | JSON),
    "lines of rubbish": ("/v1/lines", b"\x00\n\xff\n{\n[\n\xed\xa0\x80\n"),
    "a line without end": ("/v1/lines", b"x" * 2_000_000),
    "a deep line": ("/v1/lines", deep(20_000)),
}


@pytest.fixture
def strict(client, counts):
    """Send one body in strict mode: status and the results of its events."""

    def send(path, body, headers=None):
        answer = client.post(f"{path}?strict=1", content=body, headers=headers or JSON)
        before = counts()
        good = client.post("/v1/track?strict=1", json={"userId": "u", "event": "Next", "messageId": f"next-{before}"})
        assert good.json()["results"] == [{"place": 0, "result": "accepted"}]
        return answer.status_code, answer.json()

    return send


@pytest.mark.parametrize("name", POISON)
def test_poison_is_refused_with_a_reason_or_taken_but_never_a_defect(strict, home, name):
    status, told = strict(*POISON[name])
    assert status < 500, told
    if status == 200:
        refused = [one for one in told["results"] if one["result"] == "refused"]
        assert all(one["reason"] for one in refused)
        kept = home.inbox.refused()
        assert len(kept) == len(refused)
        assert all(one.raw for one in kept)
    else:
        assert told["error"]["zh"] and told["error"]["en"] and told["error"]["fix_zh"]


def test_there_are_enough_poisons():
    assert len(POISON) >= 60


# What JSON does not know, but clients send: taken as they mean it.
MEANT = ["utf-8 with a mark", "lone surrogate", "lone surrogate as a name", "lone surrogate as an id", "surrogate in utf-8", "not a number"]


@pytest.mark.parametrize("name", MEANT)
def test_what_clients_send_and_json_does_not_know_is_taken(strict, name):
    status, told = strict(*POISON[name])
    assert (status, told["results"]) == (200, [{"place": 0, "result": "accepted"}])


def test_one_poisoned_event_leaves_the_others_of_its_batch(strict):
    events = [TRACK + b',"messageId":"1"}', b'{"event":"\\ud83d"}', deep(100), TRACK + b',"messageId":"2"}', b"7"]
    _, told = strict("/v1/batch", batch(*events))
    assert [one["result"] for one in told["results"]] == ["accepted", "refused", "refused", "accepted", "refused"]


def test_a_poison_is_kept_as_it_came(strict, home):
    strict("/v1/lines", b'{"type": "track",   "event":\t"E"}')
    assert [one.raw for one in home.inbox.refused()] == [json.dumps({"type": "track", "event": "E"}, separators=(",", ":")).encode()]
