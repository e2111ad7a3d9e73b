"""Every figure of prediction in one run, and at its end the goals, met or missed.

    python benchmarks/_predict.py ../shared/data [--only tables,value]

Called by `make bench-predict`. Goals stand in TARGETS.md for the official test rows, which are held back: what is reached here is of splits of the
train parts, so it says where we stand, not how we will be judged.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from _goals import MARK

SCRIPTS = ("tables", "prediction", "forecasting", "demand", "uplift", "value")
RESULTS = Path(__file__).parent / "results" / "goals.md"
HEAD = """# Goals of prediction, {day}

`make bench-predict`, two shared cores. Figures are of splits of the train parts; the official test rows are held back.

| what | reached | goal | | note |
|---|---|---|---|---|
"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", nargs="?", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    asked.add_argument("--only", default=",".join(SCRIPTS))
    said = asked.parse_args()
    lines: list[str] = []
    failed = []
    for script in said.only.split(","):
        print(f"== {script}", flush=True)
        started = time.perf_counter()
        found, code = _ran(script, said.data)
        lines += found
        failed += [script] if code else []
        print(f"== {script}: {time.perf_counter() - started:.0f} s, {'failed' if code else 'ok'}", flush=True)
    rows = [f"| {line.removeprefix(MARK)} |" for line in lines]
    if said.only == ",".join(SCRIPTS):
        RESULTS.write_text(HEAD.format(day=date.today()) + "\n".join(rows) + "\n", encoding="utf-8")  # noqa: DTZ011
    met = sum(" | met | " in line for line in lines)
    print("\n" + "\n".join(line.removeprefix(MARK) for line in lines) + f"\n{met} of {len(lines)} goals met", flush=True)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def _ran(script: str, data: Path) -> tuple[list[str], int]:
    """What a script printed about goals, and how it ended; all that it prints is shown while it runs."""
    words = [sys.executable, "-W", "ignore", str(Path(__file__).with_name(f"{script}.py")), str(data)]
    found = []
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if line.startswith(MARK):
                found.append(line.strip())
    return found, process.returncode


if __name__ == "__main__":
    main()
