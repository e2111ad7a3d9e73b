"""How alike are two values, each kind in its own way?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_sort_ratio

from zhiyin.unify.linking.normal import pinyin

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhiyin.unify.linking.kinds import Kind

__all__ = ["DIFFERENT", "MISSING", "Values", "alike", "top", "values_of"]

MISSING, DIFFERENT = 0, 1
_DATE = re.compile(r"(\d{4})\D?(\d\d?)\D?(\d\d?)(?!\d)")
_DATE_TURNED = re.compile(r"(\d\d?)\D(\d\d?)\D(\d{4})(?!\d)")
_HAN = re.compile("[一-鿿]")
_FARTHEST = 4  # edits: what is farther apart is counted as that far


class Values(NamedTuple):
    """The different values of a field and what is known of each: facts are arrays of the same length as `texts`."""

    texts: np.ndarray
    facts: dict[str, np.ndarray]


def values_of(kind: Kind, cells: pd.Series) -> tuple[np.ndarray, Values]:
    """Places of the cells among the different values of a field (-1 missing), and these values in their order."""
    codes, texts = pd.factorize(cells)
    spelled = pd.Series([*_spelled(kind, list(texts)), None], dtype=object).to_numpy()[codes]
    codes, texts = pd.factorize(spelled, sort=True)
    texts = np.asarray(texts, dtype=object)
    return codes, Values(texts, _RULES[kind].facts(texts))


def _spelled(kind: Kind, texts: list[str]) -> list[str | None]:
    """Values in one spelling: days as 20260131, phones and codes without blanks and dashes."""
    if kind == "date":
        american = any((found := _DATE_TURNED.match(text)) and int(found[2]) > 12 for text in texts)
        return [_day(text, american) for text in texts]
    if kind == "phone":
        return [re.sub(r"^86(?=1\d{10}$)", "", re.sub(r"\D", "", text).lstrip("0")) or None for text in texts]
    if kind == "code":
        return [re.sub(r"[\s\-._/]", "", text) or None for text in texts]
    return [*texts]


def _day(text: str, american: bool) -> str:
    if found := _DATE.match(text):
        return f"{found[1]}{found[2]:0>2}{found[3]:0>2}"
    if found := _DATE_TURNED.match(text):
        month, day = (found[1], found[2]) if american else (found[2], found[1])
        return f"{found[3]}{month:0>2}{day:0>2}"
    return text


def top(kind: Kind) -> int:
    """The level of equal values of a kind; 0 is missing, 1 different."""
    return _RULES[kind].top


def alike(kind: Kind, values: Values, *, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The level of each pair of places in `values`; -1 is missing."""
    made = np.zeros(len(left), dtype=np.uint8)
    told = (left >= 0) & (right >= 0)
    made[told & (left == right)] = top(kind)
    unequal = np.flatnonzero(told & (left != right))
    if len(unequal):
        one, other = left[unequal].astype(np.int64), right[unequal].astype(np.int64)
        size = len(values.texts)
        pair, back = np.unique(np.minimum(one, other) * size + np.maximum(one, other), return_inverse=True)
        steps = _RULES[kind].steps(values, pair // size, pair % size)
        made[unequal] = (steps + DIFFERENT).astype(np.uint8)[back]
    return made


class _Rule(NamedTuple):
    """`steps` says for pairs of unequal values how far above "different" they are, `top` is the level of equal ones."""

    top: int
    facts: Callable[[np.ndarray], dict[str, np.ndarray]]
    steps: Callable[[Values, np.ndarray, np.ndarray], np.ndarray]


def _word_facts(texts: np.ndarray) -> dict[str, np.ndarray]:
    """Length, first letter, and what a Chinese word sounds like (the text itself where it is not Chinese)."""
    chinese = np.array([bool(_HAN.search(text)) for text in texts], dtype=bool)
    latin = np.array([pinyin(text) if han else text for text, han in zip(texts, chinese, strict=True)], dtype=object)
    return {
        "length": np.array([len(text) for text in texts], dtype=np.int64),
        "first": np.array([ord(text[0]) for text in texts], dtype=np.int64),
        "chinese": chinese,
        "latin": latin,
        "sound": pd.factorize(latin)[0],
    }


def _code_facts(texts: np.ndarray) -> dict[str, np.ndarray]:
    """Length, and which first half it shares with others: the district of a post code, the region of a phone."""
    half = np.array([text.split(" ")[0] if " " in text else text[: (len(text) + 1) // 2] for text in texts], dtype=object)
    return {"length": np.array([len(text) for text in texts], dtype=np.int64), "half": half, "half_code": pd.factorize(half)[0]}


def _date_facts(texts: np.ndarray) -> dict[str, np.ndarray]:
    """Year, month and day as numbers; -1 where it is no day."""
    found = [_DATE.match(text) for text in texts]
    numbers = np.array([[int(part) for part in match.groups()] if match else [-1, -1, -1] for match in found], dtype=np.int64)
    return dict(zip(("year", "month", "day"), numbers.reshape(-1, 3).T, strict=True))


def _mail_facts(texts: np.ndarray) -> dict[str, np.ndarray]:
    local = np.array([text.split("@")[0] for text in texts], dtype=object)
    return {"local_code": pd.factorize(local)[0]}


def _length_facts(texts: np.ndarray) -> dict[str, np.ndarray]:
    return {"length": np.array([len(text) for text in texts], dtype=np.int64)}


def _winkler(texts: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.asarray(process.cpdist(texts[a].tolist(), texts[b].tolist(), scorer=JaroWinkler.similarity, workers=-1, dtype=np.float32))


def _edits(texts: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    pairs = texts[a].tolist(), texts[b].tolist()
    return np.asarray(process.cpdist(*pairs, scorer=OSA.distance, workers=-1, dtype=np.int32, score_cutoff=_FARTHEST))


def _turned(texts: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """How alike two texts are when the order of their words does not matter, 0 to 1."""
    pairs = texts[a].tolist(), texts[b].tolist()
    return np.asarray(process.cpdist(*pairs, scorer=token_sort_ratio, workers=-1, dtype=np.float32)) / 100


def _shortest(values: Values, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    length = values.facts["length"]
    shortest: np.ndarray = np.minimum(length[a], length[b])
    return shortest


def _one_slip(values: Values, a: np.ndarray, b: np.ndarray, *, least: int) -> np.ndarray:
    """One letter wrong, missing or turned with its neighbour, in words of at least so many letters."""
    length = values.facts["length"]
    near = np.flatnonzero((np.abs(length[a] - length[b]) <= 1) & (_shortest(values, a, b) >= least))
    slip = np.zeros(len(a), dtype=bool)
    slip[near] = _edits(values.texts, a[near], b[near]) <= 1
    return slip


def _name(values: Values, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """1 a little alike, 2 alike or an initial, 3 very alike, 4 one slip of the pen or the same sound."""
    facts = values.facts
    steps = np.searchsorted([0.7, 0.82, 0.92], _winkler(values.texts, a, b), side="right")
    steps[_one_slip(values, a, b, least=4)] = 4
    short = (_shortest(values, a, b) <= 2) & ~facts["chinese"][a]
    steps = np.where(short, np.where(facts["first"][a] == facts["first"][b], 2, 0), steps)
    return np.where(facts["sound"][a] == facts["sound"][b], 4, steps)


def _word(values: Values, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """1 a little alike, 2 alike, whatever the order of its words, 3 one slip of the pen or the same sound."""
    near = np.maximum(_winkler(values.texts, a, b), _turned(values.texts, a, b))
    steps = np.searchsorted([0.75, 0.87], near, side="right")
    sounds = values.facts["sound"]
    return np.where(_one_slip(values, a, b, least=3) | (sounds[a] == sounds[b]), 3, steps)


def _code(values: Values, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """1 the same first half, 2 two slips, 3 one slip."""
    edits, size, half = _edits(values.texts, a, b), _shortest(values, a, b), values.facts["half_code"]
    steps = np.where((edits <= 2) & (size >= 5), 2, half[a] == half[b])
    return np.where((edits <= 1) & (size >= 3), 3, steps)


def _date(values: Values, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """1 within ten years, 2 the same year, 3 two of year, month and day, 4 one slip, or day and month turned."""
    one, other = ([values.facts[part][side] for part in ("year", "month", "day")] for side in (a, b))
    same = np.sum([x == y for x, y in zip(one, other, strict=True)], axis=0)
    turned = (one[0] == other[0]) & (one[1] == other[2]) & (one[2] == other[1])
    apart = np.abs(one[0] - other[0])
    steps = np.select([same == 2, apart == 0, apart <= 10], [3, 2, 1], 0)
    slip = np.zeros(len(a), dtype=bool)
    near = np.flatnonzero(same >= 1)
    slip[near] = _edits(values.texts, a[near], b[near]) <= 1
    return np.where(turned | slip, 4, steps)


def _number(values: Values, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return _one_slip(values, a, b, least=2).astype(np.int64)


def _mail(values: Values, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """1 the same name elsewhere, 2 one slip; a name that is only much the same says no more than the name itself does."""
    code = values.facts["local_code"]
    return np.where(_edits(values.texts, a, b) <= 1, 2, code[a] == code[b])


_WORD, _CODE = _Rule(5, _word_facts, _word), _Rule(5, _code_facts, _code)
_NUMBER = _Rule(3, _length_facts, _number)
_RULES: dict[Kind, _Rule] = {
    "name": _Rule(6, _word_facts, _name),
    "date": _Rule(6, _date_facts, _date),
    "email": _Rule(4, _mail_facts, _mail),
    "phone": _CODE,
    "postcode": _CODE,
    "code": _CODE,
    "address": _WORD,
    "word": _WORD,
    "text": _WORD,
    "number": _NUMBER,
    "price": _NUMBER,
    "category": _NUMBER,
}
