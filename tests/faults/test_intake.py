"""The faults of intake in their small size, each against `zhiyin serve` as a user starts it; `make faults` runs the full size."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "faults.py"
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("fault", ["R1", "R5", "R12"])
def test_the_fault_does_no_harm(fault):
    code = f"import runpy, sys; sys.path[:0] = {sys.path!r}; sys.argv = ['faults', '--small', {fault!r}]; runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"{fault} passed: ")
