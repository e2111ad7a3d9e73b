import os
import pickle

import pytest

from zhiyin.core.errors import KeyProblem, StoreError, UsageError
from zhiyin.store.keys import Keys, create_key_file, derive_keys, load_keys

MASTER = "0123456789abcdef" * 4


def test_a_new_key_file_opens_the_same_keys_twice(tmp_path):
    path = tmp_path / "zhiyin.key"
    create_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_keys(key=None, key_file=path) == load_keys(key=None, key_file=path)


def test_a_key_file_is_never_written_over(tmp_path):
    path = tmp_path / "zhiyin.key"
    create_key_file(path)
    before = path.read_bytes()
    with pytest.raises(UsageError, match="never written over"):
        create_key_file(path)
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(StoreError, match="A file or folder is missing"):
        create_key_file(tmp_path / "absent" / "zhiyin.key")


def test_the_setting_wins_over_the_file(tmp_path):
    create_key_file(tmp_path / "zhiyin.key")
    assert load_keys(key=MASTER, key_file=tmp_path / "zhiyin.key") == derive_keys(bytes.fromhex(MASTER))


def test_every_key_is_another_and_none_is_the_master():
    keys = derive_keys(bytes.fromhex(MASTER))
    derived = [keys.lake, keys.ledger, keys.vault, keys.sealing, keys.blind, keys.ids, keys.models, keys.audit]
    assert len({*derived, bytes.fromhex(MASTER)}) == 9
    assert all(len(key) == 32 for key in derived)


def test_keys_are_the_same_for_ever():
    # Derived keys open files that were written years ago: a change here loses them.
    keys = derive_keys(bytes(32))
    assert keys.lake.hex() == "2877d1a85b4b6d85b9746c7f75af303fa10dc0093a7bbdd343b082559dfb1386"
    assert keys.fingerprint == "99ed2086c7b2693e"


def test_nothing_shows_a_key(tmp_path):
    keys = derive_keys(bytes.fromhex(MASTER))
    assert repr(keys) == str(keys) == f"{keys}" == "Keys(...)"
    with pytest.raises(TypeError, match="do not leave"):
        pickle.dumps(keys)


def test_no_key_at_all(tmp_path):
    with pytest.raises(KeyProblem, match="no master key.*zhiyin init"):
        load_keys(key=None, key_file=tmp_path / "zhiyin.key")


def test_a_file_that_others_can_read_is_refused(tmp_path):
    path = tmp_path / "zhiyin.key"
    create_key_file(path)
    path.chmod(0o640)
    with pytest.raises(KeyProblem, match="mode 0640.*chmod 600"):
        load_keys(key=None, key_file=path)


def test_a_folder_is_no_key_file(tmp_path):
    (tmp_path / "zhiyin.key").mkdir(mode=0o700)
    with pytest.raises(KeyProblem, match="not a plain file"):
        load_keys(key=None, key_file=tmp_path / "zhiyin.key")


def test_a_link_or_a_pipe_is_no_key_file(tmp_path):
    create_key_file(tmp_path / "real.key")
    (tmp_path / "link.key").symlink_to(tmp_path / "real.key")
    with pytest.raises(KeyProblem, match="cannot be read"):
        load_keys(key=None, key_file=tmp_path / "link.key")
    os.mkfifo(tmp_path / "pipe.key", 0o600)
    with pytest.raises(KeyProblem, match="not a plain file"):
        load_keys(key=None, key_file=tmp_path / "pipe.key")


@pytest.mark.parametrize("text", ["", "abc", MASTER + "0", MASTER[:-1] + "g", "密钥"])
def test_a_key_that_is_none_is_refused_without_being_shown(tmp_path, text):
    path = tmp_path / "zhiyin.key"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(KeyProblem, match="64 hex digits") as problem:
        load_keys(key=None, key_file=path)
    assert not text or text not in str(problem.value)


def test_a_wrong_setting_is_refused_without_being_shown(tmp_path):
    with pytest.raises(KeyProblem, match="ZHIYIN_KEY, 63 characters") as problem:
        load_keys(key=MASTER[:-1], key_file=tmp_path / "zhiyin.key")
    assert MASTER[:20] not in str(problem.value)


def test_a_master_key_has_32_bytes():
    with pytest.raises(KeyProblem, match="31 bytes"):
        derive_keys(bytes(31))


def test_two_masters_have_nothing_in_common():
    one, other = derive_keys(bytes(32)), derive_keys(b"\1" * 32)
    assert not {getattr(one, name) for name in Keys.__dataclass_fields__} & {getattr(other, name) for name in Keys.__dataclass_fields__}
