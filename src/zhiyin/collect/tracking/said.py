"""What one event says, whichever protocol it came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NoReturn

from zhiyin.core.words import Say

Kind = Literal["track", "page", "screen", "identify", "group", "alias", "item"]
Change = Literal["set", "set_once", "increment", "append", "unset", "delete"]  # the words of the table `trait`

__all__ = ["REASONS", "Change", "Kind", "Message", "Unheard", "corrected", "id_text", "instant", "named", "objects"]

MOST_ID = 255  # characters of an id; 神策 allows as many, Segment's message ids have less than 100
_AHEAD = timedelta(days=1)  # a clock that is further ahead is broken
_FIRST = datetime(1970, 1, 2, tzinfo=UTC)  # 0 and 1970-01-01 are what a program writes that knows no time
_SECONDS, _MILLISECONDS, _MICROSECONDS = 10, 13, 16  # digits of a time in this century

# Why an event has no meaning. The door and the meaning share these codes.
REASONS: dict[str, Say] = {
    "not_json": Say("这一行不是 JSON。", "The line is not JSON."),
    "not_an_object": Say("事件应当是一个 JSON 对象。", "An event must be a JSON object."),
    "too_deep": Say("事件嵌套太深。", "The event is nested too deeply."),
    "unknown_type": Say("不认识这种调用。", "This type of call is not known."),
    "no_person": Say(
        "没有用户号，也没有匿名号，不知道是谁。", "There is neither a user id nor an anonymous id, so nobody knows whose event it is."
    ),
    "bad_id": Say(
        f"编号应当是不超过 {MOST_ID} 个字符的文字或整数。", f"An id must be text of at most {MOST_ID} characters, or a whole number."
    ),
    "bad_name": Say("没有事件名，或事件名不合规范。", "The event has no name, or one that the protocol does not allow."),
    "reserved_name": Say("这个名字是协议保留的。", "This name is reserved by the protocol."),
    "bad_time": Say("时间看不懂。", "The time cannot be read."),
    "future_time": Say("时间比收到的时间晚一天以上。", "The time is more than a day after the event was received."),
    "bad_properties": Say("属性应当是一个 JSON 对象。", "The properties must be a JSON object."),
    "bad_data": Say("data 看不懂。", "The data cannot be read."),
}


class Unheard(ValueError):
    """An event has no meaning: a code of `REASONS` and where in the event it is at fault."""

    def __init__(self, code: str, pointer: str) -> None:
        super().__init__(code)
        self.code = code
        self.pointer = pointer


@dataclass(frozen=True, slots=True)
class Message:
    """One event, in our words.

    `name` is that of the e-commerce specification where there is one, and empty for what is only told about a person; `at` is
    corrected for the skew of the sender's clock; `change` says how the event changes what is known of the person: `set` and `set_once`
    are about `traits`, where null unsets; the others are about `changed`.
    """

    kind: Kind
    message_id: str
    user: str
    anonymous: str
    name: str
    at: datetime
    received_at: datetime
    properties: Mapping[str, Any]
    traits: Mapping[str, Any]
    context: Mapping[str, Any]
    group: str = ""
    previous: str = ""
    place: int = 0
    change: Change = "set"
    changed: Mapping[str, Any] = field(default_factory=dict)


def id_text(event: Mapping[str, Any], name: str) -> str:
    """The id that stands under a name, as text; empty where there is none."""
    value = event.get(name)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, float) and value.is_integer():
        value = str(int(value))
    if not isinstance(value, str) or len(value) > MOST_ID or "\x00" in value:
        _unheard("bad_id", name)
    return value.strip()


def objects(event: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The object that stands under a name; empty where there is none."""
    value = event.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        _unheard("bad_properties", name)
    return value


def named(event: Mapping[str, Any], name: str) -> str:
    """The name of an event that stands under a name."""
    value = event.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > MOST_ID or "\x00" in value:
        _unheard("bad_name", name)
    return value.strip()


def instant(value: object, name: str) -> datetime:
    """A moment that a client wrote: ISO 8601 (UTC where no zone is written), or seconds, milliseconds or microseconds since 1970."""
    try:
        if isinstance(value, str) and not value.isdigit():
            there = datetime.fromisoformat(value.strip())
            found = there.replace(tzinfo=UTC) if there.tzinfo is None else there.astimezone(UTC)
        else:
            found = _counted(value)
    except (ValueError, OverflowError, TypeError):
        _unheard("bad_time", name)
    if found < _FIRST:
        _unheard("bad_time", name)
    return found


def _counted(value: Any) -> datetime:  # noqa: ANN401 - whatever stood there
    whole = int(value)
    digits = len(str(whole))
    if isinstance(value, bool) or digits not in (_SECONDS, _MILLISECONDS, _MICROSECONDS):
        raise ValueError(digits)
    micros = round(float(value) * 10**6) if digits == _SECONDS else whole * 1000 if digits == _MILLISECONDS else whole
    return datetime.fromtimestamp(micros // 10**6, UTC) + timedelta(microseconds=micros % 10**6)


def corrected(original: datetime, *, sent: datetime | None, received: datetime, name: str) -> datetime:
    """When it happened by our clock: received - (sent - original). Nothing happens after it was received."""
    try:
        at = original if sent is None else received - (sent - original)
    except OverflowError:
        _unheard("bad_time", name)
    if at > received + _AHEAD:
        _unheard("future_time", name)
    return min(at, received)


def _unheard(code: str, name: str) -> NoReturn:
    raise Unheard(code, f"/{name}")
