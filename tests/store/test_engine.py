import duckdb
import pytest

from zhiyin.core.errors import DataError, KeyProblem, StoreError
from zhiyin.store import engine as engine_module
from zhiyin.store.engine import Engine, duck_errors, extension_path

KEY = b"d" * 32


@pytest.fixture
def engine(tmp_path):
    made = Engine(tmp_path, memory_mb=128, threads=1, writing=True)
    yield made
    made.close()


def setting(engine, name):
    return engine.connection.execute("SELECT current_setting($1)", [name]).fetchone()[0]


def test_spill_is_encrypted_in_a_private_folder_of_the_workspace(engine, tmp_path):
    (spill,) = tmp_path.glob("spill-*")
    assert setting(engine, "temp_file_encryption") is True
    assert setting(engine, "temp_directory") == str(spill)
    assert spill.stat().st_mode & 0o777 == 0o700
    engine.close()
    assert not spill.exists()


def test_memory_and_threads_are_what_was_said(engine):
    assert setting(engine, "memory_limit") == "72.4 MiB"  # 60 % of 128 MB: spilling takes up to 40 % more
    assert setting(engine, "threads") == 1


@pytest.mark.parametrize(
    "statement",
    ["SET threads = 4", "SET temp_file_encryption = false", "SET enable_external_access = true", "SELECT * FROM read_csv('/etc/passwd')"],
)
def test_settings_are_locked_and_nothing_outside_is_read(engine, statement):
    with pytest.raises(duckdb.Error, match="locked|disabled"):
        engine.connection.execute(statement)


def test_a_frame_of_the_program_is_no_table(engine):
    secret = {"a": [1]}
    with pytest.raises(duckdb.CatalogException):
        engine.connection.execute("SELECT * FROM secret")
    assert secret


def test_a_file_is_encrypted_and_opens_with_its_key_only(engine, tmp_path):
    engine.attach(tmp_path / "a.duckdb", "lake", key=KEY, read_only=False)
    engine.connection.execute("CREATE TABLE lake.main.t AS SELECT 'needle in the hay' AS a FROM range(1000)")
    engine.write_out("lake")
    engine.detach("lake")
    assert b"needle" not in (tmp_path / "a.duckdb").read_bytes()
    with pytest.raises(KeyProblem, match="written with another key. Got a.duckdb") as problem:
        engine.attach(tmp_path / "a.duckdb", "lake", key=b"w" * 32, read_only=True)
    assert "d3d3" not in str(problem.value)
    assert problem.value.__cause__ is None
    engine.attach(tmp_path / "a.duckdb", "lake", key=KEY, read_only=True)
    assert engine.connection.execute("SELECT count(*) FROM lake.main.t").fetchone() == (1000,)


def test_a_folder_with_a_quote_in_its_name(tmp_path):
    folder = tmp_path / "王's lake"
    folder.mkdir()
    made = Engine(folder, memory_mb=128, threads=1, writing=True)
    made.attach(folder / "a.duckdb", "lake", key=KEY, read_only=False)
    made.close()
    assert (folder / "a.duckdb").is_file()


def test_no_folder_is_a_sentence(tmp_path):
    with pytest.raises(StoreError, match="file or folder is missing"):
        Engine(tmp_path / "absent", memory_mb=128, threads=1, writing=False)


@pytest.mark.parametrize(
    ("problem", "kind", "words"),
    [
        (duckdb.IOException("Could not write file: No space left on device 13812345678"), StoreError, "The disk is full. Got order_line"),
        (
            duckdb.OutOfMemoryException("failed to allocate 13812345678"),
            StoreError,
            "ran out of memory. Got order_line. Fix: Raise the setting lake.memory_mb",
        ),
        (duckdb.FatalException("block 7 13812345678"), StoreError, r"cannot be read or written. Got order_line \(FatalException\)"),
        (
            duckdb.ConversionException("Could not convert '13812345678'"),
            DataError,
            r"cannot compute this. Got order_line \(ConversionException\)",
        ),
        (duckdb.CatalogException("Cannot open encrypted database without a key"), KeyProblem, "another key"),
    ],
)
def test_what_the_engine_says_is_not_repeated(problem, kind, words):
    with pytest.raises(kind, match=words) as told, duck_errors("order_line"):
        raise problem
    assert "13812345678" not in told.value.in_("zh") + str(told.value)
    assert told.value.__suppress_context__


def test_a_missing_extension_is_named(monkeypatch):
    assert extension_path().is_file()
    monkeypatch.setattr(engine_module.duckdb, "__version__", "1.9.9")
    with pytest.raises(
        StoreError, match="duckdb 1.9.9, duckdb-extension-httpfs of another version. Fix: Install duckdb-extension-httpfs==1.9.9"
    ):
        extension_path()


@pytest.mark.parametrize("moment", [(engine_module.os, "open"), (engine_module.fcntl, "flock")])
def test_a_folder_that_is_cleaned_up_before_it_is_held_is_made_again(tmp_path, monkeypatch, moment):
    removed, real = [], getattr(*moment)

    def late(*arguments):
        if not removed:
            removed.extend(tmp_path.glob("spill-*"))
            removed[0].rmdir()
        return real(*arguments)

    monkeypatch.setattr(*moment, late)
    made = Engine(tmp_path, memory_mb=128, threads=1, writing=False)
    (spill,) = tmp_path.glob("spill-*")
    assert spill != removed[0]
    made.close()


def test_a_program_that_forgets_to_close_leaves_no_folder(python, tmp_path):
    script = tmp_path / "forgets.py"
    script.write_text(
        "import os, sys, pathlib\nfrom zhiyin.store.engine import Engine\n"
        "engine = Engine(pathlib.Path(sys.argv[1]), memory_mb=128, threads=1, writing=False)\n"
        "child = os.fork()\nif child == 0: sys.exit()\nos.waitpid(child, 0)\nprint(len(list(pathlib.Path(sys.argv[1]).glob('spill-*'))))"
    )
    out, problems = python(script, tmp_path).communicate()
    assert out == "1\n", problems
    assert list(tmp_path.glob("spill-*")) == []


def test_an_engine_that_cannot_start_leaves_no_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(engine_module, "extension_path", lambda: tmp_path / "absent.duckdb_extension")
    with pytest.raises(StoreError, match="cannot be read or written. Got duckdb"):
        Engine(tmp_path, memory_mb=128, threads=1, writing=True)
    assert list(tmp_path.iterdir()) == []
