"""What holds for every test: no network, no settings of the machine, the same draws in every process."""

import gc
import os
import socket

import pytest
from hypothesis import settings

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two workers of xdist share two cores

gc.set_threshold(20_000, 20, 50)  # Ibis makes so many small objects that a twelfth of the suite went into looking for cycles

# derandomize: a red test is red for everybody; no deadline: the machine may be busy; no database: nothing is written
settings.register_profile("house", derandomize=True, deadline=None, database=None)
settings.register_profile("quick", settings.get_profile("house"), max_examples=20)  # `make check`
settings.load_profile("house")

# What takes longest starts first, so that no worker waits at the end for one that began late.
LONGEST = (
    "test_docs.py",
    "test_killed.py",
    "test_clients.py",
    "test_segmented.py",
    "test_intake.py",
    "test_sandbox.py",
    "test_rehearsal.py",
)
LOOPBACK = ("127.", "::1", "localhost", "0:0:0:0:0:0:0:1")
_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex


class NetworkForbidden(AssertionError):
    """A test tried to leave the machine."""


def _must_stay_home(family, address):
    if family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOOPBACK):
        raise NetworkForbidden(f"tests stay on this machine; a connection to {address[0]} was tried")


def _guarded_connect(self, address):
    _must_stay_home(self.family, address)
    return _connect(self, address)


def _guarded_connect_ex(self, address):
    _must_stay_home(self.family, address)
    return _connect_ex(self, address)


def pytest_configure():
    socket.socket.connect = _guarded_connect
    socket.socket.connect_ex = _guarded_connect_ex


def pytest_unconfigure():
    socket.socket.connect = _connect
    socket.socket.connect_ex = _connect_ex


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch):
    for name in [name for name in os.environ if name.startswith("ZHIYIN_")]:
        monkeypatch.delenv(name)


def pytest_collection_modifyitems(items):
    """What takes longest comes first; what needs a whole workspace, or a check of every model, is too slow for `make check`."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))  # modules stay whole
    for item in items:
        if {"whole_shop", "shop", "another_shop", "loaded"} & set(item.fixturenames) or item.path.parent.name in ("contracts", "golden"):
            item.add_marker(pytest.mark.slow)


def pytest_terminal_summary(terminalreporter):
    """`contract checks: 214 over 9 models`, a line a kind; reports travel from the workers of xdist with their properties."""
    ran = {}
    for report in (one for outcome in ("passed", "failed") for one in terminalreporter.stats.get(outcome, []) if one.when == "call"):
        contract = dict(report.user_properties).get("contract")
        if contract:
            kind = report.nodeid.partition("::")[0].rpartition("test_")[2].removesuffix(".py")
            ran.setdefault(kind, []).append(contract[0])
    for kind, names in sorted(ran.items()):
        terminalreporter.write_line(f"contract checks: {len(names)} over {len(set(names))} {kind}")
