"""Is somebody else at work here? One holder of a file at a time; a killed one lets go by itself."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from zhiyin.core.errors import Busy
from zhiyin.core.files import disk_errors
from zhiyin.core.words import Say

__all__ = ["held_alone", "is_held", "remove_unless_held"]


@contextlib.contextmanager
def held_alone(path: Path, what: Say) -> Iterator[None]:
    """Hold the file at `path` until the end of the block.

    Args:
        path: the lock file; made when absent, left in place (removing it would let two in).
        what: what the holder does, for the one who is turned away.

    Raises:
        Busy: when another process, or another part of this one, holds it; says its pid.
    """
    with disk_errors(path.name):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "?"
            raise Busy(
                what,
                got=f"pid {holder}",
                fix=Say("等它结束后再试。", "Wait until it has ended and try again."),
            ) from None
        with disk_errors(path.name):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """True when a living process holds the file or folder at `path`; False when there is none."""
    with _tried(path) as ours:
        return ours is False


def remove_unless_held(folder: Path) -> None:
    """Remove a folder that no living process holds; who comes to hold it meanwhile waits, and then finds it gone."""
    with _tried(folder) as ours:
        if ours:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _tried(path: Path) -> Iterator[bool | None]:
    """Whether we hold the path for the block; None when there is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        yield None
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            ours = True
        except BlockingIOError:
            ours = False
        yield ours
    finally:
        os.close(descriptor)
