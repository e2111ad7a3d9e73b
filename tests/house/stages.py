"""Each stage says which question it answers and which tables it reads and writes, and its code agrees."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from house.source import STAGES, Finding, Source, rule
from zhiyin.core.tables import TABLES

RELATIONS = re.compile(r"\b(ibis\.Table|Table|pd\.DataFrame|DataFrame|pa\.Table|Facts)\b")


@dataclass(frozen=True)
class Promise:
    """The opening words of a stage."""

    question: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]


def promised(source: Source) -> Promise:
    """What the docstring of a stage's package says."""
    doc = ast.get_docstring(source.tree) or ""
    return Promise(doc.split("\n")[0], _named(doc, "Reads"), _named(doc, "Writes"))


def _named(doc: str, verb: str) -> tuple[str, ...]:
    """The tables after `verb:`, also where the line goes on, indented."""
    found = re.search(rf"^{verb}:((?:.|\n(?=[ \t]+\S))*)", doc, re.MULTILINE)
    return tuple(re.findall(r"[\w-]+", found.group(1))) if found else ()


@rule
def stage_words(source: Source) -> Iterator[Finding]:
    """The package of a stage opens with its question, then `Reads:` and `Writes:` with tables that exist."""
    if source.room not in STAGES or source.path != f"src/zhiyin/{source.room}/__init__.py":
        return
    promise = promised(source)
    if not promise.question.endswith("?"):
        yield Finding(1, source.room, "opens with the question it answers")
    for verb, names in (("Reads:", promise.reads), ("Writes:", promise.writes)):
        if not names:
            yield Finding(1, source.room, f"has no line {verb}")
        for name in names:
            if name not in TABLES and name != "-":
                yield Finding(1, name, f"{verb} there is no such table")


def undeclared(promise: Promise, stage: Iterable[Source]) -> Iterator[tuple[str, Finding]]:
    """Tables that the code of a stage takes or names without saying so."""
    declared = {*promise.reads, *promise.writes}
    for source in stage:
        for line, table in _used(source):
            if table not in declared:
                yield source.path, Finding(line, table, "is used and stands in neither Reads: nor Writes:")


def unused(promise: Promise, stage: Iterable[Source]) -> Iterator[str]:
    """Tables that a stage declares and that its code never names, neither in a name nor in a text."""
    words = {word for source in stage for word in _words(source)}
    return (table for table in {*promise.reads, *promise.writes} & set(TABLES) if not {table, _plural(table)} & words)


def _used(source: Source) -> Iterator[tuple[int, str]]:
    """Tables named for sure: relations that public functions take, fields, and keys of `TABLES`, `FACTS` and `tables`."""
    names = {name: table for table in TABLES for name in (table, _plural(table))}
    private = {id(part) for node in source.functions if node.name.startswith("_") for part in ast.walk(node.args)}
    for node in source.nodes:
        if (
            isinstance(node, ast.arg)
            and id(node) not in private
            and node.annotation is not None
            and node.arg in names
            and _is_relation(node.annotation)
        ):
            yield node.lineno, names[node.arg]
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and node.target.id in names
            and _is_relation(node.annotation)
        ):
            yield node.lineno, names[node.target.id]
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in ("TABLES", "FACTS", "tables", "facts"):
            yield from ((node.lineno, key) for key in [getattr(node.slice, "value", "")] if key in TABLES)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "table_named":
            yield from ((node.lineno, part.value) for part in node.args if isinstance(part, ast.Constant) and part.value in TABLES)


def _is_relation(annotation: ast.AST) -> bool:
    return bool(RELATIONS.search(ast.unparse(annotation)))


def _words(source: Source) -> Iterator[str]:
    """Every name and every word of a text; a function that takes a frame names its table in the docstring."""
    for node in source.nodes:
        name = next((getattr(node, key) for key in ("id", "arg", "attr", "name") if isinstance(getattr(node, key, None), str)), None)
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else name or ""
        yield from re.findall(r"\w+", text.lower())


def _plural(name: str) -> str:
    return {"touch": "touches", "identity": "identities", "quality": "qualities", "batch": "batches"}.get(name, f"{name}s")
