"""How is one sentence written down so that it stands for many? The notation of the texts, and the draws that choose among them.

    {product}[现在|眼下|]多少钱[啊|呀|]？

`[a|b|]` stands for one of its alternatives (the last one here is empty), and may hold further brackets; `<it>` stands for a word
that each kind of company says differently; `{product}` is filled by the caller. A block of such lines is divided by headings:
`@saas,busy` says that the lines below it are for a software company, and for customers in a hurry; without a heading they are for
everybody.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Program", "compiled", "drawn", "expanded", "mixed", "parts_of", "sections", "slots_in", "with_slots"]

Program = tuple[str | tuple[str, ...], ...]  # what is said as it stands, and what one of several is chosen from

_ALL = 0xFFFFFFFFFFFFFFFF
_FEW = 1 << 16  # a draw smaller than this has been used up


def mixed(word: int) -> int:
    """The next 64 random bits after `word`: splitmix64, in Python's integers."""
    word = (word + 0x9E3779B97F4A7C15) & _ALL
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _ALL
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _ALL
    return word ^ (word >> 31)


def drawn(programs: tuple[Program, ...], seed: int) -> tuple[str, int]:
    """What one of the programs says when these bits choose, and fresh bits for what comes next."""
    state, at = divmod(seed, len(programs))
    said = []
    for part in programs[at]:
        if part.__class__ is str:
            said.append(part)
        else:
            if state < _FEW:
                seed = state = mixed(seed)
            state, at = divmod(state, len(part))
            said.append(part[at])
    return "".join(said), mixed(seed)


def sections(block: str) -> Iterator[tuple[str, str]]:
    """Each line of a block with each heading that it stands under, in the order of the block; "" is no heading."""
    headings: tuple[str, ...] = ("",)
    for line in map(str.strip, block.splitlines()):
        if line.startswith("@"):
            headings = tuple(line[1:].split(","))
        elif line:
            for heading in headings:
                yield heading, line


def compiled(pattern: str, words: Mapping[str, str]) -> Program:
    """A pattern as the pieces that are said one after the other; `words` says what stands for `<it>` and its like."""
    pieces: list[str | tuple[str, ...]] = []
    for piece in parts_of(_worded(pattern, words)):
        if isinstance(piece, tuple):
            pieces.append(piece)
        elif pieces and isinstance(pieces[-1], str):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return tuple(pieces)


def parts_of(pattern: str) -> Iterator[str | tuple[str, ...]]:
    """The pieces of a pattern without `<...>`: literal text, and the alternatives of each pair of brackets, written out."""
    literal, at = "", 0
    while at < len(pattern):
        if pattern[at] != "[":
            literal, at = literal + pattern[at], at + 1
            continue
        if literal:
            yield literal
        end = _closing(pattern, at)
        yield tuple(text for choice in _choices(pattern[at + 1 : end]) for text in expanded(tuple(parts_of(choice))))
        literal, at = "", end + 1
    if literal:
        yield literal


def expanded(program: Program) -> Iterator[str]:
    """Every sentence that a program can say, the slots left open."""
    for words in product(*((part,) if isinstance(part, str) else part for part in program)):
        yield "".join(words)


@cache
def slots_in(text: str) -> tuple[str, ...]:
    """The names of the slots of a text."""
    return tuple(name for _, name, _, _ in Formatter().parse(text) if name)


def with_slots(program: Program, known: tuple[str, ...]) -> Program | None:
    """What is left of a program when only these slots are known; None when nothing can be said."""
    left: list[str | tuple[str, ...]] = []
    for part in program:
        options = (part,) if isinstance(part, str) else part
        fitting = tuple(text for text in options if all(name in known for name in slots_in(text)))
        if not fitting:
            return None
        left.append(fitting[0] if len(fitting) == 1 else fitting)
    return tuple(left)


def _worded(pattern: str, words: Mapping[str, str]) -> str:
    """A pattern in which every `<it>` is replaced by the brackets of its alternatives."""
    while "<" in pattern:
        before, _, rest = pattern.partition("<")
        name, _, after = rest.partition(">")
        pattern = f"{before}[{words[name]}]{after}"
    return pattern


def _closing(pattern: str, at: int) -> int:
    """Where the bracket that opens at `at` is closed."""
    depth = 0
    for place in range(at, len(pattern)):
        depth += (pattern[place] == "[") - (pattern[place] == "]")
        if depth == 0:
            return place
    return len(pattern)


def _choices(inside: str) -> Iterator[str]:
    """The alternatives between two brackets, each as a pattern of its own."""
    depth, begin = 0, 0
    for place, letter in enumerate(inside):
        depth += (letter == "[") - (letter == "]")
        if letter == "|" and depth == 0:
            yield inside[begin:place]
            begin = place + 1
    yield inside[begin:]
