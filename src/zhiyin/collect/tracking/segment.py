"""What does an event of the Segment API say: identify, track, page, screen, group and alias?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhiyin.collect.tracking.names import our_name
from zhiyin.collect.tracking.said import Kind, Message, Unheard, corrected, id_text, instant, named, objects

__all__ = ["message"]

_KINDS: dict[str, Kind] = {"track": "track", "page": "page", "screen": "screen", "identify": "identify", "group": "group", "alias": "alias"}
_MERGED = ("context", "integrations")  # what a batch says for all of its events
_PLAIN: dict[Kind, str] = {"page": "Page Viewed", "screen": "Screen Viewed"}


def message(
    event: Mapping[str, Any], *, form: str, shared: Mapping[str, Any], received_at: datetime, message_id: str, place: int
) -> Message:
    """One event of a Segment client.

    Args:
        event: as it came.
        form: `segment:<call>` or `lines`.
        shared: what the batch says for all of its events.
        received_at: when the body came.
        message_id: id of the event.
        place: where it stands in the body.

    Raises:
        Unheard: when it has no meaning.
    """
    event = _with_shared(event, shared) if shared else event
    kind = _kind(event, form)
    context = objects(event, "context")
    user, anonymous = id_text(event, "userId"), id_text(event, "anonymousId")
    previous, group = id_text(event, "previousId"), id_text(event, "groupId")
    if not user and not anonymous:
        raise Unheard("no_person", "/userId")
    if (kind == "alias" and not previous) or (kind == "group" and not group):
        raise Unheard("bad_id", "/previousId" if kind == "alias" else "/groupId")
    # Rudder's libraries send the traits of an identify in its context only; in other events they come along as a reminder.
    traits = objects(event, "traits") or (objects(context, "traits") if kind == "identify" else {})
    properties = objects(event, "properties")
    if kind in ("page", "screen") and isinstance(event.get("name"), str):
        properties = {"name": event["name"], **properties}
    return Message(
        kind=kind,
        message_id=message_id,
        user=user,
        anonymous=anonymous,
        name=_PLAIN.get(kind) or (our_name(named(event, "event")) if kind == "track" else ""),
        at=_at(event, shared, received_at, history=form == "segment:import"),
        received_at=received_at,
        properties=properties,
        traits=traits,
        context=context,
        group=group,
        previous=previous,
        place=place,
    )


def _kind(event: Mapping[str, Any], form: str) -> Kind:
    call = form.partition(":")[2]
    said = call if call in _KINDS else event.get("type")
    if not isinstance(said, str) or said not in _KINDS:
        raise Unheard("unknown_type", "/type")
    return _KINDS[said]


def _with_shared(event: Mapping[str, Any], shared: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event with the context and the integrations of its batch; what the event says itself comes first."""
    merged = dict(event)
    for name in _MERGED:
        if isinstance(shared.get(name), dict):
            own = event.get(name)
            merged[name] = shared[name] | own if isinstance(own, dict) else shared[name] if own is None else own
    return merged


def _at(event: Mapping[str, Any], shared: Mapping[str, Any], received: datetime, *, history: bool) -> datetime:
    """When it happened: by our clock, unless it is history that somebody hands in with its own times."""
    name = "originalTimestamp" if event.get("originalTimestamp") else "timestamp"
    if not event.get(name):
        return received
    sent = None if history else event.get("sentAt") or shared.get("sentAt")
    original = instant(event[name], name)
    return corrected(original, sent=instant(sent, "sentAt") if sent else None, received=received, name=name)
