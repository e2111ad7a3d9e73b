"""Which events came, word for word? A Parquet file of what the inbox still holds, and a note of it in the audit log."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from zhiyin.app.home import Home
from zhiyin.app.today import refuse_unless_owner
from zhiyin.collect.tracking.decode import opened
from zhiyin.collect.tracking.door import as_request
from zhiyin.core.errors import UsageError
from zhiyin.core.files import TEMPORARY, disk_errors, sync_folder
from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Actor
from zhiyin.guard.audit import ANCHORS, Audit, Question
from zhiyin.store.inbox_rows import Body

__all__ = ["export_events"]

_BODIES = 200  # requests of one row group
_SCHEMA = pa.schema(
    [
        ("request", pa.int64()),
        ("place", pa.int32()),
        ("source", pa.string()),
        ("form", pa.string()),
        ("received_at", pa.timestamp("us", tz="UTC")),
        ("event", pa.string()),
    ]
)


def export_events(home: Home, actor: Actor, *, file: Path, reason: str) -> int:
    """Write the events of the inbox as they came, one a row; returns how many.

    The columns are request, place, source, form, received_at and event (a JSON text that is a request of its own).

    Raises:
        PrivacyError: for anybody but the owner.
        UsageError: without a reason.
        StoreError: when the file cannot be written.
    """
    refuse_unless_owner(actor)
    if not reason.strip():
        raise UsageError(
            Say("没有说为什么要导出。", "It was not said why the events are exported."),
            fix=Say("用 --reason 写明原因，会记入审计。", "Say it with --reason; it is written to the audit log."),
        )
    last = home.inbox.last()
    audit = Audit(home.ledger, home.keys.audit, anchors=home.folder / ANCHORS)
    # Noted before anything is read: an export that is not in the log does not happen.
    audit.append(Access(actor, "display"), Question("export", "inbox", f"request <= {last}", last, reason))
    temporary = file.with_name(f"{file.name}.{secrets.token_hex(4)}{TEMPORARY}")
    with disk_errors(file.name):
        try:
            temporary.touch(mode=0o600, exist_ok=False)
            with pq.ParquetWriter(temporary, _SCHEMA, compression="zstd") as writer:
                count = sum(_written(writer, rows) for rows in _groups(home, last))
            temporary.replace(file)
            sync_folder(file.parent)
        finally:
            temporary.unlink(missing_ok=True)
    return count


def _groups(home: Home, last: int) -> Iterator[list[Body]]:
    after = 0
    while group := [body for body in home.inbox.bodies(after, _BODIES) if body.body_id <= last]:
        yield group
        after = group[-1].body_id


def _written(writer: pq.ParquetWriter, bodies: list[Body]) -> int:
    rows = []
    for body in bodies:
        found = opened(body.form, body.bytes)
        rows += [
            (body.body_id, place, body.source, body.form, body.received_at, as_request(body.form, event, shared=found.shared).decode())
            for place, event in found.events
            if body.places is None or place in body.places
        ]
    writer.write_table(pa.table([pa.array(column) for column in zip(*rows, strict=True)] if rows else [[]] * 6, schema=_SCHEMA))
    return len(rows)
