"""The connectors: one generator of `RawBatch` and one line here each."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from zhiyin.core.errors import SettingsError, one_of
from zhiyin.core.words import Say

if TYPE_CHECKING:
    from zhiyin.collect.batch import RawBatch
    from zhiyin.core.settings import SourceSettings

Connector = Callable[["SourceSettings", Path], Iterator["RawBatch"]]

__all__ = ["CONNECTORS", "Connector", "connector", "files_of"]

CONNECTORS: dict[str, str] = {
    "files": "zhiyin.collect.connectors.files:rows",
    "complete-journey": "zhiyin.collect.connectors.complete_journey:rows",
}


def connector(name: str) -> Connector:
    """The generator that reads sources of this connector.

    Raises:
        SettingsError: when no connector has this name; lists those that exist.
    """
    place = one_of(CONNECTORS, name, what=Say("没有这个连接器。", "There is no such connector."), error=SettingsError)
    module, function = place.split(":")
    found: Connector = getattr(importlib.import_module(module), function)
    return found


def files_of(source: SourceSettings, folder: Path) -> list[Path] | None:
    """The files that a source reads, whether or not they are there; None where its connector reads no files.

    Raises:
        SettingsError: when there is no such connector, or the source names no file.
    """
    connector(source.connector)
    module = importlib.import_module(CONNECTORS[source.connector].split(":")[0])
    paths: Callable[[SourceSettings, Path], list[Path]] | None = getattr(module, "paths", None)
    return paths(source, folder) if paths else None
