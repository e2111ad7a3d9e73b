"""Requests for the tests of the inbox, small enough to be read."""

import datetime

from zhiyin.store.inbox_rows import Sent

NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


def request(*ids, source="web", content="x", unfit=(), at=NOON, **more):
    """A request with one event an id; all with the same content."""
    items = [(name, content.encode().ljust(16, b"."), place) for place, name in enumerate(ids)]
    body = f"{source}:{','.join(ids)}:{content}".encode()
    return Sent(source, "segment:batch", body, at, items, unfit, **more)
