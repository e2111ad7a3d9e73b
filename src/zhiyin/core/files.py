"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from zhiyin.core.errors import StoreError
from zhiyin.core.words import Say

__all__ = [
    "DISK_FULL",
    "MANIFEST",
    "TEMPORARY",
    "disk_errors",
    "folder_manifest",
    "remove_temporaries",
    "sha256_of",
    "sync_folder",
    "verify_manifest",
    "write_safely",
]

TEMPORARY = ".part"
MANIFEST = "manifest.json"


DISK_FULL = (
    Say("磁盘满了。", "The disk is full."),
    Say("腾出空间后再试；已发布的数据没有动。", "Free some space and try again; what was published is untouched."),
)
_GONE = (Say("文件或文件夹不见了。", "A file or folder is missing."), Say("检查路径。", "Check the path."))
_REFUSED = (
    Say("文件写不进或读不出。", "A file cannot be written or read."),
    Say("检查文件夹的权限。", "Check the permissions of the folder."),
)


@contextlib.contextmanager
def disk_errors(what: str) -> Iterator[None]:
    """Turn what a full or forbidden disk says into a sentence; `what` names the file or folder, no personal data."""
    try:
        yield
    except OSError as problem:
        if isinstance(problem, StoreError):
            raise
        full = problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        gone = problem.errno in (errno.ENOENT, errno.ENOTDIR)
        happened, fix = DISK_FULL if full else _GONE if gone else _REFUSED
        raise StoreError(
            happened,
            got=f"{what} ({errno.errorcode.get(problem.errno or 0, problem.errno)})",
            fix=fix,
        ) from problem


def write_safely(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write a file whole or not at all: temporary name, fsync, rename, fsync of the folder."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}{TEMPORARY}")
    with disk_errors(path.name):
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
            sync_folder(path.parent)
        finally:
            temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    """The sha256 of a file, read in pieces."""
    with disk_errors(path.name), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_temporaries(folder: Path) -> int:
    """Remove what a killed process left half written; returns how many files."""
    left = [path for path in folder.rglob(f"*{TEMPORARY}") if path.is_file()]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def folder_manifest(folder: Path) -> dict[str, str]:
    """Write `manifest.json` with the sha256 of each file of `folder`; returns it."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name != MANIFEST)
    manifest = {name: sha256_of(folder / name) for name in names}
    write_safely(folder / MANIFEST, json.dumps(manifest, indent=1).encode())
    return manifest


def verify_manifest(folder: Path) -> dict[str, str]:
    """The manifest of `folder`, after each of its files was found and unchanged.

    Raises:
        StoreError: when the manifest is missing or unreadable, or a file is missing or changed.
    """
    damaged = Say("文件缺失或被改动。", "A file is missing or was changed.")
    fix = Say("从备份恢复，或重新运行 `zhiyin run`。", "Restore it from a backup, or run `zhiyin run` again.")
    try:
        manifest: dict[str, str] = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError) as wrong:
        raise StoreError(damaged, got=f"{folder.name}/{MANIFEST}", fix=fix) from wrong
    for name, expected in manifest.items():
        if not (folder / name).is_file() or sha256_of(folder / name) != expected:
            raise StoreError(damaged, got=f"{folder.name}/{name}", fix=fix)
    return manifest
