"""kill -9 at twenty moments of `zhiyin run`: the last good list is always there, whole, and the next run works."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import zhiyin
from journeys.killed_run import DAYS, DRAWN
from journeys.shop import opened

SETTINGS = """
[contact]
holdout_share = 0.0

[lake]
threads = 1

[[source]]
name = "till"
file = "orders.csv"
columns = { customer = "c", order_id = "o", product_id = "p", amount = "a", ordered_at = "t" }
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    folder = opened(tmp_path_factory.mktemp("killed") / "shop", SETTINGS)
    rows = [f"D{n},M{n % 5},P{n % 3},{200 + 10 * n},2026-0{1 + n // 2}-1{n % 9} 10:00" for n in range(12)]
    (folder / "orders.csv").write_text("\n".join(["o,c,p,a,t", *rows]), "utf-8")
    with zhiyin.open(folder) as workspace:
        workspace.import_()
    script = Path(__file__).with_name("killed_run.py")
    code = f"import runpy, sys; sys.path[:0] = {sys.path!r}; sys.argv = ['', {str(folder)!r}, '7']; runpy.run_path({str(script)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_killed_run_leaves_the_old_list_or_the_new_one_and_nothing_else(told):
    good, *kills, last = told
    assert good[DAYS[0]]["list"] != good[DAYS[1]]["list"]
    assert [kill["signal"] for kill in kills] == [signal.SIGKILL] * 20
    assert Counter(kill["place"][0] for kill in kills) == DRAWN
    for kill in kills:
        (day,) = kill["after"]["days"]
        assert day in (kill["before"], kill["wanted"]), kill
        assert kill["after"] == good[day], kill
    assert (last["next"], last["after"]) == (0, good[last["wanted"]])
    left = last["left"]
    assert (left["half"], left["sick"]) == ([], [])
    assert left["generations"] <= 3
    assert left["models"] <= 3
