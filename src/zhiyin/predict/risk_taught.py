"""What have the people who review suspicious acts taught the weights of the evidence?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from zhiyin.learn.reasons import expit
from zhiyin.predict.newton import best_fit
from zhiyin.predict.risk import PIECES, PRIOR, Weights
from zhiyin.predict.surprise import Floats

__all__ = ["FEWEST", "taught"]

FEWEST = 10  # reviewed cases of each kind, before anything is learned from them
_PIECE_PENALTY = 4.0  # a weight strays from 1 by about one half, unless the reviews say more
_SHIFT_PENALTY = 0.1
_PARTS = 5


def taught(reviewed: pd.DataFrame) -> Weights:
    """Weights of the evidence that fit what people said, drawn to 1; all 1 where that is not better on cases held back.

    Only what stood on the queue was reviewed, so a shift upward would be about acts at which nobody has looked: it is left out; one
    downward, where people clear most cases, makes the queue shorter.

    Args:
        reviewed: one row a case: `case_id`, `confirmed`, and a column of nats for each of `PIECES`.
    """
    labels = reviewed["confirmed"].to_numpy("float64")
    if min(labels.sum(), len(labels) - labels.sum()) < FEWEST:
        return Weights()
    pieces = reviewed[list(PIECES)].to_numpy("float64")
    turn = np.arange(len(labels)) % _PARTS
    order = np.argsort(reviewed["case_id"].to_numpy(str), kind="stable")  # an id is a digest: as good a draw as any
    held = np.empty(len(labels), dtype=np.int64)
    held[order] = turn
    before, after = np.zeros(len(labels)), np.zeros(len(labels))
    for part in range(_PARTS):
        known = held != part
        before[~known] = _odds(pieces[~known], _fitted(pieces[known], labels[known], shift_only=True))
        after[~known] = _odds(pieces[~known], _fitted(pieces[known], labels[known]))
    if _loss(after, labels) >= _loss(before, labels):
        return Weights(reviewed=len(labels))
    weights = _fitted(pieces, labels)
    return Weights(tuple(float(weight) for weight in weights[:-1]), min(float(weights[-1]), 0.0), len(labels))


def _fitted(pieces: Floats, labels: Floats, *, shift_only: bool = False) -> Floats:
    """Weights and shift: penalised logistic regression that starts from weights of 1."""
    columns = np.column_stack([pieces, np.ones(len(pieces))])
    ridge = np.array([1e9 if shift_only else _PIECE_PENALTY] * len(PIECES) + [_SHIFT_PENALTY])
    moved, _ = best_fit(columns, labels, ridge=ridge, start=PRIOR + pieces.sum(axis=1))
    # Evidence that would speak for innocence where it is strong says that it tells nothing.
    return np.concatenate([np.maximum(1.0 + moved[:-1], 0.0), moved[-1:]])


def _odds(pieces: Floats, weights: Floats) -> Floats:
    return np.asarray(PRIOR + pieces @ weights[:-1] + weights[-1], dtype=np.float64)


def _loss(odds: Floats, labels: Floats) -> float:
    chance = np.clip(expit(odds), 1e-9, 1 - 1e-9)
    return float(-(labels * np.log(chance) + (1 - labels) * np.log(1 - chance)).mean())
