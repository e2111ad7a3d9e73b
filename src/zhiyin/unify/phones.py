"""Which number is this, as it is dialled from anywhere, and where is it from?"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from zhiyin.unify.addresses import place
from zhiyin.unify.values import id_text

__all__ = ["Phone", "phone", "phone_parts", "phone_place"]


class Phone(NamedTuple):
    """A number in E.164, and the extension behind it."""

    number: str
    extension: str


_CHINESE_MOBILE = re.compile(r"(?:\+?86|0086|086)?(1[3-9]\d{9})")
_EXTENSION = re.compile(r"\s*(?:转分机|转|分机|内线|ext\.?|extension|x|#|,)\s*[::.]?\s*(\d{1,6})\s*$", re.IGNORECASE)
_SWITCHBOARD = re.compile(r"^(\(?0\d{2,3}\)?[\s-]?\d{7,8})-(\d{1,5})$")  # 021-62375000-8001
_SEVERAL = re.compile(r"\s*[/、;,|或]\s*")
_REMARK = re.compile(r"[(（](?![\d)）\s-]*[)）])[^()（）]*[)）]|[^\d+()]+$")
_LABEL = re.compile(r"^[^\d+(*]+(?=[+(\d])")
_BY_EXCEL = re.compile(r"(\d)\.(\d{10})E\+?10|(1\d{10})\.0+", re.IGNORECASE)  # all digits of a mobile are still there
_REGION_CODE = re.compile(r"^\+86")


def phone(text: str, region: str = "CN") -> str | None:
    """A phone in E.164; None for a masked or impossible one, of several in one cell the first that is possible.

    Example:
        >>> phone("138 1234-5678"), phone("(021) 6237-5000"), phone("138****5678")
        ('+8613812345678', '+862162375000', None)
        >>> phone("021-62375000转8001"), phone("400-820-8820"), phone("王丽 13812345678/010-88888888")
        ('+862162375000', '+864008208820', '+8613812345678')
    """
    found = phone_parts(text, region)
    return found.number if found else None


def phone_parts(text: str, region: str = "CN") -> Phone | None:
    """The same with the extension.

    Example:
        >>> phone_parts("0755-88886666-102"), phone_parts("+1 650-253-0000 ext. 12")
        (Phone(number='+8675588886666', extension='102'), Phone(number='+16502530000', extension='12'))
    """
    found = id_text(text)
    if found is None or "*" in found:
        return None
    if excel := _BY_EXCEL.fullmatch(found):
        found = excel[3] or excel[1] + excel[2]
    if one := _one(found, region):
        return one
    parts = [part for part in _SEVERAL.split(found) if sum(sign.isdigit() for sign in part) >= 7]
    if len(parts) < 2:
        return None
    return next((one for part in parts if (one := _one(part, region))), None)


@lru_cache(maxsize=50_000)
def phone_place(number: str) -> tuple[str, str] | None:
    """Province and city of a Chinese number in E.164: where the line is, or where the mobile was registered; None for others.

    Example:
        >>> phone_place("+8675588886666"), phone_place("+864008208820"), phone_place("+16502530000")
        (('广东省', '深圳市'), None, None)
    """
    if not _REGION_CODE.match(number):
        return None
    import phonenumbers
    from phonenumbers import geocoder

    said = geocoder.description_for_number(phonenumbers.parse(number), "zh", script=None, region=None)
    found = place(said) if said else None
    return found if found and found[1] else None


def _one(text: str, region: str) -> Phone | None:
    """One number with its extension; labels and remarks are left out."""
    extension = ""
    if board := _SWITCHBOARD.match(text):
        text, extension = board[1], board[2]
    elif behind := _EXTENSION.search(text):
        text, extension = text[: behind.start()], behind[1]
    for said in dict.fromkeys((text, _REMARK.sub("", _LABEL.sub("", text)).strip())):
        if number := _number(said, region):
            return Phone(number, extension)
    return None


def _number(text: str, region: str) -> str | None:
    if mobile := _CHINESE_MOBILE.fullmatch(re.sub(r"[\s().-]", "", text)):
        return f"+86{mobile[1]}" if region == "CN" or len(mobile[0]) > 11 else _worldwide(text, region)
    return _worldwide(text, region)


def _worldwide(text: str, region: str) -> str | None:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if phonenumbers.is_valid_number(parsed) else None
