from itertools import pairwise

import numpy as np
import pytest

from zhiyin.sandbox.chance import BELL, Chance

IDS = np.arange(20_000, dtype=np.int64)
CHANCE = Chance(7)
FAR = 5 / len(IDS) ** 0.5  # five standard errors of a correlation


def _related(one, two):
    return abs(np.corrcoef(one, two)[0, 1])


def test_the_draws_stay_what_they_are_on_every_machine():
    assert CHANCE.words("luck", IDS[:3], day=2).tolist() == [2037594901991887599, 14652367130278191010, 12138739878929936296]
    assert CHANCE.below("luck", IDS[:6], most=10, day=2).tolist() == [1, 7, 6, 2, 9, 9]
    assert (BELL[0], BELL[-1], BELL[2048]) == (np.float32(-3.6683), np.float32(3.6683), np.float32(0.0003))


@pytest.mark.parametrize("name", ["luck", "need", "x"])
def test_a_share_is_uniform(name):
    share = CHANCE.share(name, IDS)
    assert (share.min() >= 0, share.max() < 1, share.dtype) == (True, True, np.float32)
    counts = np.bincount((share * 20).astype(int), minlength=20)
    assert ((counts - 1000) ** 2 / 1000).sum() < 44  # chi square of 19 degrees, p = 0.001


def test_names_days_seeds_and_neighbours_have_nothing_in_common():
    luck = CHANCE.share("luck", IDS)
    others = [CHANCE.share("lucky", IDS), Chance(8).share("luck", IDS), CHANCE.share("luck", IDS, day=1), CHANCE.share("luck", IDS, day=-1)]
    assert all(_related(luck, other) < FAR for other in others)
    assert all(_related(luck[:-step], luck[step:]) < FAR for step in (1, 2, 7, 1000))
    days = [CHANCE.share("luck", IDS, day=day) for day in range(30)]
    assert all(_related(one, two) < FAR for one, two in pairwise(days))
    of_one = np.array([CHANCE.share("luck", IDS[:1], day=day)[0] for day in range(2000)])
    assert abs(of_one.mean() - 0.5) < 0.03


def test_a_draw_does_not_depend_on_who_else_draws():
    some = np.array([9, 4, 17_000], dtype=np.int64)
    for draw in (CHANCE.words, CHANCE.share, CHANCE.bell):
        assert draw("x", some, day=3).tolist() == draw("x", IDS, day=3)[some].tolist()


def test_whole_numbers_stay_below_the_most():
    drawn = CHANCE.below("n", IDS, most=7)
    assert set(drawn.tolist()) == set(range(7))
    assert abs(np.bincount(drawn) - len(IDS) / 7).max() < 5 * (len(IDS) / 7) ** 0.5
    assert CHANCE.below("n", IDS, most=1).tolist() == [0] * len(IDS)


def test_the_bell_has_mean_0_and_spread_1():
    bell = CHANCE.bell("b", IDS)
    assert (abs(bell.mean()) < 0.03, abs(bell.std() - 1) < 0.02, abs((bell > 1).mean() - 0.1587) < 0.01) == (True, True, True)


def test_weights_are_kept_and_a_weight_of_0_is_never_picked():
    share = np.bincount(CHANCE.pick("w", IDS, weights=(5, 0, 3, 2)), minlength=4) / len(IDS)
    assert (share[1], abs(share - [0.5, 0, 0.3, 0.2]).max() < 0.015) == (0, True)


def test_what_happens_with_probability_0_and_1():
    assert (CHANCE.happens("h", IDS, share=0.0).any(), CHANCE.happens("h", IDS, share=1.0).all()) == (False, True)
