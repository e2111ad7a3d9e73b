"""From a folder of exports to zhiyin.toml: its sources are appended, its settings fill what the workspace left open."""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zhiyin.app.exports import Exports, Left, exports_of
from zhiyin.app.home import Home, refuse_impossible
from zhiyin.app.intake import Imported
from zhiyin.core.errors import SettingsError
from zhiyin.core.fields import KINDS
from zhiyin.core.files import disk_errors, write_safely
from zhiyin.core.settings import SETTINGS_FILE, SOURCES_FILE, Settings, SourceSettings
from zhiyin.core.toml import with_settings
from zhiyin.core.words import Say

__all__ = ["Adopted", "Loaded", "adopt"]

_KEPT = Say(
    "zhiyin.toml 里的 {name} 是 {ours}，保留不变；文件夹里说的是 {theirs}。",
    "{name} of zhiyin.toml stays {ours}; the folder says {theirs}.",
)
_APART = Say(
    "每个来源的客户号各算一套。几个文件若共用一套客户号，请新建工作区，先在 zhiyin.toml 里给它们写同一个 system 再导入。",
    "Customer ids of each source are taken as its own. Where files share them, make a new workspace and give their sources one system in "
    "zhiyin.toml before loading.",
)


@dataclass(frozen=True)
class Adopted:
    """What became of a folder: the names of its sources, those that are new in zhiyin.toml, files left alone, what to know."""

    folder: str
    names: tuple[str, ...]
    new: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    notes: tuple[Say, ...] = field(default=())


class Loaded(list[Imported]):
    """What became of each source that was loaded; `adopted` is what became of the folder, where one was named."""

    def __init__(self, done: Iterable[Imported], *, adopted: Adopted | None = None) -> None:
        super().__init__(done)
        self.adopted = adopted

    def answer(self) -> list[dict[str, object]] | dict[str, object]:
        """As plain values: the sources, and of a folder also what was adopted and what was left alone."""
        rows = [dict(vars(one)) for one in self]
        if self.adopted is None:
            return rows
        left = [{"file": one.file, **one.why._asdict()} for one in self.adopted.left]
        notes = [note._asdict() for note in self.adopted.notes]
        return {"folder": self.adopted.folder, "adopted": list(self.adopted.new), "sources": rows, "left": left, "notes": notes}


def adopt(home: Home, folder: Path) -> Adopted:
    """Write the sources of a folder into zhiyin.toml, whole or not at all; those that stand there already are left as they are.

    Raises:
        SettingsError: when a source of the same name says something else, or zhiyin.toml or sources.toml cannot be what they are.
        DataError: see `exports_of`.
    """
    exports = exports_of(home, folder)
    with disk_errors(SETTINGS_FILE):
        file = (home.folder / SETTINGS_FILE).resolve()
        text = file.read_bytes().decode()
        mode = stat.S_IMODE(os.stat(file).st_mode)
    said = tomllib.loads(text)
    taken, notes = _taken(said, exports.settings)
    settings = home.settings.model_copy(update={name: value for name, value in taken.items() if _by_the_file(home, said, name)})
    theirs = [_spoken(source, exports, settings) for source in exports.sources]
    fresh = _fresh(home, settings, theirs)
    refuse_impossible(settings.model_copy(update={"source": (*settings.source, *fresh)}))
    if fresh or taken:
        write_safely(file, with_settings(text, taken, sources=fresh).encode(), mode=mode)
    if not (folder / SOURCES_FILE).is_file() and sum("customer" in KINDS[source.kind] for source in fresh if not source.system) > 1:
        notes.append(_APART)
    names = tuple(source.name for source in theirs)
    return Adopted(folder.resolve().name, names, tuple(source.name for source in fresh), exports.left, tuple(notes))


def _taken(ours: Mapping[str, object], theirs: Mapping[str, str]) -> tuple[dict[str, str], list[Say]]:
    """The settings of the folder that zhiyin.toml leaves at their default, and a sentence for each that it keeps."""
    taken, notes = {}, []
    for name, value in theirs.items():
        own = _own(ours, name)
        if own == value:
            continue
        if own == _own({}, name):
            taken[name] = value
        else:
            notes.append(_KEPT.fill(name=name, ours=own, theirs=value))
    return taken, notes


def _own(said: Mapping[str, object], name: str) -> str:
    """What zhiyin.toml says of a setting, or its default."""
    return str(said.get(name) or Settings.model_fields[name].default or "")


def _by_the_file(home: Home, said: Mapping[str, object], name: str) -> bool:
    """Whether zhiyin.toml decides the setting, and no argument or environment over it."""
    return str(getattr(home.settings, name) or "") == _own(said, name)


def _spoken(source: SourceSettings, exports: Exports, settings: Settings) -> SourceSettings:
    """The source with the currency and the zone of its folder where the workspace keeps others: its money stays what it was."""
    own = {
        name: exports.settings[name]
        for name in ("currency", "timezone")
        if not getattr(source, name) and exports.settings.get(name, getattr(settings, name)) != getattr(settings, name)
    }
    return source.model_copy(update=own)


def _fresh(home: Home, settings: Settings, theirs: Iterable[SourceSettings]) -> list[SourceSettings]:
    """The sources that zhiyin.toml does not name yet."""
    known = {source.name: source for source in home.settings.source}
    fresh = []
    for source in theirs:
        there = known.get(source.name)
        if there is None:
            fresh.append(source)
        elif _meaning(home, settings, there) != _meaning(home, settings, source):
            raise SettingsError(
                Say("zhiyin.toml 里已有同名的来源，内容却不同。", "zhiyin.toml has a source of this name that says something else."),
                got=source.name,
                fix=Say(
                    f"给新的换个名字（{SOURCES_FILE} 里的 name，没有它就改文件名），或先从 zhiyin.toml 删去旧的那一段。",
                    f"Give the new one another name (name in {SOURCES_FILE}, or the name of the file where there is none), or first remove "
                    "the block of zhiyin.toml.",
                ),
            )
    return fresh


def _meaning(home: Home, settings: Settings, source: SourceSettings) -> dict[str, object]:
    """What a source says, with what it leaves to the workspace filled in."""
    filled = {
        "currency": source.currency or settings.currency,
        "timezone": source.timezone or settings.timezone,
        "system": source.system or source.name,
        "file": source.file and os.path.normpath(home.folder.resolve() / source.file),
    }
    return source.model_dump() | filled
