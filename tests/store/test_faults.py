"""What a kill, a full disk or a second builder may not do, in processes of their own."""

import signal
from pathlib import Path

import pytest

from zhiyin.core.errors import Busy, KeyProblem
from zhiyin.store.keys import derive_keys
from zhiyin.store.lake import Lake
from zhiyin.store.vault import Vault

HERE = Path(__file__).parent


def killed(python, folder, what, step):
    child = python(HERE / "killed_build.py", folder, what, step)
    _, problems = child.communicate()
    assert child.returncode == -signal.SIGKILL, problems


@pytest.mark.parametrize(
    ("step", "now"),
    [
        ("attached", "g000001"),
        ("appended", "g000001"),
        ("written out", "g000001"),
        ("detached", "g000001"),
        ("before the swap", "g000001"),
        ("before pruning", "g000002"),
        ("published", "g000002"),
    ],
)
def test_a_killed_build_leaves_the_last_good_generation(published, tmp_path, python, step, now):
    killed(python, tmp_path, "build", step)
    with published.open() as view:
        assert (view.snapshot, view.has("identity")) == (now, now == "g000002")
        assert view.count(view.table("customer")) == 3
    with published.build(carry=["customer"]) as build:
        build.publish()
    left = {path.name for path in (tmp_path / "lake").iterdir()}
    kept = {f"{snapshot.name}{ending}" for snapshot in published.snapshots() for ending in (".duckdb", ".json")}
    assert left == kept | {"CURRENT.json", "builder.lock"}


@pytest.mark.parametrize(("step", "master"), [("copied", b"k"), ("swapped", b"n")])
def test_a_killed_change_of_the_master_key_leaves_one_key_right(vault, tmp_path, python, step, master):
    vault.seal([("r1", "name", "王小明")])
    vault.close()
    killed(python, tmp_path, "rotate", step)
    again = Vault(tmp_path / "vault.db", derive_keys(master * 32))
    assert again.open(["r1"], ["name"]) == {"r1": {"name": "王小明"}}
    assert again.find("name", "王小明") == ["r1"]
    again.close()
    assert not list(tmp_path.glob("*.part*"))


@pytest.mark.parametrize(("step", "master", "other"), [("built", b"k", b"n"), ("swapped", b"n", b"k")])
def test_a_killed_change_of_the_lake_key_leaves_one_key_right(published, tmp_path, python, step, master, other):
    killed(python, tmp_path, "rekey", step)
    lake = Lake(tmp_path / "lake", derive_keys(master * 32).lake, memory_mb=128, threads=1, keep=2)
    with lake.open() as view:
        assert view.count(view.table("customer")) == 3
    with pytest.raises(KeyProblem, match="another key"):
        Lake(tmp_path / "lake", derive_keys(other * 32).lake, memory_mb=128, threads=1, keep=2).open()
    with lake.build(carry=["customer"]) as build:
        build.publish()
    assert not list((tmp_path / "lake").glob("*.part*"))


def test_a_full_disk_stops_a_build_with_a_sentence_and_no_rest(published, tmp_path, answers):
    told = {answer["at"]: answer for answer in answers("full_disk.py", tmp_path)}
    assert set(told) == {"append", "publish", "seal", "append after"}
    for at in ("append", "publish", "seal"):
        assert told[at]["error"] == "StoreError", told[at]
        assert "full" in told[at]["words"] or "cannot be" in told[at]["words"], told[at]
        assert "13812345678" not in told[at]["words"]
    assert told["append after"] == {"at": "append after", "stored": 1000}
    assert [path.name for path in (tmp_path / "lake").glob("*.part*")] == []
    assert {snapshot.name for snapshot in published.snapshots()} == {"g000001", "g000002"}
    with published.open() as view:
        assert view.count(view.table("identity")) == 1000


def test_a_builder_in_another_process_is_named(published, tmp_path, python):
    child = python(HERE / "slow_build.py", tmp_path)
    assert child.stdout.readline() == "building\n"
    with pytest.raises(Busy, match=f"Another process is building the data. Got pid {child.pid}"), published.build(carry=[]):
        pass
    with published.open() as view:
        assert view.snapshot == "g000001"
    child.kill()
    child.communicate()
    with published.build(carry=[]) as build:
        assert build.snapshot == "g000002"
