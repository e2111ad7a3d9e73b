"""What do the requests of the inbox say, as facts? The one way from bodies to typed facts, for the run and for the live loop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from zhiyin.app.intake import record_ids
from zhiyin.collect.tracking.decode import opened
from zhiyin.collect.tracking.meaning import TrackedBatch, batches
from zhiyin.collect.tracking.message import Message, Unfit, messages
from zhiyin.core.errors import DataError
from zhiyin.core.ids import content_id
from zhiyin.unify.clean import Defaults, Typed, typed

if TYPE_CHECKING:
    from zhiyin.app.home import Home
    from zhiyin.store.inbox_rows import Body

__all__ = ["Heard", "Unused", "batch_of", "heard", "origin", "place_of"]

_PLACE_BITS, _LINE_BITS = 20, 12  # a row of a fact: request, place of the event in it, line of what the event became


class Unused(NamedTuple):
    """An event that no fact could be made of: which request and place, at which stage, why and where, and the event."""

    body_id: int
    place: int
    stage: str
    code: str
    pointer: str
    raw: bytes


@dataclass
class Heard:
    """Facts by write key and kind, what could not be used, and how often each undeclared property of a write key was dropped."""

    typed: list[tuple[str, Typed]] = field(default_factory=list)
    unused: list[Unused] = field(default_factory=list)
    dropped: Counter[tuple[str, str]] = field(default_factory=Counter)


def heard(home: Home, bodies: Iterable[Body], *, systems: Mapping[str, str], told: set[int] | None = None) -> Heard:
    """The facts of these requests.

    Args:
        home: the workspace.
        bodies: requests, oldest first.
        systems: write key -> system whose customer ids its user ids are.
        told: hashes of identifiers that were given before, and need not be given again; those of these requests are added.
    """
    made, known = Heard(), set[int]() if told is None else told
    for source, group in groupby(sorted(bodies, key=lambda body: body.source), key=lambda body: body.source):
        own = {body.body_id: body for body in group}
        said = list(_messages(own.values(), made.unused))
        spoken = [message for _, message in said]
        for batch in batches(spoken, name=source, system=systems.get(source, source), declared=home.settings.serve.traits):
            made.dropped.update({(source, name): times for name, times in batch.dropped.items()})
            defaults = _defaults(home, batch, source, known)
            facts = _typed(home, batch, defaults, [(body_id, message.place) for body_id, message in said])
            made.typed.append((source, facts))
            made.unused += _refused(facts, own)
    return made


def batch_of(source: str) -> str:
    """The import under which the facts of a write key stand: one for all times, so that a rebuild gives the same rows."""
    return content_id("b", source, "inbox")


def origin(body_id: int, place: int, *, line: int) -> int:
    """The source row of a fact; lines beyond the last number there is share it, so that they still name their event."""
    return ((body_id << _PLACE_BITS) + place << _LINE_BITS) + min(line, (1 << _LINE_BITS) - 1)


def place_of(row: int) -> tuple[int, int]:
    """Request and place that a source row names."""
    event = row >> _LINE_BITS
    return event >> _PLACE_BITS, event & (1 << _PLACE_BITS) - 1


def _messages(bodies: Iterable[Body], unused: list[Unused]) -> Iterator[tuple[int, Message]]:
    for body in bodies:
        try:
            for one in messages(body.form, body.bytes, received_at=body.received_at, places=body.places):
                if isinstance(one, Unfit):
                    unused.append(Unused(body.body_id, one.place, "meaning", one.code, one.pointer, one.raw))
                else:
                    yield body.body_id, one
        except DataError:
            unused.append(Unused(body.body_id, 0, "meaning", "not_json", "", body.bytes))


def _defaults(home: Home, batch: TrackedBatch, source: str, told: set[int]) -> Defaults:
    return Defaults(
        system=batch.system,
        source=source,
        currency=home.settings.currency,
        timezone=home.settings.timezone,
        dates="ymd",
        batch_id=batch_of(source),
        days_in=home.settings.timezone,
        attributes=False,
        told=told,
    )


def _typed(home: Home, batch: TrackedBatch, defaults: Defaults, places: Sequence[tuple[int, int]]) -> Typed:
    import pyarrow as pa

    lines: Counter[tuple[int, int]] = Counter()
    rows = []
    for at in batch.messages:
        body_id, place = places[at]
        rows.append(origin(body_id, place, line=lines[body_id, place]))
        lines[body_id, place] += 1
    index = batch.columns.schema.get_field_index("source_row")
    columns = batch.columns.set_column(index, "source_row", pa.array(rows, pa.int64()))
    ids = record_ids(home.vault.keys.ids, batch.system)
    return typed(batch.kind, replace(batch, columns=columns), defaults=defaults, record_id=ids, digest=home.vault.digest)


def _refused(facts: Typed, bodies: Mapping[int, Body]) -> Iterator[Unused]:
    columns = (facts.refused[name].to_pylist() for name in ("source_row", "code", "field"))
    for row, code, name in zip(*columns, strict=True):
        body_id, place = place_of(row)
        yield Unused(body_id, place, "projection", code, f"/{name}" if name else "", _event(bodies[body_id], place))


def _event(body: Body, place: int) -> bytes:
    """The event at a place of a request, as it would stand alone."""
    return next((msgspec.json.encode(event) for at, event in opened(body.form, body.bytes).events if at == place), b"")
