import fcntl
import os
import subprocess
import sys

import pytest

from zhiyin.core.errors import Busy
from zhiyin.core.words import Say
from zhiyin.store.lock import held_alone, is_held, remove_unless_held

WORK = Say("正在忙。", "Somebody works here.")


def test_the_second_is_turned_away_with_the_pid_of_the_first(tmp_path):
    with held_alone(tmp_path / "lock", WORK), pytest.raises(Busy, match=f"Somebody works here. Got pid {os.getpid()}"):
        held_alone(tmp_path / "lock", WORK).__enter__()


def test_it_is_free_again_afterwards_and_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), held_alone(tmp_path / "lock", WORK):
        _ = 1 / 0
    with held_alone(tmp_path / "lock", WORK):
        assert is_held(tmp_path / "lock")
    assert not is_held(tmp_path / "lock")


def test_a_killed_holder_lets_go(tmp_path):
    code = "import fcntl, os, sys; d = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT); fcntl.flock(d, fcntl.LOCK_EX); print(1, flush=True); input()"
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "lock")], stdout=subprocess.PIPE, stdin=subprocess.PIPE)
    child.stdout.readline()
    assert is_held(tmp_path / "lock")
    child.kill()
    child.communicate()
    with held_alone(tmp_path / "lock", WORK):
        assert (tmp_path / "lock").read_text() == str(os.getpid())


def test_a_folder_goes_unless_somebody_holds_it(tmp_path):
    folder = tmp_path / "spill"
    (folder / "deep").mkdir(parents=True)
    hold = os.open(folder, os.O_RDONLY)
    fcntl.flock(hold, fcntl.LOCK_SH)
    remove_unless_held(folder)
    assert (folder / "deep").is_dir()
    os.close(hold)
    remove_unless_held(folder)
    remove_unless_held(folder)
    assert not folder.exists()
