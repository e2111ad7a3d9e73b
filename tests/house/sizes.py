"""Small rooms: how long files, functions and classes may be, and how many arguments a function takes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from house.source import Finding, Source, is_command, rule

FILE_LINES = 400
TEST_FILE_LINES = 600  # cases in a table are long and easy to read
FUNCTION_LINES = 50
CLASS_LINES = 300
PUBLIC_METHODS = 15
ARGUMENTS = 6
POSITIONAL = 2
WHO_ASKS = ("actor", "access")


@rule
def file_size(source: Source) -> Iterator[Finding]:
    """A file that needs scrolling holds two ideas."""
    lines, limit = source.text.count("\n"), TEST_FILE_LINES if source.place == "tests" else FILE_LINES
    if lines > limit:
        yield Finding(1, "", f"{lines} lines, at most {limit}")


@rule
def function_size(source: Source) -> Iterator[Finding]:
    """A function fits on a screen; its docstring is not counted."""
    for node in source.functions:
        lines = node.end_lineno - node.lineno + 1 - _docstring_lines(node)
        if lines > FUNCTION_LINES:
            yield Finding(node.lineno, node.name, f"{lines} lines without its docstring, at most {FUNCTION_LINES}")


@rule
def class_size(source: Source) -> Iterator[Finding]:
    """God-objects grow at the facade."""
    for node in source.classes:
        lines = node.end_lineno - node.lineno + 1
        public = [part.name for part in node.body if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)) and part.name[0] != "_"]
        if lines > CLASS_LINES:
            yield Finding(node.lineno, node.name, f"{lines} lines, at most {CLASS_LINES}")
        if len(public) > PUBLIC_METHODS:
            yield Finding(node.lineno, node.name, f"{len(public)} public methods, at most {PUBLIC_METHODS}")


@rule
def arguments(source: Source) -> Iterator[Finding]:
    """At most six arguments, keyword-only after the second: a call reads like a sentence.

    A private function is called from its own file and may take them in order; a command's arguments are typed by people;
    who asks (`actor`, `access`) stands last in every question and is told apart by its type.
    """
    if source.place == "tests":
        return  # there the arguments are fixtures and cases
    methods = {id(part) for node in source.classes for part in node.body if not _is_static(part)}
    for node in source.functions:
        if node.name.startswith("__") and node.name not in ("__init__", "__call__"):
            continue  # Python decides the arguments of the others
        positional = [*node.args.posonlyargs, *node.args.args][1 if id(node) in methods else 0 :]
        count = len(positional) + len(node.args.kwonlyargs)
        if count > ARGUMENTS:
            yield Finding(node.lineno, node.name, f"{count} arguments, at most {ARGUMENTS}")
        ordered = [part for part in positional if part.arg not in WHO_ASKS]
        in_order = node.name.startswith("_") and node.name != "__init__"
        if len(ordered) > POSITIONAL and not in_order and not is_command(node):
            yield Finding(node.lineno, node.name, f"{len(ordered)} positional arguments: keyword-only after the second")


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return node.body[0].end_lineno - node.body[0].lineno + 1 if ast.get_docstring(node) else 0


def _is_static(node: ast.AST) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any(isinstance(name, ast.Name) and name.id == "staticmethod" for name in decorators)
