import numpy as np
import pytest

from zhiyin.sandbox.chance import Chance
from zhiyin.sandbox.people import PUT_OFF, populate, team_of
from zhiyin.sandbox.scenario import SYSTEMS
from zhiyin.sandbox.scenarios.registry import SCENARIOS, scenario_named
from zhiyin.sandbox.texts.personas import PERSONAS

MANY = 20_000
APPLIANCES = scenario_named("appliances")


def _people(n=MANY, seed=7, scenario=APPLIANCES):
    return populate(scenario, Chance(seed), n=n)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_shares_and_paces_are_those_of_the_scenario(name):
    scenario = scenario_named(name)
    people = _people(scenario=scenario)
    assert abs(people.firm.mean() - scenario.firms / 100) < 0.012
    assert abs(np.bincount(people.system, minlength=4) / MANY - np.array(scenario.shares) / 100).max() < 0.015
    assert np.quantile(people.pace, (0.1, 0.5, 0.9)) == pytest.approx(scenario.pace, rel=0.05)
    assert people.other[people.other >= 0].max() < len(SYSTEMS)
    assert not (people.other == people.system).any()


def test_another_seed_draws_other_people_like_them():
    one, two = _people(seed=1), _people(seed=2)
    assert (one.persona != two.persona).mean() > 0.5
    assert abs(np.bincount(one.persona, minlength=8) - np.bincount(two.persona, minlength=8)).max() < 0.02 * MANY
    assert abs(np.quantile(one.pace, np.arange(0.05, 1, 0.05)) / np.quantile(two.pace, np.arange(0.05, 1, 0.05)) - 1).max() < 0.06
    assert abs(one.put_off.mean() - two.put_off.mean()) < 0.01
    assert abs(one.lift.mean() - two.lift.mean()) < 0.05


def test_who_is_put_off_is_harmed_by_a_contact():
    people = _people()
    assert abs(people.put_off.mean() - PUT_OFF / 100) < 0.01
    assert (people.lift[people.put_off] < 0).all()


def test_the_old_speak_like_the_old_and_firms_have_no_gender():
    people = _people()
    elderly = people.persona == PERSONAS.index("elderly")
    assert (people.born[elderly].max() <= 1961, (people.born < 1944).any(), people.firm[elderly].any()) == (True, False, False)
    assert not (people.woman & people.firm).any()


def test_a_family_phone_is_that_of_another_person():
    people = _people()
    shares = people.family >= 0
    assert 0.03 < shares.mean() < 0.045
    assert not (people.firm[shares] | people.firm[people.family[shares]]).any()


def test_firms_and_customers_of_reps_are_in_the_crm():
    people = _people()
    assert people.in_crm[people.firm | (people.system == SYSTEMS.index("crm"))].all()
    assert 0.75 < people.in_crm.mean() < 0.85


def test_the_habit_follows_the_pace():
    people = _people()
    assert np.bincount(people.habit(APPLIANCES.pace)) / MANY == pytest.approx([0.30, 0.40, 0.30], abs=0.02)
    assert people.pace[people.habit(APPLIANCES.pace) == 0].max() < people.pace[people.habit(APPLIANCES.pace) == 1].min()


@pytest.mark.parametrize("n", [1, 2, 10])
def test_a_handful_of_people(n):
    people = _people(n)
    assert (people.n, 1 <= people.existing <= n, people.reps <= 2) == (n, True, True)


def test_four_reps_make_a_team():
    assert team_of(np.arange(9)).tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2]
