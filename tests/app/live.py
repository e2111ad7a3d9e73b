"""A workspace that events are sent to, and what it says of its customers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from zhiyin.app.home import Home, create_home, open_home
from zhiyin.app.live import Loop
from zhiyin.app.projection import project
from zhiyin.app.reading import customer_of, guard_over, published_guard
from zhiyin.app.standing import live_view
from zhiyin.app.unified import identify, know
from zhiyin.app.work import Work
from zhiyin.app.write_keys import add_key
from zhiyin.collect.tracking.door import take
from zhiyin.core.tables import TABLES
from zhiyin.guard.access import OWNER, Access
from zhiyin.store.inbox_rows import Sent

__all__ = ["AT", "NOW", "catch_up", "event", "hashed", "opened", "publish", "send", "view", "views"]

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
AT = date(2026, 11, 21)


def opened(folder: Path) -> Home:
    """A new workspace with a key for the source `web` of the system `shop`."""
    create_home(folder)
    home = open_home(folder)
    add_key(home.ledger, "web", system="shop")
    add_key(home.ledger, "app", system="shop")
    return home


def event(number: object, who: str, name: str, *, minutes: float = 0, **properties: object) -> dict[str, object]:
    """A track call `minutes` before `NOW`."""
    at = (NOW - timedelta(minutes=minutes)).isoformat()
    return {"type": "track", "userId": who, "event": name, "messageId": f"m{number}", "timestamp": at, "properties": properties}


def send(home: Home, events: Iterable[Mapping[str, object]], *, source: str = "web") -> None:
    """Put events into the inbox in one request, as the server does."""
    taken = take("segment:batch", json.dumps({"batch": list(events)}).encode(), headers={})
    with home.inbox.start(queue=1000):
        home.inbox.put(Sent(source, taken.form, taken.body, NOW, taken.items, taken.unfit)).result()


def catch_up(home: Home, loop: Loop | None = None) -> Loop:
    """Take in all that came."""
    loop = loop or Loop(home, clock=lambda: NOW)
    while loop.once():
        pass
    return loop


def publish(home: Home, *, at: date = AT) -> None:
    """The part of a run that makes facts, customers and their activity, published."""
    with home.lake.build(carry=TABLES) as build:
        project(home, build)
        work = Work(home, build, guard_over(home, build, clock=lambda: NOW), at, refit=False, progress=lambda *_: None)
        identify(work)
        know(work)
        build.publish()


def view(home: Home, who: str) -> dict[str, object]:
    """What is alive of one customer, as people call him."""
    with published_guard(home, lambda: NOW) as guard:
        known = customer_of(home, guard, Access(OWNER, "display"), said=who)
        return dict(live_view(home, guard, OWNER, customer=known, at=AT))


def views(home: Home, everyone: Iterable[str]) -> dict[str, dict[str, object]]:
    """What follows from the events of each customer; when it was noted is no part of it."""
    noted = ("tag_history", "alerts")
    return {who: {name: value for name, value in view(home, who).items() if name not in noted} for who in everyone}


def hashed(told: object) -> str:
    """One figure for all that was told."""
    return hashlib.sha256(json.dumps(told, default=str, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
