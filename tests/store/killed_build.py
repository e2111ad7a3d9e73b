"""Runs in a process of its own: builds and publishes, or changes a key, in children that are killed at the step that is named."""

import json
import os
import signal
import sys
from pathlib import Path

import pyarrow as pa

from zhiyin.store.engine import Engine
from zhiyin.store.generations import Generations
from zhiyin.store.keys import derive_keys
from zhiyin.store.lake import Lake
from zhiyin.store.vault import Vault


def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(owner, name):
    real = getattr(owner, name)

    def call(*arguments, **named):
        real(*arguments, **named)
        die()

    setattr(owner, name, call)


def build(folder, step):
    lake = Lake(folder / "lake", derive_keys(b"k" * 32).lake, memory_mb=128, threads=1, keep=2)
    after = {"attached": "attach", "written out": "write_out", "detached": "detach"}
    if step in after and step != "detached":
        die_after(Engine, after[step])
    with lake.build(carry=["customer"]) as made:
        if step == "detached":  # only now: carrying detaches the old generation
            die_after(Engine, "detach")
        made.append("identity", pa.table({"record_id": [f"r{n}" for n in range(20_000)], "customer_id": ["c"] * 20_000}))
        if step == "appended":
            die()
        if step == "before the swap":
            Generations._write = die
        if step == "before pruning":
            Generations.prune = die
        made.publish()
    if step == "published":
        die()


def rotate(folder, step):
    vault = Vault(folder / "vault.db", derive_keys(b"k" * 32))
    real = os.replace

    def replace(*arguments):
        if step == "copied":
            die()
        real(*arguments)
        die()

    os.replace = replace
    vault.rotate(derive_keys(b"n" * 32))


def rekey(folder, step):
    lake = Lake(folder / "lake", derive_keys(b"k" * 32).lake, memory_mb=128, threads=1, keep=2)
    (die_after if step == "swapped" else lambda owner, name: setattr(owner, name, die))(Generations, "publish")
    lake.rekey(derive_keys(b"n" * 32).lake)


WORK = {"build": build, "rotate": rotate, "rekey": rekey}


def main(cases):
    """Each case `folder|what|step` in a child of its own; prints by which signal it ended."""
    for case in cases:
        folder, what, step = case.split("|")
        child = os.fork()  # before any engine has started its threads
        if child == 0:
            WORK[what](Path(folder), step)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        print(json.dumps({"case": f"{what}|{step}", "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
