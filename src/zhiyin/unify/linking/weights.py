"""How much does each field speak for or against two rows being the same, learned without a label?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from zhiyin.unify.linking.alike import MISSING, top
from zhiyin.unify.linking.compare import levels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhiyin.unify.linking.compare import Field

__all__ = ["Pairs", "Weights", "learned", "spoken"]

_AT_RANDOM = 500_000  # pairs by which agreement by chance is measured
_ENOUGH_EACH = 200  # of them a row, where there are few
_LEARNED_FROM = 2_000_000  # candidate pairs: more teach nothing new
_ROUNDS = 40
_SETTLED = 1e-4  # change of the log-odds at which learning ends
_DIFFERS, _EQUAL = 0.1, 0.7  # guessed shares of the different and the equal among the same
_GUESSED = 0.02  # the guess weighs as much as so many of the pairs that are the same: a field that is hardly ever told keeps it
_SMOOTH = 2.0  # random pairs added to each field, spread over its levels
_RAREST = 4.0  # log: so much more than an ordinary one may a rare value say
_EACH_FINDS = 0.3  # partners a row, the first guess
_LEAST = 0.02  # share of the agreement by chance that cannot be explained by rows that are the same


class Pairs(NamedTuple):
    """Pairs of rows with their levels, `(pairs, fields)`."""

    left: np.ndarray
    right: np.ndarray
    levels: np.ndarray

    def some(self, which: np.ndarray | slice) -> Pairs:
        """Those pairs."""
        return Pairs(self.left[which], self.right[which], self.levels[which])


class Weights(NamedTuple):
    """What was learned: how often each level stands among pairs that are the same, and among others.

    `prior` is the log-odds that two rows at random are the same; `partners` how many others a row is the same as.
    """

    prior: float
    partners: float
    same: tuple[np.ndarray, ...]
    chance: tuple[np.ndarray, ...]


def learned(fields: list[Field], found: Pairs, *, boundary: int | None, known: Weights | None = None) -> Weights:
    """What the levels of the candidate pairs teach.

    Expectation and maximisation over all pairs of rows: what is no candidate counts as not the same. Agreement by chance
    is measured on random pairs, less the share of them that are the same. With `known` weights of other tables only the
    prior is learned.

    References:
        Fellegi, Sunter (1969), A theory for record linkage; Winkler (2000) for the values' frequencies.
    """
    rows = len(fields[0].codes)
    space = max(rows * (rows - 1) / 2 if boundary is None else boundary * (rows - boundary), 1)
    met = _at_random(fields, rows, boundary)
    stride = -(-len(found.left) // _LEARNED_FROM)
    taught = found.some(slice(None, None, max(stride, 1)))
    same = known.same if known else tuple(_guess(top(field.kind)) for field in fields)
    columns = [taught.levels[:, place] for place in range(len(fields))]
    prior = float(np.log(_EACH_FINDS * rows / 2 / space))
    for _ in range(_ROUNDS):
        weights = _with_chance(prior, same, met, rows)
        if known:
            weights = weights._replace(chance=known.chance)
        probability = 1 / (1 + np.exp(-np.clip(weights.prior + spoken(fields, taught, weights=weights).sum(axis=1), -50, 50)))
        if not known:
            guessed = _SMOOTH + _GUESSED * probability.sum()
            same = tuple(
                _shares(column, probability, guessed * _guess(top(field.kind))) for field, column in zip(fields, columns, strict=True)
            )
        before, prior = prior, float(np.log(max(probability.sum() * max(stride, 1), 0.5) / space))
        if abs(prior - before) < _SETTLED:
            break
    made = _with_chance(prior, same, met, rows)
    return made._replace(chance=known.chance) if known else made


def _at_random(fields: list[Field], rows: int, boundary: int | None) -> tuple[np.ndarray, ...]:
    """How often each level stands among pairs of rows at random; of equal values exactly, by how often each value is."""
    random = np.random.default_rng(0)
    drawn = min(_AT_RANDOM, _ENOUGH_EACH * rows)
    left = random.integers(0, boundary or rows, drawn)
    right = random.integers(boundary or 0, rows, drawn)
    apart = left != right
    met = levels(fields, left=left[apart], right=right[apart])
    made = []
    for place, field in enumerate(fields):
        shares = _shares(met[:, place], np.ones(len(met)), np.full(top(field.kind) + 1, _SMOOTH / top(field.kind)))
        equal = _equal(field, boundary)
        shares[:-1] *= (1 - equal) / max(shares[:-1].sum(), 1e-12)
        shares[-1] = equal
        made.append(shares)
    return tuple(made)


def _equal(field: Field, boundary: int | None) -> float:
    """The chance that two rows which both say something say the same."""
    sides = [field.codes] if boundary is None else [field.codes[:boundary], field.codes[boundary:]]
    counts = [np.bincount(side[side >= 0], minlength=len(field.values.texts)).astype("float64") for side in sides]
    if boundary is None:
        total = counts[0].sum()
        share = (counts[0] * (counts[0] - 1)).sum() / max(total * (total - 1), 1)
    else:
        share = (counts[0] * counts[1]).sum() / max(counts[0].sum() * counts[1].sum(), 1)
    return float(np.clip(share, 1e-9, 0.999))


def _with_chance(prior: float, same: tuple[np.ndarray, ...], met: tuple[np.ndarray, ...], rows: int) -> Weights:
    """Agreement by chance is that of random pairs, less what those among them bring that are the same."""
    known = float(np.exp(prior))
    made = []
    for ours, seen in zip(same, met, strict=True):
        left_over = np.maximum(seen - known * ours, _LEAST * seen)
        left_over[MISSING] = 0
        made.append(left_over / left_over.sum())
    return Weights(prior, known * rows, same, tuple(made))


def spoken(fields: Sequence[Field], found: Pairs, *, weights: Weights) -> np.ndarray:
    """What each field says for (above 0) or against each pair, `(pairs, fields)`; equal rare values say more."""
    said = np.zeros(found.levels.shape, dtype=np.float32)
    for place, field in enumerate(fields):
        same, chance = weights.same[place], weights.chance[place]
        table = _rising(same, chance)
        said[:, place] = table[found.levels[:, place]]
        equal = np.flatnonzero(found.levels[:, place] == top(field.kind))
        rarer = _rarer(fields, field, weights.partners * same[-1], float(chance[-1]))
        said[equal, place] += rarer[field.codes[found.left[equal]]]
    return said


def _rising(same: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """The log of how much likelier each level is among the same; a level says no less than those below it.

    Neighbours that break this are counted together, so a level that is hardly ever seen borrows from the next one.
    """
    pools: list[list[float]] = []
    for ours, others in zip(same[1:].tolist(), chance[1:].tolist(), strict=True):
        pools.append([ours, others, 1])
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] > pools[-1][0] * pools[-2][1]:
            pools.append([one + other for one, other in zip(pools.pop(), pools.pop(), strict=True)])
    levels = np.repeat([np.log(ours / others) for ours, others, _ in pools], [int(size) for *_, size in pools])
    return np.asarray(np.r_[0.0, levels], dtype=np.float32)


def _rarer(fields: Sequence[Field], field: Field, partners: float, ordinary: float) -> np.ndarray:
    """How much more than an ordinary one each value says, by how many rows have it besides those that are the same."""
    codes = field.codes if field.twin < 0 else np.concatenate([field.codes, fields[field.twin].codes])
    count = np.bincount(codes[codes >= 0], minlength=len(field.values.texts)).astype("float64")
    share = np.maximum(count - 1 - partners / 2, 0.5) / max((field.codes >= 0).sum(), 1)
    rarer: np.ndarray = np.clip(np.log(ordinary / share), -_RAREST, _RAREST).astype(np.float32)
    return rarer


def _shares(found: np.ndarray, weight: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """The share of each level where something is said, 0 for missing; `prior` is added to what was counted."""
    count = np.bincount(found, weights=weight, minlength=len(prior)).astype("float64") + prior
    count[MISSING] = 0
    return np.asarray(count / count.sum())


def _guess(most: int) -> np.ndarray:
    """Shares of the levels among the same, before anything is learned: mostly equal, sometimes different, the rest between."""
    share = np.r_[0.0, _DIFFERS, np.full(most - 2, (1 - _DIFFERS - _EQUAL) / max(most - 2, 1)), _EQUAL]
    return np.asarray(share / share.sum())
