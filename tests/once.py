"""What is expensive to make is made once, however many workers ask for it."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

__all__ = ["made_once", "shared_folder"]


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """The temporary folder that all workers of xdist share."""
    base = factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """`folder`, filled by the first process that asks for it; the others wait. To be copied or read, never changed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = folder.with_suffix(".half")
            shutil.rmtree(made, ignore_errors=True)
            make(made)
            made.rename(folder)
    return folder
