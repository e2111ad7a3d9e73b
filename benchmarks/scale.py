"""How do time and memory grow from a small company to one of a million customers and ten million facts?

    python benchmarks/scale.py                                       1/16, 1/4 and 1 of the size: about an hour
    python benchmarks/scale.py --sizes 1/64,1/16 --keep bench-scale  a quick look that leaves the companies there

Each step (sandbox, import, run, today) runs as a process of its own, as a user would run it: wall and processor seconds and the
peak of the memory are those of the whole process. The seconds of the stages within come from the lines that `--verbose` logs;
`peak MB` of a stage is what the process had held at most by its end, so a stage that raises it is one that needs memory.
Growth is the time of the largest size over that of the one before. Every measurement adds a section to benchmarks/results/scale.md.
With `--keep`, `--steps run,today` measures only these again; the others are told as they were measured in that folder before.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

RESULTS = Path(__file__).parent / "results" / "scale.md"
HEAD = """# Growth with the size of the company

An invented company (`zhiyin sandbox`, scenario appliances), whole processes, at several sizes; see benchmarks/scale.py.
"""
CUSTOMERS = 1_000_000
# Measured: the files of a million customers with 67 days that are imported have 9 943 415 rows, the ten million of the issue.
DAYS = 67
SEED = 7
STEPS = ("sandbox", "import", "run", "today")
LIMITS = {"sandbox": "300 s, 4 000 MB", "run": "900 s, 8 000 MB (goal)"}  # at full size, from the issue of the sandbox
_PAIR = re.compile(r"(\w+)=(\"[^\"]*\"|\S+)")


@dataclass(frozen=True)
class Cost:
    """What a process or a stage took: wall and processor seconds, and the peak of the memory in MB until its end."""

    wall: float
    processor: float
    peak: float
    ended: bool = True


@dataclass(frozen=True)
class Plan:
    """What to measure: at which size, with how many days of history, for how many seconds at most a step, which steps."""

    size: Fraction
    days: int
    limit: float
    steps: tuple[str, ...]


@dataclass
class Measured:
    """One size: the rows that were imported, what each step took, and the stages within."""

    size: Fraction
    rows: int = 0
    earlier: list[str] = field(default_factory=list)  # steps that were not measured by this call
    steps: dict[str, Cost] = field(default_factory=dict)
    stages: dict[tuple[str, str], Cost] = field(default_factory=dict)


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--sizes", default="1/16,1/4,1", help="parts of a million customers, smallest first")
    asked.add_argument("--days", type=int, default=DAYS)
    asked.add_argument("--keep", type=Path, help="leave the companies and workspaces in this folder")
    asked.add_argument("--steps", default=",".join(STEPS), help="measure only these; needs the folder of an earlier call")
    asked.add_argument("--limit", type=float, default=3600, help="seconds after which a step is stopped; its row says so")
    told = asked.parse_args()
    sizes = [Fraction(size) for size in told.sizes.split(",")]
    with contextlib.ExitStack() as stack:
        folder = told.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        found = []
        for size in sizes:
            plan = Plan(size, told.days, told.limit, tuple(told.steps.split(",")))
            found.append(measured(folder / f"{size.numerator}-{size.denominator}", plan))
            if told.keep is None:
                shutil.rmtree(folder / f"{size.numerator}-{size.denominator}")
        write(found, days=told.days)


def measured(folder: Path, plan: Plan) -> Measured:
    """Invent a company of this size, import it, make the list and show it; a step that fails ends the measurement."""
    found = Measured(plan.size)
    company, place = folder / "company", folder / "workspace"
    folder.mkdir(parents=True, exist_ok=True)
    customers = ["--customers", str(round(CUSTOMERS * plan.size)), "--days", str(plan.days), "--seed", str(SEED)]
    arguments = {
        "sandbox": ["sandbox", *customers, str(company)],
        "import": ["import", "-v", "-w", str(place), str(company)],
        "run": ["run", "-v", "-w", str(place), "--refit"],
        "today": ["today", "-w", str(place)],
    }
    for name in STEPS:
        log, note = folder / f"{name}.log", folder / f"{name}.json"
        if name in plan.steps:
            if name == "sandbox":
                shutil.rmtree(company, ignore_errors=True)
            if name == "import":
                shutil.rmtree(place, ignore_errors=True)
                cost(["init", "-w", str(place)], folder / "init.log", limit=plan.limit)
            one = cost(arguments[name], log, limit=plan.limit)
            note.write_text(json.dumps(asdict(one)))
            print(f"{plan.size} {name}: {one.wall:.1f} s, {one.processor:.1f} processor s, {one.peak:.0f} MB", flush=True)
        elif note.exists():
            one = Cost(**json.loads(note.read_text()))
            found.earlier.append(name)
        else:
            continue
        found.steps[name] = one
        found.stages |= {(name, stage): told for stage, told in stages(log).items()}
        if name == "import":
            found.rows = sum(int(pairs["rows_in"]) for pairs in lines(log) if pairs["stage"] == "collect")
        if not one.ended:
            print(f"{plan.size} {name} did not end; its log is {log}", flush=True)
            break
    return found


def cost(arguments: Sequence[str], log: Path, *, limit: float) -> Cost:
    """Run the command line once; what it logs goes to a file."""
    code = "import sys; from zhiyin.cli.main import main; main()"
    started = time.monotonic()
    with log.open("w") as sink:
        process = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.DEVNULL, stderr=sink)
        stop = threading.Timer(limit, process.send_signal, [signal.SIGKILL])
        stop.start()
        _, status, used = os.wait4(process.pid, 0)
        stop.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, ended=process.returncode == 0)


def lines(log: Path) -> list[dict[str, str]]:
    """The lines of stages and tables of a log, as pairs."""
    return [dict(_PAIR.findall(line)) for line in log.read_text().splitlines() if " stage=" in line and " seconds=" in line]


def stages(log: Path) -> dict[str, Cost]:
    """What each stage took, and each table within it, in the order of the log."""
    found = {}
    for pairs in lines(log):
        name = pairs["stage"] if pairs["table"] == "-" else f"{pairs['stage']} {pairs['table']}"
        found[name] = Cost(float(pairs["seconds"]), float(pairs["processor"]), float(pairs["peak_mb"]))
    return found


def write(found: Sequence[Measured], *, days: int) -> None:
    """Print the tables and add them to the results."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') >> 30} GB"
    now = datetime.now(tz=UTC)
    linear = float(found[-1].size / found[-2].size) if len(found) > 1 else 1.0
    sizes = "; ".join(f"{one.size}: {round(CUSTOMERS * one.size):,} customers, {one.rows:,} rows imported" for one in found)
    text = [f"\n## {now:%Y-%m-%d %H:%M} UTC, {machine}, load {os.getloadavg()[0]:.1f}, {days} days\n", f"{sizes}.\n"]
    earlier = "; ".join(f"{one.size}: {', '.join(one.earlier)}" for one in found if one.earlier)
    text += [f"Measured by earlier calls, perhaps at another load or of other code: {earlier}.\n"] if earlier else []
    head = "wall s / processor s / peak MB"
    columns = " | ".join(f"{one.size}: {head}" for one in found)
    growth = f"growth, wall / processor ({linear:.1f} is linear)"
    names = dict.fromkeys(name for one in found for name in one.steps)
    text += [f"| step | {columns} | {growth} | limit at 1 |", f"|---|{'---|' * len(found)}---|---|"]
    text += [row(name, [one.steps.get(name) for one in found]) + f" {LIMITS.get(name, '')} |" for name in names]
    within = dict.fromkeys(name for one in found for name in one.stages)
    text += ["", f"| stage | {columns} | {growth} |", f"|---|{'---|' * len(found)}---|"]
    text += [row(": ".join(name), [one.stages.get(name) for one in found]) for name in within]
    print(*text, sep="\n")
    known = RESULTS.read_text() if RESULTS.exists() else HEAD
    RESULTS.write_text(known + "\n".join(text) + "\n")


def row(name: str, costs: Sequence[Cost | None]) -> str:
    """One row: what a step or a stage took at each size, and how it grew."""
    cells = " | ".join(cell(one) for one in costs)
    pair = [one for one in costs[-2:] if one and one.ended]
    if len(pair) < 2 or pair[0].wall < 0.5:  # less is noise
        return f"| {name} | {cells} | |"
    small, large = pair
    return f"| {name} | {cells} | {large.wall / small.wall:.1f} / {large.processor / max(small.processor, 0.01):.1f} |"


def cell(one: Cost | None) -> str:
    if one is None:
        return "-"
    return f"{one.wall:.1f} / {one.processor:.1f} / {one.peak:.0f}" + ("" if one.ended else ", did not end")


if __name__ == "__main__":
    main()
