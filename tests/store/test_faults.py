"""What a kill, a full disk or a second builder may not do, in processes of their own."""

import contextlib
import shutil
import signal
from pathlib import Path

import pytest

from zhiyin.core.errors import Busy, KeyProblem
from zhiyin.store.keys import derive_keys
from zhiyin.store.lake import Lake
from zhiyin.store.vault import Vault

HERE = Path(__file__).parent
pytestmark = pytest.mark.slow


BUILDS = {
    "attached": "g000001",
    "appended": "g000001",
    "written out": "g000001",
    "detached": "g000001",
    "before the swap": "g000001",
    "before pruning": "g000002",
    "published": "g000002",
}
ROTATIONS = {"copied": b"k", "swapped": b"n"}
REKEYS = {"built": (b"k", b"n"), "swapped": (b"n", b"k")}


@pytest.fixture(scope="module")
def killed(tmp_path_factory, first_generation, answers, keys):
    """A folder a case, left by a process that was killed at that step: (what, step) -> folder."""
    top, folders = tmp_path_factory.mktemp("killed"), {}
    for what, step in [
        *(("build", step) for step in BUILDS),
        *(("rotate", step) for step in ROTATIONS),
        *(("rekey", step) for step in REKEYS),
    ]:
        folder = folders[what, step] = top / f"{what} {step}"
        folder.mkdir()
        shutil.copytree(first_generation, folder / "lake")
        with contextlib.closing(Vault(folder / "vault.db", keys)) as vault:
            vault.seal([("r1", "name", "王小明")])
    told = answers("killed_build.py", *(f"{folder}|{what}|{step}" for (what, step), folder in folders.items()))
    assert [answer["signal"] for answer in told] == [signal.SIGKILL] * len(folders)
    return folders


def lake_of(folder, master=b"k"):
    return Lake(folder / "lake", derive_keys(master * 32).lake, memory_mb=128, threads=1, keep=2)


@pytest.mark.parametrize("step", BUILDS)
def test_a_killed_build_leaves_the_last_good_generation(killed, step):
    folder, now = killed["build", step], BUILDS[step]
    lake = lake_of(folder)
    with lake.open() as view:
        assert (view.snapshot, view.has("identity")) == (now, now == "g000002")
        assert view.count(view.table("customer")) == 3
    with lake.build(carry=["customer"]) as build:
        build.publish()
    kept = {f"{snapshot.name}{ending}" for snapshot in lake.snapshots() for ending in (".duckdb", ".json")}
    assert {path.name for path in (folder / "lake").iterdir()} == kept | {"CURRENT.json", "builder.lock"}


@pytest.mark.parametrize("step", ROTATIONS)
def test_a_killed_change_of_the_master_key_leaves_one_key_right(killed, step):
    folder = killed["rotate", step]
    with contextlib.closing(Vault(folder / "vault.db", derive_keys(ROTATIONS[step] * 32))) as again:
        assert again.open(["r1"], ["name"]) == {"r1": {"name": "王小明"}}
        assert again.find("name", "王小明") == ["r1"]
    assert not list(folder.glob("*.part*"))


@pytest.mark.parametrize("step", REKEYS)
def test_a_killed_change_of_the_lake_key_leaves_one_key_right(killed, step):
    folder, (master, other) = killed["rekey", step], REKEYS[step]
    lake = lake_of(folder, master)
    with lake.open() as view:
        assert view.count(view.table("customer")) == 3
    with pytest.raises(KeyProblem, match="another key"):
        lake_of(folder, other).open()
    with lake.build(carry=["customer"]) as build:
        build.publish()
    assert not list((folder / "lake").glob("*.part*"))


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
