"""Events as clients send them, and what becomes of them."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from unify.batches import defaults
from zhiyin.collect.tracking.meaning import TrackedBatch, batches
from zhiyin.collect.tracking.message import Message, Unfit, messages
from zhiyin.unify.clean import Typed, typed
from zhiyin.unify.traits import attributes_of

RECEIVED = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
REQUESTS = Path(__file__).parent / "golden/clients/requests.jsonl"


class Request(NamedTuple):
    """What a real client sent, recorded; the people are invented."""

    client: str
    path: str
    headers: dict[str, str]
    form: str
    body: bytes


def requests(client: str) -> list[Request]:
    """What a client sent, each with the form in which the server stores it."""
    rows = [json.loads(line) for line in REQUESTS.read_text("utf-8").splitlines()]
    found = []
    for row in rows:
        if row["client"] != client:
            continue
        form = "sensors" if row["path"].startswith("/sa") else "segment:" + urlsplit(row["path"]).path.rpartition("/")[2]
        body = base64.b64decode(row["body"]) or urlsplit(row["path"]).query.encode()
        found.append(Request(client, row["path"], row["headers"], form, body))
    return found


def packed(*events: dict[str, Any], zipped: bool = True) -> bytes:
    """The form that 神策 clients post."""
    text = json.dumps(events).encode()
    return urlencode({"data_list": base64.b64encode(gzip.compress(text) if zipped else text), "gzip": int(zipped)}).encode()


def heard(*events: dict[str, Any], form: str = "segment:batch", received: datetime = RECEIVED, **shared: object) -> list[Message | Unfit]:
    """What events say that come in one body."""
    if form == "sensors":
        body = packed(*events)
    elif form in ("segment:batch", "segment:import"):
        body = json.dumps({"batch": events, **shared}).encode()
    elif form == "lines":
        body = b"\n".join(json.dumps(event).encode() for event in events)
    else:
        body = json.dumps(list(events) if form == "cloudevents:batch" else events[0]).encode()
    return list(messages(form, body, received_at=received, places=None))


def said(*events: dict[str, Any], form: str = "segment:batch", **more: Any) -> list[Message]:
    """The same, of events that all have a meaning."""
    found = heard(*events, form=form, **more)
    assert [one for one in found if isinstance(one, Unfit)] == []
    return [one for one in found if isinstance(one, Message)]


def why(event: dict[str, Any], *, form: str = "segment:batch", **more: Any) -> tuple[str, str]:
    """Code and pointer of an event without a meaning."""
    (found,) = heard(event, form=form, **more)
    assert isinstance(found, Unfit)
    return found.code, found.pointer


def typed_all(told: list[Message], **more: Any) -> Iterator[tuple[TrackedBatch, Typed]]:
    """The facts of messages of the write key `web`, whose user ids are those of `shop`."""
    for batch in batches(told, name="web", **{"system": "shop", **more}):
        own = defaults(system=batch.system, attributes=False)
        yield (
            batch,
            typed(
                batch.kind,
                batch,
                defaults=own,
                record_id=lambda natives, system=batch.system: [f"{system}/{native}" for native in natives],
                digest="{}={}".format,
            ),
        )


def facts(told: list[Message], **more: Any) -> dict[str, list[dict[str, Any]]]:
    """Table -> rows, without where they came from and what they leave empty; attributes as they follow from the traits."""
    found: dict[str, list[dict[str, Any]]] = {}
    for _, made in typed_all(told, **more):
        traits = made.tables.get("trait")
        attributes = {"attribute": attributes_of(traits.to_pylist())} if traits is not None else {}
        for name, listed in ({name: table.to_pylist() for name, table in made.tables.items()} | attributes).items():
            rows = [{k: v for k, v in row.items() if v is not None and k not in ("batch_id", "source_row")} for row in listed]
            found.setdefault(name, []).extend(rows)
    return found
