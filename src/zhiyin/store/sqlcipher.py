"""One encrypted SQLite file: short transactions, several processes, migrations that only go forward; its errors as sentences."""

from __future__ import annotations

import contextlib
import fcntl
import hmac
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from zhiyin.core.errors import Busy, IdConflict, KeyProblem, StoreError, ZhiyinError, listed
from zhiyin.core.files import TEMPORARY, disk_errors, sync_folder, write_safely
from zhiyin.core.words import Say

__all__ = ["OLDEST_SQLITE", "EncryptedDatabase", "Migrations", "check_pages", "is_marked", "sqlite_version"]

Migrations = Sequence[Sequence[str]]  # migration n brings user_version from n to n + 1

# Below 3.51.3 a checkpoint can lose the reset of the write-ahead log.
OLDEST_SQLITE = (3, 51, 3)
_BUSY_MS = 10_000
_PRAGMAS = (
    "cipher_log_level = NONE",  # it would write to stderr what we say in a sentence
    f"busy_timeout = {_BUSY_MS}",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",  # what is deleted is overwritten: erased keys do not linger in free pages
    "cache_size = -65536",  # 64 MB: a page that leaves the cache is encrypted each time; measured 13 s instead of 5 for 400 000 fields
    "temp_store = MEMORY",  # temporary files of SQLite are not encrypted
    "trusted_schema = OFF",
)
_ONLY_ADDED = "only added to"  # what a trigger says that protects a table
_WRITES = "zhiyin_writes"  # execution option: this transaction takes the write lock at once


def sqlite_version() -> tuple[int, ...]:
    """The SQLite inside sqlcipher3."""
    return tuple(int(part) for part in dbapi2.sqlite_version.split("."))


