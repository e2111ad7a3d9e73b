"""The truth of an invented company is opened by its scorer only: whatever learned from it would be good at nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from house.source import Finding, Source, rule

# The word as a part of a path, so that a sentence about the truth passes.
FOLDER = re.compile(r"(^|[/\\])truth([/\\]|$)")
KEEPERS = re.compile(r"^src/zhiyin/(app/recipes/(truth\w*|sandbox)|improve/truth\w*|sandbox/truth|cli/main)\.py$")
OPENER = "zhiyin.app.recipes.truth_file"


@rule
def sealed_truth(source: Source) -> Iterator[Finding]:
    """Only the scorer, and the sandbox that writes it, may name the folder of the truth or borrow what opens it."""
    if source.place != "src" or KEEPERS.match(source.path):
        return
    words = {id(node.body[0].value) for node in source.nodes if isinstance(getattr(node, "body", None), list) and _is_words(node.body)}
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in words and FOLDER.search(node.value):
            yield Finding(node.lineno, node.value, "the truth is opened by its scorer only")
    for line, name in source.imports:
        if name.startswith(OPENER):
            yield Finding(line, name, "the truth is opened by its scorer only")


def _is_words(body: list[ast.stmt]) -> bool:
    """Whether a block begins with a docstring, which opens nothing."""
    return bool(body) and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
