import os

import pytest

from zhiyin.core.errors import KeyProblem, NotFound, StoreError
from zhiyin.store.generations import Generations

KEY = b"l" * 32
AT = "2026-11-21T00:00:00+00:00"


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def generations(folder):
    return Generations(folder, KEY)


def publish(generations, content):
    built = generations.next_path()
    built.write_bytes(content)
    return generations.publish(built, at=AT)


def test_nothing_was_published(generations):
    assert generations.current() is None
    assert generations.published() == []
    assert generations.prune(1) == []
    assert generations.sweep() == []


def test_the_pointer_names_the_last_one(generations):
    publish(generations, b"one")
    second = publish(generations, b"two")
    assert generations.current() == second
    assert [snapshot.name for snapshot in generations.published()] == ["g000001", "g000002"]
    assert generations.verified(second).read_bytes() == b"two"
    assert second.bytes == 3
    assert second.published_at == AT


def test_kill_at_every_step_of_publishing_leaves_the_old_or_the_new_one(tmp_path, answers):
    steps = answers("killed.py", tmp_path / "lake")
    assert len(steps) > 40
    assert all(step["killed"] for step in steps[:-1])
    old, new = ["g000002", "old"], ["g000003", "new"]
    assert steps[0]["after"] == old
    assert steps[-1]["after"] == new
    swaps = [step["after"] for step in steps]
    assert swaps == sorted(swaps)  # old until one step, new from then on: there is one moment of change
    assert {tuple(after) for after in swaps} == {tuple(old), tuple(new)}
    for step in steps:
        assert step["healed"][1] == "next"
        assert all(name.startswith("g0000") or name == "CURRENT.json" for name in step["left"]), step
        assert len(step["left"]) == 5, step  # two generations with their manifests, and the pointer


def test_prune_keeps_the_latest_and_the_current(generations):
    for content in (b"1", b"2", b"3", b"4"):
        publish(generations, content)
    generations.point_to("g000001")
    assert generations.prune(2) == ["g000002", "g000003"]
    assert [snapshot.name for snapshot in generations.published()] == ["g000001", "g000004"]
    assert generations.current().name == "g000001"


def test_going_back_does_not_use_a_number_twice(generations):
    publish(generations, b"1")
    publish(generations, b"2")
    generations.point_to("g000001")
    assert publish(generations, b"3").name == "g000003"


@pytest.mark.parametrize("pointer", [None, "", "{}"])
def test_a_kept_one_takes_the_place_of_a_lost_or_damaged_pointer(generations, folder, pointer):
    publish(generations, b"1")
    publish(generations, b"2")
    (folder / "CURRENT.json").unlink() if pointer is None else (folder / "CURRENT.json").write_text(pointer)
    with pytest.raises(NotFound, match="Got g000009. Fix: Use one of g000001, g000002"):
        generations.point_to("g000009")
    assert generations.point_to("g000001").name == "g000001"
    assert generations.current().name == "g000001"
    assert publish(generations, b"3").name == "g000003"


def test_a_pointer_under_another_key_is_left_alone(generations, folder):
    publish(generations, b"1")
    with pytest.raises(KeyProblem):
        Generations(folder, b"another key" * 3).point_to("g000001")


def test_a_snapshot_that_is_not_kept(generations):
    publish(generations, b"1")
    with pytest.raises(NotFound, match="no such snapshot. Got g000009. Fix: Use one of g000001"):
        generations.named("g000009")


@pytest.mark.parametrize("content", [b"", b"on", b"oNe", b"one and more", None])
def test_a_cut_changed_or_missing_file_is_refused(generations, content):
    snapshot = publish(generations, b"one")
    path = generations.path(snapshot.name)
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged or was replaced" if content is not None else "A data file is missing. Got g000001"):
        generations.verified(snapshot)


def test_a_file_put_in_the_place_of_another_is_refused(generations):
    first, second = publish(generations, b"one"), publish(generations, b"two")
    os.replace(generations.path(first.name), generations.path(second.name))
    with pytest.raises(StoreError, match="g000002.duckdb, 3 bytes of 3"):
        generations.verified(second)


def test_a_change_after_the_first_check_is_seen(generations):
    snapshot = publish(generations, b"one")
    generations.verified(snapshot)
    generations.path(snapshot.name).write_bytes(b"oNe")
    with pytest.raises(StoreError, match="damaged"):
        generations.verified(snapshot)


def test_an_edited_manifest_is_refused(generations, folder):
    publish(generations, b"one")
    pointer = folder / "CURRENT.json"
    pointer.write_text(pointer.read_text().replace('"bytes": 3', '"bytes": 4'))
    with pytest.raises(StoreError, match="manifest of a snapshot was changed. Got CURRENT.json"):
        generations.current()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"name": 1}'])
def test_an_unreadable_manifest_is_refused(generations, folder, text):
    publish(generations, b"one")
    (folder / "CURRENT.json").write_text(text)
    with pytest.raises(StoreError, match="manifest of a snapshot is unreadable. Got CURRENT.json"):
        generations.current()


def test_a_lost_pointer_is_not_taken_for_an_empty_lake(generations, folder):
    publish(generations, b"one")
    publish(generations, b"two")
    (folder / "CURRENT.json").unlink()
    with pytest.raises(StoreError, match="file that names the current data is missing"):
        generations.current()


def test_another_key_is_named_as_the_problem(generations, folder):
    publish(generations, b"one")
    with pytest.raises(KeyProblem, match="written with another key"):
        Generations(folder, b"x" * 32).current()


def test_a_generation_of_another_workspace_is_no_snapshot_of_ours(generations, folder, tmp_path):
    publish(generations, b"one")
    publish(generations, b"two")
    (tmp_path / "other").mkdir()
    other = Generations(tmp_path / "other", b"x" * 32)
    publish(other, b"two")
    for name in ("g000001.duckdb", "g000001.json"):
        os.replace(tmp_path / "other" / name, folder / name)
    assert [snapshot.name for snapshot in generations.published()] == ["g000002"]
    assert generations.sweep() == ["g000001"]


def test_a_failed_publish_gives_its_space_back(generations, folder, monkeypatch):
    publish(generations, b"one")
    real = Generations._write

    def full(self, path, content):
        if path.name == "CURRENT.json":
            raise OSError(28, "No space left on device")
        real(self, path, content)

    monkeypatch.setattr(Generations, "_write", full)
    with pytest.raises(OSError, match="No space"):
        publish(generations, b"two")
    assert sorted(path.name for path in folder.glob("g*")) == ["g000001.duckdb", "g000001.json"]
    assert generations.current().name == "g000001"


def test_the_key_can_change_with_a_publish(generations, folder):
    publish(generations, b"one")
    renewed = b"n" * 32
    publish(Generations(folder, KEY, new_key=renewed), b"two")
    assert Generations(folder, renewed).current().name == "g000002"
    with pytest.raises(KeyProblem, match="another key"):
        generations.current()
    assert Generations(folder, renewed).sweep() == ["g000001"]
