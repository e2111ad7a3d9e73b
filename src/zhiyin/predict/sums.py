"""What a model says of one row, on the scale on which reasons add up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol, runtime_checkable

__all__ = ["Summing", "Sums"]


class Sums(NamedTuple):
    """Log-odds, half the width of the 90 % interval, and what the log-odds are the sum of."""

    log_odds: float
    reach: float
    base: float
    parts: dict[str, float]


@runtime_checkable
class Summing(Protocol):
    """A model that can say it without a frame."""

    def sums(self, values: Mapping[str, object]) -> Sums:
        """Of one row given by name; what is not there is not known."""
        ...
