"""Counts what clients send, and writes it into a log: an HTTP proxy that knows the protocols by itself."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import http.client
import json
import queue
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs

__all__ = ["Blows", "Proxy", "Seen", "ids_of", "strike"]

_OK = 200
Blows = queue.SimpleQueue[Callable[[], None]]


class Seen(NamedTuple):
    """What the log of a proxy says: events that the server acknowledged, those of requests that were cut off, and their ids."""

    answered: int
    cut: int
    refused: int
    ids: set[str]
    acknowledged: set[str]


class Proxy:
    """One client's way to the server.

    Args:
        upstream: host and port of the server.
        log: file that gets a line a request.
        blows: what strikes while a request is under way; each is called once, by the next request that has gone to the server.
    """

    def __init__(self, upstream: tuple[str, int], log: Path, *, blows: Blows) -> None:
        self.log = log
        lock, log_file = threading.Lock(), log.open("a", encoding="utf-8")
        self._file = log_file

        class Forwarding(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, content = _forwarded(upstream, self.path, dict(self.headers), body=body, blows=blows)
                with lock:
                    log_file.write(json.dumps({"path": self.path.partition("?")[0], "status": status, "ids": ids_of(body)}) + "\n")
                if status <= 0:  # the server is gone: so is the connection
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Forwarding)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._file.close()

    def seen(self) -> Seen:
        """What the log says. A request that found no server does not count: nobody got it."""
        self._file.flush()
        rows = [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]
        sent = [row for row in rows if row["status"] >= 0]
        answered = [row for row in sent if row["status"] == _OK]
        return Seen(
            answered=sum(len(row["ids"]) for row in answered),
            cut=sum(len(row["ids"]) for row in sent if row["status"] == 0),
            refused=sum(len(row["ids"]) for row in sent if row["status"] not in (0, _OK)),
            ids={one for row in sent for one in row["ids"]},
            acknowledged={one for row in answered for one in row["ids"]},
        )


def strike(blows: Blows, blow: Callable[[], None], *, after: float) -> threading.Event:
    """Call `blow` so many seconds after the next request has gone to the server, before its answer is read; the event says when."""
    done = threading.Event()

    def struck() -> None:
        time.sleep(after)
        blow()
        done.set()

    blows.put(struck)
    return done


def _forwarded(upstream: tuple[str, int], path: str, headers: dict[str, str], *, body: bytes, blows: Blows) -> tuple[int, bytes]:
    """Status and content of the answer; status 0: the request was sent and no answer came, -1: there was no server."""
    connection = http.client.HTTPConnection(*upstream, timeout=30)
    try:
        try:
            connection.connect()
        except OSError:
            return -1, b""
        try:
            kept = {name: value for name, value in headers.items() if name.lower() not in ("host", "connection")}
            connection.request("POST", path, body, kept)
            with contextlib.suppress(queue.Empty):
                blows.get_nowait()()
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
    finally:
        connection.close()


def ids_of(body: bytes) -> list[str]:
    """The ids of the events of a body; of 神策, which has none, the hash of each event."""
    if body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    if body.startswith(b"{"):
        return [event["messageId"] for event in json.loads(body)["batch"]]
    packed = parse_qs(body.decode())
    events: Any = json.loads(gzip.decompress(base64.b64decode(packed["data_list"][0])))
    return [hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest() for event in events]
