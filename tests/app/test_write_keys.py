"""May only who was given a key send events, and only as long as it counts?"""

import pytest

from zhiyin.app.home import create_home, open_home
from zhiyin.app.write_keys import Keyring, add_key, keys_of, revoke, systems
from zhiyin.core.errors import NotFound, UsageError


@pytest.fixture
def ledger(tmp_path):
    create_home(tmp_path)
    home = open_home(tmp_path)
    yield home.ledger
    home.close()


def test_a_key_belongs_to_its_source_until_it_is_taken_back(ledger, monkeypatch):
    monkeypatch.setattr("zhiyin.app.write_keys._FRESH_SECONDS", -1.0)
    keyring = Keyring(ledger)
    first, second = add_key(ledger, "web", system="shop"), add_key(ledger, "app", system="")
    assert [keyring.source_of(key) for key in (first, second, "zyw_x", "", "\ud83d")] == ["web", "app", None, None, None]
    assert systems(ledger) == {"web": "shop", "app": "app"}
    assert revoke(ledger, "web") == 1
    assert [keyring.source_of(key) for key in (first, second)] == [None, "app"]


def test_a_name_may_have_two_keys_and_lose_one(ledger):
    first, second = add_key(ledger, "web", system="shop"), add_key(ledger, "web", system="shop")
    assert revoke(ledger, first) == 1
    keyring = Keyring(ledger)
    assert [keyring.source_of(first), keyring.source_of(second)] == [None, "web"]
    assert [bool(key.revoked_at) for key in keys_of(ledger)] == [True, False]


def test_a_read_key_reads_what_its_source_sends_and_nothing_else(ledger):
    writes, reads = add_key(ledger, "web", system="shop"), add_key(ledger, "web", system="", reads=True)
    keyring = Keyring(ledger)
    assert reads.startswith("zyr_")
    assert [keyring.source_of(key) for key in (writes, reads)] == ["web", None]
    assert [keyring.reader_of(key) for key in (writes, reads, "")] == [None, "web", None]
    assert systems(ledger) == {"web": "shop"}
    assert [key.kind for key in keys_of(ledger)] == ["write", "read"]
    with pytest.raises(NotFound, match=r"Got zyr_abcdef\. "):
        revoke(ledger, "zyr_abcdefghijklmnop")


def test_a_key_is_nowhere_in_the_ledger(ledger):
    key = add_key(ledger, "web", system="shop")
    assert key.startswith("zyw_")
    assert len(key) >= 36
    with ledger.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM write_key").all()
    assert key not in repr(rows)
    assert key[:10] in repr(rows)


def test_what_cannot_be_a_name_is_refused(ledger):
    for name, system in (("网 站", "shop"), ("", "shop"), ("web", "a/b"), ("x" * 65, "")):
        with pytest.raises(UsageError, match="A name has letters, digits, dots, dashes and underscores"):
            add_key(ledger, name, system=system)
    add_key(ledger, "web", system="shop")
    with pytest.raises(UsageError, match=r"This name belongs to another system\. Got web: shop"):
        add_key(ledger, "web", system="crm")
    with pytest.raises(NotFound, match=r"There is no such write key\. Got nobody\. Fix: Those that count: web"):
        revoke(ledger, "nobody")
    with pytest.raises(NotFound, match=r"Got zyw_abcdef\. "):
        revoke(ledger, "zyw_abcdefghijklmnop")
