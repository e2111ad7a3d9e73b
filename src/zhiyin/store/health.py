"""Is the machine fit to keep these data, and are they unharmed? One finding a check, each with what to do."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from zhiyin.core.errors import KeyProblem, ZhiyinError, listed
from zhiyin.core.files import TEMPORARY
from zhiyin.core.words import Say
from zhiyin.store.engine import ENGINE_VERSION, Engine, extension_path
from zhiyin.store.generations import SPILL, Generations
from zhiyin.store.keys import Keys
from zhiyin.store.lock import is_held
from zhiyin.store.sqlcipher import OLDEST_SQLITE, check_pages, is_marked, sqlite_version

__all__ = ["Finding", "findings"]

_SPARE_MB = 200
_NONE = Say("没有", "none")
_FINE = Say("无需处理。", "Nothing to do.")


@dataclass(frozen=True)
class Finding:
    """One check: whether all is well, its name, what was found, what to do."""

    ok: bool
    name: str
    what: Say
    fix: Say


def findings(folder: Path, keys: Keys) -> list[Finding]:
    """Every check of the workspace in `folder`; a check that fails is a finding, never an error."""
    checks: tuple[Callable[[Path, Keys], Finding], ...] = (
        _sqlite,
        _duckdb,
        _extension,
        _spill_encrypted,
        _key_file,
        _right_key,
        _private_files,
        _lake_whole,
        _ledger_whole,
        _vault_whole,
        _space,
        _left_overs,
    )
    found = [_guarded(check, folder, keys) for check in checks]
    if any(finding.name == "right_key" and not finding.ok for finding in found):
        # With another key every page reads as damaged: to restore a backup would be the wrong advice.
        return [finding for finding in found if finding.name not in _NEED_THE_KEY]
    return found


_NEED_THE_KEY = ("lake_whole", "ledger_whole", "vault_whole", "space")


def _guarded(check: Callable[[Path, Keys], Finding], folder: Path, keys: Keys) -> Finding:
    try:
        return check(folder, keys)
    except ZhiyinError as problem:
        got = f"（{problem.got}）" if problem.got else ""
        return Finding(
            False, check.__name__.lstrip("_"), Say(problem.what.zh + got, f"{problem.what.en} {problem.got}".strip()), problem.fix
        )


def _sqlite(_: Path, __: Keys) -> Finding:
    have, want = ".".join(map(str, sqlite_version())), ".".join(map(str, OLDEST_SQLITE))
    return _finding("sqlite", sqlite_version() >= OLDEST_SQLITE, f"SQLite {have} (>= {want})", _install("sqlcipher3==0.6.4"))


def _duckdb(_: Path, __: Keys) -> Finding:
    return _finding("duckdb", duckdb.__version__.startswith(ENGINE_VERSION), f"DuckDB {duckdb.__version__}", _install("duckdb==1.5.5"))


def _extension(folder: Path, _: Keys) -> Finding:
    extension_path()
    _engine(folder, writing=True).close()
    return _finding("extension", True, "httpfs", _FINE)


def _spill_encrypted(folder: Path, _: Keys) -> Finding:
    engine = _engine(folder, writing=False)
    try:
        row = engine.connection.execute(
            "SELECT current_setting('temp_file_encryption'), current_setting('lock_configuration'), current_setting('enable_external_access')"
        ).fetchone()
    finally:
        engine.close()
    return _finding("spill_encrypted", row == (True, True, False), "temp_file_encryption, lock_configuration", _install("duckdb==1.5.5"))


def _key_file(folder: Path, _: Keys) -> Finding:
    open_ = [path.name for path in folder.glob("*.key") if stat.S_IMODE(path.stat().st_mode) & 0o077]
    return _finding("key_file", not open_, listed(open_) or "0600", _chmod(open_))


def _right_key(folder: Path, keys: Keys) -> Finding:
    wrong = [name for name, key in (("ledger.db", keys.ledger), ("vault.db", keys.vault)) if is_marked(folder / name, key) is False]
    try:
        Generations(folder / "lake", keys.lake).current()
    except KeyProblem:
        wrong.append("lake")
    fix = Say("使用写入时的密钥文件。", "Use the key file they were written with.")
    return _finding("right_key", not wrong, listed(wrong) or keys.fingerprint, fix)


def _private_files(folder: Path, _: Keys) -> Finding:
    there = [*folder.glob("*.db*"), *(folder / "lake").glob("*")]
    files = [path for path in there if TEMPORARY not in path.name]  # those of a build under way come and go
    open_ = [path.name for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077]
    private = Say(f"{len(files)} 个文件都是 0600", f"{len(files)} files, all 0600")
    return _finding("private_files", not open_, listed(open_, most=3) or private, _chmod(open_))


def _lake_whole(folder: Path, keys: Keys) -> Finding:
    generations = Generations(folder / "lake", keys.lake)
    snapshots = generations.published()
    for snapshot in snapshots:
        generations.verified(snapshot)
    return _finding("lake_whole", True, listed(snapshot.name for snapshot in snapshots) or _NONE, _FINE)


def _ledger_whole(folder: Path, keys: Keys) -> Finding:
    return _pages(folder / "ledger.db", keys.ledger, "ledger_whole")


def _vault_whole(folder: Path, keys: Keys) -> Finding:
    return _pages(folder / "vault.db", keys.vault, "vault_whole")


def _pages(path: Path, key: bytes, name: str) -> Finding:
    fix = Say("从备份恢复这个文件。", "Restore this file from a backup.")
    if is_marked(path, key) is not None and not path.is_file():
        return _finding(name, False, Say(f"{path.name} 不见了", f"{path.name} is gone"), fix)
    damaged = check_pages(path, key) if path.is_file() else []
    pages = listed((found.rpartition(" ")[2] for found in damaged), most=3)
    seen = Say(f"{path.name} 已损坏（页 {pages}）", f"{path.name} is damaged (page {pages})") if damaged else path.name
    return _finding(name, not damaged, seen, fix)


def _space(folder: Path, keys: Keys) -> Finding:
    """Room for the next generation beside the current one, with its spill."""
    current = Generations(folder / "lake", keys.lake).current()
    want = _SPARE_MB + 2 * (current.bytes if current else 0) // 2**20
    have = shutil.disk_usage(folder).free // 2**20
    fix = Say(f"腾出 {want - have} MB。", f"Free {want - have} MB.")
    return _finding("space", have >= want, f"{have} MB (>= {want} MB)", fix)


def _left_overs(folder: Path, _: Keys) -> Finding:
    """What killed programs left; a build that is under way is no left-over."""
    lock = folder / "lake" / "builder.lock"
    left = [] if lock.is_file() and is_held(lock) else sorted(_half_written(folder))
    fix = Say("下次 `zhiyin import` 或 `zhiyin run` 会自动清理。", "The next `zhiyin import` or `zhiyin run` removes them.")
    return _finding("left_overs", not left, listed(left, most=3) or _NONE, fix)


def _half_written(folder: Path) -> Iterator[str]:
    for place in (folder, folder / "lake", folder / "models"):
        yield from (path.name for path in place.glob(f"*{TEMPORARY}*"))
    yield from (path.name for path in (folder / "lake").glob(f"{SPILL}*") if not is_held(path) and path.exists())


def _engine(folder: Path, *, writing: bool) -> Engine:
    return Engine(folder, memory_mb=128, threads=1, writing=writing)


_WORDS = {
    "sqlite": Say("SQLite 版本", "Version of SQLite"),
    "duckdb": Say("DuckDB 版本", "Version of DuckDB"),
    "extension": Say("写加密文件的扩展", "Extension that writes encrypted files"),
    "spill_encrypted": Say("临时文件加密、设置锁定", "Encrypted spill files, locked settings"),
    "key_file": Say("密钥文件权限", "Mode of the key file"),
    "right_key": Say("密钥与数据相符", "The key fits the data"),
    "private_files": Say("数据文件权限", "Mode of the data files"),
    "lake_whole": Say("快照完好", "Snapshots whole"),
    "ledger_whole": Say("台账完好", "Ledger whole"),
    "vault_whole": Say("保险箱完好", "Vault whole"),
    "space": Say("可用磁盘空间", "Free disk space"),
    "left_overs": Say("未写完的文件", "Half-written files"),
}


def _finding(name: str, ok: bool, seen: str | Say, fix: Say) -> Finding:
    words = _WORDS[name]
    zh, en = seen if isinstance(seen, Say) else (seen, seen)
    return Finding(ok, name, Say(f"{words.zh}：{zh}", f"{words.en}: {en}"), _FINE if ok else fix)


def _install(package: str) -> Say:
    return Say(f"安装 {package}。", f"Install {package}.")


def _chmod(names: list[str]) -> Say:
    return Say(f"运行 chmod 600 {listed(names)}。", f"Run chmod 600 {listed(names)}.")
