"""Learns the network of `SelfAttentive`: the only file that needs torch, the extra `deep`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from zhiyin.core.errors import UsageError
from zhiyin.core.words import Say
from zhiyin.recommend.trails import Trails
from zhiyin.recommend.voices.sequence import LAYER, NORM, SelfAttentive, padded

if TYPE_CHECKING:
    from torch import Tensor

# Measured on Beauty (next item hidden, 10 passes, nDCG@10): one layer .062 in 28 s, two .049 in 41 s, twice the width .064 in 58 s;
# 512 negatives as good as 1,024 where the rate is higher; drop-out .2 and .3 alike, .5 far behind.
WIDTH, LAYERS, LONGEST = 64, 1, 50
_NEGATIVES, _RATE, _DROPOUT = 512, 4e-3, 0.3
_STEPS_OF_WARMTH = 100
_BATCH = 128
_SORTED = 16  # batches whose histories are sorted by length together, so that little is padded
# Passes over all histories that are wanted, and no fewer steps than this; with less than half of them it is not tried.
_PASSES, _FEWEST = 16, 1_000
# Measured on one core: seconds of a step, and more for each place of a batch and each item.
_PER_STEP, _PER_PLACE, _PER_ITEM = 2e-3, 1.4e-5, 2.5e-7

__all__ = ["can_learn", "learn_sequence", "states", "steps_of"]


def can_learn() -> bool:
    """Whether torch is installed."""
    return find_spec("torch") is not None


def steps_of(trails: Trails, *, seconds: float) -> int:
    """How many steps of learning fit into the seconds; 0 where those are too few to be worth it."""
    length = np.minimum(trails.length() - 1, LONGEST)
    known = length[length > 0]
    if not len(known):
        return 0
    wanted = max(_FEWEST, int(np.ceil(_PASSES * len(known) / _BATCH)))
    affordable = int(seconds / (_PER_STEP + _PER_PLACE * _BATCH * float(known.mean()) + _PER_ITEM * trails.items))
    return min(wanted, affordable) if 2 * affordable >= wanted else 0


def learn_sequence(trails: Trails, *, steps: int, seed: int = 0) -> SelfAttentive:
    """The network after so many steps of Adam; the same for the same histories and seed, whatever else draws from torch.

    Each step of a history is told from the steps before it, beside 512 items drawn for the whole batch: the softmax over all items,
    estimated (sampled softmax). One negative a step, as in the article, needs ten times as many passes.

    Raises:
        UsageError: when torch is not installed.

    References:
        Kang & McAuley, Self-Attentive Sequential Recommendation, ICDM 2018.
        Petrov & Macdonald, gSASRec: Reducing Overconfidence in Sequential Recommendation, RecSys 2023 (why many negatives).
    """
    if not can_learn():
        raise UsageError(
            Say("学习序列网络需要 torch。", "Learning the network of sequences needs torch."),
            got="torch -",
            fix=Say('请安装：pip install "zhiyin[deep]"', 'pip install "zhiyin[deep]"'),
        )
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # sums of several threads differ from run to run
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return SelfAttentive(_learned(trails, steps=steps, draw=np.random.default_rng(seed)))
    finally:
        torch.set_num_threads(threads)


def _learned(trails: Trails, *, steps: int, draw: np.random.Generator) -> dict[str, np.ndarray]:
    import torch

    weights = {name: torch.from_numpy(value).requires_grad_() for name, value in _begun(trails.items, draw).items()}
    adam = torch.optim.Adam(weights.values(), lr=_RATE, betas=(0.9, 0.98), fused=True)
    rows = trails.take(np.flatnonzero(trails.length() > 1)).latest(LONGEST + 1)
    for step, batch in zip(range(steps), _batches(rows, draw), strict=False):
        adam.param_groups[0]["lr"] = _RATE * min((step + 1) / _STEPS_OF_WARMTH, 1 - step / steps)
        drawn = torch.from_numpy(draw.integers(0, trails.items, _NEGATIVES))
        loss = _surprise(weights, batch, drawn=drawn)
        adam.zero_grad(set_to_none=True)
        loss.backward()
        adam.step()
    return {name: value.detach().numpy() for name, value in weights.items()}


def _begun(items: int, draw: np.random.Generator) -> dict[str, np.ndarray]:
    """Small random weights, norms that change nothing."""

    def normal(*shape: int, scale: float) -> np.ndarray:
        return (draw.normal(size=shape) * scale).astype(np.float32)

    plain = np.stack([np.ones(WIDTH), np.zeros(WIDTH)]).astype(np.float32)
    scale = WIDTH**-0.5
    return {
        "items": normal(items, WIDTH, scale=0.25 * scale),
        "places": normal(LONGEST, WIDTH, scale=0.02),
        "norm": np.tile(plain, (LAYERS, 2, 1, 1)),
        "look": normal(LAYERS, WIDTH, 3 * WIDTH, scale=scale),
        "heard": normal(LAYERS, WIDTH, WIDTH, scale=scale / 2),
        "wide": normal(LAYERS, WIDTH, 2 * WIDTH, scale=scale),
        "wide_shift": np.zeros((LAYERS, 2 * WIDTH), np.float32),
        "narrow": normal(LAYERS, 2 * WIDTH, WIDTH, scale=scale / 3),
        "narrow_shift": np.zeros((LAYERS, WIDTH), np.float32),
        "end": plain.copy(),
    }


def _batches(rows: Trails, draw: np.random.Generator) -> Iterator[Trails]:
    """Histories of about the same length, pass after pass."""
    length = rows.length()
    while True:
        order = draw.permutation(len(rows))
        for start in range(0, len(order), _BATCH * _SORTED):
            part = order[start : start + _BATCH * _SORTED]
            part = part[np.argsort(length[part], kind="stable")]
            for first in draw.permutation(np.arange(0, len(part), _BATCH)):
                yield rows.take(part[first : first + _BATCH])


def _surprise(weights: Mapping[str, Tensor], batch: Trails, *, drawn: Tensor) -> Tensor:
    """Mean of -log of the probability of each step after the first, beside the items drawn."""
    import torch

    given = batch.keep(batch.back() > 0)
    first = np.zeros(len(batch.item), bool)
    first[batch.start[:-1]] = True
    target = torch.from_numpy(batch.item[~first].astype(np.int64))
    item, place = padded(given, longest=LONGEST)
    told = torch.from_numpy(np.arange(item.shape[1]) < given.length()[:, None])
    state = states(weights, torch.from_numpy(item), place=torch.from_numpy(place), dropout=_DROPOUT)[told]
    items = weights["items"]
    near = (state * items[target]).sum(-1, keepdim=True)
    others = (state @ items[drawn].T).masked_fill(drawn[None] == target[:, None], -1e9)
    others = others + float(np.log(len(items) / len(drawn)))  # each stands for so many
    return (torch.logsumexp(torch.cat([near, others], 1), 1) - near[:, 0]).mean()


def states(weights: Mapping[str, Tensor], item: Tensor, *, place: Tensor, dropout: float) -> Tensor:
    """`(n, steps, width)`: where each history stands after each step; the same network as `SelfAttentive` answers with.

    Args:
        weights: see `SelfAttentive`.
        item: `(n, steps)`, as `padded` gives it.
        place: of the same shape.
        dropout: share of the numbers that are left out, while it learns.
    """
    from torch.nn import functional as net

    shape = (weights["items"].shape[1],)
    state = net.embedding(item, weights["items"]) * float(np.sqrt(shape[0])) + weights["places"][place]
    state = net.dropout(state, dropout)
    for norm, look, heard, wide, wide_shift, narrow, narrow_shift in zip(*(weights[name] for name in LAYER), strict=True):
        looked = net.layer_norm(state, shape, norm[0, 0], norm[0, 1], NORM) @ look
        asked, offered, said = (part[:, None] for part in looked.chunk(3, -1))
        mixed = net.scaled_dot_product_attention(asked, offered, said, is_causal=True)[:, 0]
        state = state + net.dropout(mixed @ heard, dropout)
        apart = net.relu(net.layer_norm(state, shape, norm[1, 0], norm[1, 1], NORM) @ wide + wide_shift)
        state = state + net.dropout(apart @ narrow + narrow_shift, dropout)
    return net.layer_norm(state, shape, weights["end"][0], weights["end"][1], NORM)
