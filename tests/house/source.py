"""One source text, and what is found in it."""

from __future__ import annotations

import ast
import io
import subprocess
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAGES = ("collect", "unify", "understand", "predict", "recommend", "act", "converse", "improve", "sandbox")
DOORS = ("api", "cli", "console", "lab")


@dataclass(frozen=True)
class Finding:
    """Something out of place: in which line, about which name, and why."""

    line: int
    subject: str
    why: str


@dataclass(frozen=True)
class Source:
    """One file of Python, read once."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree, walked once for all rules."""
        return list(ast.walk(self.tree))

    @property
    def place(self) -> str:
        """The top folder: src, tests, docs, benchmarks."""
        return self.path.split("/")[0]

    @property
    def room(self) -> str:
        """The room of the house, empty outside src/zhiyin and for its top file."""
        parts = self.path.split("/")
        return parts[2] if parts[:2] == ["src", "zhiyin"] and len(parts) > 3 else ""

    @property
    def module(self) -> str:
        """The dotted name under which others import it."""
        return self.path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def is_package(self) -> bool:
        return self.path.endswith("__init__.py")

    @cached_property
    def comments(self) -> list[tuple[int, str]]:
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]

    @cached_property
    def docstrings(self) -> list[tuple[int, str]]:
        owners = [node for node in self.nodes if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))]
        return [(node.body[0].lineno, doc) for node in owners if (doc := ast.get_docstring(node))]

    @cached_property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        return [node for node in self.nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]

    @cached_property
    def classes(self) -> list[ast.ClassDef]:
        return [node for node in self.nodes if isinstance(node, ast.ClassDef)]

    @cached_property
    def calls(self) -> list[ast.Call]:
        return [node for node in self.nodes if isinstance(node, ast.Call)]

    @cached_property
    def imports(self) -> list[tuple[int, str]]:
        """Every imported module or `module.name`, with its line."""
        found = []
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found += [(node.lineno, f"{'.' * node.level}{node.module or ''}.{alias.name}") for alias in node.names]
        return found


Rule = Callable[[Source], Iterator[Finding]]
RULES: dict[str, Rule] = {}


def rule(check: Rule) -> Rule:
    """Enter a rule under its function's name."""
    RULES[check.__name__] = check
    return check


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a name or a chain of attributes; the last name where the chain starts with something else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return ""


def is_command(node: ast.AST) -> bool:
    """Whether a decorator enters the function as a command of the command line."""
    calls = [decorator.func for decorator in getattr(node, "decorator_list", []) if isinstance(decorator, ast.Call)]
    return any(dotted(call).rpartition(".")[2] in ("command", "callback") for call in calls)


def tracked() -> list[Path]:
    """Every file that is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in sorted(set(listed.stdout.splitlines())) if (ROOT / name).is_file()]


def sources() -> list[Source]:
    """Every Python file of the repository."""
    return [Source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in tracked() if path.suffix == ".py"]
