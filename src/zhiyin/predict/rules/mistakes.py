"""Where in a rule is the mistake, and what should stand there?"""

from __future__ import annotations

import unicodedata

from zhiyin.core.errors import UsageError
from zhiyin.core.words import Say

__all__ = ["mistake"]

_BEFORE, _AFTER = 48, 28  # places of a long rule that are shown about the mistake


def mistake(rule: str, at: int, *, what: Say, fix: Say) -> UsageError:
    """The error to raise: the rule with a caret under the place, what is wrong there, what to do.

    Args:
        rule: as it was typed.
        at: place of the mistake, from 0.
        what: what is wrong.
        fix: what to write instead.
    """
    start, end = max(0, at - _BEFORE), min(len(rule), at + _AFTER)
    shown = rule[start:end].replace("\n", " ").replace("\t", " ")
    left = "…" if start else ""
    drawn = f"  {left}{shown}{'…' if end < len(rule) else ''}\n  {' ' * (len(left) + _width(shown[: at - start]))}^\n"
    return UsageError(Say(f"规则里这一处不对：\n{drawn}{what.zh}", f"There is a mistake in the rule:\n{drawn}{what.en}"), fix=fix)


def _width(text: str) -> int:
    """Columns that a text takes on a screen: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
