"""The folder of an invented company: whole or not at all, the same bytes everywhere, readable by our own readers."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

import zhiyin
from zhiyin.app.recipes.sandbox import MOST_CUSTOMERS, MOST_DAYS, Plan, invent
from zhiyin.app.recipes.truth_file import open_truth
from zhiyin.collect.formats import open_file
from zhiyin.core.errors import NotFound, StoreError, UsageError
from zhiyin.sandbox.scenarios.registry import SCENARIOS

WRITE = """
import sys
from pathlib import Path
from zhiyin.app.recipes.sandbox import Plan, invent
invent(Path(sys.argv[1]), Plan(40, 30, 7, "finance"), progress=lambda stage, done: None)
"""
LITTLE_ROOM = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
"""


def _quiet(stage, done):
    pass


def _made(folder: Path, **plan: object) -> Path:
    invent(folder, Plan(**{"customers": 40, "days": 30, **plan}), progress=_quiet)
    return folder


def _bytes(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.slow
def test_the_same_seed_writes_the_same_bytes_in_any_process(tmp_path):
    here = _bytes(_made(tmp_path / "here", scenario="finance"))
    for name, settings in {
        "one": {"PYTHONHASHSEED": "1", "LC_ALL": "C"},
        "two": {"PYTHONHASHSEED": "22", "LANG": "zh_CN.GB18030", "TZ": "Asia/Tokyo"},
    }.items():
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(zhiyin.__file__).parents[1]), **settings}
        call = [sys.executable, "-c", WRITE, str(tmp_path / name)]
        subprocess.run(call, check=True, env=environment)
        assert _bytes(tmp_path / name) == here
    assert _bytes(_made(tmp_path / "other", scenario="finance", seed=8)) != here


@pytest.mark.slow
@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_every_source_is_opened_by_the_import_and_none_is_of_the_truth(tmp_path, scenario):
    folder = _made(tmp_path / "out", customers=60, scenario=scenario)
    sources = tomllib.loads((folder / "sources.toml").read_text("utf-8"))["source"]
    for source in sources:
        files = sorted(folder.glob(source["file"]))
        assert files
        assert not source["file"].startswith("truth")
        for file in files:
            columns = list(source["columns"].values())
            opened = open_file(file, columns)
            assert set(columns) <= set(opened.header), file.name
            assert sum(block.columns.num_rows for block in opened.read(columns)) > 0, file.name


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
@pytest.mark.parametrize(("customers", "days"), [(1, 1), (10, 1), (1, 40), (10, 40)])
def test_a_small_company_is_whole(tmp_path, scenario, customers, days):
    folder = _made(tmp_path / "out", customers=customers, days=days, scenario=scenario)
    truth = open_truth(folder / "truth")
    assert truth.ends_on == date(2026, 11, 1)
    for name in truth.rows:
        assert (folder / "truth" / name).is_file()
    sky = (folder / "天气.csv").read_text("utf-8").splitlines()[1:]
    assert {line[:10] for line in sky} == {str(date(2026, 11, 1) - timedelta(days=back)) for back in range(days)}
    assert all(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def test_the_manifest_tells_what_was_written(tmp_path):
    folder = _made(tmp_path / "out")
    manifest = json.loads((folder / "truth" / "manifest.json").read_text("utf-8"))
    assert {name: manifest[name] for name in ("format", "scenario", "seed", "customers", "days", "begins_on", "ends_on", "future_days")} == {
        "format": 1, "scenario": "appliances", "seed": 7, "customers": 40, "days": 30, "begins_on": "2026-10-03",
        "ends_on": "2026-11-01", "future_days": 28,
    }  # fmt: skip
    for name, told in manifest["files"].items():
        content = (folder / "truth" / name).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), content.count(b"\n") - 1) == (told["sha256"], told["rows"])
    assert {file.name for file in (folder / "truth").iterdir()} == {*manifest["files"], "manifest.json"}


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match="This folder is not empty. Got "):
        _made(tmp_path)
    with pytest.raises(UsageError, match="not empty. Got mine.txt"):
        _made(tmp_path / "mine.txt")
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled_also_where_one_stands(tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")
    _made(Path())
    assert (tmp_path / "out" / "sources.toml").is_file()
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_what_an_unfinished_try_left_is_removed(tmp_path):
    (tmp_path / "out" / "sandbox.part").mkdir(parents=True)
    (tmp_path / "out" / "sandbox.part" / "old.csv").write_text("x")
    folder = _made(tmp_path / "out")
    assert not list(folder.rglob("old.csv")) + list(folder.glob("*.part"))


@pytest.mark.parametrize(
    ("plan", "name", "most"),
    [({"customers": 0}, "--customers 0", MOST_CUSTOMERS), ({"customers": MOST_CUSTOMERS + 1}, f"--customers {MOST_CUSTOMERS + 1}", MOST_CUSTOMERS),
     ({"days": 0}, "--days 0", MOST_DAYS), ({"days": -3}, "--days -3", MOST_DAYS), ({"days": MOST_DAYS + 1}, f"--days {MOST_DAYS + 1}", MOST_DAYS)],
)  # fmt: skip
def test_an_impossible_company_is_refused(tmp_path, plan, name, most):
    with pytest.raises(UsageError, match=f"Such a company cannot be made. Got {name}. Fix: .* from 1 to {most}"):
        _made(tmp_path / "out", **plan)
    assert not list(tmp_path.iterdir())


def test_an_unknown_scenario_lists_those_that_there_are(tmp_path):
    with pytest.raises(NotFound, match="no such scenario. Got bakery. Fix: Use one of appliances, saas, restaurant, finance"):
        _made(tmp_path / "out", scenario="bakery")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("there", [False, True])
def test_a_full_disk_leaves_nothing_behind(tmp_path, there):
    (tmp_path / "deep").mkdir()
    if there:
        (tmp_path / "deep" / "out").mkdir()
    before = sorted(tmp_path.rglob("*"))
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(zhiyin.__file__).parents[1])}
    call = [sys.executable, "-c", LITTLE_ROOM + WRITE, str(tmp_path / "deep" / "out" if there else tmp_path / "deep" / "er" / "out")]
    done = subprocess.run(call, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode != 0
    assert "The disk is full." in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_a_disk_that_is_full_at_the_very_end_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StoreError, match="The disk is full. Got manifest.json"):
        _made(tmp_path / "out", days=2)
    assert not list(tmp_path.iterdir())


def test_who_stops_it_leaves_nothing_behind(tmp_path):
    def stopped(stage, done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        invent(tmp_path / "out", Plan(10, 5), progress=stopped)
    assert not list(tmp_path.iterdir())


def test_the_answer_is_what_lies_there(tmp_path):
    answer = invent(tmp_path / "out", Plan(40, 30), progress=_quiet).answer()
    assert (answer["customers"], answer["days"], answer["seed"], answer["scenario"]) == (40, 30, 7, "appliances")
    written = {str(file.relative_to(tmp_path / "out")) for file in (tmp_path / "out").rglob("*") if file.is_file()}
    assert set(answer["rows"]) == written - {"truth/manifest.json"}
    assert answer["bytes"] == sum(
        file.stat().st_size for file in (tmp_path / "out").rglob("*") if file.is_file() and file.name != "manifest.json"
    )
