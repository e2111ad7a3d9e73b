"""One thing said in two languages."""

from __future__ import annotations

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]

__all__ = ["Language", "Say"]


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
        return Say(self.zh.format(**slots), self.en.format(**slots))
