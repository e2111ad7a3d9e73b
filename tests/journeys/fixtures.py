"""What journeys and doors share: the workspace of the invented shop, and the command line called as a person calls it."""

from __future__ import annotations

import json
import logging
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from journeys.shop import built
from once import shared_folder

__all__ = ["Said", "another_shop", "shop", "whole_shop", "zhiyin_says"]


@pytest.fixture(scope="session")
def whole_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop after its first run, shared by all workers; to be copied, never opened."""
    return built(shared_folder(tmp_path_factory) / "journeys" / "shop")


@pytest.fixture(scope="session")
def shop(whole_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop after its first run, to be read (reading is audited, so each worker has its own)."""
    return Path(shutil.copytree(whole_shop, tmp_path_factory.mktemp("read") / "shop"))


@pytest.fixture
def another_shop(whole_shop: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(whole_shop, tmp_path / "shop"))


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """The answer as values; strict, so that NaN is no JSON."""
        return json.loads(self.out, parse_constant=_refused)

    def error(self) -> dict[str, str]:
        """The error of a command with --json: the last line that it wrote to stderr."""
        return json.loads(self.err.strip().splitlines()[-1])


def _refused(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


@pytest.fixture
def zhiyin_says(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Call the command line in this process: `zhiyin_says("today", "-w", folder, "--json")`."""
    from zhiyin.cli.door import answered
    from zhiyin.cli.main import app

    for name, value in {"LANG": "en_US.UTF-8", "COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"}.items():
        monkeypatch.setenv(name, value)
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    log = logging.getLogger()
    before = list(log.handlers), log.level

    def call(*words: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["zhiyin", *map(str, words)])
        capsys.readouterr()
        code = answered(app)
        said = capsys.readouterr()
        log.handlers, log.level = list(before[0]), before[1]
        return Said(code, said.out, said.err)

    return call
