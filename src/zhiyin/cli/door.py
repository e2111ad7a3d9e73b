"""What every command shares: the workspace, who asks, the language, and how answers and errors are shown."""

from __future__ import annotations

import functools
import inspect
import json
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console

from zhiyin.cli.folding import folded
from zhiyin.cli.troubles import of_disk, of_usage, unexpected
from zhiyin.core.errors import UsageError, ZhiyinError
from zhiyin.core.log import to_stderr
from zhiyin.core.words import Language, Say

if TYPE_CHECKING:
    from zhiyin.app.home import Home
    from zhiyin.app.workspace import Workspace

__all__ = ["Door", "answered", "command"]

_FOLDER = Annotated[Path, typer.Option("--workspace", "-w", help="Folder of the workspace. 工作区文件夹。")]
_LANGUAGE = Annotated[str | None, typer.Option("--lang", help="zh or en; default: from LANG. 语言。")]
_ACTOR = Annotated[str | None, typer.Option("--as", help="Show what this user would see. 以该用户的身份查看。")]
_JSON = Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")]
_VERBOSE = Annotated[bool, typer.Option("--verbose", "-v", help="Log each step to stderr. 把每一步写到标准错误。")]
_USAGE: type[Exception] = typer.BadParameter.__bases__[0]  # the UsageError of the click that typer brings
_SET: ContextVar[Language | None] = ContextVar("language", default=None)  # what the settings of the open workspace say
_STOPPED = 130  # what a shell says of a program that was ended by Ctrl-C


@dataclass
class Door:
    """One call of the command line."""

    folder: Path
    language: Language
    actor: str | None
    as_json: bool
    console: Console = field(default_factory=Console)
    errors: Console = field(default_factory=lambda: Console(stderr=True))

    @contextmanager
    def workspace(self) -> Iterator[Workspace]:
        """The open workspace of this call."""
        from zhiyin.app.workspace import Workspace

        with self.home() as home:
            yield Workspace(home, actor=self.actor or "owner")

    @contextmanager
    def home(self) -> Iterator[Home]:
        """Where the workspace of this call keeps its things, for a recipe; its setting `language` speaks before LANG, --lang before both."""
        from zhiyin.app.home import open_home

        home = open_home(self.folder)
        if _asked_language(sys.argv) is None and home.settings.language:
            self.language = home.settings.language
            _SET.set(self.language)
        try:
            yield home
        finally:
            home.close()

    def say(self, sentence: Say, *, style: str = "", indent: int = 0) -> None:
        """One sentence for the reader, lines after the first indented; kept out of the way of JSON."""
        console = self.errors if self.as_json else self.console
        for line in folded(sentence.in_(self.language), width=console.width, indent=indent):
            console.print(line, style=style, highlight=False, markup=False, soft_wrap=True)

    def copyable(self, text: str) -> None:
        """A text to copy, such as a command: never broken into lines."""
        (self.errors if self.as_json else self.console).print(text, highlight=False, markup=False, soft_wrap=True)

    def show(self, answer: Mapping[str, object] | Sequence[Mapping[str, object]], draw: Callable[[], object]) -> None:
        """The answer as JSON, or as `draw` shows it to a person."""
        if self.as_json:
            sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1, default=str) + "\n")
        else:
            draw()

    def grid(self, title: str, *, columns: str, rows: Iterable[Sequence[object]]) -> None:
        """One table; words are written `zh/en`, columns with commas between them."""
        from rich.table import Table

        table = Table(title=self._word(title), title_justify="left", header_style="bold")
        for column in columns.split(","):
            table.add_column(self._word(column.strip()), overflow="fold")
        for row in rows:
            table.add_row(*("" if cell is None else str(cell) for cell in row))
        self.console.print(table, markup=False)

    def pairs(self, title: str, values: Mapping[str, object]) -> None:
        """Names with their values, those without a value left out; nothing where none has one."""
        shown = [(name, value) for name, value in values.items() if value not in (None, "")]
        if shown:
            self.grid(title, columns="项/Field, 值/Value", rows=shown)

    def _word(self, both: str) -> str:
        zh, _, en = both.partition("/")
        return zh if self.language == "zh" else en or zh

    @contextmanager
    def progress(self) -> Iterator[Callable[[Say, float | None], None]]:
        """A bar a stage: called with the stage and the share done (0-1), None where that is unknown."""
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        bars = Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=self.errors, transient=False)
        tasks: dict[str, Any] = {}

        pressed: list[int] = []

        def stop(number: int, frame: object) -> None:
            pressed.append(number)
            raise KeyboardInterrupt

        def report(stage: Say, done: float | None) -> None:
            if pressed:  # Python drops what is raised in a callback of a library: the next stage hears it
                raise KeyboardInterrupt
            words = stage.in_(self.language)
            bars.start()
            if words not in tasks:
                tasks[words] = bars.add_task(words, total=None)
            if done is not None:
                bars.update(tasks[words], total=1.0, completed=done)

        # Only the main thread may listen, and a program that was told to pass over Ctrl-C (nohup) goes on doing so.
        listens = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        try:
            if listens:
                signal.signal(signal.SIGINT, stop)
            yield report
        finally:
            if listens:
                signal.signal(signal.SIGINT, signal.default_int_handler)
            if tasks:  # bars that were never shown would still leave an empty line
                bars.stop()


