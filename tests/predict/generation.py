"""A generation with these tables, to run relations on."""

from __future__ import annotations

import contextlib

from zhiyin.store.lake import Lake


@contextlib.contextmanager
def published(folder, frames):
    """An open generation that holds the frames."""
    lake = Lake(folder / "lake", b"k" * 32, memory_mb=128, threads=1, keep=1)
    with lake.build(carry=[]) as build:
        for name, frame in frames.items():
            build.write(name, frame)
        build.publish()
    with lake.open() as view:
        yield view
