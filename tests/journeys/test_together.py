"""Two at once, and Ctrl-C in the middle: the second is turned away, the first can be stopped, and what was published stays."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import zhiyin
from journeys.shop import DAY


@pytest.fixture
def running(another_shop: Path) -> Iterator[subprocess.Popen]:
    """`zhiyin run` in a process of its own, held still in the middle of its work: however slow the machine, it is not done yet."""
    # Ctrl-C as in a terminal, also where the tests run in the background and pass over it.
    code = f"import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); sys.path[:0] = {sys.path!r}; from zhiyin.cli.main import main; main()"
    words = ["run", "-w", another_shop, "--as-of", DAY, "--refit", "-v", "--lang", "zh"]
    child = subprocess.Popen([sys.executable, "-c", code, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        for line in child.stderr:
            if "table=profile_at" in line:
                break
        child.send_signal(signal.SIGSTOP)
        yield child
    finally:
        child.kill()
        child.communicate()


@pytest.mark.slow
def test_the_second_is_turned_away_and_the_first_can_be_stopped(another_shop, running, zhiyin_says):
    before = zhiyin_says("today", "--json", "-w", another_shop)
    for second in (["run"], ["run", "--as-of", DAY], ["import", "till"]):
        if second[0] == "import":
            (another_shop / "订单.csv").write_bytes((another_shop / "订单.csv").read_bytes() + b"\n")
        busy = zhiyin_says(*second, "-w", another_shop, "--json")
        assert (busy.code, busy.out) == (4, "")
        assert busy.error() == {
            "error": "Busy",
            "what": "Another process is building the data.",
            "got": f"pid {running.pid}",
            "fix": "Wait until it has ended and try again.",
        }
    assert zhiyin_says("today", "--json", "-w", another_shop) == before  # readers are never blocked

    running.send_signal(signal.SIGINT)
    running.send_signal(signal.SIGCONT)
    out, err = running.communicate()
    assert (running.returncode, out) == (130, "")
    assert "已停止；上一次发布的结果仍然完整。" in err
    assert "Traceback" not in err
    assert zhiyin_says("today", "--json", "-w", another_shop) == before
    lake = {path.name for path in (another_shop / "lake").iterdir()}
    assert lake == {"CURRENT.json", "builder.lock", "g000001.duckdb", "g000001.json", "g000002.duckdb", "g000002.json"}
    with zhiyin.open(another_shop) as workspace:
        assert [row["name"] for row in workspace.doctor() if not row["ok"]] == []
