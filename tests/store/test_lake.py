import os
import threading
from pathlib import Path

import pytest

from zhiyin.core.errors import Busy, KeyProblem, NotFound, StoreError
from zhiyin.core.tables import TABLES
from zhiyin.store.lake import Lake


def files(lake):
    return sorted(path.name for path in lake._folder.iterdir())


def write(lake, rows, *ids, carry=()):
    with lake.build(carry=carry) as build:
        build.write("customer", rows("customer", customer_id=list(ids)))
        return build.publish()


def ids(lake, name=None):
    with lake.open(name) as view:
        return view.frame(view.table("customer"))["customer_id"].tolist()


def test_before_the_first_publish(lake):
    assert lake.current() is None
    assert lake.snapshots() == []
    with pytest.raises(NotFound, match="There are no data yet. Fix: Run `zhiyin import` first."):
        lake.open()


def test_publishing_and_reading(lake, rows):
    snapshot = write(lake, rows, "c1")
    assert lake.current() == snapshot
    assert ids(lake) == ["c1"]
    assert files(lake) == ["CURRENT.json", "builder.lock", "g000001.duckdb", "g000001.json"]
    assert {path.stat().st_mode & 0o777 for path in lake._folder.iterdir()} == {0o600}


def test_a_build_that_is_left_has_not_happened(published, rows):
    before = files(published)
    with pytest.raises(ZeroDivisionError), published.build(carry=[]) as build:
        build.write("customer", rows("customer", customer_id=["c9"]))
        _ = 1 / 0
    with published.build(carry=[]):
        pass
    with pytest.raises(KeyboardInterrupt), published.build(carry=[]):
        raise KeyboardInterrupt
    assert ids(published) == ["c1", "c2", "c3"]
    assert files(published) == before


def test_named_tables_are_carried_and_others_are_not(published, rows):
    with published.build(carry=TABLES) as build:
        build.write("identity", rows("identity", record_id=["r1"]))
        build.publish()
    with published.build(carry=["identity", "order_line"]) as build:
        assert build.tables() == ["identity"]
        build.publish()
    with published.open() as view:
        assert view.tables() == ["identity"]


def test_a_table_to_carry_must_exist(published):
    with pytest.raises(NotFound, match="There is no such table. Got customers"), published.build(carry=["customers"]):
        pass


def test_the_erased_stay_behind(published, rows):
    with published.build(carry=TABLES) as build:
        build.write("identity", rows("identity", record_id=["c1", "r1", "c2"], customer_id=["c1", "c1", "c2"]))
        build.write("record", rows("record", record_id=["c1", "r1", "c2"]))
        build.publish()
    with published.build(carry=TABLES, erased=["c1", "r1"]) as build:
        build.publish()
    with published.open() as view:
        kept = {name: view.frame(view.table(name)).iloc[:, 0].tolist() for name in view.tables()}
    assert kept == {"record": ["c2"], "identity": ["c2"], "customer": ["c2", "c3"]}
    assert published.prune(keep=1) == ["g000002"]


def test_old_generations_are_kept_as_said(lake, rows):
    for n in range(4):
        write(lake, rows, f"c{n}")
    assert [snapshot.name for snapshot in lake.snapshots()] == ["g000003", "g000004"]
    assert ids(lake, "g000003") == ["c2"]
    with pytest.raises(NotFound, match="no such snapshot. Got g000001. Fix: Use one of g000003, g000004"):
        lake.open("g000001")


def test_an_open_reader_reads_on_after_its_generation_was_removed(lake, rows):
    write(lake, rows, "c1")
    with lake.open() as view:
        for n in range(3):
            write(lake, rows, f"d{n}")
        assert not (lake._folder / "g000001.duckdb").exists()
        assert view.frame(view.table("customer"))["customer_id"].tolist() == ["c1"]


def test_a_second_builder_is_turned_away(published):
    with published.build(carry=[]), pytest.raises(Busy, match=f"Another process is building the data. Got pid {os.getpid()}"):
        published.build(carry=[]).__enter__()
    with published.build(carry=[]), pytest.raises(Busy, match="building"):
        published.prune(keep=1)


def test_going_back_to_an_earlier_snapshot(lake, rows):
    write(lake, rows, "c1")
    write(lake, rows, "c2")
    lake.point_to("g000001")
    assert ids(lake) == ["c1"]
    assert write(lake, rows, "c3").name == "g000003"


@pytest.mark.parametrize("damage", ["flip", "cut", "swap", "remove"])
def test_a_damaged_generation_is_refused_and_not_copied_on(lake, rows, damage):
    write(lake, rows, "c1")
    write(lake, rows, "c2")
    path = lake._folder / "g000002.duckdb"
    content = path.read_bytes()
    if damage == "flip":
        path.write_bytes(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])
    elif damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "swap":
        os.replace(lake._folder / "g000001.duckdb", path)
    else:
        path.unlink()
    with pytest.raises(StoreError, match="damaged or was replaced|A data file is missing"):
        lake.open()
    with pytest.raises(StoreError, match="damaged or was replaced|A data file is missing"), lake.build(carry=TABLES):
        pass
    if damage != "remove":
        with pytest.raises(StoreError, match="g000002"):
            lake.verify()


def test_a_wrong_key_is_named_and_not_shown(published):
    wrong = Lake(published._folder, b"w" * 32, memory_mb=256, threads=1, keep=2)
    for ask in (wrong.current, wrong.snapshots, wrong.open, lambda: wrong.build(carry=[]).__enter__()):
        with pytest.raises(KeyProblem, match="written with another key") as problem:
            ask()
        assert "wwww" not in str(problem.value)
        assert "7777" not in str(problem.value)


def test_the_key_can_be_changed(published, rows):
    write(published, rows, "c5")
    renewed = published.rekey(b"n" * 32)
    assert ids(renewed) == ["c5"]
    assert [snapshot.name for snapshot in renewed.snapshots()] == ["g000003"]
    with pytest.raises(KeyProblem, match="another key"):
        published.open()
    assert len(renewed.verify()) == 1


@pytest.mark.slow
def test_readers_are_never_blocked_by_a_writer(lake, rows):
    """Eight readers open and read all the time while generations are published and pruned under them."""
    write(lake, rows, "c1")
    tight = Lake(lake._folder, lake._key, memory_mb=128, threads=1, keep=1)
    over, seen, problems = threading.Event(), [], []

    def read():
        while not over.is_set():
            try:
                with tight.open() as view:
                    count = view.cursor().execute("SELECT count(*) FROM lake.main.customer").fetchone()[0]
                    seen.append((int(view.snapshot[1:]), count))
            except Exception as problem:
                problems.append(problem)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    try:
        for n in range(2, 6):
            write(tight, rows, *(f"c{m}" for m in range(n)))
    finally:
        over.set()
        for reader in readers:
            reader.join()
    assert problems == []
    assert len(seen) >= 8
    assert all(number == count for number, count in seen)


def test_a_builder_does_not_mind_readers_that_come_and_go(lake, rows, monkeypatch):
    """A spill folder that is gone when the builder looks at it is nobody's."""
    write(lake, rows, "c1")
    real = Path.glob

    def glob(self, pattern):
        yield from real(self, pattern)
        if pattern.startswith("spill-"):
            yield self / "spill-1-just-closed"

    monkeypatch.setattr(Path, "glob", glob)
    assert write(lake, rows, "c2").name == "g000002"