class EncryptedDatabase:
    """A SQLCipher file that is opened with a raw 32-byte key and brought to the newest version.

    Args:
        path: the file; made when absent, mode 0600.
        key: 32 bytes.
        migrations: the statements of each version, oldest first.

    Raises:
        KeyProblem: when the file was written with another key.
        StoreError: when the file is damaged, lost, or newer than this program.
    """

    def __init__(self, path: Path, key: bytes, *, migrations: Migrations) -> None:
        _refuse_old_library()
        self.path = path
        self._key = key
        self._migrations = migrations
        with disk_errors(path.name):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Held shared while we live: changing the key needs every other holder gone.
            self._hold = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._hold, fcntl.LOCK_SH)
            _refuse_lost(path)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            _remove_copies(path)  # we hold the lock shared, so nobody is writing one
        self._engine = _engine(path, key)
        try:
            self._migrate()
            self._leave_mark()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close all connections; safe to call twice."""
        self._engine.dispose()
        if self._hold >= 0:
            os.close(self._hold)
            self._hold = -1

    @contextlib.contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """A transaction that takes the write lock at once; committed at the end of the block, undone on any error.

        Raises:
            Busy: when another process holds the lock for longer than ten seconds.
            IdConflict: when an id exists already.
            StoreError: when the disk is full or the file is damaged.
        """
        with self._sentences(), self._engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state of the file and changes nothing."""
        with self._sentences(), self._engine.connect() as connection, connection.begin() as transaction:
            yield connection
            transaction.rollback()

    def version(self) -> int:
        """Which migration the file has reached."""
        with self.read() as connection:
            return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())

    def verify(self) -> None:
        """Check every page of the file.

        Raises:
            StoreError: names the first damaged pages.
        """
        pages = check_pages(self.path, self._key)
        if pages:
            raise _damaged(self.path.name, listed(pages, most=5))

    def forget_log(self) -> None:
        """Empty the write-ahead log, so that nothing deleted stays in it.

        Raises:
            Busy: when another program keeps on reading an older state; what was deleted is deleted, but still in the log.
        """
        with self._sentences(), self._engine.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise Busy(
                Say(
                    "内容已删除，但别的程序还在读旧状态，日志没有清空。",
                    "It is deleted, but another program reads an older state and the log is not empty.",
                ),
                got=self.path.name,
                fix=Say("关闭其他 zhiyin 程序后再运行一次。", "Close every other zhiyin program and run it again."),
            )

    def rewrite(self, key: bytes, changes: Sequence[tuple[str, Sequence[Sequence[object]]]] = ()) -> None:
        """Write the whole file anew under another key, whole or not at all.

        Args:
            key: the new key, 32 bytes.
            changes: statements with their rows, executed in the copy before it takes the place of the file.

        Raises:
            Busy: when another process or another part of this one has the file open.
        """
        self._engine.dispose()
        self._alone()
        copy = self.path.with_name(self.path.name + TEMPORARY)
        try:
            with self._sentences(), disk_errors(self.path.name):
                _remove_copies(self.path)
                os.close(os.open(copy, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
                _export(self.path, self._key, copy, key, changes)
                _sync(copy)
                os.replace(copy, self.path)
                sync_folder(self.path.parent)
        finally:
            _remove_copies(self.path)
            fcntl.flock(self._hold, fcntl.LOCK_SH)
        self._key = key
        self._engine = _engine(self.path, key)
        self._leave_mark()

    def _alone(self) -> None:
        try:
            fcntl.flock(self._hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(self._hold, fcntl.LOCK_SH)
            raise Busy(
                Say("另有程序打开着这个文件，现在不能换密钥。", "The file is open elsewhere; its key cannot be changed now."),
                got=self.path.name,
                fix=Say("关闭其他 zhiyin 程序后再试。", "Close every other zhiyin program and try again."),
            ) from None

    def _migrate(self) -> None:
        """Bring the file to the newest version; one that is there already is opened without waiting for who writes."""
        newest = len(self._migrations)
        if self.version() == newest:
            return
        with self.begin() as connection:
            version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
            if version > newest:
                raise StoreError(
                    Say("文件由更新版本的知音写成。", "The file was written by a newer zhiyin."),
                    got=f"{self.path.name}, version {version} of {newest}",
                    fix=Say("升级知音后再打开。", "Upgrade zhiyin, then open it."),
                )
            for statement in (text for step in self._migrations[version:] for text in step):
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"PRAGMA user_version = {newest}")

    def _leave_mark(self) -> None:
        """Beside the file, a keyed mark: tells a wrong key from a damaged first page, which look the same from inside."""
        if not is_marked(self.path, self._key):
            write_safely(_mark_file(self.path), _mark(self._key))

    @contextlib.contextmanager
    def _sentences(self) -> Iterator[None]:
        """Turn what SQLite says into a sentence; its own words may hold values and are dropped."""
        try:
            yield
        except (sa.exc.DBAPIError, dbapi2.Error) as problem:
            raise self._sentence(problem) from None

    def _sentence(self, problem: sa.exc.DBAPIError | Any) -> ZhiyinError:  # noqa: ANN401 - sqlcipher3 has no types
        original = problem.orig if isinstance(problem, sa.exc.DBAPIError) else problem
        text, name = str(original).lower(), self.path.name
        if "not a database" in text and not is_marked(self.path, self._key):
            return KeyProblem(
                Say("数据不是用这把密钥写的。", "The data were written with another key."),
                got=name,
                fix=Say("使用写入时的密钥文件。", "Use the key file they were written with."),
            )
        if any(words in text for words in ("not a database", "malformed", "corrupt")):
            return _damaged(name, listed(check_pages(self.path, self._key), most=5))
        if "locked" in text or "busy" in text:
            return Busy(Say("另一个进程正在写。", "Another process is writing."), got=name, fix=Say("稍后再试。", "Try again in a moment."))
        if _ONLY_ADDED in text:
            return StoreError(
                Say("这里的记录只能追加，不能改动或删除。", "Entries are only added here, neither edited nor deleted."),
                got=name,
                fix=Say("追加一条更正。", "Add an entry that corrects it."),
            )
        if isinstance(original, dbapi2.IntegrityError):
            return IdConflict(
                Say("这一行与已有的行冲突。", "This row contradicts one that is there."),
                got=name,
                fix=Say("检查编号是否重复。", "Check whether the id was used before."),
            )
        full = "full" in text or "disk i/o" in text
        return StoreError(
            Say("磁盘满了或不能写。", "The disk is full or cannot be written.")
            if full
            else Say("数据库拒绝了。", "The database refused this."),
            got=f"{name} ({type(original).__name__})",
            fix=Say("腾出空间后再试；没有提交的内容已撤销。", "Free some space and try again; what was not committed was undone.")
            if full
            else Say("检查文件和程序版本。", "Check the file and the version of the program."),
        )


def check_pages(path: Path, key: bytes) -> list[str]:
    """What SQLCipher finds wrong with the pages of a file; nothing when it is whole."""
    connection = dbapi2.connect(str(path))
    try:
        connection.execute(f'PRAGMA key = "{_raw(key)}"')
        connection.execute("PRAGMA cipher_log_level = NONE")
        return [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]
    except dbapi2.Error as problem:
        return [type(problem).__name__]
    finally:
        connection.close()


def is_marked(path: Path, key: bytes) -> bool | None:
    """Whether the mark beside a file is that of `key`; None without a mark."""
    mark = _mark_file(path)
    return mark.read_bytes() == _mark(key) if mark.is_file() else None


def _refuse_lost(path: Path) -> None:
    """A file whose mark is still there has been in use: an empty one in its place would hide that it is gone."""
    if not path.exists() and _mark_file(path).exists():
        raise StoreError(
            Say("数据库文件不见了。", "A database file is missing."),
            got=path.name,
            fix=Say("从备份恢复这个文件。", "Restore this file from a backup."),
        )


def _mark_file(path: Path) -> Path:
    return path.with_name(path.name + ".mark")


def _mark(key: bytes) -> bytes:
    return hmac.digest(key, b"zhiyin file mark", "sha256")[:8].hex().encode()


def _engine(path: Path, key: bytes) -> sa.Engine:
    engine = sa.create_engine(
        # The raw key opens in 1 ms; a passphrase would take 124 ms, and `/ # @` in it would break a URL given as text.
        sa.URL.create("sqlite+pysqlcipher", password=_raw(key), database=str(path)),
        module=dbapi2,
        # The default pool of this dialect crashed the process with eight threads.
        poolclass=sa.pool.QueuePool,
        connect_args={"check_same_thread": False, "isolation_level": None},
        hide_parameters=True,
    )

    @sa.event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:  # noqa: ANN401 - sqlcipher3 has no types
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # By hand: the driver would not open a transaction for SELECT or DDL.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "BEGIN")

    return engine


def _export(path: Path, key: bytes, copy: Path, new_key: bytes, changes: Sequence[tuple[str, Sequence[Sequence[object]]]]) -> None:
    connection = dbapi2.connect(str(path), isolation_level=None)
    try:
        connection.execute(f'PRAGMA key = "{_raw(key)}"')
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute("ATTACH DATABASE ? AS fresh KEY ?", (str(copy), _raw(new_key)))
        connection.execute("SELECT sqlcipher_export('fresh')").fetchall()
        connection.execute(f"PRAGMA fresh.user_version = {int(version)}")
        connection.execute("BEGIN")
        for statement, rows in changes:
            connection.executemany(statement.format(copy="fresh"), rows)
        connection.execute("COMMIT")
        connection.execute("DETACH DATABASE fresh")
    finally:
        connection.close()


def _remove_copies(path: Path) -> None:
    """Remove the half-written copy of a killed `rewrite`, with its journal."""
    for ending in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + TEMPORARY + ending).unlink(missing_ok=True)


def _raw(key: bytes) -> str:
    return f"x'{key.hex()}'"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _damaged(name: str, pages: str) -> StoreError:
    return StoreError(
        Say("数据库文件损坏。", "A database file is damaged."),
        got=f"{name}: {pages}" if pages else name,
        fix=Say("从备份恢复这个文件。", "Restore this file from a backup."),
    )


def _refuse_old_library() -> None:
    if sqlite_version() < OLDEST_SQLITE:
        raise StoreError(
            Say("SQLite 太旧，可能丢失写入。", "SQLite is too old and may lose writes."),
            got=dbapi2.sqlite_version,
            fix=Say("安装 sqlcipher3==0.6.4。", "Install sqlcipher3==0.6.4."),
        )
