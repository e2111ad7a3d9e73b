"""Errors teach: what happened and what to do, in both languages."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator

from house.source import Finding, Source, dotted, rule
from zhiyin.core import errors

KNOWN = {name for name in errors.__all__ if isinstance(getattr(errors, name), type)}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@rule
def teaching_errors(source: Source) -> Iterator[Finding]:
    """Every error says what happened (Say) and how to mend it (fix=Say)."""
    if source.place != "src":
        return
    for call in source.calls:
        name = dotted(call.func).rpartition(".")[2]
        if name not in KNOWN:
            continue
        fix = next((key.value for key in call.keywords if key.arg == "fix"), None)
        if not call.args or _is_text(call.args[0]):
            yield Finding(call.lineno, name, "what happened must be a Say")
        if fix is None or _is_text(fix):
            yield Finding(call.lineno, name, "fix= must be a Say")


@rule
def plain_raises(source: Source) -> Iterator[Finding]:
    """Who calls a public function meets our errors only; a private one may tell its own file by Python's."""
    if source.place != "src":
        return
    caught = [part for node in source.nodes if isinstance(node, ast.Try) and node.handlers for part in node.body]
    private = [node for node in source.functions if node.name.startswith("_")]
    inner = [part for node in source.functions for part in ast.walk(node) if part is not node and isinstance(part, ast.FunctionDef)]
    quiet = {id(part) for node in (*caught, *private, *inner) for part in ast.walk(node)}
    for node in (node for node in source.nodes if id(node) not in quiet):
        name = dotted(node.exc.func if isinstance(node.exc, ast.Call) else node.exc) if isinstance(node, ast.Raise) and node.exc else ""
        if name in ("Exception", "ValueError", "TypeError", "RuntimeError", "KeyError", "OSError", "PermissionError", "LookupError"):
            yield Finding(node.lineno, name, "raise an error of core/errors.py")


@rule
def both_languages(source: Source) -> Iterator[Finding]:
    """A Say is Chinese first, English second, with the same slots in both."""
    if source.place != "src":
        return
    for call in source.calls:
        if dotted(call.func).rpartition(".")[2] != "Say" or len(call.args) != 2:
            continue
        zh, en = (part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else None for part in call.args)
        if zh is not None and en is not None:
            yield from (Finding(call.lineno, "Say", why) for why in _differences(zh, en))


def _differences(zh: str, en: str) -> Iterator[str]:
    if bool(zh.strip()) != bool(en.strip()):
        yield "one language is empty"
    if CHINESE.search(en):
        yield "Chinese in the English sentence"
    if len(re.findall(r"[A-Za-z]{2,}", zh)) > 3 and not CHINESE.search(zh):
        yield "English in the Chinese sentence"
    if _slots(zh) != _slots(en):
        yield "different slots in the two languages"


def _slots(sentence: str) -> set[str]:
    try:
        parts = string.Formatter().parse(sentence)
        return {name for _, name, spec, _ in parts if name is not None and '"' not in (spec or "")}
    except ValueError:
        return set()


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
