from datetime import date

import numpy as np

from sandbox.lived import column, lived
from zhiyin.sandbox.contact import CAMPAIGN_DAYS, CONTACTS_A_REP, HELD_BACK, campaign_of, invited
from zhiyin.sandbox.happened import OUTCOMES
from zhiyin.sandbox.lives import CAUSES, NEVER
from zhiyin.sandbox.scenario import SYSTEMS
from zhiyin.sandbox.urge import ANSWERS, RESCUED


def _world(customers=8000, days=30):
    return lived(customers=customers, days=days)[0].copy()


def test_a_team_without_a_list_calls_five_a_rep_and_nobody_twice_in_two_weeks():
    world, days = lived(customers=8000, days=30)
    most = CONTACTS_A_REP * world.ground.people.reps
    assert {day.count("contacts") for day in days} == {most}
    person = column(days[:14], "contacts", "person")
    assert len(set(person.tolist())) == len(person)
    assert world.ground.people.in_crm[person].all()


def test_how_many_answer_depends_on_the_persona():
    world = _world()
    n = world.ground.lives.arrived
    here = world.ground.lives.left[:n] > world.number
    rows = world.step(np.arange(n)).rows("contacts")
    answered = rows["outcome"] != OUTCOMES.index("unreachable")
    persona = world.ground.people.persona[:n]
    shares = np.array([answered[here & (persona == place)].mean() for place in range(len(ANSWERS))])
    assert abs(shares - ANSWERS).max() < 0.05
    assert not answered[~here].any()


def test_some_of_those_who_turn_away_are_won_back():
    world = _world()
    n, lives = world.ground.lives.arrived, world.ground.lives
    who = np.flatnonzero(~world.ground.people.put_off[:n])
    lives.fading[who], lives.left[who], lives.cause[who] = world.number, world.number + 21, CAUSES.index("price")
    rows = world.step(who).rows("contacts")
    spoken = rows["person"][rows["outcome"] != OUTCOMES.index("unreachable")]
    back = (lives.left[spoken] == NEVER).mean()
    assert abs(back - RESCUED) < 0.03
    assert (lives.left[np.setdiff1d(who, spoken)] < NEVER).all()
    assert (lives.cause[spoken][lives.left[spoken] == NEVER] == 0).mean() > 0.99


def test_who_asked_to_be_left_alone_is_angry_when_contacted_again():
    world = _world()
    n = world.ground.lives.arrived
    world.ground.lives.refuses[:] = True
    outcome = world.step(np.arange(n)).rows("contacts")["outcome"]
    assert set(np.unique(outcome).tolist()) == {OUTCOMES.index("unreachable"), OUTCOMES.index("refused_contact")}
    assert not len(world.habit())


def test_campaigns_begin_on_the_eighth():
    assert campaign_of(date(2026, 10, 8)) == campaign_of(date(2026, 9, 8)) + 1 == 2026 * 12 + 9
    assert campaign_of(date(2026, 10, 9)) == -1


def test_the_propensity_of_an_invitation_is_the_truth():
    world = _world(20_000)
    ground, day = world.ground, world.number
    phase = (day - ground.lives.last_order[: ground.lives.arrived]) / ground.people.pace[: ground.lives.arrived]
    mall = SYSTEMS.index("mall")
    n = ground.lives.arrived
    free = (
        ((ground.people.system[:n] == mall) | (ground.people.other[:n] == mall)) & (ground.lives.left[:n] > day) & ~ground.lives.refuses[:n]
    )
    rows = invited(ground, 99, day=day)
    for percent, group in ((25, phase < 0.5), (55, (phase >= 0.5) & (phase < 2)), (40, phase >= 2)):
        chosen = np.isin(np.flatnonzero(free & group), rows["person"])
        assert abs(chosen.mean() - percent / 100) < max(0.04, 2 / len(chosen) ** 0.5)
        assert set(rows["propensity"][np.isin(rows["person"], np.flatnonzero(group))].tolist()) <= {percent}
    assert abs(rows["held"].mean() - HELD_BACK) < 0.02
    goes = rows["person"][~rows["held"]]
    assert set(ground.lives.invited_until[goes].tolist()) == {day + CAMPAIGN_DAYS - 1}
    assert (ground.lives.invited_by[rows["person"][rows["held"]]] != 99).all()
