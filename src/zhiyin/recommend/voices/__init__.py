"""What speaks for an item? One file an idea; each learns from all histories and scores any history, new ones too.

Because a voice answers for a history and not for a customer's number, a click is heard at once: it is one more step of the history.
"""

from __future__ import annotations

from typing import Protocol

from zhiyin.recommend.scores import Scores
from zhiyin.recommend.trails import Trails

__all__ = ["Voice"]


class Voice(Protocol):
    """Scores items for histories."""

    def score(self, trails: Trails) -> Scores:
        """How much it says for each item, a row a history."""
        ...
