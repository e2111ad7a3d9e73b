"""Writes the pages of docs/ that are made from the code: `make docs`. A test compares them with the files."""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple
from datetime import date
from pathlib import Path
from typing import Any

import annotated_types
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from zhiyin.core.fields import KINDS
from zhiyin.core.settings import Settings
from zhiyin.core.tables import FACTS, PURPOSES, TABLES, Column, Table

DOCS = Path(__file__).parent
_MADE = "<!-- Made by `make docs`; change the code instead. -->\n"
_BOUNDS = {annotated_types.Ge: "≥ {}", annotated_types.Gt: "> {}", annotated_types.Le: "≤ {}", annotated_types.Lt: "< {}"}


def tables_page() -> str:
    """Every table: key, columns, unit, sensitivity, purposes."""
    lines = [
        "# Tables 数据表",
        _MADE,
        "All rooms of the house meet in these tables; `src/zhiyin/core/tables.py` is their only definition. "
        "Facts (事实) are kept as they came; derived tables (派生) are made anew from them. "
        "Money is a whole number of minor units (分, cents) with its currency beside it; `*_at` is UTC, `*_on` a local day.",
        "",
        "| purpose | 用途 | what it allows |",
        "|---|---|---|",
        *(_row(f"`{name}`", words.zh, words.en) for name, words in PURPOSES.items()),
        "",
    ]
    for title, names in (("Facts 事实", FACTS), ("Derived 派生", [name for name in TABLES if name not in FACTS])):
        lines += [f"## {title}", ""]
        for name in names:
            lines += _table(TABLES[name])
    return _page(lines)


def _table(table: Table) -> list[str]:
    return [
        f"### `{table.name}` {table.words.zh}",
        "",
        f"{_sentence(table.words.en)} Key: {', '.join(f'`{name}`' for name in table.key)}.",
        "",
        "| column | 列 | what it holds | type | unit | sensitivity | purposes |",
        "|---|---|---|---|---|---|---|",
        *(_row(*_column(column)) for column in table.columns),
        "",
    ]


def _column(column: Column) -> Iterable[str]:
    allowed = "all" if len(column.purposes) == len(PURPOSES) else ", ".join(column.purposes)
    unit = "" if column.unit == "-" else column.unit
    return f"`{column.name}`", column.words.zh, column.words.en, column.type, unit, column.sensitivity, allowed


def glossary_page() -> str:
    """The words of the trade, then every table, column and field, Chinese beside English."""
    terms = [[cell.strip() for cell in row.split("|")] for row in (DOCS / "_terms.txt").read_text("utf-8").splitlines() if "|" in row]
    columns = {(column.name, column.words.zh): column.words.en for table in TABLES.values() for column in table.columns}
    fields = {(name, field.words.zh): field.words.en for kind in KINDS.values() for name, field in kind.items()}
    return _page(
        [
            "# Glossary 术语表",
            _MADE,
            "One word per thing, one thing per word. Code and tables are English; what a salesperson reads is Chinese first.",
            "",
            "## Words of the trade 业务术语",
            "",
            "| English | 中文 | what it means | 含义 |",
            "|---|---|---|---|",
            *(_row(*row) for row in sorted(terms, key=lambda row: row[0].lower())),
            "",
            "## Tables 数据表",
            "",
            *_words((table.name, table.words.zh, table.words.en) for table in TABLES.values()),
            "## Columns 列",
            "",
            *_words((name, zh, en) for (name, zh), en in sorted(columns.items())),
            "## Fields of a mapping 映射字段",
            "",
            "What a file may tell us (`zhiyin tables --fields`); `attribute.*` and `consent.*` are open families.",
            "",
            *_words((name, zh, en) for (name, zh), en in sorted(fields.items())),
        ]
    )


def _words(rows: Iterable[tuple[str, str, str]]) -> list[str]:
    return ["| name | 中文 | what it is |", "|---|---|---|", *(_row(f"`{name}`", zh, en) for name, zh, en in rows), ""]


def settings_page() -> str:
    """Every setting: where it stands, what it means, default, bounds, environment name."""
    lines = [
        "# Settings 设置",
        _MADE,
        "One tree, read once and frozen. An argument wins over the environment, the environment over `zhiyin.toml`, "
        "`zhiyin.toml` over the default. A name that does not exist is refused, with the names that do.",
        "",
        "## Top of zhiyin.toml",
        "",
    ]
    for part, title, prefix in _parts(Settings):
        lines += [title, ""] if title else []
        lines += ["| setting | what it means | default | allowed | environment |", "|---|---|---|---|---|"]
        own = {name: field for name, field in part.model_fields.items() if _part_of(field) is None}
        lines += [_row(f"`{name}`", *_setting(name, field, prefix)) for name, field in own.items()]
        lines += [""]
    return _page(lines)


def _parts(tree: type[BaseModel]) -> Iterator[tuple[type[BaseModel], str, str | None]]:
    """The tree and its parts, with a title and the beginning of their environment names; None for lists of tables."""
    yield tree, "", "ZHIYIN_"
    for name, field in tree.model_fields.items():
        part = _part_of(field)
        if part:
            many = part is not field.annotation
            title = f"`[[{name}]]`" if many else f"`[{name}]`"
            yield part, f"## {title} {(part.__doc__ or '').splitlines()[0]}", None if many else f"ZHIYIN_{name.upper()}__"
            for inner, field_of_part in part.model_fields.items():
                if within := _part_of(field_of_part):
                    yield within, f"## `[[{name}.{inner}]]` {(within.__doc__ or '').splitlines()[0]}", None


