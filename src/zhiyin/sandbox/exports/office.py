"""What do the systems of the company write from: who is there, and how is everybody written down?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhiyin.sandbox.ground import Ground
from zhiyin.sandbox.world import World
from zhiyin.sandbox.written import Written, written

__all__ = ["Office", "office"]


@dataclass(frozen=True)
class Office:
    """A company since its first day: its ground, and the texts about its customers."""

    ground: Ground
    written: Written
    begins: date


def office(world: World) -> Office:
    """The office of a world: everybody is written down."""
    return Office(world.ground, written(world.ground), world.begins)
