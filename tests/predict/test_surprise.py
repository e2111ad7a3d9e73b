import numpy as np
import pytest

from zhiyin.predict.surprise import before, either, nats, share_above, shrunk, upper_tail


def test_what_is_ordinary_counts_a_little_against_and_what_is_rare_much_for():
    assert nats(np.array([1.0, 0.25, 1e-4, np.nan])) == pytest.approx([np.log(0.5), 0.0, np.log(50), 0.0])


def test_evidence_of_ordinary_acts_is_an_e_value():
    tails = (np.arange(100_000) + 0.5) / 100_000  # every tail equally often: nothing unusual
    assert np.exp(nats(tails)).mean() == pytest.approx(1.0, abs=0.01)


def test_two_looks_at_one_thing_are_not_counted_twice():
    rare, plain = np.array([1e-6]), np.array([1.0])
    assert either(rare, rare) == pytest.approx(nats(rare))
    assert nats(plain) < either(rare, plain) < nats(rare)


def test_one_s_own_share_is_drawn_to_everybody_s():
    assert shrunk(np.array([0.0, 90.0]), np.array([0.0, 90.0]), usual=0.2, strength=10) == pytest.approx([0.2, 0.92])


def test_the_largest_is_as_rare_as_one_of_all():
    assert list(share_above(np.array([1.0, 3.0, 2.0, 3.0]))) == [1.0, 0.5, 0.75, 0.5]
    assert upper_tail(np.array([0.0])) == pytest.approx([0.5])


def test_only_what_lies_far_enough_back_counts():
    groups, seconds = np.array([0, 0, 0, 1]), np.array([0, 50, 100, 100])
    first, until = before(groups, seconds, by=60)
    assert list(zip(first, until, strict=True)) == [(0, 0), (0, 0), (0, 1), (3, 3)]
    assert [len(part) for part in before(np.array([], dtype=int), np.array([], dtype=int), by=60)] == [0, 0]
