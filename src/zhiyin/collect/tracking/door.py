"""Which events of a request can be taken, and by which id and content does the inbox know them again?

The limits are those of the protocols: Segment 32 KB an event, 500 KB and 2 500 events a batch, ids below 100 characters; CloudEvents
64 KiB an event; 神策 ids up to 255 characters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from zhiyin.collect.tracking.decode import Dialect, Opened, Unfit, dialect, opened, structured, whole
from zhiyin.collect.tracking.ids import content, message_id
from zhiyin.core.errors import DataError, TooLarge
from zhiyin.core.words import Say

__all__ = ["MOST_BODY", "Item", "Taken", "alone", "as_request", "take"]

MOST_EVENTS = 2500  # of a batch
MOST_BODY = {"segment:batch": 512_000, "segment:import": 512_000, "sensors": 2_000_000, "cloudevents:batch": 2_000_000, "lines": 2_000_000}
_MOST_SINGLE = 70_000  # a single event with its envelope; what exceeds the protocol's limit is refused with its bytes
_MOST_EVENT: dict[Dialect, int] = {"segment": 32 * 1024, "sensors": 64 * 1024, "cloudevents": 64 * 1024}
_MOST_MESSAGE_ID = 100
_MOST_DISTINCT_ID = 255
_CALLS = frozenset(["identify", "track", "page", "screen", "group", "alias"])
_SENSORS_TYPES = frozenset(
    [
        "track",
        "track_signup",
        "track_id_bind",
        "track_id_unbind",
        "profile_set",
        "profile_set_once",
        "profile_increment",
        "profile_append",
        "profile_unset",
        "profile_delete",
        "item_set",
        "item_delete",
    ]
)
_DIGEST_BYTES = 16


class Item(NamedTuple):
    """An event that can be taken: its id, the digest of its content, and its place in the body."""

    message_id: str
    digest: bytes
    place: int


class Taken(NamedTuple):
    """What a request holds; the form and body as they are kept (a CloudEvent in binary mode with its headers); the key that it names."""

    items: list[Item]
    unfit: list[Unfit]
    form: str
    body: bytes
    key: str


def take(form: str, body: bytes, *, headers: Mapping[str, str]) -> Taken:
    """Look at every event of a request.

    Args:
        form: `segment:<call>`, `sensors`, `cloudevents:<mode>`, `lines`.
        body: as it came; gzip is opened.
        headers: of the request; only CloudEvents in binary mode look at them.

    Raises:
        DataError: when the body as a whole cannot be read, or holds too many events.
        TooLarge: when it is too large.
    """
    if form == "cloudevents:binary":
        form, body = "cloudevents:structured", structured(headers, body)
    found = opened(form, body, most=MOST_BODY.get(form, _MOST_SINGLE))
    if len(found.events) + len(found.unfit) > MOST_EVENTS:
        raise TooLarge(
            Say("一个请求里的事件太多。", "The request holds too many events."),
            got=f"{len(found.events) + len(found.unfit)} > {MOST_EVENTS}",
            fix=Say("把事件分成几个请求发送。", "Send the events in several requests."),
        )
    call = form.removeprefix("segment:") if form.startswith("segment:") else ""
    strange = [one._replace(pointer=_path(call, one.place)) if one.pointer else one for one in found.unfit]
    taken = Taken([], strange, form, body, _key(found))
    for place, event in found.events:
        spoken = dialect(form, event)
        said = content(spoken, event)
        wrong = _JUDGES[spoken](event, call) if len(said) <= _MOST_EVENT[spoken] else ("event_too_large", "")
        if wrong is None:
            own = message_id(spoken, event, said=said)
            taken.items.append(Item(own, blake2b(said, digest_size=_DIGEST_BYTES).digest(), place))
        else:
            code, pointer = wrong
            taken.unfit.append(Unfit(place, code, _path(call, place) + pointer, as_request(form, event, shared=found.shared)))
    return taken


def alone(form: str, body: bytes, *, place: int, renamed: bool = False) -> bytes:
    """One event of a request as a request of its own, in the same form; the event itself may be given as the body.

    Args:
        form: as for `take`.
        body: the request, or one event of it.
        place: of the event.
        renamed: under an id made from its content, because another event has its id.

    Raises:
        DataError: when there is no such event.
    """
    try:
        found = opened(form, body)
    except DataError:
        found = Opened([(place, whole(body))], {}, [])
    event = next((event for at, event in found.events if at == place), None)
    if not isinstance(event, dict):
        raise DataError(
            Say("请求里没有这个事件。", "The request has no such event."),
            got=f"{form}, {place}",
            fix=Say("这个事件不能重新处理。", "This event cannot be brought back."),
        )
    if renamed and dialect(form, event) == "cloudevents":
        event = event | {"id": blake2b(content("cloudevents", event), digest_size=_DIGEST_BYTES).hexdigest()}
    elif renamed:
        event = {name: told for name, told in event.items() if name != "messageId"}
    return as_request(form, event, shared=found.shared)


_Wrong = tuple[str, str] | None  # code, pointer within the event


def _segment(event: Mapping[str, Any], call: str) -> _Wrong:
    kind = call if call in _CALLS else event.get("type")
    if not isinstance(kind, str) or kind not in _CALLS:
        return "unknown_type", "/type"
    own = event.get("messageId", "")
    if isinstance(own, str) and len(own) >= _MOST_MESSAGE_ID:
        return "message_id_too_long", "/messageId"
    if not (_is_id(event.get("userId")) or _is_id(event.get("anonymousId"))):
        return "no_user_anon_id", "/userId"
    return _lacks(kind, event)


def _lacks(kind: str, event: Mapping[str, Any]) -> _Wrong:
    """What a call cannot do without."""
    if kind == "track":
        return None if _is_name(event.get("event")) else ("no_event_name", "/event")
    if kind == "group":
        return None if _is_id(event.get("groupId")) else ("no_group_id", "/groupId")
    if kind == "alias":
        return None if _is_id(event.get("previousId")) else ("no_previous_id", "/previousId")
    return None


def _sensors(event: Mapping[str, Any], _: str) -> _Wrong:
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in _SENSORS_TYPES:
        return "unknown_type", "/type"
    if kind.startswith("item_"):
        return None if _is_id(event.get("item_id")) else ("no_item_id", "/item_id")
    who = event.get("distinct_id")
    if not _is_id(who):
        return "no_distinct_id", "/distinct_id"
    if len(str(who)) > _MOST_DISTINCT_ID:
        return "distinct_id_too_long", "/distinct_id"
    if kind == "track" and not _is_name(event.get("event")):
        return "no_event_name", "/event"
    return None


def _cloudevents(event: Mapping[str, Any], _: str) -> _Wrong:
    if event.get("specversion") != "1.0":
        return "unknown_specversion", "/specversion"
    for name in ("id", "source", "type"):
        if not _is_name(event.get(name)):
            return f"no_{name}", f"/{name}"
    return ("data_twice", "/data_base64") if "data" in event and "data_base64" in event else None


_JUDGES: dict[Dialect, Callable[[Mapping[str, Any], str], _Wrong]] = {
    "segment": _segment,
    "sensors": _sensors,
    "cloudevents": _cloudevents,
}


def _is_id(value: object) -> bool:
    """Whether this names somebody: text or a whole number; clients send both."""
    return (isinstance(value, str) and bool(value.strip())) or (isinstance(value, int) and not isinstance(value, bool))


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _key(found: Opened) -> str:
    """The write key in the body, where there is one: of Segment once or in each event, of 神策 in each event."""
    told = [found.shared, *(event for _, event in found.events[:1])]
    named = (one.get(name) for one in told for name in ("writeKey", "token"))
    return next((key for key in named if isinstance(key, str)), "")


def _path(call: str, place: int) -> str:
    """The JSON pointer of an event in its request."""
    return f"/batch/{place}" if call in ("batch", "import") else "" if call in _CALLS else f"/{place}"


def as_request(form: str, event: Mapping[str, object], *, shared: Mapping[str, object]) -> bytes:
    """One event as a request of its own, in the same form; `shared` is what its request said for all events."""
    event, shared = ({name: told for name, told in one.items() if name != "writeKey"} for one in (event, shared))
    if form in ("segment:batch", "segment:import"):
        return msgspec.json.encode({**shared, "batch": [event]})
    return msgspec.json.encode([event] if form == "cloudevents:batch" else event)
