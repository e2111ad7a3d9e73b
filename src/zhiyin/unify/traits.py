"""What are the attributes of a person, after all that was said about them?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from zhiyin.unify.values import CHANGES

__all__ = ["attributes_of"]

_NUMBER = re.compile(r"[+-]?\d{1,20}(\.\d{1,120})?(e-\d{1,2})?", re.ASCII)  # longer ones are ids
Row = Mapping[str, Any]  # of `trait`
# Attribute -> member of a list -> the row that made it; the member of a value that is no list is empty.
_Known = dict[str, dict[str, Row]]


def attributes_of(traits: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows of `attribute`: what is known when everything was said, in the order of time.

    - delete: nothing is known of the record any more; unset: nothing of the attribute
    - set: the value, in place of everything said of the attribute before; set_once: the value, where nothing is known
    - append: a member of a list, as an attribute `name.member` of its own
    - increment: the number more, on 0 where no number is known

    What is said at one moment comes in the order of this list, as programs mean it that clear, set and add at one go; the same
    change in the order of `trait_id`. The order and the repeats of `traits` make no difference.

    Args:
        traits: rows of `trait`; all of a record, or none.

    Returns:
        Rows with the origin of what was said last, by record and name.
    """
    records: dict[str, _Known] = defaultdict(dict)
    for row in sorted({row["trait_id"]: row for row in traits}.values(), key=_when):
        _MEANT[row["change"]](records[row["record_id"]], row)
    return [row for record in sorted(records) for row in _rows(records[record])]


def _when(row: Row) -> tuple[datetime, int, str]:
    return row["told_at"], CHANGES.index(row["change"]), row["trait_id"]


def _rows(known: _Known) -> Iterator[dict[str, Any]]:
    named = {f"{name}.{member}": {**row, "value": "true"} for name, said in known.items() for member, row in said.items() if member}
    named |= {name: dict(said[""]) for name, said in known.items() if "" in said}
    for name, row in sorted(named.items()):
        yield {"record_id": row["record_id"], "name": name, **{column: row[column] for column in ("value", "batch_id", "source_row")}}


def _set(known: _Known, row: Row) -> None:
    known[row["name"]] = {"": row}


def _set_once(known: _Known, row: Row) -> None:
    if not known.get(row["name"]):
        _set(known, row)


def _increment(known: _Known, row: Row) -> None:
    said = known.setdefault(row["name"], {})
    total = _number(said[""]["value"] if "" in said else "") + _number(row["value"])
    said[""] = {**row, "value": format(total.normalize(), "f")}


def _append(known: _Known, row: Row) -> None:
    known.setdefault(row["name"], {})[row["value"]] = row


def _unset(known: _Known, row: Row) -> None:
    known.pop(row["name"], None)


def _delete(known: _Known, _: Row) -> None:
    known.clear()


def _number(text: str) -> Decimal:
    """The number that a text is, exact; 0 where it is none. Sums of decimals are the same in any grouping, sums of floats are not."""
    return Decimal(text) if _NUMBER.fullmatch(text) else Decimal(0)


_MEANT: dict[str, Callable[[_Known, Row], None]] = dict(zip(CHANGES, (_delete, _unset, _set, _set_once, _append, _increment), strict=True))
