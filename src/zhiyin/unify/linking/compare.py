"""How alike are two rows, field by field?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from zhiyin.unify.linking.alike import MISSING, Values, alike, top, values_of
from zhiyin.unify.linking.names import names_in

if TYPE_CHECKING:
    from zhiyin.unify.linking.frames import Column
    from zhiyin.unify.linking.kinds import Kind

__all__ = ["Field", "fields_of", "levels"]

_AT_ONCE = 2_000_000  # pairs: bounds the memory


class Field(NamedTuple):
    """One thing that rows are compared by.

    `codes` are places in `values`, -1 where a row says nothing; `twin` is the place of the field whose values may have
    changed places with these (given and family name), -1: none.
    """

    name: str
    kind: Kind
    codes: np.ndarray
    values: Values
    twin: int = -1


def fields_of(rows: pd.DataFrame, columns: tuple[Column, ...]) -> list[Field]:
    """What rows are compared by: the parts of the name, and every other column."""
    names = names_in(rows, columns)
    made = []
    if names is not None:
        codes, values = values_of("name", pd.Series(np.concatenate([names.given, names.family])))
        given, family = codes[: len(rows)], codes[len(rows) :]
        if (family >= 0).any():
            made = [Field("given name", "name", given, values, 1), Field("family name", "name", family, values, 0)]
        else:
            made = [Field(names.used[0], "name", given, values)]
    for column in columns:
        if names is None or column.name not in names.used:
            codes, values = values_of(column.kind, rows[column.name])
            made.append(Field(column.name, column.kind, codes, values))
    return made


def levels(fields: list[Field], *, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """How alike the rows of each pair are: `(pairs, fields)`, 0 missing, 1 different, the `top` of the kind equal."""
    made = np.zeros((len(left), len(fields)), dtype=np.uint8)
    for start in range(0, len(left), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        for place, field in enumerate(fields):
            made[part, place] = alike(field.kind, field.values, left=field.codes[left[part]], right=field.codes[right[part]])
        for place, field in enumerate(fields):
            if field.twin > place:
                _turn(fields, (place, field.twin), (left[part], right[part]), made[part])
    return made


def _turn(fields: list[Field], places: tuple[int, int], pairs: tuple[np.ndarray, np.ndarray], made: np.ndarray) -> None:
    """Where two names fit better crosswise, their levels become those crosswise."""
    one, other = (fields[place] for place in places)
    unsure = np.flatnonzero((made[:, places] < top(one.kind) - 1).any(axis=1))
    left, right = (side[unsure] for side in pairs)
    cross = [
        alike(one.kind, one.values, left=one.codes[left], right=other.codes[right]),
        alike(one.kind, one.values, left=other.codes[left], right=one.codes[right]),
    ]
    crosswise, straight = np.stack(cross, axis=1), made[unsure][:, places]
    better = _worth(crosswise) > _worth(straight) + 1
    made[unsure[better][:, None], places] = crosswise[better]


def _worth(found: np.ndarray) -> np.ndarray:
    """A missing name is worth half a step more than a different one."""
    worth: np.ndarray = np.where(found == MISSING, 1.5, found).sum(axis=1)
    return worth
