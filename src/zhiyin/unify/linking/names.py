"""Which part of a person's name is the given one and which the family's, wherever the table keeps them?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from zhiyin.unify.names import COMPOUND_NAMES

if TYPE_CHECKING:
    from zhiyin.unify.linking.frames import Column

__all__ = ["Names", "names_in"]

_FAMILY = re.compile(r"sur.?name|last.?name|family|姓氏|^姓$")
_TITLES = frozenset([
    "mr", "mrs", "ms", "miss", "dr", "prof", "sir", "lord", "lady", "dame", "rev", "reverend", "hon", "captain", "capt", "major", "colonel",
    "col", "general", "baron", "baroness", "count", "earl", "duke", "viscount", "mme", "mlle", "herr", "frau", "jr", "sr", "the", "of",
])  # fmt: skip
_HAN_TITLES = re.compile(r"(?:先生|女士|小姐|太太|老师|经理|总监?|主任)$")
_HAN_NAME = re.compile(r"[一-鿿·]{2,5}")
_CONTAINED = 0.85  # of the rows: so often are the words of one column among those of another that repeats it
_READ = 20_000  # different rows that are looked at for that


class Names(NamedTuple):
    """The name of every row in two parts, and which columns were used up.

    `given` and `family` hold a text or None a row; `used` are the columns that say nothing beyond them.
    """

    given: np.ndarray
    family: np.ndarray
    used: tuple[str, ...]


def names_in(rows: pd.DataFrame, columns: tuple[Column, ...]) -> Names | None:
    """The names of persons in these rows; None when no column holds any.

    A column that repeats the others (full_name beside first_name and surname) is read alone: it holds all words.
    """
    named = [column.name for column in columns if column.kind == "name"]
    if not named:  # no header says so: a column that holds the words of two others is a whole name beside its parts
        words = [column.name for column in columns if column.kind == "word"]
        whole = _whole(rows, words, least=2) if len(words) > 2 else None
        named = [] if whole is None else [name for name in words if name == whole or _contains(rows[whole], rows[name])]
    if not named:
        return None
    whole = _whole(rows, named, least=min(2, len(named) - 1))
    if whole is not None:
        given, family = _split(rows[whole])
        used = [name for name in named if name == whole or _contains(rows[whole], rows[name])]
        return Names(given, family, tuple(used))
    last = next((name for name in named if _FAMILY.search(name.lower().replace("_", " "))), named[-1])
    first = next(name for name in named if name != last)
    return Names(_stripped(rows[first]), _stripped(rows[last]), (first, last))


def _whole(rows: pd.DataFrame, named: list[str], *, least: int) -> str | None:
    """The column that holds whole names: the only one, or one that holds the words of at least so many others."""
    if len(named) == 1:
        return named[0]
    holds = {name: sum(_contains(rows[name], rows[other]) for other in named if other != name) for name in named}
    words = {name: rows[name].dropna().str.count(" ").mean() for name in named}
    best = max(named, key=lambda name: (holds[name], words[name]))
    return best if holds[best] >= least else None


def _contains(whole: pd.Series, part: pd.Series) -> bool:
    """Do the words of `part` stand among those of `whole`?"""
    both = pd.DataFrame({"whole": whole, "part": part}).dropna().drop_duplicates()
    if len(both) > _READ:
        both = both.iloc[np.argpartition(pd.util.hash_pandas_object(both, index=False).to_numpy(), _READ)[:_READ]]
    if both.empty:
        return False
    inside = [set(part.split()) <= set(whole.split()) or part in whole for whole, part in zip(both["whole"], both["part"], strict=True)]
    return float(np.mean(inside)) >= _CONTAINED


def _split(cells: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    codes, values = pd.factorize(cells)
    parts = np.array([*(_parts(value) for value in values), (None, None)], dtype=object).reshape(-1, 2)
    return parts[codes, 0], parts[codes, 1]


def _stripped(cells: pd.Series) -> np.ndarray:
    codes, values = pd.factorize(cells)
    cleaned = np.array([*(" ".join(_words(value)) or value for value in values), None], dtype=object)
    return np.asarray(cleaned[codes])


def _words(name: str) -> list[str]:
    words = [word for word in re.split(r"[\s,;/]+", name) if word]
    kept = [word for word in words if word.strip(".") not in _TITLES]
    return kept or words


def _parts(name: str) -> tuple[str | None, str | None]:
    """Given name and family name of a whole one; a single word is kept as the given one."""
    han = _HAN_TITLES.sub("", name.replace(" ", ""))
    if _HAN_NAME.fullmatch(han):
        cut = 2 if han[:2] in COMPOUND_NAMES else 1
        return han[cut:] or None, han[:cut]
    words = _words(name)
    if "," in name and len(words) > 1:  # "smith, john"
        words = [*words[1:], words[0]]
    return words[0], words[-1] if len(words) > 1 else None
