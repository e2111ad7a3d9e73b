"""What do two names, two places, two birthdays say about each other? One finding a comparison, or none where a side tells nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from zhiyin.unify.addresses import address, place
from zhiyin.unify.identity.names import Name, firm_of
from zhiyin.unify.identity.surnames import surname_bits

__all__ = ["Found", "Place", "birthday_of", "city_of", "compare_names", "compare_places", "place_of", "rarity"]

Found = tuple[str, float]  # comparison.level, and the bits that the value itself says
_NOTHING: Found = ("", 0.0)
_ONE, _TWO = 7.0, 10.0  # bits of a given name of one or two characters: one in 128, one in 1 024
_LAST = 6.0  # of the last character of a name
_LONG = 0.7  # of knowing that the name has as many characters
_OTHER = 12.0  # of a name that is no Chinese one
_SIGN, _FIRM = 4.0, 18.0  # of each character of a firm's own words and of its trade, and of all of them at most
_LONGER = 3  # characters of a name of which one may be wrong and the rest still tells something
_PERSONS = ("full", "masked", "surname", "given", "latin")

_DOOR = re.compile(r"^(.{2,20}?\d+(?:-\d+)?号)")
_DATE = re.compile(r"((?:19|20)\d\d)\D{0,2}(\d{1,2})\D(\d{1,2})(?!\d)|((?:19|20)\d\d)(\d\d)(\d\d)$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody lives, as far as it is told: `door` is street and number."""

    city: str = ""
    district: str = ""
    door: str = ""


@lru_cache(maxsize=200_000)
def place_of(text: str) -> Place:
    """City, district and street with number of an address.

    Example:
        >>> place_of("浙江省杭州市西湖区文三路478号华星时代广场")
        Place(city='杭州市', district='西湖区', door='文三路478号')
    """
    found = address(text)
    if found is None or not found.city:
        return Place()
    door = _DOOR.match(found.rest)
    return Place(found.city, found.district, door[1] if door else "")


@lru_cache(maxsize=20_000)
def city_of(text: str) -> str:
    """The city that an attribute names: 杭州市 for 杭州; empty for what is no city."""
    found = place(text)
    return found[1] if found else ""


def birthday_of(text: str) -> str:
    """A birthday as 1987-03-04; empty where year, month and day are not all told."""
    found = _DATE.search(unicodedata.normalize("NFKC", text).strip())
    if not found:
        return ""
    year, month, day = (part for part in found.groups() if part)
    return f"{year}-{int(month):02d}-{int(day):02d}" if 1 <= int(month) <= 12 and 1 <= int(day) <= 31 else ""


def compare_places(one: Place, other: Place) -> Found:
    """The finest level on which two places agree."""
    if not one.city or not other.city:
        return _NOTHING
    if one.city != other.city:
        return "address.other_city", 0.0
    if one.door and one.door == other.door and one.district == other.district:
        return "address.door", 0.0
    if not one.district or not other.district:
        return "address.city_only", 0.0
    return ("address.district" if one.district == other.district else "address.city"), 0.0


@lru_cache(maxsize=500_000)
def compare_names(one: Name, other: Name) -> Found:
    """What two names say about each other; a firm and a person say nothing.

    Example:
        >>> from zhiyin.unify.identity.names import name_of
        >>> [compare_names(name_of("王丽"), name_of(name))[0] for name in ("王麗", "王莉", "王**", "老王", "陈丽")]
        ['name.equal', 'name.sound', 'name.masked', 'name.surname', 'name.different']
    """
    if "firm" in (one.shape, other.shape):
        return _firms(one, other)
    if one.shape not in _PERSONS or other.shape not in _PERSONS:
        return ("name.equal", _OTHER) if one.text == other.text and len(one.text) > 1 else _NOTHING
    if "masked" in (one.shape, other.shape):
        return _masked(one, other)
    if one.shape in ("surname", "given") or other.shape in ("surname", "given"):
        return _partly(one, other)
    return _whole(one, other)


def _whole(one: Name, other: Name) -> Found:
    """Two whole names."""
    if one.text == other.text:
        return "name.equal", rarity(one)
    if one.sound == other.sound or "latin" in (one.shape, other.shape):
        return _by_sound(one, other)
    return _one_apart(one, other)


def rarity(name: Name) -> float:
    """How many bits it says that two people bear this name."""
    if name.shape != "full":
        return _OTHER
    return surname_bits(name.surname) + (_ONE if len(name.given) == 1 else _TWO)


def _by_sound(one: Name, other: Name) -> Found:
    if one.shape == other.shape == "latin":
        return "name.different", 0.0
    if one.sound == other.sound:
        return "name.sound", min(rarity(one), rarity(other)) - 2  # some four names share a sound
    full, latin = (one, other) if one.shape == "full" else (other, one)
    turned = "".join(latin.text.split()) == full.sound or "".join(reversed(latin.text.split())) == full.sound
    return ("name.sound", rarity(full) - 2) if turned else ("name.different", 0.0)


def _one_apart(one: Name, other: Name) -> Found:
    """王小丽 and 王晓敏 share the surname only; 王小丽 and 王小敏 one character more."""
    if one.length == other.length >= _LONGER and sum(a != b for a, b in zip(one.text, other.text, strict=True)) == 1:
        return "name.one_apart", surname_bits(one.surname) + 4 if one.surname == other.surname else _TWO
    return "name.different", 0.0


def _partly(one: Name, other: Name) -> Found:
    """小王, 王姐, 丽丽 beside a whole name or another such."""
    short, whole = (one, other) if one.shape in ("surname", "given") else (other, one)
    if whole.shape == "latin":
        return _NOTHING
    if short.text == whole.text:
        return "name.surname" if short.shape == "surname" else "name.given", surname_bits(short.surname) if short.surname else _ONE
    if short.shape == "surname" and whole.surname == short.surname:
        return "name.surname", surname_bits(short.surname)
    if short.given and whole.given and (whole.given.endswith(short.given) or short.given.endswith(whole.given)):
        return "name.given", _ONE if len(whole.given) == 1 else _LAST
    comparable = whole.shape in ("full", short.shape)
    return ("name.untold", 0.0) if comparable else _NOTHING


def _masked(one: Name, other: Name) -> Found:
    """王** beside 王小丽: what is shown must fit."""
    if (one.shape != "masked" and other.shape != "masked") or "latin" in (one.shape, other.shape):
        return _NOTHING
    mask, name = (one, other) if one.shape == "masked" else (other, one)
    bits, told = 0.0, False
    if mask.surname and name.surname:
        if mask.surname != name.surname:
            return "name.masked_apart", 0.0
        bits, told = surname_bits(mask.surname), True
    if mask.given and name.given:
        if mask.given[-1] != name.given[-1]:
            return "name.masked_apart", 0.0
        bits, told = bits + _LAST, True
    if mask.length and name.length:
        if mask.length != name.length:
            return "name.masked_apart", 0.0
        bits += _LONG
    return ("name.masked", bits) if told else _NOTHING


def _firms(one: Name, other: Name) -> Found:
    if one.shape in _PERSONS or other.shape in _PERSONS:
        return _NOTHING
    first, second = (name if name.shape == "firm" else firm_of(name.text) for name in (one, other))
    short, long = sorted((first.text, second.text), key=len)
    if short == long and (first.given == second.given or not (first.given and second.given)):
        return "company.equal", min(_SIGN * (len(short) + bool(first.given and second.given)), _FIRM)
    return ("company.part" if len(short) > 1 and short in long else "company.different"), 0.0
