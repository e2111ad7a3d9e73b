"""The network is learned with torch, the extra `deep`; where that is not installed most of this is skipped."""

import sys

import numpy as np
import pytest

from recommend.histories import trails
from zhiyin.core.errors import UsageError
from zhiyin.recommend.voices import sequence_learning
from zhiyin.recommend.voices.sequence import padded
from zhiyin.recommend.voices.sequence_learning import LONGEST, learn_sequence, states, steps_of

ITEMS = 12
RING = trails(*[[(first + step) % ITEMS for step in range(2 + first % 7)] for first in range(60)], items=ITEMS)


def test_without_torch_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(sequence_learning, "can_learn", lambda: False)
    with pytest.raises(UsageError, match=r"needs torch\..*zhiyin\[deep\]"):
        learn_sequence(RING, steps=1)


def test_steps_grow_with_the_seconds_up_to_what_is_wanted_and_too_few_are_none():
    assert steps_of(RING, seconds=0.01) == 0
    assert 0 < steps_of(RING, seconds=5) < steps_of(RING, seconds=7) <= steps_of(RING, seconds=1e6) == steps_of(RING, seconds=1e9)
    assert steps_of(trails([1], [2]), seconds=1e6) == 0


def test_the_network_follows_the_ring():
    pytest.importorskip("torch", reason="the extra deep is not installed")
    voice = learn_sequence(RING, steps=150, seed=1)
    found = voice.score(RING).best(1, without=RING.seen())
    follows = (RING.item[RING.start[1:] - 1] + 1) % ITEMS
    assert np.mean(found.item == follows) > 0.9


def test_numpy_answers_as_torch_does():
    torch = pytest.importorskip("torch", reason="the extra deep is not installed")
    voice = learn_sequence(RING, steps=30, seed=1)
    weights = {name: torch.from_numpy(value) for name, value in voice.weights.items()}
    item, place = (torch.from_numpy(part) for part in padded(RING, longest=LONGEST))
    with torch.no_grad():
        every = states(weights, item, place=place, dropout=0.0).numpy()
    np.testing.assert_allclose(voice.score(RING).rows, every[np.arange(len(RING)), RING.length() - 1], rtol=1e-4, atol=1e-5)


def test_the_same_seed_gives_the_same_network_and_leaves_torch_as_it_was():
    torch = pytest.importorskip("torch", reason="the extra deep is not installed")
    before, threads = torch.random.get_rng_state(), torch.get_num_threads()
    first, second = (learn_sequence(RING, steps=20, seed=3).weights for _ in range(2))
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert not np.array_equal(first["items"], learn_sequence(RING, steps=20, seed=4).weights["items"])
    assert torch.equal(before, torch.random.get_rng_state())
    assert threads == torch.get_num_threads()


def test_answering_does_not_load_torch():
    assert "torch" not in vars(sys.modules["zhiyin.recommend.voices.sequence"])
