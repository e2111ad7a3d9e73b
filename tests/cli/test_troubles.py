"""Troubles that are not ours, told in our words."""

from __future__ import annotations

import errno

from zhiyin.cli.troubles import of_disk, unexpected
from zhiyin.core.errors import StoreError


def test_a_full_disk_is_a_sentence():
    told = of_disk(OSError(errno.ENOSPC, "No space left on device", "somewhere/page.html"))
    assert isinstance(told, StoreError)
    assert str(told) == "The disk is full. Got page.html (ENOSPC). Fix: Free some space and try again; what was published is untouched."


def test_a_forbidden_file_is_a_sentence_too():
    assert str(of_disk(PermissionError(errno.EACCES, "Permission denied", "page.html"))).startswith(
        "A file cannot be written or read. Got page.html"
    )


def test_a_defect_is_told_by_its_place_only():
    told = unexpected(KeyError("13812345678"))
    assert told.exit_code == 1
    assert told.got == "KeyError"
    assert "13812345678" not in str(told)
