"""Words in the code: reasons, not history; nothing unfinished; nothing that holds on one machine only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from house.source import Finding, Source, rule

HISTORY = re.compile(
    r"\b(previously|formerly|used to be|refactor\w*|rewritten (?:for|to|from|in)|moved (here )?from|legacy|changed from|"
    r"(old|new) (code|version|implementation)|for now|as requested|the brief|this session|issue #?\d+|pull request)\b",
    re.IGNORECASE,
)
# Some letters stand in brackets, because this file is searched too.
UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b")
MACHINE_PATH = re.compile(r"(?<![\w.$}>~/:*-])/(h[o]me|r[o]ot|U[s]ers|t[m]p|w[o]rk|o[p]t|m[n]t|s[r]v|v[a]r|usr/lo[c]al)/[\w.]")
REGISTRY = re.compile(
    r"py[p]i\.org|python[h]osted\.org|registry\.[n]pmjs|--(extra-)?index-[u]rl[ =]\S|--find-[l]inks[ =]\S|--trusted-[h]ost[ =]\S"
)


@rule
def no_history(source: Source) -> Iterator[Finding]:
    """Comments give a reason or a measured fact; git keeps the history."""
    for line, words in (*source.comments, *source.docstrings):
        if found := HISTORY.search(words):
            yield Finding(line, found.group(), "history in a comment")


@rule
def named_ignores(source: Source) -> Iterator[Finding]:
    """An ignored rule is named."""
    for line, words in source.comments:
        if re.search(r"noqa(?!: ?[A-Z]+\d)|type: ignore(?!\[)", words):
            yield Finding(line, words, "name the rule that is ignored")


def out_of_place(text: str) -> Iterator[Finding]:
    """Marks of unfinished work, paths of one machine and hosts of registries, in any kind of text."""
    for number, line in enumerate(text.splitlines(), 1):
        for why, pattern in (("unfinished", UNFINISHED), ("a path of one machine", MACHINE_PATH), ("a registry host", REGISTRY)):
            if found := pattern.search(line):
                yield Finding(number, found.group(), why)
