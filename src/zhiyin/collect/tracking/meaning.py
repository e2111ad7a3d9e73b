"""Which raw rows do messages become: people, what they did, and what they bought?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from zhiyin.collect.batch import SOURCE_ROW, RawBatch
from zhiyin.collect.tracking.names import CANCELLED, ORDERED, REFUNDED
from zhiyin.collect.tracking.people import changes, person
from zhiyin.collect.tracking.purchases import purchase
from zhiyin.collect.tracking.said import Message
from zhiyin.collect.tracking.visits import plain, visit

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["TrackedBatch", "anonymous_system", "batches"]

_ORDERS = frozenset([ORDERED, REFUNDED, CANCELLED])
_PEOPLE = frozenset(["identify", "group", "alias"])
_TIMES = frozenset(["happened_at", "ordered_at", "told_at"])
_KIND_ORDER = ("products", "customers", "traits", "orders", "events")  # full rows before those that only mention an id
_ITEM = {
    "product": ("name", "product", "title", "item_name"),
    "category": ("category",),
    "brand": ("brand",),
    "price": ("price",),
    "currency": ("currency",),
    **{name: (name,) for name in ("sold_from", "sold_until", "regions", "margin", "cost", "successor_id", "description")},
}


@dataclass(frozen=True)
class TrackedBatch(RawBatch):
    """Rows of one kind and of one system.

    `system` is the system whose customer ids the column `customer` holds; `messages` says of each row which message it came from,
    as its place among the messages that were given.
    """

    system: str = ""
    messages: tuple[int, ...] = ()


@dataclass
class _Rows:
    """The rows of one kind and system that are being gathered."""

    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    dropped: dict[str, int] = field(default_factory=dict)


def anonymous_system(name: str) -> str:
    """The system in which the anonymous ids of a write key live."""
    return f"{name}.anonymous"


def batches(messages: Iterable[Message], *, name: str, system: str = "", declared: Collection[str] = ()) -> Iterator[TrackedBatch]:
    """The rows of messages, a batch a kind and system: every message gives one row at least.

    What was said later comes later in a batch, whatever the order in which messages arrive; what a message says again makes
    the same row again.

    Args:
        messages: of one write key.
        name: name of the write key.
        system: system whose customer ids the user ids are; default: the name.
        declared: traits beyond those of the specification that are kept as attributes.
    """
    users, devices = system or name, anonymous_system(name)
    found: dict[tuple[str, str], _Rows] = {}
    linked: set[tuple[str, str, str]] = set()
    ordered = sorted(enumerate(messages), key=_when)
    for place, message in ordered:
        if message.kind == "item":
            gathered = found.setdefault(("products", users), _Rows())
            gathered.rows.append((place, _product(message, gathered.dropped)))
            continue
        own = users if message.user else devices
        told = found.setdefault(("customers", own), _Rows())
        fields = _told(message, declared=declared, dropped=told.dropped)
        told.rows.extend((place, row) for row in _people(message, own, linked, fields=fields))
        traits = found.setdefault(("traits", own), _Rows())
        traits.rows.extend((place, row) for row in _traits(message, fields, declared=declared, dropped=told.dropped))
        if message.kind in _PEOPLE:
            continue
        who = {"customer": message.user or message.anonymous}
        done = found.setdefault(("events", own), _Rows())
        buys = message.name in _ORDERS
        done.rows.append((place, who | visit(message, dropped={} if buys else done.dropped) | {"happened_at": message.at}))
        if buys:
            bought = found.setdefault(("orders", own), _Rows())
            lines = purchase(message, dropped=bought.dropped)
            bought.rows.extend((place, who | line | {"ordered_at": message.at}) for line in lines)
    number = 1
    for kind, of in sorted(found, key=lambda one: (_KIND_ORDER.index(one[0]), one[1])):
        gathered = found[kind, of]
        if gathered.rows:
            yield _batch(kind, of, gathered, first=number)
            number += len(gathered.rows)


def _when(one: tuple[int, Message]) -> tuple[datetime, str]:
    return one[1].at, one[1].message_id


def _told(message: Message, *, declared: Collection[str], dropped: dict[str, int]) -> dict[str, str]:
    told = message.kind in ("identify", "group") or message.name == "Unsubscribed" or message.traits
    return person(message, declared=declared, dropped=dropped) if told else {}


def _traits(message: Message, fields: Mapping[str, str], *, declared: Collection[str], dropped: dict[str, int]) -> list[dict[str, Any]]:
    """A row for each change of an attribute of the person."""
    who = {"customer": message.user or message.anonymous, "told_at": message.at, "message_id": message.message_id}
    made = changes(message, fields, declared=declared, dropped=dropped)
    return [who | {"trait": one.name, "change": one.change, "value": one.value} for one in made]


def _people(message: Message, own: str, linked: set[tuple[str, str, str]], *, fields: Mapping[str, str]) -> list[dict[str, Any]]:
    """What a message says about the person, and by which device ids the person is known."""
    who = message.user or message.anonymous
    devices = dict.fromkeys(filter(None, (message.anonymous, message.previous)))
    fresh = [device for device in devices if (own, who, device) not in linked]
    linked.update((own, who, device) for device in fresh)
    if not fields and not fresh and message.kind not in _PEOPLE:
        return []
    rows: list[dict[str, Any]] = [{"anonymous_id": device} for device in fresh] or [{}]
    return [{"customer": who, "told_at": message.at, **row, **(fields if at == 0 else {})} for at, row in enumerate(rows)]


def _product(message: Message, dropped: dict[str, int]) -> dict[str, Any]:
    told = message.properties
    known = {name for names in _ITEM.values() for name in names} | {"product_id", "hidden"}
    for name in told:
        if name not in known:
            dropped[name] = dropped.get(name, 0) + 1
    row: dict[str, Any] = {field: next(filter(None, (_said(told.get(name)) for name in names)), "") for field, names in _ITEM.items()}
    return {"product_id": told["product_id"], **row, "hidden": "true" if told.get("hidden") else ""}


def _said(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """A value as the cell of a file says it; the members of a list with commas between them."""
    return ",".join(filter(None, map(plain, value))) if isinstance(value, list) else plain(value)


def _batch(kind: str, system: str, gathered: _Rows, *, first: int) -> TrackedBatch:
    import pyarrow as pa

    names = dict.fromkeys(name for _, row in gathered.rows for name in row)
    columns = {name: _column(name, [row.get(name) for _, row in gathered.rows]) for name in names}
    columns[SOURCE_ROW] = pa.array(range(first, first + len(gathered.rows)), pa.int64())
    return TrackedBatch(
        kind=kind, columns=pa.table(columns), dropped=gathered.dropped, system=system, messages=tuple(place for place, _ in gathered.rows)
    )


def _column(name: str, values: list[Any]) -> pa.Array:
    """Times as they are, numbers as numbers, and everything else as text, where empty text is no value."""
    import pyarrow as pa

    if name in _TIMES:
        return pa.array(values, pa.timestamp("us", "UTC"))
    if name == "seconds":
        return pa.array(values, pa.float64())
    return pa.array([value or None for value in values], pa.string())
