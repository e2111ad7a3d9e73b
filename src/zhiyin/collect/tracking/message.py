"""What do the events of a request say, and which of them have no meaning?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from zhiyin.collect.tracking import cloudevents, segment, sensors
from zhiyin.collect.tracking.decode import Opened, Unfit, dialect, opened
from zhiyin.collect.tracking.ids import message_id
from zhiyin.collect.tracking.said import REASONS, Message, Unheard

__all__ = ["REASONS", "Message", "Unfit", "messages"]


def messages(form: str, body: bytes, *, received_at: datetime, places: Collection[int] | None) -> Iterator[Message | Unfit]:
    """Each event of a body in order: what it says, or why it says nothing.

    Args:
        form: `segment:<call>`, `sensors`, `cloudevents:<mode>` or `lines`.
        body: the bytes as they came.
        received_at: when they came.
        places: which places of the body count (the events that were new); None: all.

    Raises:
        DataError: when the body as a whole cannot be read.
    """
    found = opened(form, body)
    wanted = None if places is None else frozenset(places)
    for unfit in found.unfit:
        if wanted is None or unfit.place in wanted:
            yield unfit
    for place, event in found.events:
        if wanted is None or place in wanted:
            yield _read(form, event, found, received_at=received_at, place=place)


def _read(form: str, event: Mapping[str, Any], found: Opened, *, received_at: datetime, place: int) -> Message | Unfit:
    spoken = dialect(form, event)
    own = message_id(spoken, event)
    try:
        if spoken == "segment":
            return segment.message(event, form=form, shared=found.shared, received_at=received_at, message_id=own, place=place)
        read = sensors.message if spoken == "sensors" else cloudevents.message
        return read(event, received_at=received_at, message_id=own, place=place)
    except Unheard as why:
        alone = form in ("segment:batch", "segment:import", "sensors", "cloudevents:batch")
        return Unfit(place, why.code, f"/{place}{why.pointer}" if alone else why.pointer, msgspec.json.encode(event))
