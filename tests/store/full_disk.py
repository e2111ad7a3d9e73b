"""Runs in a process of its own, in which no file may grow beyond a limit: what a full disk does. Prints one JSON line a step."""

import json
import resource
import sys
from pathlib import Path

import pyarrow as pa

from zhiyin.core.errors import ZhiyinError
from zhiyin.store.keys import derive_keys
from zhiyin.store.lake import Lake
from zhiyin.store.vault import Vault

UNLIMITED = resource.RLIM_INFINITY


def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, UNLIMITED))


def people(count):
    return pa.table(
        {"record_id": [f"r{n * 104729}" for n in range(count)], "customer_id": [f"13812345678{n * 7919}" for n in range(count)]}
    )


def tried(at, work):
    try:
        print(json.dumps({"at": at, "stored": work()}), flush=True)
    except ZhiyinError as problem:
        print(json.dumps({"at": at, "error": type(problem).__name__, "words": str(problem)}), flush=True)
    finally:
        limit(UNLIMITED)


def main(folder):
    keys = derive_keys(b"k" * 32)
    lake = Lake(folder / "lake", keys.lake, memory_mb=128, threads=1, keep=2)
    vault = Vault(folder / "vault.db", keys)

    def append(count, *, most=UNLIMITED, most_at_publish=UNLIMITED):
        with lake.build(carry=[]) as build:
            limit(most)
            stored = build.append("identity", people(count)).stored
            limit(most_at_publish)
            build.publish()
        return stored

    def seal():
        limit(300_000)
        return vault.seal((f"r{n}", "phone", f"13812345678{n}") for n in range(10_000))

    tried("append", lambda: append(400_000, most=1_000_000))
    tried("publish", lambda: append(5_000, most_at_publish=100_000))
    tried("seal", seal)
    assert vault.open(["r1"], ["phone"]) == {}
    vault.verify()
    tried("append after", lambda: append(1000))
    vault.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
