"""Which of these, said by one number? Choice after choice from a single draw, in whole numbers only."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate
from typing import TypeVar

__all__ = ["Picks"]

_Thing = TypeVar("_Thing")
_ALL = 0xFFFFFFFFFFFFFFFF
# splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
_GOLDEN, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


class Picks:
    """A row of choices that follows from one draw: neighbouring draws choose unlike each other.

    Args:
        draw: any whole number.
        what: what the choices are about, so that the same draw chooses a name and a street independently.

    Example:
        >>> Picks(7, "name").of("甲乙丙") == Picks(7, "name").of("甲乙丙")
        True
    """

    __slots__ = ("_state",)

    def __init__(self, draw: int, what: str) -> None:
        self._state = _mixed(int(draw) + _key(what))

    def below(self, most: int) -> int:
        """A whole number of [0, most)."""
        self._state = (self._state + _GOLDEN) & _ALL
        return (_mixed(self._state) >> 32) * most >> 32

    def of(self, things: Sequence[_Thing]) -> _Thing:
        """One of these, each as often as the others."""
        return things[self.below(len(things))]

    def weighted(self, weights: tuple[int, ...]) -> int:
        """The place of one of the weights."""
        ends = _ends(weights)
        return bisect_right(ends, self.below(ends[-1]))


def _mixed(number: int) -> int:
    number &= _ALL
    number = ((number ^ number >> 30) * _FIRST) & _ALL
    number = ((number ^ number >> 27) * _SECOND) & _ALL
    return number ^ number >> 31


@lru_cache(maxsize=256)
def _key(what: str) -> int:
    return int.from_bytes(blake2b(what.encode(), digest_size=8).digest(), "little")


@lru_cache(maxsize=256)
def _ends(weights: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(accumulate(weights))
