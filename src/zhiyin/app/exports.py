"""Which sources does a folder of exports hold? What its sources.toml says, else what its files look like."""

from __future__ import annotations

import glob
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from zhiyin.app.home import KEY_FILE, Home
from zhiyin.collect.connectors import files_of
from zhiyin.collect.formats import FORMATS, refuse_missing
from zhiyin.collect.mapping import SURE, Suggestion, declared, suggest
from zhiyin.core.errors import DataError, SettingsError, ZhiyinError
from zhiyin.core.fields import field_of
from zhiyin.core.files import TEMPORARY, disk_errors
from zhiyin.core.settings import SETTINGS_FILE, SOURCES_FILE, SourceSettings, load_folder
from zhiyin.core.words import Say

__all__ = ["Exports", "Left", "exports_of"]

_DATE = re.compile(r"\d+(?:[-_.年月]?\d+)*[年月日]?")  # what differs between the exports of two months
_DATABASES = ("ledger.db", "vault.db", "inbox.")  # with what SQLite writes beside them
_NO_READER = Say("没有能打开它的读取器，没有读。", "No reader opens it; it was not read.")
_NOT_NAMED = Say("sources.toml 没有提到它。", "sources.toml does not name it.")


class Left(NamedTuple):
    """A file that was left alone, and why."""

    file: str
    why: Say


@dataclass(frozen=True)
class Exports:
    """What a folder holds.

    `sources` are told with their files as zhiyin.toml names them; `settings` are those that the folder says for a workspace
    that has none; `left` the files that belong to no source.
    """

    sources: tuple[SourceSettings, ...]
    settings: Mapping[str, str] = field(default_factory=dict)
    left: tuple[Left, ...] = ()


@dataclass(frozen=True)
class _Looked:
    """A file whose mapping was proposed."""

    path: Path
    proposal: Suggestion

    @property
    def alike(self) -> tuple[object, ...]:
        """What files of one source have in common: the name but for its dates, the header and the mapping."""
        columns = self.proposal.columns
        header = frozenset((*columns.values(), *self.proposal.unmapped))
        return _pattern(self.path.name), header, self.proposal.kind, tuple(columns.items())


def exports_of(home: Home, folder: Path) -> Exports:
    """The sources of a folder; files of subfolders are not looked at.

    Raises:
        SettingsError: when sources.toml says something impossible.
        DataError: when a file that it names is missing, or no file of the folder can be adopted.
    """
    return _told(home, folder) if (folder / SOURCES_FILE).is_file() else _proposed(home, folder)


def _told(home: Home, folder: Path) -> Exports:
    """What sources.toml says."""
    said = load_folder(folder)
    if not said.source:
        raise SettingsError(
            Say("sources.toml 里没有来源。", "sources.toml names no source."),
            got=f"{folder.name}/{SOURCES_FILE}",
            fix=Say(
                "写上 [[source]]，或删去这个文件，由 zhiyin 来看。", "Write [[source]] blocks, or remove the file and let zhiyin look."
            ),
        )
    sources, read = [], set()
    for source in said.source:
        _refuse_elsewhere(source)
        declared(source)
        for path in files_of(source, folder) or ():
            refuse_missing(path)
            read.add(path.resolve())
        sources.append(source.model_copy(update={"file": _named(home, folder, source.file)} if source.file else {}))
    top = {
        "as_of": said.as_of.isoformat() if said.as_of else "",
        "goal": said.goal or "",
        "timezone": said.timezone,
        "currency": said.currency,
    }
    left = tuple(Left(path.name, _NOT_NAMED) for path in _files(folder) if path.resolve() not in read)
    return Exports(tuple(sources), {name: value for name, value in top.items() if value}, left)


def _refuse_elsewhere(source: SourceSettings) -> None:
    file = PurePosixPath(source.file)
    if file.is_absolute() or ".." in file.parts:
        raise SettingsError(
            Say("sources.toml 只能提到自己文件夹里的文件。", "sources.toml may only name files of its own folder."),
            got=f"source.{source.name}.file = {source.file}",
            fix=Say("把文件放进这个文件夹，路径写成相对的。", "Put the file into that folder and write a relative path."),
        )


def _proposed(home: Home, folder: Path) -> Exports:
    """What the files of the folder look like; those that zhiyin.toml names already stay as it says."""
    known = {source.name: _read_by(home, source) for source in home.settings.source}
    here = {path: path.resolve() for path in _files(folder)}
    theirs = [source for source in home.settings.source if known[source.name] & set(here.values())]
    taken = set().union(*known.values()) if known else set()
    looked, left = _looked(path for path, place in here.items() if place not in taken)
    groups: dict[tuple[object, ...], list[_Looked]] = {}
    for one in looked:
        groups.setdefault(one.alike, []).append(one)
    found: list[tuple[str, str, _Looked]] = []  # name, file or pattern, one of its files
    for group in groups.values():
        unsure = _unsure([one.proposal for one in group])
        if unsure:
            left += [Left(one.path.name, _lacks(one, unsure)) for one in group]
        else:
            found += _grouped(folder, group)
    twice = {name for name, count in Counter(name for name, _, _ in found).items() if count > 1}
    sources = [
        SourceSettings(
            name=file if name in twice else name,
            kind=one.proposal.kind,
            file=_named(home, folder, file),
            dates=one.proposal.dates,
            columns=one.proposal.columns,
        )
        for name, file, one in sorted(found, key=lambda one: one[:2])
    ]
    if not sources and not theirs:
        raise _nothing(folder, left)
    return Exports((*theirs, *sources), left=tuple(sorted(left)))


