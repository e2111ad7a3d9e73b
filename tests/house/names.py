"""Plain names: no drawer for everything, no class that could mean anything; and what a module gives to others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from house.source import Finding, Source, is_command, rule

DRAWERS = {"util", "utils", "helper", "helpers", "common", "misc"}
VAGUE = {"Manager", "Helper", "Handler", "Service", "Processor", "Data", "Info"}


@rule
def file_names(source: Source) -> Iterator[Finding]:
    """A file is named after what it answers."""
    for name in (*PurePosixPath(source.path).parent.parts, PurePosixPath(source.path).stem):
        if set(name.removeprefix("test_").strip("_").split("_")) & DRAWERS:
            yield Finding(1, name, "a drawer for everything is no name")


@rule
def class_names(source: Source) -> Iterator[Finding]:
    """A class is named after the thing it is."""
    for node in source.classes:
        words = re.findall(r"[A-Z][a-z0-9]*", node.name)
        if words and words[-1] in VAGUE:
            yield Finding(node.lineno, node.name, f"{words[-1]} could mean anything")


@rule
def public_list(source: Source) -> Iterator[Finding]:
    """`__all__` names every public function and class of the module, and nothing that is not there."""
    if source.place != "src" or source.path.endswith("__main__.py"):
        return
    defined, own, given = _defined(source.tree), _own(source.tree), exported(source.tree)
    if given is None:
        if own or (source.is_package and defined):
            yield Finding(1, "__all__", f"missing, with {', '.join(sorted(own or defined))}")
        return
    lazy = "__getattr__" in defined
    for name in sorted(set(given) - defined) if not lazy else []:
        yield Finding(1, name, "is in __all__ and nowhere else")
    for name in sorted(own - set(given)):
        yield Finding(1, name, "is public and missing in __all__")
    for name in sorted({name for name in given if given.count(name) > 1}):
        yield Finding(1, name, "is in __all__ twice")


@rule
def light_rooms(source: Source) -> Iterator[Finding]:
    """The package file of a room holds its docstring and its public list; the work stands in modules."""
    if source.path != f"src/zhiyin/{source.room}/__init__.py":
        return
    for node in source.tree.body:
        lazy = isinstance(node, ast.FunctionDef) and node.name in ("__getattr__", "__dir__")
        words = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        typing = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not (lazy or words or typing or isinstance(node, (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign))):
            yield Finding(node.lineno, "", "work in a package file: give it a module")


def exported(tree: ast.Module) -> list[str] | None:
    """The names of `__all__`, None when there is none."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(name, ast.Name) and name.id == "__all__" for name in node.targets):
            return list(ast.literal_eval(node.value))
    return None


def borrowed(house: Sequence[Source]) -> Iterator[tuple[str, Finding]]:
    """Names that a module takes from another one of the house although that one does not offer them."""
    modules = {source.module: source for source in house if source.place == "src"}
    for source in modules.values():
        for node in source.nodes:
            if not isinstance(node, ast.ImportFrom) or node.level or node.module not in modules:
                continue
            offered = set(exported(modules[node.module].tree) or [])
            for alias in node.names:
                if alias.name not in offered and f"{node.module}.{alias.name}" not in modules:
                    yield source.path, Finding(node.lineno, alias.name, f"is not in __all__ of {node.module}")


def _own(tree: ast.Module) -> set[str]:
    """Public functions and classes; what a decorator enters as a command is called by its door only."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name for node in tree.body if isinstance(node, kinds) and node.name[0] != "_" and not is_command(node)}


def _defined(tree: ast.Module) -> set[str]:
    found = set()
    blocks = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.If))]
    for node in [node for block in blocks for node in block]:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {alias.asname or alias.name.split(".")[0] for alias in node.names if getattr(node, "module", "") != "__future__"}
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return found - {"__all__"}
