"""Which findings do pairs of records show, and what is each worth? All pairs at once, each distinct pair of values compared once."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.unify.identity.findings import Found, Place, compare_names, compare_places, place_of
from zhiyin.unify.identity.names import name_of
from zhiyin.unify.identity.weights import LEVELS, level_bits

__all__ = ["PLACE", "Floats", "Ints", "Levels", "compare_told"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_NAMES = list(LEVELS)
PLACE = {name: place for place, name in enumerate(_NAMES)}


class Levels:
    """The findings of each pair: of every comparison the place of the level in LEVELS, -1 for none, and the bits of the value."""

    def __init__(self, pairs: int) -> None:
        self._pairs = pairs
        self._found: dict[str, tuple[Ints, Floats]] = {}

    def add(self, comparison: str, level: Ints, value: Floats | None = None) -> None:
        """One comparison of all pairs."""
        self._found[comparison] = level, np.zeros(self._pairs) if value is None else value

    def of(self, comparison: str) -> Ints:
        """The levels of a comparison."""
        return self._found[comparison][0]

    def any_of(self, names: Collection[str]) -> npt.NDArray[np.bool_]:
        """Which pairs show one of these findings."""
        wanted = [PLACE[name] for name in names]
        none = np.zeros(self._pairs, dtype=bool)
        return np.logical_or.reduce([none, *(np.isin(level, wanted) for level, _ in self._found.values())])

    def bits(self, comparison: str, size: float) -> Floats:
        """What a comparison says of each pair, to a tenth of a bit, so that what is shown adds up."""
        level, value = self._found[comparison]
        base = np.array([0.0, *(level_bits(name, size=size) for name in _NAMES)])
        return np.round(base[level + 1] + value, 1)

    def total(self, size: float) -> Floats:
        """The sum of each pair."""
        found: Floats = np.round(
            np.sum([np.full(self._pairs, -round(size, 1)), *(self.bits(name, size) for name in self._found)], axis=0), 1
        )
        return found

    def written(self, rows: Ints, size: float) -> list[str]:
        """The findings of some pairs as text: `size:-13.3 phone.equal:17.7`."""
        texts = np.full(len(rows), f"size:{-size:.1f}", dtype=object)
        for comparison, (level, _) in self._found.items():
            own, bits = level[rows], self.bits(comparison, size)[rows]
            some = np.flatnonzero(own >= 0)
            texts[some] += [f" {_NAMES[at]}:{bit:.1f}" for at, bit in zip(own[some].tolist(), bits[some].tolist(), strict=True)]
        return list(texts)


def compare_told(known: pd.DataFrame, left: Ints, right: Ints, *, levels: Levels) -> None:
    """Names, places, birthdays and systems, each distinct pair of values compared once."""
    ends = left, right
    names = _distinct(known["name"], lambda text: name_of(text) if text else None)
    levels.add(*_by_value("name", names, ends, compare=compare_names))
    cities = known["city"].where(known["city"].ne(""), "")
    places = _distinct(known["address"] + "\n" + cities, _place)
    levels.add(*_by_value("address", places, ends, compare=compare_places))
    births = _distinct(known["birthday"], lambda text: text or None)
    levels.add(*_by_value("birthday", births, ends, compare=_birthdays))
    system = pd.factorize(known["source"])[0]
    one = system[left] == system[right]
    levels.add("system", np.where(one, PLACE["system.one"], -1))


def _place(text: str) -> Place | None:
    address, city = text.split("\n", 1)
    found = place_of(address) if address else Place()
    return found if found.city else Place(city) if city else None


def _birthdays(one: str, other: str) -> Found:
    return ("birthday.equal" if one == other else "birthday.different"), 0.0


def _distinct(texts: pd.Series, made: object) -> tuple[Ints, list[object]]:
    """Of each record the place of its value among the distinct ones, and what is made of those; None tells nothing."""
    code, distinct = pd.factorize(texts)
    return code.astype("int64"), [made(text) for text in distinct]  # type: ignore[operator]  # a function of a text


def _by_value(comparison: str, values: tuple[Ints, list[object]], ends: tuple[Ints, Ints], *, compare: object) -> tuple[str, Ints, Floats]:
    """The level of each pair, where both sides tell something."""
    code, made = values
    some = np.array([value is not None for value in made], dtype=bool)
    left, right = (code[end] for end in ends)
    both = np.flatnonzero(some[left] & some[right]) if len(made) else np.zeros(0, dtype="int64")
    low, high = np.minimum(left[both], right[both]), np.maximum(left[both], right[both])
    distinct, back = np.unique(low * np.int64(max(len(made), 1)) + high, return_inverse=True)
    found = [compare(made[at // len(made)], made[at % len(made)]) for at in distinct.tolist()]  # type: ignore[operator]  # a function of two values
    level, value = np.full(len(left), -1, dtype="int64"), np.zeros(len(left))
    level[both] = np.array([PLACE.get(name, -1) for name, _ in found], dtype="int64")[back] if found else -1
    value[both] = np.array([bits for _, bits in found])[back] if found else 0.0
    return comparison, level, value
