"""What does an event say about the person: name, phone, address, consent, and the properties that were declared?"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from zhiyin.collect.tracking.said import Change, Message
from zhiyin.core.fields import ATTRIBUTE, CONSENT

__all__ = ["Changed", "changes", "person"]

# Traits as the clients name them -> fields; names are compared in lower case, without _ and $.
_FIELDS = {
    "name": "name", "fullname": "name", "address": "address", "company": "attribute.company", "phone": "phone", "mobile": "phone", "phonenumber": "phone", "email": "email",
    "openid": "openid", "unionid": "openid", "wechatopenid": "openid",
    "createdat": "since", "signuptime": "since", "registertime": "since",
    "age": "attribute.age", "birthday": "attribute.birthday", "gender": "attribute.gender", "sex": "attribute.gender",
    "title": "attribute.title", "city": "attribute.city", "province": "attribute.province", "state": "attribute.province",
    "country": "attribute.country", "language": "attribute.language", "plan": "attribute.plan", "industry": "attribute.industry",
    "employees": "attribute.employees", "employeecount": "attribute.employees",
}  # fmt: skip
_GROUP = {"name": "attribute.company", "industry": "attribute.industry", "employees": "attribute.employees", "plan": "attribute.plan"}
_COMPANY = {"name": "attribute.company", "id": "attribute.company_id", "industry": "attribute.industry", "plan": "attribute.plan",
            "employeecount": "attribute.employees", "employees": "attribute.employees"}  # fmt: skip
_PLACE = {"city": "attribute.city", "state": "attribute.province", "province": "attribute.province", "country": "attribute.country"}
_STREET = ("country", "state", "province", "city", "district", "street", "postalCode")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LARGEST = 1e13  # of a number that is added: what lies above it is a mistake


class Changed(NamedTuple):
    """One change of an attribute: its name (empty where all are deleted), how it changes, and the value, number or member."""

    name: str
    change: Change
    value: str


def person(message: Message, *, declared: Collection[str], dropped: dict[str, int]) -> dict[str, str]:
    """Field -> value, of what an event sets: an identify, a group or an unsubscription; what nobody declared is counted in `dropped`.

    Args:
        message: what was said.
        declared: further traits that are kept as attributes.
        dropped: name of a trait -> how often it was dropped.
    """
    if message.kind == "group":
        return _company(message, dropped)
    if message.name == "Unsubscribed":
        return {f"{CONSENT}email": "false"}
    found: dict[str, str] = {}
    for name, value in message.traits.items():
        if value is None or value in ("", [], {}):
            continue
        if not _tell(found, name, value, declared) and not name.startswith("$"):
            _drop(dropped, f"traits.{name}")
    first, last = (_plain(message.traits.get(name)) for name in ("firstName", "lastName"))
    if "name" not in found and (first or last):
        found["name"] = f"{last}{first}" if _CHINESE.search(last + first) else f"{first} {last}".strip()
    return found


def changes(message: Message, fields: Mapping[str, str], *, declared: Collection[str], dropped: dict[str, int]) -> list[Changed]:
    """Everything that a message changes of the attributes of a person, each name once a change.

    Args:
        message: what was said.
        fields: of `person`, of the same message.
        declared: further traits that are kept as attributes.
        dropped: name of a trait -> how often it was dropped: one that is no attribute, or that cannot be changed so.
    """
    own: Change = "set_once" if message.change == "set_once" else "set"
    made = [Changed(field.removeprefix(ATTRIBUTE), own, text) for field, text in fields.items() if field.startswith(ATTRIBUTE)]
    if message.change == "delete":
        return [*made, Changed("", "delete", "")]
    told = {one.name for one in made}
    nulls = (_attribute(message, name, declared) for name, value in message.traits.items() if value is None)
    made += [Changed(name, "unset", "") for name in dict.fromkeys(nulls) if name and name not in told]
    found: dict[tuple[str, str], Changed] = {}
    for name, value in message.changed.items():
        attribute, values = _attribute(message, name, declared), _changing(message.change, value)
        found |= {(attribute, text if message.change == "append" else ""): Changed(attribute, message.change, text) for text in values}
        if not (attribute and values) and not name.startswith("$"):
            _drop(dropped, f"traits.{name}")
    return [*made, *(one for one in found.values() if one.name)]


def _attribute(message: Message, name: str, declared: Collection[str]) -> str:
    """The attribute that a trait is; empty where it is none: an identifier, a consent, or what nobody declared."""
    if message.kind == "group":
        return _GROUP.get(name.lower(), "").removeprefix(ATTRIBUTE)
    field = _FIELDS.get(name.lower().replace("_", "").lstrip("$"), "")
    if field or name.startswith(CONSENT):
        return field.removeprefix(ATTRIBUTE) if field.startswith(ATTRIBUTE) else ""
    return name.lstrip("$") if _is_declared(name, declared) else ""


def _changing(change: Change, value: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    """What is added to an attribute, or one empty text where it is taken away; nothing where the value cannot be used so."""
    if change == "unset":
        return [""]
    if change == "increment":
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST
        return [_plain(value)] if is_number else []
    return list(filter(None, map(_plain, value))) if isinstance(value, list) else []


def _tell(found: dict[str, str], name: str, value: Any, declared: Collection[str]) -> bool:  # noqa: ANN401 - any JSON value
    """Put a trait among the fields; False where it is none of them."""
    bare = name.lower().replace("_", "").lstrip("$")
    if isinstance(value, Mapping):
        return _tell_object(found, bare, value)
    if bare in ("firstname", "lastname"):
        return True
    own = f"{ATTRIBUTE}{name.lstrip('$')}" if _is_declared(name, declared) else ""
    field = name if name.startswith(CONSENT) else _FIELDS.get(bare) or own
    text = _plain(value)
    if not field or not text:
        return False
    found[field] = text
    return True


def _tell_object(found: dict[str, str], bare: str, value: Mapping[str, Any]) -> bool:
    if bare == "consent":
        found.update({f"{CONSENT}{channel}": _plain(said) for channel, said in value.items() if isinstance(said, bool)})
        return True
    if bare == "address":
        parts = [_plain(value.get(name)) for name in _STREET]
        written = "".join(parts) if any(_CHINESE.search(part) for part in parts) else ", ".join(filter(None, reversed(parts)))
        found.update({"address": written} if written else {})
        found.update({field: text for name, field in _PLACE.items() if (text := _plain(value.get(name)))})
        return True
    if bare == "company":
        lower = {name.lower().replace("_", ""): told for name, told in value.items()}
        found.update({field: text for name, field in _COMPANY.items() if (text := _plain(lower.get(name)))})
        return True
    return False


def _company(message: Message, dropped: dict[str, int]) -> dict[str, str]:
    """The firm that somebody belongs to, as attributes of the person."""
    found = {"attribute.company_id": message.group}
    for name, value in message.traits.items():
        field, text = _GROUP.get(name.lower()), _plain(value)
        if field and text:
            found[field] = text
        elif value not in (None, "", [], {}):
            _drop(dropped, f"group.{name}")
    return found


def _is_declared(name: str, declared: Collection[str]) -> bool:
    return name in declared or name.partition(".")[0] in declared


def _drop(dropped: dict[str, int], name: str) -> None:
    dropped[name] = dropped.get(name, 0) + 1


def _plain(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """A single value as text; lists of texts with commas between them, objects as nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(sorted(filter(None, (_plain(one) for one in value))))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() if isinstance(value, (str, int, float)) else ""
