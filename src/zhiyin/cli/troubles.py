"""What a person is told about troubles that are not ours: a mistyped command, a disk that refuses, a defect."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from traceback import extract_tb
from typing import Any

from zhiyin.core.errors import StoreError, UsageError, ZhiyinError, listed
from zhiyin.core.files import disk_errors
from zhiyin.core.words import Say

__all__ = ["of_disk", "of_usage", "unexpected"]

# The class of click's error -> what it means; what it carries differs from class to class.
_MEANT = {
    "NoSuchOption": Say("没有这个选项。", "There is no such option."),
    "MissingParameter": Say("还缺一个参数。", "An argument is missing."),
    "BadParameter": Say("参数的值不对。", "The value of an option or argument is not possible."),
    "BadOptionUsage": Say("选项后面还缺一个值。", "The option needs a value."),
}
_NO_COMMAND = Say("没有这个命令。", "There is no such command.")
_TOO_MANY = Say("参数太多了。", "There are too many arguments.")


def of_usage(problem: Exception) -> UsageError | None:
    """A command line that click could not read, as a sentence; None where the help was asked for, and is on the screen."""
    said: Any = problem
    kind = type(problem).__name__
    if kind == "NoArgsIsHelpError":
        return None
    context = said.ctx
    path = " ".join(["zhiyin", *context.command_path.split()[1:]]) if context else "zhiyin"
    commands = sorted(getattr(context.command, "commands", {})) if context else []
    if kind == "UsageError" and commands:
        known = listed(commands, most=99)
        return UsageError(_NO_COMMAND, got=_quoted(said.message), fix=Say(f"可用的有：{known}。", f"Those that exist: {known}."))
    param = getattr(said, "param", None)
    named = getattr(said, "option_name", "") or (max(param.opts, key=len) if param is not None else "")
    got = f"{named}: {said.message}" if kind == "BadParameter" else named or said.message.rpartition("(")[2].rstrip(")")
    return UsageError(_MEANT.get(kind, _TOO_MANY), got=got, fix=_see(path, getattr(said, "possibilities", None)))


def _see(path: str, possible: Sequence[str] | None) -> Say:
    near = listed(possible or ())
    zh, en = (f"是不是 {near}？", f"Did you mean {near}? ") if near else ("", "")
    return Say(f"{zh}用法见 `{path} --help`。", f"{en}See `{path} --help`.")


def _quoted(message: str) -> str:
    return message.partition("'")[2].rpartition("'")[0]


def of_disk(problem: OSError) -> StoreError:
    """A file or folder that could not be read or written where nobody looked out for it."""
    try:
        with disk_errors(Path(str(problem.filename or "-")).name):
            raise problem
    except StoreError as told:
        return told


class _Unexpected(ZhiyinError):
    """A defect of zhiyin."""

    exit_code = 1


def unexpected(problem: Exception) -> ZhiyinError:
    """A defect, by its class and place: its own words may hold what a row says, so they are not repeated."""
    places = [frame for frame in extract_tb(problem.__traceback__) if "/zhiyin/" in frame.filename.replace("\\", "/")]
    where = f", {Path(places[-1].filename).name}:{places[-1].lineno}" if places else ""
    return _Unexpected(
        Say(
            "出了意料之外的问题，这是知音的缺陷；已发布的数据没有动。",
            "Something unexpected happened, a defect of zhiyin; what was published is untouched.",
        ),
        got=f"{type(problem).__name__}{where}",
        fix=Say(
            "加上 --verbose 再运行一次，把最后几行交给维护者；里面可能有个人信息。",
            "Run it again with --verbose and give the last lines to the maintainers; they may hold personal data.",
        ),
    )
