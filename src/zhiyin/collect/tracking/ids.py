"""Which event is this: its id, and the content that the same id must always come with?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

from zhiyin.collect.tracking.decode import Dialect

__all__ = ["content", "message_id"]

# What differs between two deliveries of one event, and what is a secret of the sender.
_DELIVERY = frozenset(["sentAt", "receivedAt", "writeKey", "_metadata"])
# 神策 has no message id: these make an event what it is. `lib` and `_flush_time` belong to the delivery.
_SENSORS = (
    "type",
    "distinct_id",
    "original_id",
    "identities",
    "event",
    "time",
    "item_type",
    "item_id",
    "properties",
    "_track_id",
)
_ENCODER = msgspec.json.Encoder(order="deterministic")


def content(dialect: Dialect, event: Mapping[str, object]) -> bytes:
    """The canonical bytes of what an event says, the same for every delivery of it."""
    if dialect == "sensors":
        return _ENCODER.encode({name: event[name] for name in _SENSORS if name in event})
    if _DELIVERY.isdisjoint(event):
        return _ENCODER.encode(event)
    return _ENCODER.encode({name: told for name, told in event.items() if name not in _DELIVERY})


def message_id(dialect: Dialect, event: Mapping[str, object], *, said: bytes | None = None) -> str:
    """The id of an event: its own, or one made from what it says.

    Args:
        dialect: the protocol of the event.
        event: as it came.
        said: its `content`, where the caller has it already.
    """
    own = event.get("messageId") if dialect == "segment" else event.get("id") if dialect == "cloudevents" else None
    if isinstance(own, int) and not isinstance(own, bool):
        own = str(own)
    if isinstance(own, str) and own:
        return f"{event.get('source')}#{own}" if dialect == "cloudevents" else own
    return "h" + hashlib.sha256(content(dialect, event) if said is None else said).hexdigest()[:32]
