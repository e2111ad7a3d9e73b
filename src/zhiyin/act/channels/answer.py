"""What became of one attempt to deliver a message?"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Answer"]


class Answer(NamedTuple):
    """Whether it arrived; whether trying again makes sense; what the other side said, without anything personal; when to try again."""

    arrived: bool
    again: bool
    said: str
    after_seconds: float | None = None
