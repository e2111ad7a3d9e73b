"""The live loop works in a process of its own: it hears of every commit, is replaced when it dies, and never outlives the door."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from app.intake import TRACK
from served import running
from zhiyin.app.beside import beside
from zhiyin.app.live import has_followed
from zhiyin.app.serving import open_serving

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs /proc")]


def _children(pid: int) -> set[int]:
    return {int(child) for file in Path(f"/proc/{pid}/task").glob("*/children") for child in file.read_text().split()}


def _until(condition, seconds=60):
    for _ in range(seconds * 20):
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("not in time")


def _send(serving, number: int) -> None:
    body = json.dumps({"batch": [{**TRACK, "messageId": f"m{number}"}]}).encode()
    serving.keep("web", serving.look("segment:batch", body, headers={})).result()


def test_a_loop_that_dies_is_replaced_and_the_door_takes_it_along(home):
    before = _children(os.getpid())
    with open_serving(home, companions=[beside]) as serving:
        _send(serving, 1)
        _until(lambda: has_followed(home))
        [loop] = _children(os.getpid()) - before
        os.kill(loop, signal.SIGKILL)
        _send(serving, 2)
        _until(lambda: has_followed(home))
        assert _children(os.getpid()) - before not in ({loop}, set())
    assert _children(os.getpid()) == before


def test_a_loop_ends_when_its_door_is_killed(tmp_path):
    with running(tmp_path / "shop") as server:
        [loop] = _until(lambda: _children(server.pid))
        _until(lambda: b"beside" in Path(f"/proc/{loop}/cmdline").read_bytes())
        server.kill()
        assert _until(lambda: not Path(f"/proc/{loop}").exists() or "Z" in Path(f"/proc/{loop}/stat").read_text().rpartition(")")[2][:3])