def _read_by(home: Home, source: SourceSettings) -> set[Path]:
    """The files of a source of zhiyin.toml; none where it says something impossible, which its own import tells."""
    try:
        return {path.resolve() for path in files_of(source, home.folder) or ()}
    except ZhiyinError:
        return set()


def _looked(paths: Iterable[Path]) -> tuple[list[_Looked], list[Left]]:
    """The files with their proposals, and those that cannot be read."""
    looked, left = [], []
    for path in paths:
        if path.suffix.lower() not in FORMATS:
            left.append(Left(path.name, _NO_READER))
            continue
        try:
            looked.append(_Looked(path, suggest(path)))
        except DataError as wrong:
            left.append(Left(path.name, Say(wrong.in_("zh"), wrong.in_("en"))))
    return looked, left


def _unsure(proposals: Sequence[Suggestion]) -> list[str]:
    """Fields that are missing, or that no file of a group makes sure: what one month leaves empty another may fill."""
    best: dict[str, float] = {}
    for proposal in proposals:
        for name, sure in proposal.confidence.items():
            best[name] = max(sure, best.get(name, 0.0))
    return [*proposals[0].missing, *(name for name, sure in best.items() if sure < SURE)]


def _grouped(folder: Path, group: Sequence[_Looked]) -> list[tuple[str, str, _Looked]]:
    """One source for files that differ in their dates only, where a pattern fits exactly them; else one a file."""
    names = {one.path.name for one in group}
    shape = _pattern(group[0].path.name)
    orders = {one.proposal.dates for one in group} - {"auto"}
    for pattern in (shape, shape.replace("*", "[0-9]*")):
        if len(group) > 1 and len(orders) <= 1 and {path.name for path in folder.glob(pattern)} == names:
            speaks = next((one for one in group if one.proposal.dates in orders), group[0])
            return [(Path(shape).stem.replace("*", "").strip("_-. ") or group[0].proposal.kind, pattern, speaks)]
    return [(one.path.stem, one.path.name, one) for one in group]


def _pattern(name: str) -> str:
    """The name of a file with its dates as `*`."""
    path = PurePosixPath(name)
    return "*".join(glob.escape(part) for part in _DATE.split(path.stem)) + glob.escape(path.suffix)


def _lacks(one: _Looked, unsure: Sequence[str]) -> Say:
    """What a person must say about a file before it can be loaded, and how."""
    kind, missing = one.proposal.kind, one.proposal.missing
    fields = [(name, field_of(kind, name)) for name in missing or unsure]
    zh = "、".join(f"{known.words.zh}（{name}）" if known else name for name, known in fields)
    en = ", ".join(f"{known.words.en} ({name})" if known else name for name, known in fields)
    how = Say(
        f"`zhiyin import {one.path} --suggest` 会给出一段 [[source]]，改好后放进 zhiyin.toml。",
        f"`zhiyin import {one.path} --suggest` proposes a [[source]]; correct it and put it into zhiyin.toml.",
    )
    if missing:
        return Say(f"当作 {kind} 来看，没有一列像{zh}。{how.zh}", f"Read as {kind}, no column fits the {en}. {how.en}")
    return Say(f"当作 {kind} 来看，这些字段拿不准：{zh}。{how.zh}", f"Read as {kind}, these fields are unsure: {en}. {how.en}")


def _nothing(folder: Path, left: Sequence[Left]) -> DataError:
    why = {tongue: " ".join(f"{one.file}: {one.why.in_(tongue)}" for one in left[:6]) for tongue in ("zh", "en")}
    return DataError(
        Say("这个文件夹里没有能直接导入的文件。", "This folder has no file that can be loaded as it is."),
        got=folder.resolve().name,
        fix=Say(
            f"逐个看一看。{why['zh']}" if left else "把导出的文件放进去。",
            f"Look at them one by one. {why['en']}" if left else "Put the exports into it.",
        ),
    )


def _files(folder: Path) -> list[Path]:
    """The files directly in a folder, by name, but for hidden ones and those that zhiyin itself wrote."""
    with disk_errors(folder.name):
        there = sorted(path for path in folder.iterdir() if path.is_file())
    own = (SETTINGS_FILE, SOURCES_FILE, KEY_FILE)
    return [
        path
        for path in there
        if path.name[0] != "." and path.name not in own and not path.name.startswith(_DATABASES) and path.suffix != TEMPORARY
    ]


def _named(home: Home, folder: Path, file: str) -> str:
    """A file or pattern of the folder as zhiyin.toml names it: relative to the workspace inside it, absolute elsewhere."""
    there, base = folder.resolve(), home.folder.resolve()
    before = (there.relative_to(base) if there.is_relative_to(base) else there).as_posix()
    if glob.has_magic(file) and not (folder / file).is_file():
        before = glob.escape(before)
    return PurePosixPath(before, file).as_posix()
