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
from collections import Counter
from pathlib import Path

import zhiyin
from zhiyin.cli.door import answered
from zhiyin.cli.main import app
from zhiyin.guard.access import OWNER, Access
from zhiyin.learn import shelf
from zhiyin.store.build import LakeBuild
from zhiyin.store.generations import Generations
from zhiyin.store.journal import Journal
from zhiyin.store.merges import MergeLog

DAYS = ("2026-07-01", "2026-07-02")
KEEPING = [(os, name) for name in ("replace", "rename", "fsync", "unlink", "rmdir", "mkdir")]
KEEPING += [(LakeBuild, name) for name in ("write_parts", "append", "scratch", "publish")]
KEEPING += [(Generations, name) for name in ("publish", "prune", "sweep")]
KEEPING += [(Journal, name) for name in ("start_run", "finish_run", "add_touches")]
KEEPING += [(MergeLog, "found")]
ANYWHERE, PUBLISHING, SAVING = "anywhere else", "publishing", "saving a model"
DRAWN = {PUBLISHING: 4, SAVING: 4, ANYWHERE: 12}


class Steps:
    """Counts the steps of a run in each place; at one of them says which it is, and kills the process."""

    def __init__(self, pipe, *, kill_at=None) -> None:
        self.pipe = pipe
        self.taken = Counter()
        self.kill_at = kill_at
        self.within = [ANYWHERE]
        for owner, name in KEEPING:
            setattr(owner, name, self._counted(owner, name))
        real = shelf.Shelf.save
        shelf.Shelf.save = lambda *given: self._inside(SAVING, real, *given)
        shelf._reached = self.step

    def step(self, what: str) -> None:
        place = self.within[-1]
        self.taken[place] += 1
        if [place, self.taken[place]] == self.kill_at:
            self.pipe.write(json.dumps([place, what]))
            self.pipe.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    def _counted(self, owner, name):
        real = getattr(owner, name)

        def call(*given, **named):
            self.step(f"before {name}")
            publishing = owner is LakeBuild and name == "publish"
            answer = self._inside(PUBLISHING, real, *given, **named) if publishing else real(*given, **named)
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
    """Do the work in a child: the signal by which it ended (0: none), and what it said."""
    reading, writing = os.pipe()
    child = os.fork()  # before any engine has started its threads
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "w") as pipe:
            json.dump(work(pipe), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    status = os.waitpid(child, 0)[1]
    return os.WTERMSIG(status), json.loads(said)


def command(*words):
    """The command line in this process: exit code and what it printed."""
    sys.argv = ["zhiyin", *map(str, words)]
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
        code = answered(app)
    logging.getLogger().handlers.clear()
    return code, out.getvalue()


def run(folder, day, *, kill_at=None):
    def work(pipe):
        steps = Steps(pipe, kill_at=kill_at)
        code = command("run", "--as-of", day, "--refit", "--json", "-w", folder)[0]
        return [code, steps.taken, sorted(sys.modules)]

    return in_child(work)


def look(folder):
    """What a reader gets now: the day of every table, the hash of the list, and whether list and audit log are whole."""

    def work(_):
        code, said = command("today", "--json", "-n", 0, "-w", folder)
        with zhiyin.open(folder) as workspace, workspace._guard() as guard:
            access = Access(OWNER, "analysis")
            days = {str(row["at_on"]) for table in ("profile", "prediction") for row in guard.rows(table, access, where={})}
            whole = workspace.audit()["ok"] and guard.count("next_step", access, where={"listed": True}) == len(json.loads(said))
        return {"code": code, "days": sorted(days), "list": hashlib.sha256(said.encode()).hexdigest(), "whole": whole}

    return in_child(work)[1]


def left_behind(folder):
    """Half-written files, what the doctor finds wrong, and how many generations and models are kept."""

    def work(_):
        lake, shelf_ = folder / "lake", folder / "models"
        half = [path.name for path in folder.rglob("*") if ".part" in path.name or path.name.startswith("spill-") or path.suffix == ".wal"]
        with zhiyin.open(folder) as workspace:
            sick = [row["name"] for row in workspace.doctor() if not row["ok"]]
        models = Counter(path.name.partition("-")[0] for path in shelf_.iterdir() if path.is_dir())
        return {"half": half, "sick": sick, "generations": len(list(lake.glob("g*.duckdb"))), "models": max(models.values())}

    return in_child(work)[1]


def drawn(taken, seed):
    """The steps to kill at, as place and number: some while publishing, some while a model is saved, the rest anywhere."""
    draw = random.Random(seed)  # noqa: S311 - chance with a seed
    chosen = [[place, at] for place, count in DRAWN.items() for at in draw.sample(range(1, taken[place] + 1), count)]
    draw.shuffle(chosen)
    return chosen


def main(folder, seed):
    for module in pkgutil.walk_packages(zhiyin.__path__, "zhiyin."):
        importlib.import_module(module.name)  # once for all children
    good = {}
    for day in DAYS:
        _, taken, needed = run(folder, day)[1]
        good[day] = look(folder)
        for name in needed:  # the libraries too, which a run imports where it needs them: 3 s less a child
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    print(json.dumps(good))
    now, other = DAYS[1], DAYS[0]
    for step in drawn(taken, seed):
        ended, place = run(folder, other, kill_at=step)
        after = look(folder)
        print(json.dumps({"signal": ended, "place": place, "before": now, "wanted": other, "after": after}))
        now, other = (other, now) if after["days"] == [other] else (now, other)
    code = run(folder, other)[1][0]
    print(json.dumps({"next": code, "wanted": other, "after": look(folder), "left": left_behind(folder)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
