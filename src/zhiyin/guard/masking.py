"""How is an identifier shown to someone who only needs to recognise it? 王**, 138****5678, a***@example.com."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["mask", "mask_within"]

_HIDDEN = "***"
_CHINA = re.compile(r"(?:\+?86)?(1\d{2})\d{4}(\d{4})")
_DATE = r"(?:19|20)\d\d-?[01]\d-?[0-3]\d(?!\d)"
_NUMBER = re.compile(rf"(?<![\d-])(?!{_DATE})\+?\d(?:[ -]?\d){{6,}}[Xx]?")  # a phone, an ID number, a bank account
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PLACE = re.compile(r"^(.{2,8}?(?:市|县|区|州))")


def mask(kind: str, value: str) -> str:
    """A value with the part hidden that makes it one person's; a kind that is not known is hidden whole.

    Example:
        >>> mask("name", "王小明"), mask("phone", "+8613812345678"), mask("email", "anna@example.com")
        ('王**', '138****5678', 'a***@example.com')
    """
    value = value.strip()
    return _MASKS.get(kind, _whole)(value) if value else ""


def mask_within(text: str) -> str:
    """A free text with the numbers and e-mail addresses in it masked; a name cannot be told from other words.

    Example:
        >>> mask_within("回访 13812345678，投诉单 88")
        '回访 138****5678，投诉单 88'
    """
    return _NUMBER.sub(lambda found: _phone(found[0]), _ADDRESS.sub(lambda found: _email(found[0]), text))


def _whole(_: str) -> str:
    return _HIDDEN


def _name(value: str) -> str:
    return value[0] + "**" if len(value) > 1 else "**"


def _phone(value: str) -> str:
    digits = re.sub(r"[^\d+]", "", value)
    mobile = _CHINA.fullmatch(digits)
    if mobile:
        return f"{mobile[1]}****{mobile[2]}"
    return f"{_HIDDEN}{digits[-2:]}" if len(digits) > 5 else _HIDDEN


def _email(value: str) -> str:
    user, at, domain = value.partition("@")
    return f"{user[:1] if len(user) > 1 else ''}{_HIDDEN}@{domain}" if at and user and domain else _HIDDEN


def _id_number(value: str) -> str:
    return f"{value[0]}{'*' * (len(value) - 2)}{value[-1]}" if len(value) >= 8 else _HIDDEN


def _address(value: str) -> str:
    place = _PLACE.match(value)
    return f"{place[1]}{_HIDDEN}" if place and len(place[1]) < len(value) else _HIDDEN


_MASKS: dict[str, Callable[[str], str]] = {
    "name": _name,
    "phone": _phone,
    "email": _email,
    "email_proposed": _email,
    "id_number": _id_number,
    "address": _address,
}
