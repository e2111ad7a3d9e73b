"""Which findings do pairs of records show, and what is each worth? All pairs at once, each distinct pair of values compared once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.unify.identity.findings import Found, Place, compare_names, compare_places, place_of
from zhiyin.unify.identity.names import Name, name_of
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

    def add(self, comparison: str, level: Ints, *, value: Floats | None = None) -> None:
        """One comparison of all pairs."""
        self._found[comparison] = level, np.zeros(self._pairs) if value is None else value

    def of(self, comparison: str) -> Ints:
        """The levels of a comparison."""
        return self._found[comparison][0]

    def any_of(self, names: Collection[str]) -> npt.NDArray[np.bool_]:
        """Which pairs show one of these findings."""
        wanted = [PLACE[name] for name in names]
        none = np.zeros(self._pairs, dtype=bool)
        found: npt.NDArray[np.bool_] = np.logical_or.reduce([none, *(np.isin(level, wanted) for level, _ in self._found.values())])
        return found

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


def compare_told(known: pd.DataFrame, levels: Levels, *, left: Ints, right: Ints) -> None:
    """Names, places, birthdays and systems, each distinct pair of values compared once."""
    told: dict[str, tuple[pd.Series, Callable[[str], Any], Callable[[Any, Any], Found]]] = {
        "name": (known["name"], _name, compare_names),
        "address": (known["address"] + "\n" + known["city"], _place, compare_places),
        "birthday": (known["birthday"], lambda text: text or None, _birthdays),
    }
    for comparison, (texts, made, compare) in told.items():
        level, value = _by_value(_distinct(texts, made, of=[left, right]), (left, right), compare=compare)
        levels.add(comparison, level, value=value)
    system = pd.factorize(known["source"])[0]
    levels.add("system", np.where(system[left] == system[right], PLACE["system.one"], -1))


def _name(text: str) -> Name | None:
    return name_of(text) if text else None


def _place(text: str) -> Place | None:
    address, city = text.split("\n", 1)
    found = place_of(address) if address else Place()
    return found if found.city else Place(city) if city else None


def _birthdays(one: str, other: str) -> Found:
    return ("birthday.equal" if one == other else "birthday.different"), 0.0


def _distinct(texts: pd.Series, made: Callable[[str], Any], *, of: Sequence[Ints]) -> tuple[Ints, list[Any]]:
    """Of each record the place of its value among the distinct ones, and what is made of those that are compared; None tells nothing."""
    code, distinct = pd.factorize(texts)
    compared = np.zeros(len(distinct), dtype=bool)
    for records in of:
        compared[code[records]] = True
    return code.astype("int64"), [made(text) if wanted else None for text, wanted in zip(distinct, compared.tolist(), strict=True)]


def _by_value(values: tuple[Ints, list[Any]], ends: tuple[Ints, Ints], *, compare: Callable[[Any, Any], Found]) -> tuple[Ints, Floats]:
    """The level of each pair, where both sides tell something."""
    code, made = values
    some = np.array([value is not None for value in made], dtype=bool)
    left, right = (code[end] for end in ends)
    both = np.flatnonzero(some[left] & some[right]) if len(made) else np.zeros(0, dtype="int64")
    low, high = np.minimum(left[both], right[both]), np.maximum(left[both], right[both])
    distinct, back = np.unique(low * np.int64(max(len(made), 1)) + high, return_inverse=True)
    found = [compare(made[at // len(made)], made[at % len(made)]) for at in distinct.tolist()]
    level, value = np.full(len(left), -1, dtype="int64"), np.zeros(len(left))
    level[both] = np.array([PLACE.get(name, -1) for name, _ in found], dtype="int64")[back] if found else -1
    value[both] = np.array([bits for _, bits in found])[back] if found else 0.0
    return level, value
