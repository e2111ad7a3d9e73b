"""Settings as TOML text: sources written out, and settings of the top changed without losing a comment."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from zhiyin.core.errors import SettingsError
from zhiyin.core.words import Say

if TYPE_CHECKING:
    from zhiyin.core.settings import SourceSettings

__all__ = ["source_text", "with_settings"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")  # a TOML key that needs no quotes
_TABLE = re.compile(r"\s*\[")
# A setting of one line: what stands before its value, the value, a comment.
_LINE = r"""(\s*["']?{name}["']?\s*=\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#"'\[]+)(\s*(?:#.*)?)"""


def source_text(source: SourceSettings) -> str:
    """One [[source]] as text, what is left at its default left out."""
    told = source.model_dump(exclude={"columns"}, exclude_defaults=True)
    shown = {"name": source.name, "kind": source.kind, "file": source.file, **told} if source.file else {"name": source.name, **told}
    lines = ["[[source]]", *_pairs(shown)]
    if source.columns:
        lines += ["", "[source.columns]", *_pairs(source.columns)]
    return "\n".join([*lines, ""])


def with_settings(text: str, settings: Mapping[str, str], *, sources: Iterable[SourceSettings]) -> str:
    """The text of zhiyin.toml with these settings at its top and these sources at its end; all else stays letter by letter.

    Raises:
        SettingsError: when the text is written in a way that cannot be changed line by line.
    """
    sources = list(sources)
    changed = text
    for name, value in settings.items():
        changed = _with_setting(changed, name, value)
    if sources:
        newline = "\r\n" if "\r\n" in text else "\n"
        blocks = "\n".join(source_text(source) for source in sources).replace("\n", newline)
        changed = (changed.rstrip() + newline * 2 if changed.strip() else "") + blocks
    before = tomllib.loads(text)
    added = [tomllib.loads(source_text(source))["source"][0] for source in sources]
    wanted = {**before, **settings, **({"source": [*before.get("source", []), *added]} if added else {})}
    if _read(changed) != wanted:
        raise SettingsError(
            Say("zhiyin.toml 的写法不便由程序改动。", "zhiyin.toml is written in a way that a program cannot change safely."),
            fix=Say(
                "把 goal、timezone、currency、as_of 各写成一行，来源写成 [[source]] 段，再试一次。",
                "Write goal, timezone, currency and as_of on a line each and the sources as [[source]] blocks, then try again.",
            ),
        )
    return changed


def _with_setting(text: str, name: str, value: str) -> str:
    """The text with one setting of the top: on its own line where it has one, else after the last one that stands there."""
    lines, ending = text.split("\n"), "\r" if "\r\n" in text else ""
    end = _first_table(lines)
    pattern = re.compile(_LINE.format(name=re.escape(name)))
    for at, line in enumerate(lines[:end]):
        found = pattern.fullmatch(line.removesuffix("\r"))
        if found:
            lines[at] = found[1] + _quoted(value) + found[3] + line[len(line.removesuffix("\r")) :]
            return "\n".join(lines)
    if lines[-1]:  # the last line has no end yet
        lines[-1:] = [lines[-1] + ending, ""]
        end += end == len(lines) - 1
    last = max((at for at, line in enumerate(lines[:end]) if line.strip() and not line.lstrip().startswith("#")), default=-1)
    lines.insert(last + 1, f"{name} = {_quoted(value)}{ending}")
    return "\n".join(lines)


def _first_table(lines: list[str]) -> int:
    """Where the first table begins; a bracket inside a list or a text of several lines begins none: what stands before it is no TOML."""
    for at, line in enumerate(lines):
        if _TABLE.match(line) and _read("".join(f"{before}\n" for before in lines[:at])) is not None:
            return at
    return len(lines)


def _read(text: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _pairs(values: Mapping[str, str]) -> list[str]:
    return [f"{name if _BARE.fullmatch(name) else _quoted(name)} = {_quoted(value)}" for name, value in values.items()]


def _quoted(text: str) -> str:
    """A text in quotes: JSON strings are TOML strings, but for the one control character that JSON lets stand."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
