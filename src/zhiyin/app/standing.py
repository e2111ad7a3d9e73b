"""Where does one customer stand at this moment? The generation's daily activity, and what has come since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from zhiyin.app.alerts import alert_of
from zhiyin.app.dayrows import day_of, stored_day
from zhiyin.app.tagged import tag_of
from zhiyin.core.clock import zone
from zhiyin.guard.access import Access, Actor, Guard
from zhiyin.store.live import LiveRows
from zhiyin.unify.live import Day, DayKey
from zhiyin.unify.standing import Cause, Standing, derive
from zhiyin.unify.tags import tags

if TYPE_CHECKING:
    from zhiyin.app.home import Home

__all__ = ["live_view"]

_TAGS = 50  # entries of the history of tags that are shown


def live_view(home: Home, guard: Guard, actor: Actor, *, customer: str, at: date) -> Mapping[str, object]:
    """Stage with history, counters, the last event of every channel, tags with history, and alerts.

    Args:
        home: the workspace.
        guard: over the generation that is read.
        actor: who asks.
        customer: the customer's id.
        at: the first day that is not known: tomorrow for what is known now.

    Raises:
        NotFound, PrivacyError: see `Guard.row`.
    """
    access, live = Access(actor, "display"), LiveRows(home.ledger)
    records = guard.records_of(customer, access)
    norms = {str(row["name"]): float(str(row["value"])) for row in guard.rows("norm", access, where={})}
    rows = _rows(guard.rows("activity", access, where={"record_id": records}), live.activity(records))
    known = next(iter(guard.row("customer", customer, access)), {})
    since = known.get("since_on") or _since(live, records)
    stands = derive(rows, at=at, usual=norms.get("order_gap"), since=since)  # type: ignore[arg-type]
    ids = sorted({customer, *records})
    told = {
        **_told(stands),
        "tags": [{**tag._asdict(), "cause": _plain(tag.cause)} for tag in tags(stands, at=at, norms=norms)],
        "tag_history": [tag_of(row) for row in live.tags(ids)][-_TAGS:],
        "alerts": [vars(alert_of(row)) for row in live.alerts(ids)],
    }
    local: dict[str, object] = _local(told, zone(home.settings.timezone))
    return {"at_on": at, "currency": home.settings.currency, **local}


def _local(told: Any, days_in: ZoneInfo) -> Any:  # noqa: ANN401 - whatever was told
    """All moments on the clock of the workspace, to the second."""
    if isinstance(told, datetime):
        return told.replace(tzinfo=UTC).astimezone(days_in).isoformat(timespec="seconds")
    if isinstance(told, dict):
        return {name: _local(value, days_in) for name, value in told.items()}
    return [_local(value, days_in) for value in told] if isinstance(told, list) else told


def _rows(stored: Sequence[Mapping[str, Any]], since: Sequence[Sequence[Any]]) -> dict[DayKey, Day]:
    """Rows of the generation and of what came since, a row a key."""
    rows: dict[DayKey, Day] = {}
    for key, day in (*map(stored_day, stored), *map(day_of, since)):
        rows[key] = rows[key].and_(day) if key in rows else day
    return rows


def _since(live: LiveRows, records: Sequence[str]) -> date | None:
    days = [date.fromisoformat(row[4]) for row in live.records(records) if row[4]]
    return min(days, default=None)


def _told(stands: Standing) -> dict[str, object]:
    """As plain values."""
    return {
        "stage": stands.stage,
        "stage_since_on": stands.since,
        "stages": [{"stage": entry.stage, "since_on": entry.since, "because": _plain(entry.because)} for entry in stands.history],
        "counters": stands.figures,
        "channels": [last._asdict() for last in stands.channels],
    }


def _plain(cause: Cause | None) -> dict[str, object] | None:
    return cause._asdict() if cause else None
