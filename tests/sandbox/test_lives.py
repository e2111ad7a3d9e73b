import numpy as np

from zhiyin.sandbox.chance import Chance
from zhiyin.sandbox.lives import CAUSES, NEVER, begun
from zhiyin.sandbox.people import populate
from zhiyin.sandbox.scenarios.registry import scenario_named

PEOPLE = populate(scenario_named("appliances"), Chance(7), n=5000)


def test_everybody_begins_between_two_needs_and_nobody_has_left():
    lives = begun(PEOPLE)
    assert (lives.arrived, lives.last_order.max() < 0) == (PEOPLE.existing, True)
    phase = -lives.last_order / PEOPLE.pace
    assert (0.7 < phase.mean() < 0.95, phase.max() < 2) == (True, True)
    assert (lives.left == NEVER).all()
    assert (lives.mood.min() >= 0.55, lives.mood.max() <= 0.9) == (True, True)


def test_two_beginnings_share_no_memory():
    one, two = begun(PEOPLE), begun(PEOPLE)
    one.need[0] += 1
    assert (two.need[0], PEOPLE.need[0]) == (one.need[0] - 1, one.need[0] - 1)


def test_the_first_cause_says_that_nobody_left():
    assert CAUSES[0] == ""
    assert len(set(CAUSES)) == len(CAUSES)


def test_nothing_is_owned_at_first():
    lives = begun(PEOPLE)
    assert (np.unique(lives.owned).tolist(), np.unique(lives.has).tolist()) == ([-1], [0])
