"""The history of a customer's tags: what is noted when one begins, changes or ends."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from zhiyin.app.dayrows import instant, moment
from zhiyin.core.ids import content_id
from zhiyin.unify.standing import Cause
from zhiyin.unify.tags import Tag

__all__ = ["tag_of", "tag_rows"]

_NAMES = ("name", "value", "confidence", "source", "at", "noted_at", "expires_on", "cause")


def tag_rows(
    customer: str, noted: Iterable[Sequence[Any]], *, was: Sequence[Tag], has: Sequence[Tag], now: datetime
) -> list[tuple[Any, ...]]:
    """Rows for the ledger: what held before where nothing was noted yet, then what began, changed or ended.

    Args:
        customer: whose.
        noted: the rows of the customer, oldest first.
        was: the tags that held before, where nothing was noted.
        has: the tags that hold now.
        now: when it is noted.
    """
    rows = [_row(customer, tag, now) for tag in was]
    last = {row[1]: (row[2], row[7]) for row in noted} | {row[2]: (row[3], row[8]) for row in rows}
    held = {tag.name: tag for tag in has}
    rows += [_row(customer, tag, now) for tag in has if last.get(tag.name) != (tag.value, _day(tag))]
    ended = [name for name, (value, _) in last.items() if value and name not in held]
    return rows + [_row(customer, Tag(name, "", 1.0, "rule", _naive(now), None, None), now) for name in ended]


def tag_of(row: Sequence[Any]) -> dict[str, object]:
    """A row of the ledger as plain values."""
    told = dict(zip(_NAMES, row[1:], strict=True))
    cause = json.loads(told["cause"]) if told["cause"] else None
    moments = {name: instant(told[name]) for name in ("at", "noted_at")}
    return told | moments | {"cause": cause and cause | {"at": instant(cause["at"])}}


def _row(customer: str, tag: Tag, now: datetime) -> tuple[Any, ...]:
    at, ends = moment(tag.at), _day(tag)
    tag_id = content_id("g", customer, tag.name, tag.value, at, ends or "")
    return (tag_id, customer, tag.name, tag.value, tag.confidence, tag.source, at, moment(_naive(now)), ends, _cause(tag.cause))


def _cause(cause: Cause | None) -> str:
    if cause is None:
        return ""
    return json.dumps({"name": cause.name, "channel": cause.channel, "id": cause.id, "at": moment(cause.at)}, ensure_ascii=False)


def _day(tag: Tag) -> str | None:
    return tag.expires_on.isoformat() if tag.expires_on else None


def _naive(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(tzinfo=None)
