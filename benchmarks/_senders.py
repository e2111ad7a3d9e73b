"""One client library of another company, as its users call it: `_senders.py LIBRARY URL KEY EVENTS SECONDS`.

Prints one line of JSON: how many events were given to the library, and how many it told its own error callback that it gave up.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

__all__ = ["LIBRARIES", "ROOT", "node_folder"]

LIBRARIES = ("segment-analytics-python", "rudder-sdk-python", "SensorsAnalyticsSDK", "@segment/analytics-node")
PACKAGES = ("@segment/analytics-node@3.1.0", "sa-sdk-javascript@1.27.11")
ROOT = Path(__file__).resolve().parents[1]
_TURNS = 100  # a turn of events, then a pause: the sending lasts as long as it should
_PATIENCE_SECONDS = 600


def node_folder() -> Path | None:
    """Where the npm packages lie; None where there is no npm or it cannot have them."""
    folder = ROOT / ".venv-node"
    if not (folder / "node_modules/@segment/analytics-node").is_dir():
        folder.mkdir(exist_ok=True)
        try:
            subprocess.run(
                ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved", *PACKAGES],
                capture_output=True,
                check=True,
                timeout=180,
            )
        except (OSError, subprocess.SubprocessError):
            return None
    return folder


def _paced(count: int, seconds: float) -> Iterator[int]:
    """Numbers of events, spread over the time."""
    started = time.monotonic()
    size = max(1, count // _TURNS)
    for number in range(count):
        if number % size == 0:
            time.sleep(max(0.0, seconds * number / count - (time.monotonic() - started)))
        yield number


def _told(number: int) -> tuple[str, dict[str, object]]:
    """Who, and properties; every tenth event is an order."""
    return f"c{number % 50}", {"order_id": f"E{number}", "revenue": 9.9} if number % 10 == 0 else {
        "product_id": f"P{number % 7}",
        "n": number,
    }


def _segment(url: str, key: str, count: int, seconds: float) -> int:
    from segment.analytics.client import Client

    return _tracked("segment", partial(Client, key, host=url), count, seconds)


def _rudder(url: str, key: str, count: int, seconds: float) -> int:
    from rudderstack.analytics.client import Client

    return _tracked("rudder", partial(Client, key, host=url), count, seconds)


def _tracked(name: str, client_of: Callable[..., Any], count: int, seconds: float) -> int:
    """How many events a client of the Segment family says are lost; the two are forks of one library."""
    lost: list[object] = []
    client = client_of(on_error=lambda _, events: lost.extend(events), max_retries=50)
    for number in _paced(count, seconds):
        who, properties = _told(number)
        taken, event = client.track(f"{name}-{who}", "Order Completed" if "revenue" in properties else "Product Viewed", properties)
        lost += [] if taken else [event]
    client.flush()
    client.join()
    return len(lost)


def _sensors(url: str, key: str, count: int, seconds: float) -> int:
    import sensorsanalytics

    consumer = sensorsanalytics.BatchConsumer(f"{url}/sa?project=default&token={key}", request_timeout=15)
    library = sensorsanalytics.SensorsAnalytics(consumer)

    def through(send: Callable[[], object]) -> None:
        """This library raises when a request fails and keeps the events; to send them again is the caller's part."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                send()
            except (OSError, sensorsanalytics.SensorsAnalyticsNetworkException):
                time.sleep(0.2)
                send = library.flush
            else:
                return

    for number in _paced(count, seconds):
        who, properties = _told(number)
        name = "OrderCompleted" if "revenue" in properties else "ProductViewed"
        through(lambda who=who, name=name, properties=properties: library.track(f"sensors-{who}", name, properties, is_login_id=True))
    through(library.flush)
    return len(consumer._buffers)


def _node(url: str, key: str, count: int, seconds: float) -> int:
    folder = node_folder()
    assert folder is not None
    script = Path(__file__).with_name("_sender.mjs")
    done = subprocess.run(["node", str(script), str(folder), url, key, str(count), str(seconds)], capture_output=True, check=True)
    return int(json.loads(done.stdout)["lost"])


if __name__ == "__main__":
    _, library, url, key, count, seconds = sys.argv
    send = dict(zip(LIBRARIES, (_segment, _rudder, _sensors, _node), strict=True))[library]
    print(json.dumps({"given": int(count), "lost": send(url, key, int(count), float(seconds))}))
