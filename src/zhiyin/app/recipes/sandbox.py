"""An invented company in a folder: the files of its systems, and the truth beside them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from zhiyin.core.errors import UsageError
from zhiyin.core.files import MANIFEST, TEMPORARY, disk_errors
from zhiyin.core.words import Say
from zhiyin.sandbox.company import SOURCES, Company
from zhiyin.sandbox.truth import FOLDER, SOON_DAYS
from zhiyin.sandbox.world import LAST_DAY, World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhiyin.app.work import Progress
    from zhiyin.sandbox.exports.part import Part

__all__ = ["TRUTH", "Invented", "Plan", "invent"]

TRUTH = FOLDER  # the folder with the truth, within that of the exports

MOST_DAYS = 2400  # the holidays are known from 2020 on
MOST_CUSTOMERS = 5_000_000
_DRAFT = f"sandbox{TEMPORARY}"  # one that is left was not finished
_LIVE = Say("一天天经营", "Live day by day")
_CLOSE = Say("写出客户与真相", "Write customers and truth")


@dataclass(frozen=True)
class Plan:
    """What company is wanted: so many customers and days of history, which seed, what kind."""

    customers: int = 1000
    days: int = 180
    seed: int = 7
    scenario: str = "appliances"


@dataclass(frozen=True)
class Invented:
    """What was written: rows and bytes of each file."""

    folder: Path
    plan: Plan
    rows: dict[str, int]
    bytes: int

    def answer(self) -> dict[str, object]:
        """As plain values."""
        return {"folder": str(self.folder), **vars(self.plan), "rows": self.rows, "bytes": self.bytes}


@dataclass
class _Desk:
    """Where pieces of files are put together; the truth is fingerprinted while it is written."""

    folder: Path
    rows: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    prints: dict[str, hashlib._Hash] = field(default_factory=dict)

    def put(self, part: Part) -> None:
        """Add a piece to the end of its file."""
        content = part.body if part.file in self.rows else part.header + part.body
        file = self.folder / part.file
        with disk_errors(file.name):
            file.parent.mkdir(exist_ok=True)
            with file.open("ab") as sink:
                sink.write(content)
        self.rows[part.file] += part.rows
        self.bytes += len(content)
        if part.file.startswith(f"{FOLDER}/"):
            self.prints.setdefault(part.file, hashlib.sha256()).update(content)


def invent(folder: Path, plan: Plan, *, progress: Progress) -> Invented:
    """Write an invented company into a new folder: whole or not at all.

    Raises:
        UsageError: when the folder is not empty, or the company is impossible.
        NotFound: when there is no such scenario; lists those that exist.
        StoreError: when the disk is full.
    """
    _refuse(folder, plan)
    world = World(plan.scenario, customers=plan.customers, seed=plan.seed, begins=LAST_DAY - timedelta(days=plan.days - 1))
    with _draft(folder) as draft:
        desk = _Desk(draft)
        company = Company(world)
        for number in range(plan.days):
            progress(_LIVE, number / plan.days)
            for part in company.day():
                desk.put(part)
        progress(_LIVE, 1.0)
        progress(_CLOSE, None)
        for part in company.closed():
            desk.put(part)
        with disk_errors(MANIFEST):
            (draft / FOLDER / MANIFEST).write_bytes(json.dumps(_manifest(plan, world, desk), indent=1).encode())
        progress(_CLOSE, 1.0)
    return Invented(folder, plan, dict(sorted(desk.rows.items())), desk.bytes)


@contextlib.contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """A folder to write in, inside of `folder`: what is in it is moved up when all of it is there, and removed when it is not."""
    made = [missing for missing in (folder, *folder.parents) if not missing.exists()]
    draft = folder / _DRAFT
    try:
        with disk_errors(folder.name):
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(parents=True)
        yield draft
        with disk_errors(folder.name):
            for child in sorted(draft.iterdir(), key=lambda child: (child.name == SOURCES, child.name)):
                child.rename(folder / child.name)  # what says that the rest is there comes last
            draft.rmdir()
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        for empty in made:
            with contextlib.suppress(OSError):
                empty.rmdir()
        raise


def _refuse(folder: Path, plan: Plan) -> None:
    if folder.exists() and (not folder.is_dir() or any(child.name != _DRAFT for child in folder.iterdir())):
        raise UsageError(
            Say("这个文件夹不是空的。", "This folder is not empty."),
            got=folder.name,
            fix=Say("换一个新文件夹，或先清空它。", "Name a new folder, or empty it first."),
        )
    for name, value, most in (("--customers", plan.customers, MOST_CUSTOMERS), ("--days", plan.days, MOST_DAYS)):
        if not 1 <= value <= most:
            raise UsageError(
                Say("这样的公司造不出来。", "Such a company cannot be made."),
                got=f"{name} {value}",
                fix=Say(f"{name} 写 1 到 {most} 之间的数。", f"Give {name} a number from 1 to {most}."),
            )


def _manifest(plan: Plan, world: World, desk: _Desk) -> dict[str, object]:
    files = {
        name.removeprefix(f"{FOLDER}/"): {"sha256": found.hexdigest(), "rows": desk.rows[name]}
        for name, found in sorted(desk.prints.items())
    }
    return {
        "format": 1,
        **vars(plan),
        "begins_on": world.begins.isoformat(),
        "ends_on": (world.today - timedelta(days=1)).isoformat(),
        "future_days": SOON_DAYS,
        "files": files,
    }
