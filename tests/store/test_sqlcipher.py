import contextlib
import os
import sqlite3
import threading

import pytest
import sqlalchemy as sa

from zhiyin.core.errors import Busy, IdConflict, KeyProblem, StoreError
from zhiyin.store import sqlcipher
from zhiyin.store.sqlcipher import EncryptedDatabase, check_pages, is_marked, sqlite_version

KEY, OTHER = b"d" * 32, b"o" * 32
STEPS = (("CREATE TABLE a (id INTEGER PRIMARY KEY, word TEXT)",), ("CREATE TABLE b (id INTEGER PRIMARY KEY)", "INSERT INTO b VALUES (7)"))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.db"


@pytest.fixture
def database(path):
    made = EncryptedDatabase(path, KEY, migrations=STEPS)
    yield made
    made.close()


def put(database, *words):
    with database.begin() as connection:
        for word in words:
            connection.exec_driver_sql("INSERT INTO a (word) VALUES (?)", (word,))


def words(database):
    with database.read() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT word FROM a ORDER BY id")]


def pragma(database, name):
    with database.read() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_the_library_is_new_enough(monkeypatch, path):
    assert sqlite_version() >= (3, 51, 3)
    monkeypatch.setattr(sqlcipher, "OLDEST_SQLITE", (9, 0, 0))
    with pytest.raises(StoreError, match="SQLite is too old and may lose writes"):
        EncryptedDatabase(path, KEY, migrations=STEPS)


def test_nothing_lies_in_plain_text(database, path):
    put(database, "needle in the hay" * 50)
    with pytest.raises(sqlite3.DatabaseError), contextlib.closing(sqlite3.connect(path)) as plain:
        plain.execute("SELECT * FROM a")
    assert all(b"needle" not in file.read_bytes() for file in path.parent.iterdir())
    assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}


def test_what_was_asked_of_sqlite_is_so(database):
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "temp_store": 2, "busy_timeout": 10000}
    assert {name: pragma(database, name) for name in expected} == expected


def test_an_error_undoes_the_whole_transaction(database):
    with pytest.raises(ZeroDivisionError), database.begin() as connection:
        connection.exec_driver_sql("INSERT INTO a (word) VALUES ('x')")
        connection.exec_driver_sql("CREATE TABLE c (id INTEGER)")
        _ = 1 / 0
    assert words(database) == []
    put(database, "y")
    with database.read() as connection:
        assert "c" not in sa.inspect(connection).get_table_names()


def test_reading_changes_nothing(database):
    with database.read() as connection:
        connection.exec_driver_sql("INSERT INTO a (word) VALUES ('x')")
    assert words(database) == []


def test_a_second_row_with_one_id_is_a_sentence_without_values(database):
    with pytest.raises(IdConflict, match="contradicts one that is there. Got some.db") as problem, database.begin() as connection:
        connection.exec_driver_sql("INSERT INTO a VALUES (1, '13812345678')")
        connection.exec_driver_sql("INSERT INTO a VALUES (1, '13812345678')")
    assert "138" not in str(problem.value)
    assert problem.value.__suppress_context__


def test_a_wrong_statement_is_a_sentence(database):
    with pytest.raises(StoreError, match=r"database refused this. Got some.db \(OperationalError\)"), database.read() as connection:
        connection.exec_driver_sql("SELECT * FROM absent")


def test_files_come_up_from_every_version(path, tmp_path):
    for version in range(3):
        old = tmp_path / f"old{version}.db"
        EncryptedDatabase(old, KEY, migrations=STEPS[:version]).close()
        new = EncryptedDatabase(old, KEY, migrations=STEPS)
        assert new.version() == 2
        with new.read() as connection:
            assert connection.exec_driver_sql("SELECT id FROM b").all() == [(7,)]
        new.close()


def test_a_migration_that_fails_leaves_the_old_version(path):
    EncryptedDatabase(path, KEY, migrations=STEPS[:1]).close()
    broken = (*STEPS[:1], ("CREATE TABLE c (id INTEGER)", "INSERT INTO absent VALUES (1)"))
    with pytest.raises(StoreError, match="refused this"):
        EncryptedDatabase(path, KEY, migrations=broken)
    made = EncryptedDatabase(path, KEY, migrations=STEPS)
    assert made.version() == 2
    made.close()


def test_a_file_of_a_newer_program_is_not_touched(path, database):
    database.close()
    with pytest.raises(StoreError, match="written by a newer zhiyin. Got some.db, version 2 of 1"):
        EncryptedDatabase(path, KEY, migrations=STEPS[:1])


def test_a_wrong_key_is_named_and_not_shown(database, path):
    put(database, "x")
    database.close()
    with pytest.raises(KeyProblem, match="written with another key. Got some.db") as problem:
        EncryptedDatabase(path, OTHER, migrations=STEPS)
    assert OTHER.hex()[:8] not in str(problem.value)
    assert "oooo" not in str(problem.value)


def test_the_mark_tells_keys_apart(database, path):
    assert (is_marked(path, KEY), is_marked(path, OTHER), is_marked(path.with_name("none"), KEY)) == (True, False, None)


def damage(path, page, *, size=4096):
    with path.open("r+b") as file:
        file.seek((page - 1) * size + 100)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))


