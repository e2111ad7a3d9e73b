"""Runs in a process of its own: publishes a generation in a child for each step there is, killing the child at that step.

Steps are counted by wrapping every call by which a file system is changed, before and after each. Prints one JSON line a step.
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path

from zhiyin.core import files
from zhiyin.store.generations import Generations

CHANGES = ("open", "replace", "fsync", "unlink", "rmdir", "write", "mkdir")
KEY = b"l" * 32


def kill_at(target):
    """Wrap the calls; returns where the count stands."""
    steps = [0]

    def step():
        steps[0] += 1
        if steps[0] == target:
            os.kill(os.getpid(), signal.SIGKILL)

    def wrapped(real):
        def call(*arguments, **named):
            step()
            answer = real(*arguments, **named)
            step()
            return answer

        return call

    for name in CHANGES:
        setattr(os, name, wrapped(getattr(os, name)))
    return steps


def publish(folder, content):
    generations = Generations(folder, KEY)
    generations.sweep()
    built = generations.next_path()
    files.write_safely(built, content)
    generations.publish(built, at="2026-11-21T00:00:00+00:00")
    generations.prune(2)


def attempt(folder, target):
    """Publish in a child that is killed at a step; True when it was, False when there are no more steps."""
    child = os.fork()
    if child == 0:
        kill_at(target)
        publish(folder, b"new")
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def seen(folder):
    """What a reader gets now: the content of the current generation, verified."""
    generations = Generations(folder, KEY)
    current = generations.current()
    assert current is None or current in generations.published()
    return [current.name, generations.verified(current).read_text()] if current else []


def main(start):
    folder = Path(start)
    for content in (b"first", b"old"):
        folder.mkdir(exist_ok=True)
        publish(folder, content)
    target, killed = 1, True
    while killed:
        work = folder.with_name(f"{folder.name}-{target}")
        shutil.copytree(folder, work)
        (work / "spill-1-dead").mkdir()
        killed = attempt(work, target)
        after = seen(work)
        publish(work, b"next")
        left = sorted(path.name for path in work.iterdir())
        print(json.dumps({"step": target, "killed": killed, "after": after, "healed": seen(work), "left": left}), flush=True)
        shutil.rmtree(work)
        target += 1


if __name__ == "__main__":
    main(sys.argv[1])
