"""Which events of a request can be taken, and by which id and content does the inbox know them again?

The limits are those of the protocols: Segment 32 KB an event, 500 KB and 2 500 events a batch, ids below 100 characters; CloudEvents
64 KiB an event; 神策 ids up to 255 characters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from zhiyin.collect.tracking.decode import Dialect, Opened, Unfit, dialect, opened, structured
from zhiyin.collect.tracking.ids import content, message_id
from zhiyin.core.errors import TooLarge
from zhiyin.core.words import Say

__all__ = ["MOST_BODY", "Item", "Taken", "take"]

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
    path = "/batch/{}" if call in ("batch", "import") else "" if call in _CALLS else "/{}"
    shared = {name: told for name, told in found.shared.items() if name != "writeKey"}
    taken = Taken([], list(found.unfit), form, body, _key(found))
    for place, event in found.events:
        spoken = dialect(form, event)
        said = content(spoken, event)
        wrong = _too_large(said, spoken) or _JUDGES[spoken](event, call)
        if wrong:
            taken.unfit.append(Unfit(place, wrong[0], path.format(place) + wrong[1], _kept(form, event, shared)))
        else:
            digest = hashlib.blake2b(said, digest_size=_DIGEST_BYTES).digest()
            taken.items.append(Item(message_id(spoken, event, said=said), digest, place))
    return taken


_Wrong = tuple[str, str] | None  # code, pointer within the event


def _too_large(said: bytes, spoken: Dialect) -> _Wrong:
    return ("event_too_large", "") if len(said) > _MOST_EVENT[spoken] else None


def _segment(event: Mapping[str, Any], call: str) -> _Wrong:  # noqa: PLR0911 - one answer a reason
    kind = call if call in _CALLS else event.get("type")
    if kind not in _CALLS:
        return "unknown_type", "/type"
    own = event.get("messageId")
    if isinstance(own, str) and len(own) >= _MOST_MESSAGE_ID:
        return "message_id_too_long", "/messageId"
    if not (_is_id(event.get("userId")) or _is_id(event.get("anonymousId"))):
        return "no_user_anon_id", "/userId"
    if kind == "track" and not _is_name(event.get("event")):
        return "no_event_name", "/event"
    if kind == "group" and not _is_id(event.get("groupId")):
        return "no_group_id", "/groupId"
    if kind == "alias" and not _is_id(event.get("previousId")):
        return "no_previous_id", "/previousId"
    return None


def _sensors(event: Mapping[str, Any], _: str) -> _Wrong:
    kind = event.get("type")
    if kind not in _SENSORS_TYPES:
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


def _kept(form: str, event: Mapping[str, object], shared: Mapping[str, object]) -> bytes:
    """A refused event as a request of its own, in the same form: so it can be brought back."""
    event = {name: told for name, told in event.items() if name != "writeKey"}
    if form in ("segment:batch", "segment:import"):
        return msgspec.json.encode({**shared, "batch": [event]})
    return msgspec.json.encode([event] if form == "cloudevents:batch" else event)
