"""How long do the demonstration, its next day and the first look take, and how much memory do they need?

    python benchmarks/demo.py

Each command runs as a process of its own in a new folder, as a user would run it; wall and processor seconds and the peak of
its memory are those of the whole process. `import zhiyin` is the median of five. Needs the extra `demo`.
A row a figure is added to benchmarks/results/demo.md, with the limit that TARGETS or the issue gives beside it.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

RESULTS = Path(__file__).parent / "results" / "demo.md"
HEAD = (
    "# The demonstration\n\n1.47 million order lines of Complete Journey, from the installed package to today's list and the report.\n\n"
    "| date | machine | what | wall s | processor s | peak MB | limit | load |\n|---|---|---|---|---|---|---|---|\n"
)


class Cost(NamedTuple):
    """What a process took: wall and processor seconds, and the peak of its memory in MB."""

    wall: float
    processor: float
    peak: float


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = ["-w", str(Path(folder) / "demo"), "--lang", "en"]
        first = cost("demo", *place)
        following = cost("demo", "--next-day", *place)
        look = min((cost("today", *place) for _ in range(3)), key=lambda one: one.wall)
    bare = statistics.median(importing() for _ in range(5))
    rows = [
        ("zhiyin demo", first, "45 s, 1 200 MB"),
        ("zhiyin demo --next-day", following, f"half of the first: {first.wall / 2:.1f} s"),
        ("zhiyin today (best of 3)", look, "1 s"),
        ("import zhiyin (median of 5)", Cost(bare, bare, 0.0), "0.3 s"),
    ]
    write(rows)


def cost(*arguments: str) -> Cost:
    """Run the command line once."""
    code = "import sys; from zhiyin.cli.main import main; main()"
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    if status:
        sys.exit(f"{' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def importing() -> float:
    """Seconds that `import zhiyin` takes in a new process."""
    code = "import time; t = time.perf_counter(); import zhiyin; print(time.perf_counter() - t)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def write(rows: list[tuple[str, Cost, str]]) -> None:
    """Print the figures and add them to the results."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') >> 30} GB"
    day, load = datetime.now(tz=UTC).date(), os.getloadavg()[0]
    lines = [
        f"| {day} | {machine} | {what} | {one.wall:.2f} | {one.processor:.2f} | {one.peak:.0f} | {limit} | {load:.1f} |"
        for what, one, limit in rows
    ]
    print(*lines, sep="\n")
    known = RESULTS.read_text() if RESULTS.exists() else HEAD
    RESULTS.write_text(known + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
