"""A workspace that has taken events in, for the tests of what is done with them afterwards."""

import json

import pytest

from zhiyin.app.home import create_home, open_home
from zhiyin.app.serving import open_serving
from zhiyin.app.write_keys import add_key

TRACK = {"type": "track", "userId": "u1", "event": "Product Viewed", "messageId": "m1"}


@pytest.fixture
def home(tmp_path):
    """A workspace with a write key."""
    create_home(tmp_path)
    opened = open_home(tmp_path)
    with_key(opened)
    yield opened
    opened.close()


def send(home, *bodies, form="segment:batch", source="web"):
    """Send bodies as a server would, and wait until they are kept."""
    with open_serving(home, companions=()) as serving:
        taken = [serving.look(form, body if isinstance(body, bytes) else json.dumps(body).encode(), headers={}) for body in bodies]
        return [serving.keep(source, one).result() for one in taken]


def with_key(home):
    """A write key of the source `web`."""
    return add_key(home.ledger, "web", system="shop")


def counted(home):
    """received, stored, duplicate, refused of the one source."""
    [row] = home.inbox.counts()
    assert row.received == row.stored + row.duplicate + row.refused
    return tuple(row[1:5])
