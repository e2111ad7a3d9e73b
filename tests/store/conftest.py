"""What the tests of the store share: keys, an empty lake, and rows with every column filled."""

import datetime
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from zhiyin.core.tables import table_named
from zhiyin.store.keys import derive_keys
from zhiyin.store.lake import Lake
from zhiyin.store.ledger import Ledger
from zhiyin.store.vault import Vault

ARROW = {
    "string": (pa.string(), "x"),
    "int64": (pa.int64(), 1),
    "float64": (pa.float64(), 1.0),
    "boolean": (pa.bool_(), True),
    "date": (pa.date32(), datetime.date(2026, 11, 1)),
    "timestamp": (pa.timestamp("us"), datetime.datetime(2026, 11, 1, 8)),  # noqa: DTZ001 - tables hold UTC without a zone
}


def filled(table, **columns):
    """Rows of a table: the columns given, every other one filled with the same value."""
    definition = table_named(table)
    n = len(next(iter(columns.values())))
    content = {}
    for column in definition.columns:
        type_, default = ARROW[column.type]
        content[column.name] = pa.array(columns.get(column.name, [default] * n), type_)
    return pa.table(content)


@pytest.fixture(scope="session")
def rows():
    return filled


@pytest.fixture(scope="session")
def keys():
    return derive_keys(b"k" * 32)


@pytest.fixture
def lake(tmp_path, keys):
    return Lake(tmp_path / "lake", keys.lake, memory_mb=256, threads=1, keep=2)


@pytest.fixture(scope="session")
def first_generation(tmp_path_factory, keys, rows):
    """A lake folder with one generation: three customers. Only ever copied."""
    folder = tmp_path_factory.mktemp("first") / "lake"
    with Lake(folder, keys.lake, memory_mb=128, threads=1, keep=2).build(carry=[]) as build:
        build.write("customer", rows("customer", customer_id=["c1", "c2", "c3"], owner_id=["wang", "li", None]))
        build.publish()
    return folder


@pytest.fixture
def published(lake, tmp_path, first_generation):
    """A lake with one generation: three customers."""
    shutil.copytree(first_generation, tmp_path / "lake")
    return lake


@pytest.fixture
def ledger(tmp_path, keys):
    made = Ledger(tmp_path / "ledger.db", keys.ledger)
    yield made
    made.close()


@pytest.fixture
def vault(tmp_path, keys):
    made = Vault(tmp_path / "vault.db", keys)
    yield made
    made.close()


@pytest.fixture(scope="session")
def python():
    """Start a Python that imports what this one imports: `python(path, *arguments)` -> Popen."""

    def start(script, *arguments):
        told = [str(script), *map(str, arguments)]
        code = f"import runpy, sys; sys.path[:0] = {sys.path!r}; sys.argv = {told!r}; runpy.run_path({told[0]!r}, run_name='__main__')"
        return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    return start


@pytest.fixture(scope="session")
def answers(python):
    """Run a script of this folder to its end: the JSON lines that it prints."""

    def run(name, *arguments):
        child = python(Path(__file__).with_name(name), *arguments)
        out, problems = child.communicate()
        assert child.returncode == 0, problems
        return [json.loads(line) for line in out.splitlines()]

    return run
