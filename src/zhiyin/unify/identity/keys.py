"""By which digests do records come into question: equal keys, and keys of what is nearly equal?

A near key joins records for comparison only; it links nobody by itself. All of them are keyed digests, made where a row is read:
the lake knows that two records agree in something, and not in what.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zhiyin.core.fields import ATTRIBUTE
from zhiyin.unify.contacts import identifies_nobody
from zhiyin.unify.identity.findings import city_of, place_of
from zhiyin.unify.identity.names import Name, firm_of, name_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import pyarrow as pa

__all__ = ["ASKED", "EXACT", "MASKED_PHONE", "NEAR", "masked_phone", "near_keys", "shown_of"]

# Kinds of equal keys, the surest first, and on how many records a digest of each still means a person: an ID number has one account a
# system, a phone may stand on the cards of a family, what stands on more is a reception, a test or a default.
EXACT: dict[str, int] = {"id_number": 8, "openid": 8, "phone": 10, "email": 10, "anonymous_id": 10}
# Kinds of near keys, and on how many records a digest is still worth comparing: what more records share tells them apart no more.
NEAR: dict[str, int] = {"near_phone": 24, "near_name": 10, "near_company": 10, "near_door": 10}
ASKED = "asked"  # the key of two records that somebody asks about; it says nothing of them
MASKED_PHONE = "masked_phone"  # what a masked phone shows, kept in the vault beside the identifiers
_CITY_NAMES = (f"{ATTRIBUTE}city", f"{ATTRIBUTE}城市")
_NEEDED = ("name", "phone", "address", MASKED_PHONE)
_SHOWN = re.compile(r"(?:\+?86)?-?(1[3-9]\d)\*{3,5}(\d{4})")
_CHINESE = re.compile(r"\+86(1\d\d)\d{4}(\d{4})")


def masked_phone(text: str) -> str | None:
    """What a masked Chinese phone shows; None for what is no masked phone.

    Example:
        >>> masked_phone("138****5678"), masked_phone("13812345678")
        ('138****5678', None)
    """
    found = _SHOWN.fullmatch(re.sub(r"[\s-]", "", text))
    return f"{found[1]}****{found[2]}" if found else None


def shown_of(phone: str) -> str | None:
    """What a mask would show of a Chinese mobile phone; None for any other phone.

    Example:
        >>> shown_of("+8613812345678")
        '138****5678'
    """
    found = _CHINESE.fullmatch(phone)
    return f"{found[1]}****{found[2]}" if found else None


def near_keys(found: pa.Table, rows: pa.Table) -> Iterator[tuple[str, str, str]]:
    """Under which texts each record comes into question for comparison: record_id, kind, text.

    Args:
        found: of `people.identifiers`: record_id, column, value, original, source_row.
        rows: record_id and, where the source has it, attribute.city.
    """
    cities = _cities(rows)
    told: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for record, column, value, original in zip(
        *(found[name].to_pylist() for name in ("record_id", "column", "value", "original")), strict=True
    ):
        if column in _NEEDED:
            told.setdefault(record, {}).setdefault(column, []).append((value, original))
    for record, columns in told.items():
        for value, _ in columns.get("phone", ()):
            if (shown := shown_of(value)) and not identifies_nobody("phone", value):
                yield record, "near_phone", shown
        for value, _ in columns.get(MASKED_PHONE, ()):
            yield record, "near_phone", value
        places = [place_of(value) for value, _ in columns.get("address", ())]
        where = {place.city for place in places if place.city} | cities.get(record, set())
        for name in {name_of(value) for value, _ in columns.get("name", ())}:
            yield from ((record, kind, text) for kind, text in _named(name, where))
        for place in places:
            if place.door:
                yield record, "near_door", f"{place.city} {place.district} {place.door}"


def _named(name: Name, where: Collection[str]) -> Iterator[tuple[str, str]]:
    """The sound of a name in a city, the beginning of a firm's own word in a city."""
    core = name.text if name.shape == "firm" else firm_of(name.text).text if name.shape == "other" else ""
    if len(core) > 1:
        yield "near_company", core
    for city in sorted(where):
        if name.sound:
            yield "near_name", f"{name.sound} {city}"
        if len(core) > 1:
            yield "near_company", f"{core[:2]} {city}"


def _cities(rows: pa.Table) -> dict[str, set[str]]:
    """record_id -> the cities that its attributes name."""
    found: dict[str, set[str]] = {}
    for name in _CITY_NAMES:
        if name in rows.column_names:
            told = rows.select(["record_id", name]).group_by(["record_id", name], use_threads=False).aggregate([])
            for record, city in zip(told["record_id"].to_pylist(), told[name].to_pylist(), strict=True):
                if city and (known := city_of(city)):
                    found.setdefault(record, set()).add(known)
    return found