def _part_of(field: FieldInfo) -> type[BaseModel] | None:
    """The part of the tree that a field holds, one or many."""
    kinds = [field.annotation, *typing.get_args(field.annotation)]
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def _setting(name: str, field: FieldInfo, prefix: str | None) -> Iterable[str]:
    default = "needed" if field.is_required() else _value(field.get_default(call_default_factory=True))
    return field.description or "", default, _allowed(field), f"`{prefix}{name.upper()}`" if prefix else "-"


def _allowed(field: FieldInfo) -> str:
    kind = field.annotation
    if isinstance(kind, types.UnionType):
        kind = next(part for part in typing.get_args(kind) if part is not type(None))
    if typing.get_origin(kind) is typing.Literal:
        return ", ".join(f"`{choice}`" if choice else "empty" for choice in typing.get_args(kind))
    names: dict[Any, str] = {str: "text", int: "whole number", float: "number", bool: "true, false", date: "day", SecretStr: "secret text"}
    word = names.get(kind, "table of texts" if typing.get_origin(kind) is dict else "list of texts")
    bounds = [_BOUNDS[type(bound)].format(*astuple(bound)) for bound in field.metadata if type(bound) in _BOUNDS]
    return ", ".join([word, *bounds])


def _value(value: object) -> str:
    if value in (None, "", (), {}):
        return "-"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def commands_page() -> str:
    """Every command of the command line with its arguments and options."""
    from typer.main import get_command

    from zhiyin.cli.main import app

    top = get_command(app)
    commands = list(_commands("zhiyin", top))
    shared = set.intersection(*(set(_options(command)) for _, command in commands))
    lines = [
        "# Commands 命令",
        _MADE,
        _sentence(top.help or ""),
        "",
        "## Every command takes",
        "",
        *_rows(row for row in _options(commands[0][1]) if row in shared),
    ]
    for name, command in commands:
        lines += [f"## `{name}`", "", _sentence(command.help or ""), ""]
        own = [row for row in _options(command) if row not in shared]
        lines += _rows(own) if own else []
    lines += ["## Exit codes 退出码", "", "| code | when |", "|---|---|", *(_row(str(code), when) for code, when in _EXIT_CODES)]
    return _page(lines)


_EXIT_CODES = (
    (0, "done 完成"),
    (2, "the command was not meant like this 用法不对"),
    (3, "zhiyin.toml, the environment or the key 设置或密钥有问题"),
    (4, "the data, or the files of the workspace 数据或工作区文件有问题"),
    (5, "refused to protect people's data 因隐私被拒绝"),
)


def _commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - typer ships its own click
    """The commands below a group, depth first."""
    for key, inner in command.commands.items():
        if hasattr(inner, "commands"):
            if inner.invoke_without_command:
                yield f"{name} {key}", inner
            yield from _commands(f"{name} {key}", inner)
        else:
            yield f"{name} {key}", inner


def _options(command: Any) -> list[tuple[str, str, str]]:  # noqa: ANN401 - typer ships its own click
    found = []
    for parameter in command.params:
        is_option = parameter.opts[0].startswith("-")
        name = ", ".join([*parameter.opts, *parameter.secondary_opts]) if is_option else parameter.name.upper()
        default = "needed" if parameter.required else _value(None if parameter.default is False else parameter.default)
        found.append((f"`{name}`", parameter.help or "", default))
    return found


def _rows(rows: Iterable[tuple[str, str, str]]) -> list[str]:
    return ["| argument or option | what it does | default |", "|---|---|---|", *(_row(*row) for row in rows), ""]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def models_page() -> str:
    """The page about models, with the questions and the registered models as they are."""
    from zhiyin.learn.registry import MODELS, model_class
    from zhiyin.predict.questions import QUESTIONS

    asked = ["| question | what it asks | 问题 | about each | baseline |", "|---|---|---|---|---|"]
    for name, question in QUESTIONS.items():
        subject = f"customer and {question.subject.removesuffix('_id')}" if question.subject else "customer"
        asked.append(_row(f"`{name}`", question.asks.en, question.asks.zh, subject, question.baseline.words.en))
    models = ["| model | answers with | what it is |", "|---|---|---|"]
    models += [_row(f"`{name}`", model_class(name).verb, (model_class(name).__doc__ or "").split("\n")[0]) for name in sorted(MODELS)]
    return _with(_with((DOCS / "models.md").read_text("utf-8"), "questions", asked), "models", models)


def connectors_page() -> str:
    """The page about connectors, with every reason for which a row is refused."""
    from zhiyin.unify.refusals import REASONS

    slots = {"field": "…"}
    rows = [_row(f"`{code}`", say.fill(**slots).zh, say.fill(**slots).en) for code, say in REASONS.items()]
    return _with((DOCS / "connectors.md").read_text("utf-8"), "refusals", ["| code | 原因 | reason |", "|---|---|---|", *rows])


def _with(page: str, section: str, lines: list[str]) -> str:
    """The page with the lines between its two comments `made: section` and `end: section`."""
    first, last = f"<!-- made: {section} -->\n", f"\n<!-- end: {section} -->"
    before, rest = page.split(first)
    return before + first + "\n" + "\n".join(lines) + "\n" + last + rest.split(last)[1]


def _sentence(words: str) -> str:
    words = " ".join(words.split())
    return (words[:1].upper() + words[1:]).rstrip(".") + ("" if words.endswith("。") else ".")


def _page(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "tables.md": tables_page,
    "glossary.md": glossary_page,
    "settings.md": settings_page,
    "commands.md": commands_page,
    "models.md": models_page,
    "connectors.md": connectors_page,
}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), "utf-8")
        sys.stdout.write(f"docs/{name}\n")


if __name__ == "__main__":
    main()
