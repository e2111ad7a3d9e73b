"""A server over a workspace of its own, without a network: requests go through the whole application."""

import pytest
from litestar.testing import TestClient

from zhiyin.api.server import application
from zhiyin.app.home import create_home, open_home
from zhiyin.app.serving import open_serving
from zhiyin.app.write_keys import add_key


@pytest.fixture
def home(tmp_path):
    create_home(tmp_path)
    opened = open_home(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def key(home):
    return add_key(home.ledger, "web", system="shop")


@pytest.fixture
def client(home, key):
    """A client that sends the write key."""
    with open_serving(home, companions=()) as serving, TestClient(application(serving), raise_server_exceptions=False) as made:
        made.auth = (key, "")
        yield made


@pytest.fixture
def counts(home):
    """received, stored, duplicate, refused, after a look that they add up."""

    def read():
        rows = home.inbox.counts()
        assert all(row.received == row.stored + row.duplicate + row.refused for row in rows)
        return tuple(map(sum, zip(*(row[1:5] for row in rows), strict=True))) or (0, 0, 0, 0)

    return read