def command(app: typer.Typer, name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register `function(door, ...)` as a command that also takes --workspace, --lang, --as, --json and --verbose.

    Without a name it is what a group does when none of its commands is called.
    """
    shared = {
        "workspace": (_FOLDER, Path()),
        "lang": (_LANGUAGE, None),
        "as_": (_ACTOR, None),
        "json_": (_JSON, False),
        "verbose": (_VERBOSE, False),
    }

    def register(function: Callable[..., None]) -> Callable[..., None]:
        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        if not name:
            own.append(inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context))
        options = [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for key, (kind, default) in shared.items()
        ]

        @functools.wraps(function)
        def wrapped(**given: Any) -> None:  # noqa: ANN401 - whatever the command declares
            values = {key: given.pop(key) for key in shared}
            if not name and (context := given.pop("context")).invoked_subcommand:
                _refuse_early_options(context)
                return
            _log_to_stderr(values["verbose"])
            function(Door(values["workspace"], _language(values["lang"]), values["as_"], values["json_"]), **given)

        wrapped.__signature__ = inspect.Signature([p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own] + options)  # type: ignore[attr-defined]
        wrapped.__annotations__ = {p.name: p.annotation for p in own} | {key: kind for key, (kind, _) in shared.items()}
        (app.command(name) if name else app.callback(invoke_without_command=True))(wrapped)
        return function

    return register


def _refuse_early_options(context: typer.Context) -> None:
    """Refuse options between a group and its command: they would be passed over in silence.

    Raises:
        UsageError: names them.
    """
    early = [name for name, value in context.params.items() if context.get_parameter_source(name).name == "COMMANDLINE" and value]  # type: ignore[union-attr]
    if early:
        options = ", ".join(f"--{name.strip('_')}" for name in early)
        raise UsageError(
            Say("选项要写在命令的后面。", "Options stand after the command."),
            got=options,
            fix=Say("例如 `zhiyin segments count 规则 -w 文件夹`。", "For example `zhiyin segments count RULE -w FOLDER`."),
        )


def answered(run: Callable[..., object]) -> int:  # noqa: PLR0911 - one answer a kind of trouble
    """Run the command line and answer every trouble with a sentence and its exit code."""
    _SET.set(None)
    try:
        return _ended(run(standalone_mode=False) if isinstance(run, typer.Typer) else run())
    except SystemExit as end:
        return _ended(end.code)
    except KeyboardInterrupt:
        return _ended(_STOPPED)
    except _USAGE as problem:
        told = of_usage(problem)
        return _told(told) if told else UsageError.exit_code
    except ZhiyinError as problem:
        return _told(problem)
    except OSError as problem:
        return _told(of_disk(problem))
    except Exception as problem:  # the door: a traceback could show what a row says
        if "interrupted" in str(problem).lower():  # what DuckDB makes of Ctrl-C
            return _ended(_STOPPED)
        if {"--verbose", "-v"} & set(sys.argv):
            raise
        return _told(unexpected(problem))


def _ended(code: object) -> int:
    """The exit code of a command that ended by itself or was stopped."""
    if code == _STOPPED:
        stopped = Say("已停止；上一次发布的结果仍然完整。", "Stopped; what was published last is still whole.")
        Console(stderr=True).print(stopped.in_(_spoken()), soft_wrap=True)
    return code if isinstance(code, int) else 0 if code is None else 1


def _told(problem: ZhiyinError) -> int:
    """Say what went wrong; returns the exit code."""
    language = _spoken()
    if "--json" in sys.argv:
        what, fix = problem.what.in_(language), problem.fix.in_(language)
        said = {"error": type(problem).__name__, "what": what, "got": problem.got, "fix": fix}
        sys.stderr.write(json.dumps(said, ensure_ascii=False) + "\n")
    else:
        Console(stderr=True).print(problem.in_(language), style="red", highlight=False, markup=False, soft_wrap=True)
    return problem.exit_code


def _language(asked: str | None) -> Language:
    """The language of this call: --lang, else the workspace's environment."""
    from zhiyin.core.settings import system_language

    if asked is None:
        return system_language()
    if asked not in ("zh", "en"):
        raise UsageError(Say("没有这种语言。", "There is no such language."), got=asked, fix=Say("写 zh 或 en。", "Write zh or en."))
    chosen: Literal["zh", "en"] = "zh" if asked == "zh" else "en"
    return chosen


def _spoken() -> Language:
    """The language of what is said outside a command: --lang, the setting, the machine's; the command judges a wrong value."""
    return _language(_asked_language(sys.argv) or _SET.get())


def _asked_language(words: Sequence[str]) -> str | None:
    for at, word in enumerate(words):
        if word == "--lang" and at + 1 < len(words) and words[at + 1] in ("zh", "en"):
            return words[at + 1]
        if word in ("--lang=zh", "--lang=en"):
            return word[-2:]
    return None


def _log_to_stderr(verbose: bool) -> None:
    to_stderr(logging.INFO if verbose else logging.WARNING)
