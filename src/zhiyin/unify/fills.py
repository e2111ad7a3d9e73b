"""What is not told of a person but follows from what is, how, and how sure is that?

A fill is never written over what was told: it stands in a table of its own with its method and its confidence, and a reader who
wants it joins it where nothing is told. The confidences are priors, named here with what they rest on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from zhiyin.core.fields import ATTRIBUTE
from zhiyin.unify.addresses import address, city_of_code, place
from zhiyin.unify.names import person_name
from zhiyin.unify.phones import phone_place

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CONFIDENCE", "Fill", "fills_of_people"]


_Key = tuple[str, str, str]  # record, column, method
_Found = tuple[str, float, int]  # value, confidence, source row


class Fill(NamedTuple):
    """One inferred value: of which column, what, how, and how sure (0 to 1)."""

    column: str
    value: str
    method: str
    confidence: float


CONFIDENCE = {
    "city": 0.98,  # the province of a city that is told
    "address": 0.97,  # the address names the place; it may be that of the office
    "landline": 0.9,  # the area code is that of the line
    "mobile": 0.6,  # where the number was registered: many move and keep it
    "birthplace": 0.4,  # an ID number says where its holder was first registered
    "id_number": 0.99,  # birthday and sex are digits of the number, and its check digit is right
    "title": 0.95,  # 先生, 女士
}
_MALE, _FEMALE = "男", "女"
_TITLES = {
    "先生": _MALE, "大哥": _MALE, "Mr": _MALE, "Mister": _MALE, "Sir": _MALE,
    "女士": _FEMALE, "小姐": _FEMALE, "太太": _FEMALE, "夫人": _FEMALE, "阿姨": _FEMALE, "大姐": _FEMALE, "老板娘": _FEMALE,
    "Mrs": _FEMALE, "Ms": _FEMALE, "Miss": _FEMALE, "Madam": _FEMALE,
}  # fmt: skip
_MOBILE = re.compile(r"\+861\d{10}")


def fills_of_people(people: pa.Table, rows: pa.Table) -> pa.Table | None:
    """Places, sex and birthday that follow from addresses, phones, ID numbers and titles.

    Args:
        people: the answer of `people.identifiers` of a batch.
        rows: the parsed rows of the batch; what one of them tells of a record as an attribute needs no fill.

    Returns:
        Rows of the table `fill`; None where there is none.
    """
    import pyarrow as pa

    told = _told(rows)
    found = dict(_of_cities(rows))
    columns = [people[name].to_pylist() for name in ("record_id", "column", "value", "original", "source_row")]
    known: dict[tuple[str, str], list[Fill]] = {}
    for record, column, value, original, row in zip(*columns, strict=True):
        infer = _INFER.get(column)
        if infer is None:
            continue
        said = original if column == "name" else value
        if (column, said) not in known:
            known[column, said] = list(infer(said))
        for fill in known[column, said]:
            if (record, fill.column) not in told:
                found[record, fill.column, fill.method] = (fill.value, fill.confidence, row)
    if not found:
        return None
    return pa.table(
        {
            "record_id": pa.array([key[0] for key in found], pa.string()),
            "product_id": pa.array([""] * len(found), pa.string()),
            "column_name": pa.array([key[1] for key in found], pa.string()),
            "method": pa.array([key[2] for key in found], pa.string()),
            "value": pa.array([told[0] for told in found.values()], pa.string()),
            "confidence": pa.array([told[1] for told in found.values()], pa.float64()),
            "source_row": pa.array([told[2] for told in found.values()], pa.int64()),
        }
    )


def _told(rows: pa.Table) -> set[tuple[str, str]]:
    """Record and attribute of everything that the batch tells itself; who tells a city needs no other province."""
    told: set[tuple[str, str]] = set()
    for name, also in (("city", ("city", "province")), ("province", ("province",)), ("gender", ("gender",)), ("birthday", ("birthday",))):
        if ATTRIBUTE + name in rows.column_names:
            valid = rows.filter(rows[ATTRIBUTE + name].is_valid())
            told.update((record, one) for record in valid["record_id"].to_pylist() for one in also)
    return told


def _of_cities(rows: pa.Table) -> Iterator[tuple[_Key, _Found]]:
    """The province of every city that is told without one."""
    if ATTRIBUTE + "city" not in rows.column_names:
        return
    with_province: set[str] = set()
    if ATTRIBUTE + "province" in rows.column_names:
        valid = rows.filter(rows[ATTRIBUTE + "province"].is_valid())
        with_province = set(valid["record_id"].to_pylist())
    places: dict[str, str] = {}
    for record, city, row in zip(*(rows[name].to_pylist() for name in ("record_id", ATTRIBUTE + "city", "source_row")), strict=True):
        if city is not None and record not in with_province:
            if city not in places:
                places[city] = (place(city) or ("", ""))[0]
            if places[city]:
                yield (record, "province", "city"), (places[city], CONFIDENCE["city"], row)


def _of_address(text: str) -> Iterator[Fill]:
    found = address(text)
    if found:
        yield from _place(found.province, found.city, "address", CONFIDENCE["address"])


def _of_phone(number: str) -> Iterator[Fill]:
    found = phone_place(number)
    if found:
        yield from _place(*found, "phone", CONFIDENCE["mobile" if _MOBILE.fullmatch(number) else "landline"])


def _of_id_number(number: str) -> Iterator[Fill]:
    found = city_of_code(number[:6])
    if found:
        yield from _place(*found, "id_number", CONFIDENCE["birthplace"])
    sure = CONFIDENCE["id_number"]
    yield Fill("birthday", f"{number[6:10]}-{number[10:12]}-{number[12:14]}", "id_number", sure)
    yield Fill("gender", _MALE if int(number[16]) % 2 else _FEMALE, "id_number", sure)


def _of_name(text: str) -> Iterator[Fill]:
    found = person_name(text)
    if found and found.title in _TITLES:
        yield Fill("gender", _TITLES[found.title], "title", CONFIDENCE["title"])


def _place(province: str, city: str, method: str, confidence: float) -> Iterator[Fill]:
    if province:
        yield Fill("province", province, method, confidence)
    if city:
        yield Fill("city", city, method, confidence)


_INFER: dict[str, Callable[[str], Iterator[Fill]]] = {
    "address": _of_address,
    "phone": _of_phone,
    "id_number": _of_id_number,
    "name": _of_name,
}
