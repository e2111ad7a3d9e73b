"""From the inbox to the lake: what came since the last generation becomes facts of the next, and the cursor goes with it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pyarrow as pa

from zhiyin.app.heard import batch_of, heard
from zhiyin.app.intake import Imported, store_facts
from zhiyin.app.live import CURSOR, cursor_of, pieces
from zhiyin.app.settling import settle
from zhiyin.app.write_keys import systems
from zhiyin.core.clock import utc_now
from zhiyin.core.log import staged
from zhiyin.core.tables import TABLES
from zhiyin.store.serving import Serving

if TYPE_CHECKING:
    from zhiyin.app.home import Home
    from zhiyin.store.lake import LakeBuild

__all__ = ["INBOX_FILE", "expire", "has_events", "project"]

INBOX_FILE = "inbox.db"
_SETTLED = 100_000  # records whose attributes are settled at once: their ids take 10 MB
_log = logging.getLogger(__name__)


def has_events(home: Home) -> bool:
    """Whether anything was ever sent to this workspace."""
    return (home.folder / INBOX_FILE).is_file() and home.inbox.last() > 0


def project(home: Home, build: LakeBuild) -> dict[str, Imported]:
    """Take over every request after the cursor of the generation that is being built; the new cursor is published with it.

    Facts that were known are left as they are, so taking over twice changes nothing. What no fact could be made of goes back to the
    inbox, from where `zhiyin replay` brings it again.

    Returns:
        What became of each source that sent something.
    """
    if not has_events(home):
        return {}
    position, upto = cursor_of(build), home.inbox.last()
    found: dict[str, Imported] = {}
    known = systems(home.ledger)
    with staged(_log, "project", CURSOR) as figures:
        for taken in pieces(home.inbox, position, upto=upto):
            told = heard(home, taken, systems=known)
            for source, facts in told.typed:
                result = found.setdefault(source, Imported(source, batch_of(source)))
                store_facts(home, build, made=replace(facts, refused=facts.refused.slice(0, 0), raw_refused={}), result=result)
            if sum(len(one.changed) for one in found.values()) >= _SETTLED:
                _settle(build, found)
            home.inbox.refuse(told.unused)
            figures.refused += len(told.unused)
            position = taken[-1].body_id
        figures.rows_in = sum(one.read for one in found.values())
        figures.rows_out = sum(one.stored for one in found.values())
        _settle(build, found)
        _entries(build, found)
        build.amend("cursor", _arrow("cursor", [{"name": CURSOR, "position": max(position, upto)}]))
    return found


def expire(home: Home) -> int:
    """Remove requests that the published generation holds and that came longer ago than `serve.keep_days`; returns how many."""
    if not has_events(home) or home.lake.current() is None:
        return 0
    with home.lake.open() as view:
        cursor = cursor_of(view)
    return home.inbox.expire(cursor, utc_now() - timedelta(days=home.settings.serve.keep_days))


def _settle(build: LakeBuild, found: Mapping[str, Imported]) -> None:
    settle(build, set[str]().union(*(one.changed for one in found.values())))
    for one in found.values():
        one.changed.clear()


def _entries(build: LakeBuild, found: Mapping[str, Imported]) -> None:
    """One row of `batch` a source, over all that it ever sent."""
    before = {
        str(row["batch_id"]): row for row in Serving(build).rows("batch", where={"batch_id": [one.batch_id for one in found.values()]})
    }
    rows = []
    for one in found.values():
        past = before.get(one.batch_id, {})
        sums = {name: int(str(past.get(name, 0))) + getattr(one, name) for name in ("read", "stored", "duplicate", "refused")}
        named = {"batch_id": one.batch_id, "source": one.source, "content": CURSOR, "imported_at": utc_now().replace(tzinfo=None)}
        rows.append(named | sums)
    if rows:
        build.amend("batch", _arrow("batch", rows))


def _arrow(table: str, rows: list[dict[str, object]]) -> pa.Table:
    return pa.Table.from_pylist([{name: row.get(name) for name in TABLES[table].names} for row in rows])
