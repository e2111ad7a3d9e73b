"""What went wrong, what was seen, what to do: every error that a user can meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, TypeVar

from zhiyin.core.words import Language, Say

__all__ = [
    "Busy",
    "DataError",
    "IdConflict",
    "KeyProblem",
    "MissingColumns",
    "NotFitted",
    "NotFound",
    "PrivacyError",
    "SettingsError",
    "StoreError",
    "TooLarge",
    "TooLittleData",
    "UsageError",
    "ZhiyinError",
    "listed",
    "one_of",
]

_T = TypeVar("_T")

_LABELS = {"got": Say("看到的是：", "Got "), "fix": Say("解决办法：", "Fix: ")}


def listed(names: Iterable[object], *, most: int = 12) -> str:
    """Names in one line, the longest lists cut with a count of the rest."""
    known = [str(name) for name in names]
    rest = len(known) - most
    return ", ".join(known[:most]) + (f" (+{rest})" if rest > 0 else "")


class ZhiyinError(Exception):
    """What happened, what was seen, what to do. Never holds personal data: ids and names of columns only.

    Args:
        what: what happened, one sentence in both languages.
        got: what was seen instead (a name, a count), no personal data.
        fix: what the reader can do now.
    """

    exit_code: ClassVar[int] = 4

    def __init__(self, what: Say, *, got: object = "", fix: Say) -> None:
        super().__init__(what.en)
        self.what = what
        self.got = str(got)
        self.fix = fix

    def in_(self, language: Language) -> str:
        """The whole message in one language."""
        parts = [self.what.in_(language)]
        if self.got:
            stop = "。" if language == "zh" else "."
            parts.append(_LABELS["got"].in_(language) + self.got.rstrip(".。") + stop)
        parts.append(_LABELS["fix"].in_(language) + self.fix.in_(language))
        return ("" if language == "zh" else " ").join(parts)

    def __str__(self) -> str:
        return self.in_("en")


class UsageError(ZhiyinError, ValueError):
    """The command or the call was not meant like this."""

    exit_code = 2


class SettingsError(ZhiyinError, ValueError):
    """zhiyin.toml, the environment or an argument says something impossible."""

    exit_code = 3


class KeyProblem(SettingsError):
    """The master key is missing, unsafe or not the one the data was written with."""


class DataError(ZhiyinError, ValueError):
    """The data are not what they must be."""


class MissingColumns(DataError, KeyError):
    """A table or a frame lacks columns that are needed."""


class NotFound(DataError, LookupError):
    """What was asked for is not there, or not visible to who asks."""


class TooLittleData(DataError):
    """There are not enough rows or outcomes to answer honestly."""


class TooLarge(DataError):
    """More than one request may hold."""


class IdConflict(DataError):
    """The same id came twice with different content."""


class NotFitted(DataError, AttributeError):
    """A model was asked before it had learned."""


class StoreError(DataError, OSError):
    """A file of the workspace is damaged, missing, or the disk refuses."""


class Busy(StoreError, BlockingIOError):
    """Another process holds what only one may hold."""


class PrivacyError(ZhiyinError, PermissionError):
    """Who asks may not ask this, or not for this purpose."""

    exit_code = 5


def one_of(known: Mapping[str, _T], name: str, *, what: Say, error: type[ZhiyinError] = NotFound) -> _T:
    """What is known by this name.

    Args:
        known: name -> thing.
        name: the one asked for.
        what: what to say when there is none.
        error: the kind of error then.

    Raises:
        ZhiyinError: of the kind `error` when there is none; lists those that exist.
    """
    if name not in known:
        names = listed(known, most=99)
        raise error(what, got=name, fix=Say(f"使用其中之一：{names}。", f"Use one of {names}."))
    return known[name]
