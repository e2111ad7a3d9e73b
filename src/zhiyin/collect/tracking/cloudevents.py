"""What does a CloudEvent say?"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhiyin.collect.tracking.decode import whole
from zhiyin.collect.tracking.names import SPECIFIED, our_name
from zhiyin.collect.tracking.said import Kind, Message, Unheard, corrected, id_text, instant, named, objects
from zhiyin.core.errors import DataError

__all__ = ["message"]

_USERS = ("userId", "user_id", "customer_id", "customerId")
_ANONYMOUS = ("anonymousId", "anonymous_id")
_LONGEST = max(len(name.split()) for name in SPECIFIED)
_KINDS: dict[str, Kind] = {"identify": "identify", "Page Viewed": "page", "Screen Viewed": "screen"}


def message(event: Mapping[str, Any], *, received_at: datetime, message_id: str, place: int) -> Message:
    """One CloudEvent: its type is the name, its subject the person unless the data name one, its data are the properties.

    Raises:
        Unheard: when it has no meaning.
    """
    for name in ("id", "source"):
        if not isinstance(event.get(name), str) or not event[name]:
            raise Unheard("bad_id", f"/{name}")
    if event.get("specversion") != "1.0":
        raise Unheard("unknown_type", "/specversion")
    data = _data(event)
    user = next(filter(None, (id_text(data, name) for name in _USERS)), "")
    anonymous = next(filter(None, (id_text(data, name) for name in _ANONYMOUS)), "")
    if not user and not anonymous:
        user = id_text(event, "subject")
    if not user and not anonymous:
        raise Unheard("no_person", "/subject")
    name = _name(named(event, "type"))
    kind = _KINDS.get(name, "track")
    inner = objects(data, "properties") if isinstance(data.get("properties"), dict) else data
    return Message(
        kind=kind,
        message_id=message_id,
        user=user,
        anonymous=anonymous,
        name="" if kind == "identify" else name,
        at=_at(event, received_at),
        received_at=received_at,
        properties={} if kind == "identify" else inner,
        traits=(objects(data, "traits") or inner) if kind == "identify" else {},
        context=objects(data, "context") if isinstance(data.get("context"), dict) else {},
        place=place,
    )


def _name(type_: str) -> str:
    """The name of the specification that the end of a type spells: com.example.order.completed is Order Completed."""
    parts = type_.replace("/", ".").split(".")
    for length in range(min(_LONGEST, len(parts)), 0, -1):
        tail = " ".join(parts[-length:])
        if our_name(tail) in SPECIFIED:
            return our_name(tail)
    return "identify" if parts[-1].lower() in ("identify", "identified") else type_


def _data(event: Mapping[str, Any]) -> Mapping[str, Any]:
    data = event.get("data")
    if data is None and isinstance(event.get("data_base64"), str):
        try:
            data = whole(base64.b64decode(event["data_base64"], validate=True))
        except (binascii.Error, ValueError, DataError) as wrong:
            raise Unheard("bad_data", "/data_base64") from wrong
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise Unheard("bad_data", "/data")
    return data


def _at(event: Mapping[str, Any], received: datetime) -> datetime:
    if event.get("time") is None:
        return received
    return corrected(instant(event["time"], "time"), sent=None, received=received, name="time")
