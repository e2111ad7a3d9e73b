"""How does a pair stand beside the other pairs of its two rows?

Two rows that are rather alike are the same thing when nothing else is nearly as like either of them, and are two things
when each has a better partner. What is known of other pairs says the same more loudly.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["known", "mutual", "rivals"]

_FAR = 20  # a place further down the list tells no more
_SURE = 8.0  # log-odds of a pair whose truth is known


def rivals(pairs: np.ndarray, score: np.ndarray, *, name: str) -> pd.DataFrame:
    """Where a score stands among the pairs of the left row (`>`) and of the right row (`<`).

    Args:
        pairs: (n_pairs, 2) places of the left and the right row.
        score: one number a pair, the higher the more alike; NaN counts as 0.
        name: put before the names of the columns.
    """
    score = np.nan_to_num(score).astype(np.float64)
    out: dict[str, np.ndarray] = {}
    for side, sign in ((0, ">"), (1, "<")):
        other = _best_other(pairs[:, side], score)
        out[f"{name} place{sign}"] = np.minimum(_place(pairs[:, side], score), _FAR)
        out[f"{name} margin{sign}"] = score - np.nan_to_num(other, nan=0.0)
        out[f"{name} ratio{sign}"] = np.clip(score / (np.nan_to_num(other, nan=0.0) + 1e-6), 0, 5)
    out[f"{name} places"] = out[f"{name} place>"] + out[f"{name} place<"]
    return pd.DataFrame(out, dtype=np.float32)


def known(pairs: np.ndarray, score: np.ndarray, *, places: np.ndarray, truth: np.ndarray) -> pd.DataFrame:
    """What known pairs say about the others of the same rows; NaN for a row of which nothing is known.

    Args:
        pairs: (n_pairs, 2) places of the left and the right row.
        score: log-odds of every pair, as judged without this.
        places: which pairs are known (one pair may be known several times).
        truth: what they are, True or False.
    """
    counts = np.bincount(places, minlength=len(pairs)).astype(np.float64)
    same = np.bincount(places, weights=truth, minlength=len(pairs))
    told = np.where(counts > 0, np.where(same > counts / 2, _SURE, -_SURE), score)
    with np.errstate(invalid="ignore"):
        out: dict[str, np.ndarray] = {"judged": score, "known itself": same / np.where(counts > 0, counts, np.nan)}
    for side, sign in ((0, ">"), (1, "<")):
        row = pairs[:, side]
        other = _best_other(row, told)
        spoken = np.bincount(row, weights=counts)
        partners = np.bincount(row, weights=np.minimum(same, 1))[row] - np.minimum(same, 1)
        out[f"known partners{sign}"] = np.where(spoken[row] > 0, partners, np.nan)
        out[f"known best{sign}"] = other
        out[f"known margin{sign}"] = score - np.nan_to_num(other, nan=-_SURE)
    return pd.DataFrame(out, dtype=np.float32)


def mutual(pairs: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Whether each of the two rows has no better partner than the other."""
    return np.asarray(_place(pairs[:, 0], score) + _place(pairs[:, 1], score) == 0)


def _place(row: np.ndarray, score: np.ndarray) -> np.ndarray:
    """How many pairs of the same row come before; equals share the better place."""
    order = np.lexsort((-score, row))
    rows, scores = row[order], score[order]
    first = np.r_[True, rows[1:] != rows[:-1]]
    new = first | np.r_[True, scores[1:] != scores[:-1]]
    at = np.arange(len(row))
    place = np.maximum.accumulate(np.where(new, at, 0)) - np.maximum.accumulate(np.where(first, at, 0))
    out = np.empty(len(row), dtype=np.int64)
    out[order] = place
    return out


def _best_other(row: np.ndarray, score: np.ndarray) -> np.ndarray:
    """The best score among the other pairs of the same row; NaN where there is none."""
    order = np.lexsort((-score, row))
    rows, scores = row[order], score[order]
    first = np.r_[True, rows[1:] != rows[:-1]]
    start = np.maximum.accumulate(np.where(first, np.arange(len(row)), 0))
    following = np.r_[scores[1:], np.nan]
    following[np.r_[first[1:], True]] = np.nan
    out = np.empty(len(row))
    out[order] = np.where(first, following, scores[start])
    return out
