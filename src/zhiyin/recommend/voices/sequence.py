"""What comes next, told from the order of everything before? A small self-attentive network, answered in numpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zhiyin.recommend.purchases import Floats, Ints
from zhiyin.recommend.scores import LowRank, Points
from zhiyin.recommend.trails import Trails

NORM = 1e-5  # added to the variance where states are brought to scale
_PIECE = 256  # histories whose states are held together: 256 x 50 x 50 likenesses are 2.5 MB

# What each layer is made of.
LAYER = ("norm", "look", "heard", "wide", "wide_shift", "narrow", "narrow_shift")

__all__ = ["LAYER", "NORM", "SelfAttentive", "padded"]


@dataclass(frozen=True)
class SelfAttentive:
    """SASRec: every step looks back at the steps before it; the state of the last one is near the item that comes next.

    It is learned by `learn_sequence`, with torch; answering needs none, so a saved model serves where torch is not installed.

    Attributes:
        weights: `items` (items, width) and `places` (longest, width), counted from the end; of each layer, stacked: `norm`
            (2, 2, width) scale and shift before either half, `look` (width, 3 width) what is asked, offered and handed on, `heard`
            (width, width), `wide` and `narrow` with their `_shift`; and `end` (2, width).

    References:
        Kang & McAuley, Self-Attentive Sequential Recommendation, ICDM 2018.
    """

    weights: Mapping[str, Floats]

    def score(self, trails: Trails) -> LowRank:
        """How near each item is to where each history leads; 0 for a history without a step."""
        rows = np.zeros((len(trails), self.weights["items"].shape[1]), np.float32)
        known = np.flatnonzero(trails.length())
        for start in range(0, len(known), _PIECE):
            piece = known[start : start + _PIECE]
            rows[piece] = self._last(trails.take(piece).latest(len(self.weights["places"])))
        return LowRank(rows, self._points)

    @cached_property
    def _points(self) -> Points:
        return Points(self.weights["items"])

    def _last(self, trails: Trails) -> Floats:
        """The state after the last step of each history."""
        item, place = padded(trails, longest=len(self.weights["places"]))
        weights, every = self.weights, np.arange(len(trails))
        state = weights["items"][item] * np.sqrt(np.float32(weights["items"].shape[1])) + weights["places"][place]
        later = np.triu(np.full((item.shape[1],) * 2, -np.inf, np.float32), 1)
        for norm, look, heard, wide, wide_shift, narrow, narrow_shift in zip(*(weights[name] for name in LAYER), strict=True):
            asked, offered, said = np.split(_scaled(state, norm[0]) @ look, 3, axis=-1)
            near = asked @ offered.transpose(0, 2, 1) / np.sqrt(np.float32(asked.shape[-1])) + later
            near = np.exp(near - near.max(axis=-1, keepdims=True))
            state = state + (near / near.sum(axis=-1, keepdims=True)) @ said @ heard
            state = state + np.maximum(_scaled(state, norm[1]) @ wide + wide_shift, 0) @ narrow + narrow_shift
        return np.asarray(_scaled(state[every, trails.length() - 1], weights["end"]))


def padded(trails: Trails, *, longest: int) -> tuple[Ints, Ints]:
    """Items `(n, steps)` from the left, 0 behind the last; and their places, `longest - 1` for the last step of each history."""
    length = trails.length()
    step = np.arange(length.max())
    item = np.zeros((len(trails), len(step)), np.int64)
    item[step < length[:, None]] = trails.item
    return item, np.minimum(longest - length[:, None] + step, longest - 1)


def _scaled(state: Floats, norm: Floats) -> Floats:
    """Each state with mean 0 and variance 1, then scaled and shifted."""
    centred = state - state.mean(axis=-1, keepdims=True)
    return np.asarray(centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + NORM) * norm[0] + norm[1], np.float32)
