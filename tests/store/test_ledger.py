import pytest
import sqlalchemy as sa

from zhiyin.core.errors import StoreError
from zhiyin.store import ledger as module
from zhiyin.store.ledger import (
    MIGRATIONS,
    Ledger,
    audit,
    consent,
    correction,
    linked,
    merge,
    note,
    outcome,
    outgoing,
    risk_review,
    run,
    segment_log,
    shown,
    touch,
    write_key,
)
from zhiyin.store.live_tables import LIVE_TABLES
from zhiyin.store.sqlcipher import EncryptedDatabase

TABLES = (audit, consent, correction, linked, merge, note, outcome, outgoing, risk_review, run, segment_log, shown, touch, write_key)

LIVE = {text.split()[2] for text in LIVE_TABLES if text.startswith("CREATE TABLE")}  # see tests/store/test_live.py


def shape(columns):
    return {column["name"]: (str(column["type"]), not column["nullable"], bool(column["primary_key"])) for column in columns}


def declared(table):
    return {column.name: (str(column.type), not column.nullable, column.primary_key) for column in table.columns}


def test_a_new_file_is_what_the_tables_say(ledger):
    with ledger.read() as connection:
        inspector = sa.inspect(connection)
        assert set(inspector.get_table_names()) == {table.name for table in TABLES} | LIVE
        for table in TABLES:
            assert shape(inspector.get_columns(table.name)) == declared(table), table.name


@pytest.mark.parametrize("version", range(len(MIGRATIONS) + 1))
def test_every_version_comes_up_to_the_newest(tmp_path, keys, version):
    path = tmp_path / "ledger.db"
    EncryptedDatabase(path, keys.ledger, migrations=MIGRATIONS[:version]).close()
    made = Ledger(path, keys.ledger)
    assert made.version() == len(MIGRATIONS)
    with made.read() as connection:
        assert shape(sa.inspect(connection).get_columns("audit")) == declared(audit)
    made.close()


def test_rows_are_written_and_read(ledger):
    row = {"name": "manager_sees_rows", "value": "on", "at": "2026-11-21T00:00:00+00:00"}
    with ledger.begin() as connection:
        connection.execute(sa.insert(note).values(**row))
    with ledger.read() as connection:
        assert [dict(found) for found in connection.execute(sa.select(note)).mappings()] == [row]


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_audit_entries_are_neither_edited_nor_deleted(ledger, statement):
    entry = {column.name: "x" for column in audit.columns} | {"seq": 1, "count": 0}
    with ledger.begin() as connection:
        connection.execute(sa.insert(audit).values(**entry))
    with (
        pytest.raises(StoreError, match="Entries are only added here, neither edited nor deleted. Got ledger.db"),
        ledger.begin() as connection,
    ):
        connection.exec_driver_sql(statement)
    with ledger.read() as connection:
        assert connection.execute(sa.select(audit.c.actor)).scalars().all() == ["x"]


def test_every_public_name_is_a_table_or_the_ledger():
    assert {name for name in module.__all__ if isinstance(getattr(module, name), sa.Table)} == {table.name for table in TABLES}
