"""One thing said in two languages."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]

__all__ = ["Language", "Say", "one_of_each"]

# What sentences count: a figure of one takes the singular.
_ONE = re.compile(r"(?<![\w.,])1 (day|time|order|item|product|customer|campaign|outcome|lead|row|entr|categor)(?:ie)?s\b")


def one_of_each(english: str) -> str:
    """An English sentence whose counts of one are in the singular; Chinese has no plural and comes back as it is.

    Example:
        >>> one_of_each("1 orders in the last 21 days, 1 categories")
        '1 order in the last 21 days, 1 category'
    """
    return _ONE.sub(lambda found: f"1 {found[1]}{'y' if found[1] in ('entr', 'categor') else ''}", english)


class Say(NamedTuple):
    """A sentence in Chinese and in English; the door picks the language of the reader.

    Example:
        >>> Say("你好", "Hello").in_("en")
        'Hello'
    """

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """The sentence in one language."""
        return self.zh if language == "zh" else self.en

    def fill(self, **slots: object) -> Say:
        """Both sentences with their `{slot}`s filled."""
        return Say(self.zh.format(**slots), one_of_each(self.en.format(**slots)))
