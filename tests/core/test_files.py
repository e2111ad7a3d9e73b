import errno
import os
import stat

import pytest

from zhiyin.core.errors import StoreError
from zhiyin.core.files import (
    TEMPORARY,
    disk_errors,
    folder_manifest,
    remove_temporaries,
    sha256_of,
    sync_folder,
    verify_manifest,
    write_safely,
)


def test_a_file_is_written_for_its_owner_only(tmp_path):
    write_safely(tmp_path / "key", b"secret")
    assert (tmp_path / "key").read_bytes() == b"secret"
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key"]


def test_a_killed_write_leaves_the_old_file_whole(tmp_path, monkeypatch):
    write_safely(tmp_path / "list", b"old")

    def killed(source, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        write_safely(tmp_path / "list", b"new")
    assert (tmp_path / "list").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["list"]


def test_left_overs_are_removed_and_counted(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / f"a.1{TEMPORARY}").write_bytes(b"")
    (tmp_path / "models" / f"b.2{TEMPORARY}").write_bytes(b"")
    (tmp_path / "kept").write_bytes(b"")
    assert remove_temporaries(tmp_path) == 2
    assert (tmp_path / "kept").exists()


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.ENOSPC, "The disk is full"), (errno.EDQUOT, "The disk is full"), (errno.EACCES, "cannot be written or read")],
)
def test_what_the_disk_says_becomes_a_sentence(number, sentence):
    with pytest.raises(StoreError, match=sentence) as refused, disk_errors("lake"):
        raise OSError(number, "said by the system")
    assert refused.value.got == f"lake ({errno.errorcode[number]})"


def test_our_own_errors_pass_the_disk_unchanged(tmp_path):
    with pytest.raises(StoreError, match="A file is missing") as first, disk_errors("outer"):
        verify_manifest(tmp_path)
    assert "outer" not in str(first.value)


def test_a_missing_file_is_no_checksum(tmp_path):
    with pytest.raises(StoreError, match="A file or folder is missing. Got missing"):
        sha256_of(tmp_path / "missing")


@pytest.fixture
def shelf(tmp_path):
    (tmp_path / "card.json").write_bytes(b"{}")
    (tmp_path / "model.npz").write_bytes(b"weights")
    folder_manifest(tmp_path)
    sync_folder(tmp_path)
    return tmp_path


def test_an_unchanged_folder_is_verified(shelf):
    assert sorted(verify_manifest(shelf)) == ["card.json", "model.npz"]


@pytest.mark.parametrize("damage", ["changed", "missing", "no manifest", "broken manifest"])
def test_a_damaged_folder_is_refused(shelf, damage):
    if damage == "changed":
        (shelf / "model.npz").write_bytes(b"weightz")
    elif damage == "missing":
        (shelf / "model.npz").unlink()
    elif damage == "no manifest":
        (shelf / "manifest.json").unlink()
    else:
        (shelf / "manifest.json").write_bytes(b"{")
    with pytest.raises(StoreError, match="A file is missing or was changed. Got .*Fix: Restore it from a backup"):
        verify_manifest(shelf)
