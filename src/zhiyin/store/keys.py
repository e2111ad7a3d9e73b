"""Which key opens what, and is it the right one?

One master key of 32 bytes, from the settings or from a file that only its owner can read; every other key is derived from it
with HKDF-SHA256 (RFC 5869). No key is ever shown: not in an error, not in a log, not by `repr`.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zhiyin.core.errors import KeyProblem, UsageError
from zhiyin.core.files import disk_errors, sync_folder
from zhiyin.core.words import Say

__all__ = ["Keys", "create_key_file", "derive_keys", "load_keys"]

_BYTES = 32
_HEX = re.compile(r"[0-9a-fA-F]{64}")
_LONGEST = 4096  # a key file is 65 bytes; anything longer is another file
_MAKE = Say(
    "从备份恢复原来的密钥文件；新的工作区用 `zhiyin init` 生成。",
    "Restore the key file from a backup; a new workspace gets one from `zhiyin init`.",
)


@dataclass(frozen=True, repr=False)
class Keys:
    """The keys of one workspace; `fingerprint` may be stored, it tells a wrong key before anything is opened."""

    lake: bytes
    ledger: bytes
    vault: bytes
    inbox: bytes
    sealing: bytes
    blind: bytes
    ids: bytes
    models: bytes
    audit: bytes
    fingerprint: str

    def __repr__(self) -> str:
        return "Keys(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("Keys do not leave the process.")


def create_key_file(path: Path) -> None:
    """Write a new random master key, mode 0600; never over a file that is there.

    Raises:
        UsageError: when the file exists: whoever overwrites a key loses the data.
    """
    with disk_errors(path.name):
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise UsageError(
                Say("密钥文件已经存在，不会覆盖。", "The key file exists; it is never written over."),
                got=path.name,
                fix=Say("继续使用它，或先把它移走并备份。", "Keep using it, or move it away and keep a copy first."),
            ) from None
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)


def load_keys(*, key: str | None, key_file: Path) -> Keys:
    """The keys derived from `key` (64 hex digits) if it is given, otherwise from the key file.

    Raises:
        KeyProblem: when there is no key, it is not 64 hex digits, or others could read the file.
    """
    if key:
        return derive_keys(_master(key, where="ZHIYIN_KEY"))
    return derive_keys(_master(_read(key_file), where=key_file.name))


def derive_keys(master: bytes) -> Keys:
    """Every key of a workspace from its master key.

    Raises:
        KeyProblem: when the master key does not have 32 bytes.
    """
    if len(master) != _BYTES:
        _refuse(Say("主密钥必须是 32 字节。", "The master key must have 32 bytes."), got=f"{len(master)} bytes")
    derived = {field.name: _derived(master, field.name) for field in fields(Keys) if field.name != "fingerprint"}
    return Keys(**derived, fingerprint=_derived(master, "fingerprint")[:8].hex())


def _derived(master: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=_BYTES, salt=None, info=f"zhiyin/1/{purpose}".encode()).derive(master)


def _read(path: Path) -> str:
    """The text of a key file, checked and read through one descriptor so that nobody can swap it in between."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        _refuse(Say("没有主密钥。", "There is no master key."), got=path.name, fix=_MAKE)
    except OSError as problem:
        _refuse(Say("密钥文件读不了。", "The key file cannot be read."), got=f"{path.name}: {problem.strerror}")
    state = os.fstat(descriptor)
    if not stat.S_ISREG(state.st_mode):
        os.close(descriptor)
        _refuse(Say("密钥文件不是普通文件。", "The key file is not a plain file."), got=path.name)
    with os.fdopen(descriptor, "rb") as file:
        if stat.S_IMODE(state.st_mode) & 0o077:
            _refuse(
                Say("别人也能读密钥文件。", "Others can read the key file."),
                got=f"{path.name}, mode {stat.S_IMODE(state.st_mode):04o}",
                fix=Say(f"运行 chmod 600 {path.name}。", f"Run chmod 600 {path.name}."),
            )
        return file.read(_LONGEST).decode("ascii", "replace")


def _master(text: str, *, where: str) -> bytes:
    text = text.strip()
    if not _HEX.fullmatch(text):
        _refuse(
            Say("主密钥必须是 64 位十六进制数字。", "The master key must be 64 hex digits."),
            got=f"{where}, {len(text)} characters",
            fix=_MAKE,
        )
    return bytes.fromhex(text)


def _refuse(what: Say, *, got: str, fix: Say | None = None) -> NoReturn:
    raise KeyProblem(what, got=got, fix=fix or Say("检查密钥文件或 ZHIYIN_KEY。", "Check the key file or ZHIYIN_KEY.")) from None
