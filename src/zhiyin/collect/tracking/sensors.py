"""What does an event of 神策 say: track, track_signup, track_id_bind, the profile_ calls, and items?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from zhiyin.collect.tracking.names import our_name
from zhiyin.collect.tracking.said import Change, Kind, Message, Unheard, corrected, id_text, instant, objects

__all__ = ["message"]

_NAME = re.compile(r"[a-zA-Z_$][a-zA-Z0-9_$]{0,99}")
_RESERVED = re.compile(
    r"distinct_id|original_id|time|properties|id|first_id|second_id|users|events|event|event_id|device_id|user_id|date|datetime"
    r"|user_group.*|user_tag.*",
    re.IGNORECASE,
)
_EVENTS = frozenset(["track", "track_signup", "track_id_bind", "track_id_unbind"])
_PROFILES: dict[str, Change] = {
    "profile_set": "set",
    "profile_set_once": "set_once",
    "profile_increment": "increment",
    "profile_append": "append",
    "profile_unset": "unset",
    "profile_delete": "delete",
}
_ITEMS = frozenset(["item_set", "item_delete"])
# Identities that say who somebody is, as the traits that they are; the login id is the user's, all others are a device's.
_TRAITS = {
    "$identity_mobile": "phone",
    "$identity_email": "email",
    "$identity_mp_openid": "openid",
    "$identity_mp_unionid": "unionid",
    "$identity_wechat_openid": "openid",
    "$identity_wechat_unionid": "unionid",
}
_LOGIN = "$identity_login_id"
_DEVICES = ("$identity_anonymous_id", "$identity_cookie_id", "$identity_android_id", "$identity_idfv", "$identity_mp_id")
_NOTICED = timedelta(seconds=60)  # 神策 itself corrects a clock only where it is off by a minute or more
_KINDS: dict[str, Kind] = {"Page Viewed": "page", "Screen Viewed": "screen"}


def message(event: Mapping[str, Any], *, received_at: datetime, message_id: str, place: int) -> Message:
    """One event of a 神策 library.

    Raises:
        Unheard: when it has no meaning.
    """
    call = event.get("type")
    if not isinstance(call, str):
        raise Unheard("unknown_type", "/type")
    if call not in _EVENTS | _PROFILES.keys() | _ITEMS:
        raise Unheard("unknown_type", "/type")
    properties = objects(event, "properties")
    for name in properties:
        _checked(name, "properties", why="bad_properties")
    at = _at(event, received_at)
    if call in _ITEMS:
        return _item(event, str(call), Message("item", message_id, "", "", "", at, received_at, properties, {}, {}, place=place))
    user, anonymous, traits = _who(event, properties)
    if call in _PROFILES:
        change = _PROFILES[call]
        if change in ("set", "set_once"):  # null takes nothing away in 神策
            traits |= {name: value for name, value in properties.items() if value is not None}
            properties = {}
        told = Message("identify", message_id, user, anonymous, "", at, received_at, {}, traits, {}, place=place)
        return replace(told, change=change, changed=properties)
    name = _event_name(event, str(call))
    if call == "track_id_bind":
        return Message("identify", message_id, user, anonymous, "", at, received_at, properties, traits, {}, place=place)
    if call == "track_id_unbind":  # what is taken away from somebody is not told about them
        traits = {}
    kind = _KINDS.get(name, "track")
    return Message(kind, message_id, user, anonymous, name, at, received_at, properties, traits, {}, place=place)


def _event_name(event: Mapping[str, Any], call: str) -> str:
    name = event.get("event")
    if call == "track_id_bind":
        return ""
    if call == "track_id_unbind":
        return "Identity Unbound"
    if not isinstance(name, str):
        raise Unheard("bad_name", "/event")
    _checked(name, "event", why="bad_name")
    return our_name(name)


def _checked(name: str, pointer: str, *, why: str) -> None:
    at = f"/{pointer}" if pointer == "event" else f"/{pointer}/{name}"
    if _RESERVED.fullmatch(name):
        raise Unheard("reserved_name", at)
    if not _NAME.fullmatch(name):
        raise Unheard(why, at)


def _who(event: Mapping[str, Any], properties: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """User id, anonymous id, and what the identities say about the person."""
    distinct = id_text(event, "distinct_id")
    identities = objects(event, "identities")
    user = id_text(event, "login_id") or id_text(identities, _LOGIN)
    if not user and (properties.get("$is_login_id") is True or event.get("type") == "track_signup"):
        user = distinct
    anonymous = id_text(event, "original_id") or id_text(event, "anonymous_id")
    anonymous = anonymous or next(filter(None, (id_text(identities, name) for name in _DEVICES)), "")
    if not anonymous and distinct != user:
        anonymous = distinct
    if not user and not anonymous:
        raise Unheard("no_person", "/distinct_id")
    traits = {trait: identities[name] for name, trait in _TRAITS.items() if isinstance(identities.get(name), str)}
    return user, anonymous, traits


def _item(event: Mapping[str, Any], call: str, bare: Message) -> Message:
    kind, item = event.get("item_type"), id_text(event, "item_id")
    if not isinstance(kind, str) or not _NAME.fullmatch(kind):
        raise Unheard("bad_name", "/item_type")
    if not item:
        raise Unheard("bad_id", "/item_id")
    told = {**bare.properties, "product_id": item, "hidden": call == "item_delete"}
    return Message("item", bare.message_id, "", "", "", bare.at, bare.received_at, told, {}, {}, place=bare.place)


def _at(event: Mapping[str, Any], received: datetime) -> datetime:
    if event.get("time") is None:
        raise Unheard("bad_time", "/time")
    original = instant(event["time"], "time")
    flushed = event.get("_flush_time")
    sent = instant(flushed, "_flush_time") if flushed is not None else None
    if sent is not None and abs(received - sent) < _NOTICED:
        sent = None
    return corrected(original, sent=sent, received=received, name="time")
