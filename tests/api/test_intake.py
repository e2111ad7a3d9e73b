"""Does every protocol get in, and does every sender hear what became of its events?"""

import base64
import gzip
import json
from urllib.parse import quote

import pytest

TRACK = {"type": "track", "userId": "u1", "event": "Product Viewed"}
SENSORS = {"type": "track", "distinct_id": "d1", "event": "ViewProduct", "time": 1764000000000, "properties": {}}
CLOUD = {"specversion": "1.0", "id": "1", "source": "/shop", "type": "io.shop.seen", "data": {"a": 1}}
SUCCESS = b'{"success": true}'


def packed(event):
    return base64.b64encode(gzip.compress(json.dumps(event).encode())).decode()


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("identify", {"userId": "u1", "traits": {"name": "王丽"}}),
        ("track", TRACK),
        ("page", {"anonymousId": "a1", "name": "Home"}),
        ("screen", {"anonymousId": "a1"}),
        ("group", {"userId": "u1", "groupId": "g1"}),
        ("alias", {"userId": "u1", "previousId": "a1"}),
        ("batch", {"batch": [TRACK], "sentAt": "2026-11-22T00:00:00Z"}),
        ("import", {"batch": [TRACK | {"timestamp": "2020-02-29T00:00:00Z"}]}),
    ],
)
def test_segment_clients_hear_success_after_the_event_is_kept(client, home, call, body):
    answer = client.post(f"/v1/{call}", json=body)
    assert (answer.status_code, answer.content) == (200, SUCCESS)
    assert answer.headers["content-type"] == "application/json"
    [kept] = home.inbox.bodies(0)
    assert (kept.source, kept.form, json.loads(kept.bytes)) == ("web", f"segment:{call}", body)


def test_strict_senders_hear_of_each_event(client):
    batch = {"batch": [TRACK | {"messageId": "1"}, {"type": "track", "event": "E"}, TRACK | {"messageId": "1"}]}
    answer = client.post("/v1/batch?strict=1", json=batch).json()
    assert answer == {
        "success": False,
        "results": [
            {"place": 0, "result": "accepted"},
            {"place": 1, "result": "refused", "reason": "no_user_anon_id", "pointer": "/batch/1/userId"},
            {"place": 2, "result": "duplicate"},
        ],
    }
    again = client.post("/v1/track", json=TRACK | {"messageId": "1", "event": "Other"}, headers={"X-Zhiyin-Strict": "1"})
    assert again.json()["results"] == [{"place": 0, "result": "refused", "reason": "id_conflict"}]
    assert client.post("/v1/track", json={"event": "E"}).content == SUCCESS


def test_the_key_may_stand_in_many_places(client, key, counts):
    client.auth = None
    basic = base64.b64encode(f"{key}:".encode()).decode()
    ways = [
        {"headers": {"Authorization": f"Basic {basic}"}, "json": TRACK},
        {"headers": {"Authorization": f"Basic {basic.rstrip('=')}"}, "json": TRACK | {"event": "1"}},
        {"headers": {"Authorization": f"Bearer {key}"}, "json": TRACK | {"event": "2"}},
        {"json": TRACK | {"event": "3", "writeKey": key}},
        {"params": {"writeKey": key}, "json": TRACK | {"event": "4"}},
    ]
    assert [client.post("/v1/track", **way).status_code for way in ways] == [200] * 5
    assert client.post("/v1/batch", json={"batch": [TRACK | {"event": "5"}], "writeKey": key}).status_code == 200
    assert client.post("/sa", params={"token": key}, data={"data": packed(SENSORS)}).status_code == 200
    assert client.post("/sa", json=SENSORS | {"token": key, "time": 2}).status_code == 200
    assert counts() == (8, 8, 0, 0)


