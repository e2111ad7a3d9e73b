"""Which pairs of rows are worth comparing?"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from zhiyin.unify.linking.compare import Field

__all__ = ["candidates"]

_LARGEST = 400  # rows that share a key; a key that more share tells little
_GATHERED = 20_000_000  # pairs held before they are sorted into what was found: bounds the memory
_MIX = np.uint64(0x9E3779B97F4A7C15)  # spreads the bits of two hashes (Knuth's golden ratio)


def candidates(fields: list[Field], *, boundary: int | None, budget: int) -> tuple[np.ndarray, np.ndarray]:
    """The pairs of rows that share a key: a rare value, or two things that are alike.

    Args:
        fields: what the rows say.
        boundary: rows before it are of the left table, the others of the right one; None: one table.
        budget: the most pairs one rule may name; of the groups that share a key the smallest come first.

    Returns:
        The two rows of each pair, the smaller first, in order.
    """
    rows = len(fields[0].codes)
    found, gathered, waiting = np.empty(0, dtype=np.int64), [], 0
    for key in _rules(fields):
        gathered.append(_pairs(key, boundary, budget))
        waiting += len(gathered[-1])
        if waiting > _GATHERED:
            found, gathered, waiting = np.unique(np.concatenate([found, *gathered])), [], 0
    found = np.unique(np.concatenate([found, *gathered]))
    return found // rows, found % rows


def _rules(fields: list[Field]) -> Iterator[np.ndarray]:
    """The keys of every rule, `(rows, ways)`, 0 where a row has none; a row may have several under one rule.

    Whole values stand alone; beside them the start of either name with everything else, and every two other fields
    together, so that a pair is found although any one of its fields is wrong or missing.
    """
    places = range(len(fields))
    names = [place for place in places if fields[place].twin >= 0]
    others = [place for place in places if place not in names and fields[place].kind != "category"]
    whole = {place: _key(fields[place], _itself) for place in others}
    loose = {place: _loose(fields[place]) for place in others}
    yield from whole.values()
    if names:
        yield _in_any_order([_key(fields[place], _itself) | np.uint64(1) for place in names])  # also where one part is missing
        yield _in_any_order([_key(fields[place], _start(3)) for place in names])
        initials = _in_any_order([_key(fields[place], _start(1)) for place in names])
        either = np.hstack([_key(fields[place], _start(4)) for place in names])
        for place in others:
            yield _both(either, whole[place])
            yield from (_both(either, key) for key in loose[place])
            yield _both(initials, whole[place])
    for one, other in combinations(others, 2):
        yield _both(whole[one], whole[other])
        if not names:
            yield from (_both(whole[one], key) for key in loose[other])
            yield from (_both(key, whole[other]) for key in loose[one])


def _itself(text: str) -> str:
    return text


def _start(size: int) -> Callable[[str], str]:
    return lambda text: text.replace(" ", "")[:size]


def _loose(field: Field) -> list[np.ndarray]:
    """Keys of one field that forgive, to be used together with another field."""
    if field.kind == "date":
        return [_key(field, lambda text: text[:4]), _key(field, lambda text: text[4:])]
    if field.kind in ("postcode", "code", "phone"):
        return [_key(field, _itself, fact="half")]
    return [] if field.kind in ("number", "price") else [_key(field, _start(4))]


def _key(field: Field, cut: Callable[[str], str], *, fact: str = "latin") -> np.ndarray:
    """One way: the hash of what `cut` leaves of the value; of a Chinese one, of its sound."""
    texts = field.values.facts.get(fact, field.values.texts)
    codes, distinct = pd.factorize(np.array([cut(text) for text in texts], dtype=object))
    hashes = pd.util.hash_array(np.asarray(distinct, dtype=object), categorize=False) | np.uint64(1)
    table = np.r_[hashes[codes], np.uint64(0)]
    return np.asarray(table[field.codes][:, None])


def _both(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The key that holds where both hold: every way of the one with every way of the other."""
    mixed = (one[:, :, None] * _MIX) ^ ((other[:, None, :] + _MIX) * (_MIX >> np.uint64(1) | np.uint64(1)))
    told = (one[:, :, None] != 0) & (other[:, None, :] != 0)
    return np.where(told, mixed | np.uint64(1), np.uint64(0)).reshape(len(one), -1)


def _in_any_order(keys: list[np.ndarray]) -> np.ndarray:
    """The key of two values, whichever comes first."""
    return _both(np.minimum(*keys), np.maximum(*keys))


def _pairs(key: np.ndarray, boundary: int | None, budget: int) -> np.ndarray:
    """Pairs of rows that share a key, as `smaller * rows + larger`."""
    rows, ways = key.shape
    flat = key.ravel()
    row = np.repeat(np.arange(rows, dtype=np.int64), ways)[flat != 0]
    flat = flat[flat != 0]
    order = np.argsort(flat, kind="stable")
    flat, row = flat[order], row[order]
    start = np.flatnonzero(np.r_[True, flat[1:] != flat[:-1]][: len(flat)])
    size = np.diff(np.r_[start, len(flat)])
    kept = (size > 1) & (size <= _allowed(size, budget))
    start, size = start[kept], size[kept]
    place = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    member = row[np.repeat(start, size) + place]
    after = np.repeat(size, size) - place - 1  # each member is paired with those that come after it in its group
    one = np.repeat(np.arange(len(member)), after)
    other = one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(after) - after, after)
    low, high = np.minimum(member[one], member[other]), np.maximum(member[one], member[other])
    meet = low < high if boundary is None else (low < boundary) & (high >= boundary)
    return np.asarray(low[meet] * rows + high[meet])


def _allowed(size: np.ndarray, budget: int) -> int:
    """The largest group for which all groups up to it stay within the budget."""
    sizes, counts = np.unique(size[(size > 1) & (size <= _LARGEST)], return_counts=True)
    within = np.cumsum(counts * (sizes * (sizes - 1) // 2)) <= budget
    return int(sizes[within].max(initial=0))
