"""The libraries that companies run already, unchanged, against a server that is killed while they send: `benchmarks/clients.py`, small."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = {
    "segment-analytics-python": "segment.analytics",
    "rudder-sdk-python": "rudderstack.analytics",
    "SensorsAnalyticsSDK": "sensorsanalytics",
}
EVENTS = 200


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, object]]:
    script = [sys.executable, str(ROOT / "benchmarks/clients.py"), "--events", str(EVENTS), "--kills", "2", "--seconds", "8", "--json"]
    done = subprocess.run(script, capture_output=True, check=False)
    assert done.stdout, done.stderr.decode()[-2000:]
    return {row["library"]: row for row in json.loads(done.stdout)}


def _is_here(library: str) -> bool:
    try:
        return importlib.util.find_spec(MODULES[library]) is not None
    except ModuleNotFoundError:
        return False


@pytest.mark.slow
@pytest.mark.parametrize("library", [*MODULES, "@segment/analytics-node"])
def test_nothing_is_missing_and_nothing_counted_twice(rows, library):
    if library not in rows:
        assert library not in MODULES or not _is_here(library)
        pytest.skip(f"{library} is not here: " + ("it comes with the extra dev" if library in MODULES else "it needs node and npm"))
    row = rows[library]
    assert (row["given"], row["lost"], row["missing"], row["twice"], row["refused"]) == (EVENTS, 0, 0, 0, 0)
    assert row["stored"] == EVENTS
    # What the inbox counts is what the proxy saw answered, and nothing beyond the requests that were cut off.
    assert row["answered"] <= row["stored"] + row["duplicate"] + row["refused"] <= row["answered"] + row["cut"]
    assert row["profiles"]