@pytest.mark.parametrize("auth", [None, ("zyw_wrong", ""), ("", ""), ("\ud83d", "")])
def test_an_unknown_key_is_turned_away_with_a_sentence(client, auth, counts, home):
    client.auth = None
    headers = (
        {} if auth is None else {"Authorization": "Basic " + base64.b64encode(f"{auth[0]}:".encode("utf-8", "surrogatepass")).decode()}
    )
    answer = client.post("/v1/track", json=TRACK, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["error"]["zh"] == "写入密钥不对，或已被收回。"
    assert client.post("/v1/lines", content=b"{}", headers=headers).status_code == 401
    assert (home.inbox.last(), home.inbox.counts()) == (0, [])


def test_sensors_come_by_form_json_and_address(client, key, counts):
    assert client.post("/sa?project=default", data={"data_list": packed([SENSORS]), "gzip": "1"}).status_code == 200
    assert client.post("/sa", data={"data": packed(SENSORS), "gzip": "1"}).status_code == 200
    plain = quote(base64.b64encode(json.dumps(SENSORS).encode()).decode())
    image = client.get(f"/sa.gif?data={plain}&ext=crc%3D1&token={key}")
    assert (image.status_code, image.headers["content-type"], image.content[:3]) == (200, "image/gif", b"GIF")
    assert client.post("/debug", data={"data": packed(SENSORS)}, headers={"Dry-Run": "true"}).status_code == 200
    assert counts() == (3, 1, 2, 0)


def test_cloud_events_come_in_three_modes(client, counts):
    headers = {"ce-id": "1", "ce-source": "/shop", "ce-type": "io.shop.seen", "ce-specversion": "1.0", "content-type": "application/json"}
    assert client.post("/v1/cloudevents", content=b'{"a": 1}', headers=headers).status_code == 200
    structured = {"content-type": "application/cloudevents+json; charset=utf-8"}
    assert client.post("/v1/cloudevents", content=json.dumps(CLOUD | {"id": "2"}), headers=structured).status_code == 200
    batch = json.dumps([CLOUD | {"id": "3"}, CLOUD | {"id": "3"}])
    answer = client.post("/v1/cloudevents?strict=1", content=batch, headers={"content-type": "application/cloudevents-batch+json"})
    assert [one["result"] for one in answer.json()["results"]] == ["accepted", "duplicate"]
    assert counts() == (4, 3, 1, 0)


def test_a_page_may_send_from_anywhere_also_when_it_is_left(client, key):
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    preflight = client.options("/v1/batch", headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "content-type" in preflight.headers["access-control-allow-headers"]
    client.auth = None
    beacon = {"Origin": "https://shop.example", "Content-Type": "text/plain;charset=UTF-8"}
    answer = client.post("/v1/batch", content=json.dumps({"batch": [TRACK], "writeKey": key}), headers=beacon)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert client.post("/v1/batch", content=b"{}", headers=beacon).headers["access-control-allow-origin"] == "*"


def test_a_packed_body_is_opened(client, counts):
    body = gzip.compress(json.dumps({"batch": [TRACK]}).encode())
    assert client.post("/v1/batch", content=body, headers={"Content-Encoding": "gzip"}).status_code == 200
    answer = client.post("/v1/batch", content=b"x", headers={"Content-Encoding": "br"})
    assert (answer.status_code, answer.json()["error"]["got"]) == (400, "br")
    assert counts() == (1, 1, 0, 0)


def test_limits_are_told_before_the_whole_body_has_come(client):
    answer = client.post("/v1/batch", content=b"x" * 600_000)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    pieces = client.post("/v1/track", content=(b"x" * 10_000 for _ in range(100)))
    assert pieces.status_code == 413
    assert client.post("/v1/batch", json={"batch": [{}] * 2501}).status_code == 413


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/track", 405), ("POST", "/v1/nothing", 404), ("POST", "/health", 405)])
def test_an_address_that_is_not_there_says_so(client, method, path, status):
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, "no_such_address")


def test_a_key_that_is_taken_back_stops_within_a_second(client, home, monkeypatch):
    from zhiyin.app.write_keys import revoke

    assert client.post("/v1/track", json=TRACK).status_code == 200
    revoke(home.ledger, "web")
    monkeypatch.setattr("zhiyin.app.write_keys._FRESH_SECONDS", 0.0)
    assert client.post("/v1/track", json=TRACK).status_code == 401


def test_a_full_queue_and_a_full_disk_ask_the_sender_to_come_again(client, monkeypatch):
    from zhiyin.core.errors import Busy, StoreError
    from zhiyin.core.words import Say

    for problem, status, seconds in ((Busy, 429, "1"), (StoreError, 507, "10")):

        def refuse(*_, problem=problem):
            raise problem(Say("不行。", "No."), fix=Say("稍后再发。", "Send it later."))

        with monkeypatch.context() as broken:
            broken.setattr("zhiyin.store.inbox.Inbox.put", refuse)
            answer = client.post("/v1/track", json=TRACK)
        assert (answer.status_code, answer.headers["retry-after"]) == (status, seconds)
    assert client.post("/v1/track", json=TRACK).status_code == 200


def test_a_defect_of_ours_shows_nothing_of_the_event(client, monkeypatch, caplog):
    def broken(*_, **__):
        raise RuntimeError("13812345678")

    monkeypatch.setattr("zhiyin.app.serving.take", broken)
    answer = client.post("/v1/track", json=TRACK)
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "defect")
    assert "13812345678" not in answer.text + caplog.text
    assert "error=RuntimeError" in caplog.text


def test_health_figures_and_snippet_are_served(client):
    client.post("/v1/batch", json={"batch": [TRACK, {}]})
    client.post("/v1/track", content=b"{")
    assert client.get("/health").json() == {"ok": True, "waiting": 0, "last": 1}
    page = client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'zhiyin_intake_events_total{result="stored",source="web"} 1.0' in page.text
    assert 'zhiyin_intake_events_total{result="refused",source="web"} 1.0' in page.text
    assert 'zhiyin_intake_ack_seconds_count{form="segment:batch"} 1.0' in page.text
    assert 'zhiyin_intake_turned_away_total{code="data_error"} 1.0' in page.text
    assert page.text.endswith("\n")
    assert client.get("/zhiyin.js").status_code in (200, 404)
