"""Runs in a process of its own: starts a build and stays in it until it is killed."""

import sys
import time
from pathlib import Path

from zhiyin.store.keys import derive_keys
from zhiyin.store.lake import Lake

if __name__ == "__main__":
    lake = Lake(Path(sys.argv[1]) / "lake", derive_keys(b"k" * 32).lake, memory_mb=128, threads=1, keep=2)
    with lake.build(carry=[]):
        print("building", flush=True)
        time.sleep(600)
