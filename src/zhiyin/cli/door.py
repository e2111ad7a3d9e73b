"""What every command shares: the workspace, who asks, the language, and how answers and errors are shown."""

from __future__ import annotations

import functools
import inspect
import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console

from zhiyin.core.errors import UsageError, ZhiyinError
from zhiyin.core.words import Language, Say

if TYPE_CHECKING:
    from zhiyin.app.workspace import Workspace

__all__ = ["Door", "answered", "command"]

_FOLDER = Annotated[Path, typer.Option("--workspace", "-w", help="Folder of the workspace. 工作区文件夹。")]
_LANGUAGE = Annotated[str | None, typer.Option("--lang", help="zh or en; default: from LANG. 语言。")]
_ACTOR = Annotated[str | None, typer.Option("--as", help="Show what this user would see. 以该用户的身份查看。")]
_JSON = Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")]
_VERBOSE = Annotated[bool, typer.Option("--verbose", "-v", help="Log each step to stderr. 把每一步写到标准错误。")]


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
        from zhiyin.app.workspace import open_workspace

        with open_workspace(self.folder, actor=self.actor or "owner") as workspace:
            yield workspace

    def say(self, sentence: Say, *, style: str = "") -> None:
        """One sentence for the reader; kept out of the way of JSON."""
        console = self.errors if self.as_json else self.console
        console.print(sentence.in_(self.language), style=style, highlight=False, markup=False)

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
        """Names with their values, those without a value left out."""
        shown = [(name, value) for name, value in values.items() if value not in (None, "")]
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

        def report(stage: Say, done: float | None) -> None:
            words = stage.in_(self.language)
            if words not in tasks:
                tasks[words] = bars.add_task(words, total=None)
            if done is not None:
                bars.update(tasks[words], total=1.0, completed=done)

        with bars:
            yield report


def command(app: typer.Typer, name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register `function(door, ...)` as a command that also takes --workspace, --lang, --as, --json and --verbose."""
    shared = {
        "workspace": (_FOLDER, Path()),
        "lang": (_LANGUAGE, None),
        "as_": (_ACTOR, None),
        "json_": (_JSON, False),
        "verbose": (_VERBOSE, False),
    }

    def register(function: Callable[..., None]) -> Callable[..., None]:
        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        options = [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for key, (kind, default) in shared.items()
        ]

        @functools.wraps(function)
        def wrapped(**given: Any) -> None:  # noqa: ANN401 - whatever the command declares
            values = {key: given.pop(key) for key in shared}
            _log_to_stderr(values["verbose"])
            function(Door(values["workspace"], _language(values["lang"]), values["as_"], values["json_"]), **given)

        wrapped.__signature__ = inspect.Signature([p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own] + options)  # type: ignore[attr-defined]
        wrapped.__annotations__ = {p.name: p.annotation for p in own} | {key: kind for key, (kind, _) in shared.items()}
        app.command(name)(wrapped)
        return function

    return register


def answered(run: Callable[[], None]) -> int:
    """Run the command line and answer every known trouble with a sentence and its exit code."""
    language = _language(_asked_language(sys.argv))
    try:
        run()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except ZhiyinError as problem:
        errors = Console(stderr=True)
        if "--json" in sys.argv:
            said = {
                "error": type(problem).__name__,
                "what": problem.what.in_(language),
                "got": problem.got,
                "fix": problem.fix.in_(language),
            }
            sys.stderr.write(json.dumps(said, ensure_ascii=False) + "\n")
        else:
            errors.print(problem.in_(language), style="red", highlight=False, markup=False, soft_wrap=True)
        return problem.exit_code
    except KeyboardInterrupt:
        stopped = Say("已停止；上一次发布的结果仍然完整。", "Stopped; what was published last is still whole.")
        Console(stderr=True).print(stopped.in_(language))
        return 130
    return 0


def _language(asked: str | None) -> Language:
    """The language of this call: --lang, else the workspace's environment."""
    from zhiyin.core.settings import system_language

    if asked is None:
        return system_language()
    if asked not in ("zh", "en"):
        raise UsageError(Say("没有这种语言。", "There is no such language."), got=asked, fix=Say("写 zh 或 en。", "Write zh or en."))
    chosen: Literal["zh", "en"] = "zh" if asked == "zh" else "en"
    return chosen


def _asked_language(words: Sequence[str]) -> str | None:
    """--lang as typed, for errors that come before the command has started; a wrong value is judged by the command."""
    for at, word in enumerate(words):
        if word == "--lang" and at + 1 < len(words) and words[at + 1] in ("zh", "en"):
            return words[at + 1]
        if word in ("--lang=zh", "--lang=en"):
            return word[-2:]
    return None


def _log_to_stderr(verbose: bool) -> None:
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(asctime)s %(name)s %(message)s", force=True)
