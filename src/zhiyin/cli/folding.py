"""How is a sentence broken into lines, when Chinese has no blanks to break at?"""

from __future__ import annotations

import re

from rich.cells import cell_len

__all__ = ["folded"]

# A run of Latin letters, digits and signs stays together; every other character may stand at the end of a line.
_UNITS = re.compile(r"[!-~\u00a1-\u024f\u20a0-\u20bf]+|\s+|.", re.DOTALL)
_CLOSING = frozenset("，。、：；！？）」』》】”’…%·")  # never first in a line
_OPENING = frozenset("（「『《【“‘")  # never last in a line


def folded(text: str, *, width: int, indent: int = 0) -> list[str]:
    """The lines of a text that is at most `width` cells wide; those after the first begin with `indent` blanks.

    A Chinese character takes two cells. A word that is wider than a line stands alone on one that is too long.

    Example:
        >>> folded("王小明您好，牛奶该补了。", width=14)
        ['王小明您好，牛', '奶该补了。']
    """
    lines, line = [], ""
    for unit in _units(text):
        begun = line.strip() != ""
        if begun and cell_len(line) + cell_len(unit.rstrip()) > width:
            lines.append(line.rstrip())
            line = " " * indent + unit.lstrip()
        else:
            line += unit
    return [*lines, line.rstrip()]


def _units(text: str) -> list[str]:
    """What must not be broken: closing marks stay with what stands before them, opening ones with what follows."""
    units: list[str] = []
    for found in _UNITS.findall(text):
        joined = units and (found in _CLOSING or units[-1][-1] in _OPENING)
        if joined:
            units[-1] += found
        else:
            units.append(found)
    return units
