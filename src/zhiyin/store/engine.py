"""One DuckDB with bounded memory, encrypted spill files and no way out of its folder; its errors as sentences."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import importlib.util
import os
import secrets
import shutil
import weakref
from collections.abc import Iterator
from pathlib import Path

import duckdb

from zhiyin.core.errors import DataError, KeyProblem, StoreError
from zhiyin.core.files import DISK_FULL, disk_errors
from zhiyin.core.words import Say
from zhiyin.store.asking import asked
from zhiyin.store.generations import SPILL, WRONG_KEY

__all__ = ["ENGINE_VERSION", "Engine", "duck_errors", "extension_path"]

ENGINE_VERSION = "1.5."
# Measured: the engine takes up to 40 % more than its limit while it spills, so it is told 60 % of what it may have.
_SHARE_OF_MEMORY = 0.6
# Of a million rows ten persons are read in 10 instead of 25 ms with groups of this size, not of 122 880; the whole table as fast as before.
_GROUP_ROWS = 16_384
_FULL = ("no space left", "file too large", "disk quota", "max_temp_directory_size")


class Engine:
    """An in-memory DuckDB to which files of one folder are attached by key."""

    def __init__(self, folder: Path, *, memory_mb: int, threads: int, writing: bool) -> None:
        with disk_errors(folder.name):
            spill, hold = _held_folder(folder)
        self._let_go = weakref.finalize(self, _let_go, spill, hold, os.getpid())  # also at the end of a program that forgot to close
        try:
            self.connection = _connected(folder, spill, memory_mb=memory_mb, threads=threads, writing=writing)
        except BaseException:
            self._let_go()
            raise

    def attach(self, file: Path, name: str, *, key: bytes, read_only: bool) -> None:
        """Attach an encrypted file as database `name`; the key goes as a parameter, so no parser can print it."""
        # What is being written is thrown away if we are killed before the checkpoint: no log of it is needed.
        mode = ", READ_ONLY" if read_only else f", RECOVERY_MODE NO_WAL_WRITES, ROW_GROUP_SIZE {_GROUP_ROWS}"
        statement = f"ATTACH {_quoted(str(file))} AS {name} (ENCRYPTION_KEY $key{mode})"
        with duck_errors(file.name):
            asked(self.connection, statement, values={"key": base64.b64encode(key).decode()})

    def write_out(self, name: str) -> None:
        """Write everything of database `name` into its one file."""
        with duck_errors(name):
            self.connection.execute(f"CHECKPOINT {name}")

    def detach(self, name: str) -> None:
        """Close the file of database `name`."""
        with duck_errors(name):
            self.connection.execute(f"DETACH {name}")

    def close(self) -> None:
        """Give back memory and spill files; safe to call twice."""
        with contextlib.suppress(duckdb.Error):  # an engine broken by a full disk may refuse even this
            self.connection.close()
        self._let_go()


@contextlib.contextmanager
def duck_errors(what: str) -> Iterator[None]:
    """Turn what DuckDB says into a sentence. Its own words are dropped: they may hold values of rows, or the key.

    Raises:
        KeyProblem: when the file was written with another key.
        StoreError: when memory or disk ran out, or the file is damaged.
        DataError: when values do not fit.
    """
    try:
        yield
    except duckdb.Error as problem:
        raise _sentence(problem, what) from None


def extension_path() -> Path:
    """The httpfs extension from its wheel: it brings the OpenSSL that writes encrypted files.

    Raises:
        StoreError: when the wheel is missing or made for another DuckDB.
    """
    found = importlib.util.find_spec("duckdb_extension_httpfs")
    roots = list(found.submodule_search_locations or []) if found else []
    for root in roots:
        path = Path(root) / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
        if path.is_file():
            return path
    raise StoreError(
        Say("缺少写加密文件所需的 DuckDB 扩展。", "The DuckDB extension that writes encrypted files is missing."),
        got=f"duckdb {duckdb.__version__}, duckdb-extension-httpfs {'of another version' if roots else 'not installed'}",
        fix=Say(f"安装 duckdb-extension-httpfs=={duckdb.__version__}。", f"Install duckdb-extension-httpfs=={duckdb.__version__}."),
    )


def _held_folder(folder: Path) -> tuple[Path, int]:
    """A new folder to spill into, held while we live: whoever cleans up sees that it is in use."""
    while True:
        spill = folder / f"{SPILL}{os.getpid()}-{secrets.token_hex(4)}"
        spill.mkdir(mode=0o700)
        # Whoever cleans up may be there in the moment before we hold it.
        with contextlib.suppress(FileNotFoundError):
            hold = os.open(spill, os.O_RDONLY)
            fcntl.flock(hold, fcntl.LOCK_SH)
            if spill.exists():
                return spill, hold
            os.close(hold)


def _let_go(spill: Path, hold: int, owner: int) -> None:
    if os.getpid() == owner:  # a forked child ends without taking the folder from its parent
        shutil.rmtree(spill, ignore_errors=True)
    os.close(hold)


def _connected(folder: Path, spill: Path, *, memory_mb: int, threads: int, writing: bool) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": threads,
            "memory_limit": f"{max(64, int(memory_mb * _SHARE_OF_MEMORY))}MB",
            # As a start option: SET refuses once spill files exist, and without it spilled rows lie in plain text.
            "temp_file_encryption": True,
            "temp_directory": str(spill),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "python_enable_replacements": False,
        },
    )
    try:
        with duck_errors("duckdb"):
            if writing:
                connection.execute(f"LOAD {_quoted(str(extension_path()))}")
            connection.execute("SET GLOBAL TimeZone = 'UTC'")
            connection.execute(f"SET allowed_directories = [{_quoted(str(folder) + os.sep)}]")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
    except BaseException:
        connection.close()
        raise
    return connection


def _sentence(problem: duckdb.Error, what: str) -> DataError | KeyProblem:
    text = str(problem).lower()
    if "encryption key" in text or "without a key" in text:
        return KeyProblem(WRONG_KEY, got=what, fix=Say("使用写入时的密钥文件。", "Use the key file they were written with."))
    if any(words in text for words in _FULL):
        full, fix = DISK_FULL
        return StoreError(full, got=what, fix=fix)
    if isinstance(problem, duckdb.OutOfMemoryException):
        return StoreError(
            Say("分析引擎的内存不够。", "The analytical engine ran out of memory."),
            got=what,
            fix=Say("调大设置 lake.memory_mb，或减少 lake.threads。", "Raise the setting lake.memory_mb, or lower lake.threads."),
        )
    if isinstance(problem, duckdb.IOException | duckdb.FatalException | duckdb.SerializationException | duckdb.InternalException):
        return StoreError(
            Say("数据文件读不出或写不进。", "A data file cannot be read or written."),
            got=f"{what} ({type(problem).__name__})",
            fix=Say(
                "检查磁盘；从备份恢复，或回到上一个快照。", "Check the disk; restore from a backup, or go back to an earlier snapshot."
            ),
        )
    return DataError(
        Say("引擎不能执行这个计算。", "The engine cannot compute this."),
        got=f"{what} ({type(problem).__name__})",
        fix=Say(
            "检查列的类型和取值；细节可能含个人信息，没有显示。",
            "Check types and values of the columns; details may hold personal data and are not shown.",
        ),
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
