"""The Python client against a server that is there, away, busy, or does not want what it gets."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from served import SRC, free_port, running
from zhiyin.client import Client


class Door:
    """An HTTP server that answers as it is told and keeps what it took."""

    def __init__(self, port: int = 0) -> None:
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.taken: list[dict[str, object]] = []
        self.asked = 0
        door = self

        class Taking(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, headers = door.answers.pop(0) if door.answers else (200, {})
                door.asked += 1
                if status == 200:
                    door.taken += json.loads(body)["batch"]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Taking)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def door() -> Iterator[Door]:
    opened = Door()
    yield opened
    opened.close()


def test_events_arrive_in_requests_of_many(door):
    client = Client(door.url, "zyw_k", wait_seconds=0.2)
    at = datetime(2026, 11, 22, tzinfo=UTC)
    own = client.track("u1", "Order Completed", {"order_id": "E1"}, anonymous_id="a1", timestamp=at, context={"ip": "1"})
    for n in range(700):
        client.identify(f"u{n}", {"city": "杭州"})
    client.track("", "Page Viewed", anonymous_id="a1", message_id="m1")
    assert client.flush()
    client.close()
    client.close()
    assert len(door.taken) == 702
    assert door.asked <= 4
    first, last = door.taken[0], door.taken[-1]
    assert first["messageId"] == own
    assert {name: first[name] for name in ("type", "userId", "anonymousId", "event", "properties", "timestamp")} == {
        "type": "track", "userId": "u1", "anonymousId": "a1", "event": "Order Completed", "properties": {"order_id": "E1"},
        "timestamp": "2026-11-22T00:00:00+00:00",
    }  # fmt: skip
    assert (last["messageId"], last.get("userId")) == ("m1", None)


def test_what_fails_is_sent_again_under_the_same_id(door):
    door.answers += [(500, {}), (429, {"Retry-After": "0"}), (503, {})]
    lost: list[object] = []
    client = Client(door.url, "zyw_k", lost=lambda *told: lost.append(told))
    own = client.track("u1", "x")
    assert client.flush(20)
    client.close()
    assert [event["messageId"] for event in door.taken] == [own]
    assert door.asked == 4
    assert lost == []


def test_a_server_that_comes_later_gets_everything():
    port = free_port()
    client = Client(f"http://127.0.0.1:{port}", "zyw_k")
    client.track("u1", "x")
    assert not client.flush(0.3)
    door = Door(port)
    try:
        assert client.flush(20)
    finally:
        client.close()
        door.close()
    assert len(door.taken) == 1


def test_what_the_server_does_not_want_is_told(door):
    door.answers.append((401, {}))
    lost: list[tuple[str, int]] = []
    client = Client(door.url, "zyw_wrong", lost=lambda reason, events: lost.append((reason, len(events))))
    client.track("u1", "x")
    assert client.flush()
    client.track("u1", "x", {"a": {1: {(): 2}}})
    assert client.flush()
    client.close()
    client.track("u1", "late")
    assert lost == [("HTTP 401", 1), ("keys must be str, int, float, bool or None, not tuple", 1), ("closed", 1)]


def test_a_full_queue_and_an_end_without_a_server_are_told():
    lost: list[tuple[str, int]] = []
    client = Client(
        f"http://127.0.0.1:{free_port()}",
        "zyw_k",
        lost=lambda reason, events: lost.append((reason, len(events))),
        queue_size=5,
        end_seconds=0.1,
    )
    for _ in range(1000):  # more than the queue and the request that cannot be sent hold together
        client.track("u1", "x")
    client.close()
    assert sum(count for _, count in lost) == 1000
    assert {reason for reason, _ in lost} == {"queue full", "closed"}


def test_without_a_callback_losses_are_logged(caplog):
    client = Client(f"http://127.0.0.1:{free_port()}", "zyw_k", end_seconds=0.1)
    client.track("u1", "x")
    client.close()
    assert "client lost=1 reason=closed" in caplog.text


def test_the_end_of_a_program_sends_what_waits(door):
    code = f"from zhiyin.client import Client; Client({door.url!r}, 'k').track('u1', 'x')"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(SRC)})
    assert len(door.taken) == 1


@pytest.mark.slow
def test_five_lines_reach_a_real_server(tmp_path):
    with running(tmp_path / "shop") as server:
        client = Client(server.address, server.key("till"))
        client.identify("1001", {"city": "杭州"})
        client.track("1001", "Order Completed", {"order_id": "E1", "revenue": 39.9})
        assert client.flush()
        client.close()
        assert server.counts()["till"] == (2, 2, 0, 0)
        assert [one.name for one in server.events()] == ["", "Order Completed"]
