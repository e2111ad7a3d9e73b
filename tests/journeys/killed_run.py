"""Runs in a process of its own: `zhiyin run` in children that are killed (SIGKILL) at steps drawn by a seed, one after the other.

Every step is a call by which something is kept: a file system call, a table of the build, a model, a row of the ledger; it counts
before and after. Prints one JSON line a kill: where it hit, by which signal the child ended, and what `today` answers then.
"""

import contextlib
import hashlib
import importlib
import io
import json
import logging
import os
import pkgutil
import random
import signal
import sys
from pathlib import Path

import zhiyin
from zhiyin.app.home import open_home
from zhiyin.cli.door import answered
from zhiyin.cli.main import app
from zhiyin.guard.access import OWNER, Access
from zhiyin.learn import shelf
from zhiyin.store.build import LakeBuild
from zhiyin.store.generations import Generations
from zhiyin.store.journal import Journal

DAYS = ("2026-07-01", "2026-07-02")
KEEPING = [(os, name) for name in ("replace", "rename", "fsync", "unlink", "rmdir", "mkdir")]
KEEPING += [(LakeBuild, name) for name in ("write", "append", "scratch", "publish")]
KEEPING += [(Generations, name) for name in ("publish", "prune", "sweep")]
KEEPING += [(Journal, name) for name in ("start_run", "finish_run", "add_merges", "add_touches")]
DRAWN = {"publishing": 5, "saving a model": 5, "anywhere else": 10}


class Steps:
    """Counts the steps of a run with the place of each; kills the process at one of them."""

    def __init__(self, *, kill_at: int = 0) -> None:
        self.places: list[str] = []
        self.kill_at = kill_at
        self.within = ["anywhere else"]
        for owner, name in KEEPING:
            setattr(owner, name, self._counted(owner, name))
        real = shelf.Shelf.save
        shelf.Shelf.save = lambda *given: self._inside("saving a model", real, *given)
        shelf._reached = lambda phase: self.step(phase)

    def step(self, what: str) -> None:
        self.places.append(f"{self.within[-1]}: {what}")
        if len(self.places) == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def _counted(self, owner, name):
        real = getattr(owner, name)

        def call(*given, **named):
            self.step(f"before {name}")
            publishing = owner is LakeBuild and name == "publish"
            answer = self._inside("publishing", real, *given, **named) if publishing else real(*given, **named)
            self.step(f"after {name}")
            return answer

        return call

    def _inside(self, place, real, *given, **named):
        self.within.append(place)
        try:
            return real(*given, **named)
        finally:
            self.within.pop()


def in_child(work):
    """Do the work in a child; its answer as JSON, or the signal by which it ended."""
    reading, writing = os.pipe()
    child = os.fork()  # before any engine has started its threads
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "w") as pipe:
            json.dump(work(), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    status = os.waitpid(child, 0)[1]
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else json.loads(said)


def command(*words):
    """The command line in this process: exit code and what it printed."""
    sys.argv = ["zhiyin", *map(str, words)]
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
        code = answered(app)
    logging.getLogger().handlers.clear()
    return code, out.getvalue()


def run(folder, day, *, kill_at=0):
    steps = Steps(kill_at=kill_at)
    return [command("run", "--as-of", day, "--refit", "--json", "-w", folder)[0], steps.places]


def look(folder):
    """What a reader gets now: the day of the list, the days of all tables of that day, and the hash of the list."""
    code, said = command("today", "--json", "-n", 0, "-w", folder)
    with zhiyin.open(folder) as workspace, workspace._guard() as guard:
        access = Access(OWNER, "analysis")
        days = {str(row["at_on"]) for table in ("profile", "prediction") for row in guard.rows(table, access, where={})}
        whole = workspace.audit()["ok"] and len(guard.rows("next_step", access, where={})) == len(json.loads(said))
    return [code, sorted(days), hashlib.sha256(said.encode()).hexdigest(), whole]


def left_behind(folder):
    """Half-written files, and what the doctor says."""
    names = [path.name for path in folder.rglob("*") if ".part" in path.name or path.name.startswith("spill-")]
    wals = [path.name for path in (folder / "lake").glob("*.wal")]
    with zhiyin.open(folder) as workspace:
        sick = [row["name"] for row in workspace.doctor() if not row["ok"]]
    home = open_home(folder)
    return [sorted(names + wals), sick, len(home.lake.snapshots()), sum(len(home.shelf.list(name)) > 3 for name in ("purchase", "churn"))]


def drawn(places, seed):
    """The steps to kill at: some while publishing, some while a model is saved, the rest anywhere."""
    draw = random.Random(seed)  # noqa: S311 - chance with a seed
    chosen = []
    for place, count in DRAWN.items():
        chosen += draw.sample([at for at, name in enumerate(places, 1) if name.startswith(place)], count)
    draw.shuffle(chosen)
    return chosen


def main(folder, seed):
    for module in pkgutil.walk_packages(zhiyin.__path__, "zhiyin."):
        importlib.import_module(module.name)  # once for all children
    lists = {}
    for day in DAYS:
        code, places = in_child(lambda day=day: run(folder, day))
        assert code == 0
        lists[day] = in_child(lambda: look(folder))
    print(json.dumps({"good": lists, "steps": len(places), "swap": 1 + max(at for at, name in enumerate(places) if "after replace" in name)}))
    now = DAYS[-1]
    for step in drawn(places, seed):
        other = DAYS[1 - DAYS.index(now)]
        ended = in_child(lambda other=other, step=step: run(folder, other, kill_at=step))
        after = in_child(lambda: look(folder))
        print(json.dumps({"step": step, "place": places[step - 1], "ended": ended, "before": now, "other": other, "after": after}))
        now = after[1][0]
    other = DAYS[1 - DAYS.index(now)]
    print(json.dumps({"next": in_child(lambda: run(folder, other))[0], "day": other, "after": in_child(lambda: look(folder))}))
    print(json.dumps({"left": in_child(lambda: left_behind(folder))}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
