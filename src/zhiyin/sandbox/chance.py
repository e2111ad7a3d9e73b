"""What does chance say? Draws by name, day and index: the same on every machine, whatever else was drawn before.

Each draw is a hash of (seed, name, day, index), so a customer meets the same luck under every strategy (common random numbers),
and a draw for ten customers costs ten draws. Only integers are used, and floats that are made from them exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

__all__ = ["BELL", "Chance", "Floats", "Ids"]

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
_Words = npt.NDArray[np.uint64]

# splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_LEVELS = 4096

# The standard normal at the middles of 4096 equal parts, rounded, so that no library of mathematics decides about a digit.
BELL: Floats = np.array([round(NormalDist().inv_cdf((level + 0.5) / _LEVELS), 4) for level in range(_LEVELS)], dtype=np.float32)


@dataclass(frozen=True)
class Chance:
    """All chance of one world."""

    seed: int
    _keys: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    def words(self, name: str, ids: Ids, *, day: int = 0) -> _Words:
        """64 random bits for each index."""
        found: _Words = ids.astype(np.uint64)
        found *= _GOLDEN
        found += self._key(name, day)
        found ^= found >> np.uint64(30)
        found *= _FIRST
        found ^= found >> np.uint64(27)
        found *= _SECOND
        found ^= found >> np.uint64(31)
        return found

    def share(self, name: str, ids: Ids, *, day: int = 0) -> Floats:
        """A number of [0, 1) for each index, of 24 random bits: a float32 holds no more."""
        bits = (self.words(name, ids, day=day) >> np.uint64(40)).astype(np.float32)
        bits *= np.float32(2.0**-24)
        return bits

    def below(self, name: str, ids: Ids, *, most: int, day: int = 0) -> Ids:
        """A whole number of [0, most) for each index; `most` is at most a million."""
        return ((self.words(name, ids, day=day) >> np.uint64(32)) * np.uint64(most) >> np.uint64(32)).astype(np.int64)

    def bell(self, name: str, ids: Ids, *, day: int = 0) -> Floats:
        """A number of the standard normal distribution for each index."""
        found: Floats = BELL[(self.words(name, ids, day=day) >> np.uint64(52)).astype(np.int64)]
        return found

    def pick(self, name: str, ids: Ids, *, weights: tuple[int, ...], day: int = 0) -> Ids:
        """The place of one of the weights for each index."""
        ends = np.cumsum(np.array(weights, dtype=np.int64))
        return np.searchsorted(ends, self.below(name, ids, most=int(ends[-1]), day=day), side="right")

    def happens(self, name: str, ids: Ids, *, share: float | Floats, day: int = 0) -> npt.NDArray[np.bool_]:
        """Whether something happens that happens with this probability."""
        return self.share(name, ids, day=day) < share

    def _key(self, name: str, day: int) -> np.uint64:
        found = self._keys.get(name)
        if found is None:
            found = int.from_bytes(blake2b(f"{self.seed}/{name}".encode(), digest_size=8).digest(), "little")
            self._keys[name] = found
        mixed = (found + (day + 1) * 0xD1342543DE82EF95) & 0xFFFFFFFFFFFFFFFF
        return np.uint64(mixed ^ (mixed >> 29))