def test_a_damaged_page_is_named(database, path):
    put(database, *["word" * 100] * 200)
    database.verify()
    database.close()
    damage(path, 5)
    assert check_pages(path, KEY) == ["HMAC verification failed for page 5"]
    again = EncryptedDatabase(path, KEY, migrations=STEPS)
    with pytest.raises(StoreError, match="damaged. Got some.db: HMAC verification failed for page 5"):
        again.verify()
    with pytest.raises(StoreError, match="page 5"):
        words(again)
    again.close()


def test_a_damaged_first_page_is_no_wrong_key(database, path):
    put(database, "x")
    database.close()
    damage(path, 1)
    with pytest.raises(StoreError, match="damaged. Got some.db"):
        EncryptedDatabase(path, KEY, migrations=STEPS)


def test_a_file_that_is_gone_is_not_made_anew(database, path):
    database.close()
    path.unlink()
    with pytest.raises(StoreError, match="A database file is missing. Got .* Fix: Restore this file from a backup"):
        EncryptedDatabase(path, b"k" * 32, migrations=())
    assert not path.exists()


def test_a_file_that_is_no_database(path):
    path.write_bytes(b"not a database at all" * 1000)
    with pytest.raises(KeyProblem, match="another key"):
        EncryptedDatabase(path, KEY, migrations=STEPS)


def test_threads_and_connections_write_without_losing(path, database):
    second = EncryptedDatabase(path, KEY, migrations=STEPS)

    def write(own):
        for _ in range(5):
            put(own, "x")

    threads = [threading.Thread(target=write, args=(own,)) for own in [database, second] * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    second.close()
    assert len(words(database)) == 40


def test_opening_and_reading_do_not_wait_for_a_writer(path, database):
    put(database, "before")
    with database.begin() as connection:
        connection.exec_driver_sql("INSERT INTO a (word) VALUES ('not yet')")
        second = EncryptedDatabase(path, KEY, migrations=STEPS)
        assert words(second) == ["before"]
        second.close()


def test_who_waits_too_long_is_told(path, database, monkeypatch):
    monkeypatch.setattr(sqlcipher, "_PRAGMAS", ("busy_timeout = 10",))
    second = EncryptedDatabase(path, KEY, migrations=STEPS)
    with database.begin(), pytest.raises(Busy, match="Another process is writing. Got some.db"), second.begin():
        pass
    second.close()


def test_a_full_disk_is_a_sentence_and_the_file_stays_whole(database, monkeypatch):
    put(database, "kept")
    with database.begin() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    # The limit belongs to a connection: all statements go through the one of the pool.
    with pytest.raises(StoreError, match="disk is full or cannot be written"), database.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.exec_driver_sql("INSERT INTO a (word) VALUES (?)", ("x" * 100_000,))
    assert words(database) == ["kept"]
    database.verify()


def test_the_key_changes_whole_or_not_at_all(database, path):
    put(database, "kept")
    database.rewrite(OTHER, [("UPDATE {copy}.a SET word = ?", [("changed",)])])
    assert words(database) == ["changed"]
    put(database, "after")
    database.close()
    with pytest.raises(KeyProblem, match="another key"):
        EncryptedDatabase(path, KEY, migrations=STEPS)
    again = EncryptedDatabase(path, OTHER, migrations=STEPS)
    assert (words(again), again.version()) == (["changed", "after"], 2)
    again.close()


def test_a_change_of_key_that_fails_changes_nothing(database, path):
    put(database, "kept")
    with pytest.raises(StoreError, match="refused this"):
        database.rewrite(OTHER, [("UPDATE {copy}.absent SET word = ?", [("x",)])])
    assert words(database) == ["kept"]
    assert not list(path.parent.glob("*.part*"))


def test_the_key_does_not_change_under_another_reader(database, path):
    second = EncryptedDatabase(path, KEY, migrations=STEPS)
    with pytest.raises(Busy, match="open elsewhere; its key cannot be changed now"):
        database.rewrite(OTHER)
    put(second, "fine")
    assert words(database) == ["fine"]
    second.close()


def test_a_copy_that_a_kill_left_is_removed_at_the_next_opening(database, path):
    database.close()
    path.with_name("some.db.part").write_bytes(b"half")
    EncryptedDatabase(path, KEY, migrations=STEPS).close()
    assert not path.with_name("some.db.part").exists()


def test_what_was_deleted_is_in_no_file(database, path):
    put(database, "x" * 3000)
    before = path.with_name("some.db-wal").stat().st_size
    with database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM a")
    database.forget_log()
    assert before > 0
    assert path.with_name("some.db-wal").stat().st_size == 0


def test_a_log_that_another_still_reads_is_told(path, database, monkeypatch):
    monkeypatch.setattr(sqlcipher, "_PRAGMAS", ("busy_timeout = 10",))
    second = EncryptedDatabase(path, KEY, migrations=STEPS)
    put(second, "x")
    with database.read() as connection:
        connection.exec_driver_sql("SELECT * FROM a").all()
        put(second, "y")
        with pytest.raises(Busy, match="another program reads an older state and the log is not empty. Got some.db"):
            second.forget_log()
    second.forget_log()
    second.close()


def test_a_folder_that_is_forbidden_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be written or read"):
        EncryptedDatabase(tmp_path / "file" / "some.db", KEY, migrations=STEPS)
    assert os.listdir(tmp_path) == ["file"]
