import numpy as np
import pytest

from sandbox.lived import lived, lucky
from zhiyin.sandbox.lives import NEVER
from zhiyin.sandbox.texts.personas import PERSONAS
from zhiyin.sandbox.urge import AHEAD_DAYS, ANSWERS, BOOST_DAYS, FADING_DAYS

DAY = 60


def _world(scenario="appliances"):
    world, _ = lived(scenario)
    return world.copy()


def _plain(world, day=DAY):
    ground = world.ground
    return ground.urge.plain(ground.lives, ground.season(world.today), day=day)


def test_who_has_left_wants_nothing_and_who_turns_away_wants_little():
    world = _world()
    before = _plain(world)
    world.ground.lives.left[3] = DAY
    world.ground.lives.fading[4] = DAY
    after = _plain(world)
    assert after[3] == 0
    assert after[4] == pytest.approx((0.35 if lived()[0].ground.lives.fading[4] > DAY else 1) * before[4])


def test_a_need_comes_back_after_the_usual_time():
    world = _world("saas")
    lives, pace = world.ground.lives, world.ground.people.pace
    urges = []
    for phase in (0.1, 0.5, 1.0):
        lives.last_order[:] = DAY - (phase * pace).astype(np.int64)
        urges.append(_plain(world).mean())
    assert urges[0] < 0.5 * urges[2]
    assert urges[1] < urges[2]


def test_a_contact_fades_within_two_weeks():
    world = _world()
    ground, lives = world.ground, world.ground.lives
    lives.invited_until[:] = -1
    lives.boost[:], lives.boost_until[:] = 1, DAY + BOOST_DAYS
    plain = _plain(world)
    plain = np.minimum(plain, np.float32(0.25))
    moved = [ground.urge.moved(plain, lives, day=DAY + ahead) for ahead in (0, 7, BOOST_DAYS)]
    assert moved[0] == pytest.approx(2 * plain)
    assert moved[1] == pytest.approx(1.5 * plain)
    assert moved[2].tolist() == plain.tolist()


def test_invitations_move_those_who_look_at_the_price_most():
    world = _world()
    ground, lives = world.ground, world.ground.lives
    plain = np.full(lives.arrived, 0.1, dtype=np.float32)
    lives.boost_until[:] = -1
    lives.invited_until[:] = DAY
    keen = ground.people.persona[: lives.arrived] == PERSONAS.index("price")
    moved = ground.urge.moved(plain, lives, day=DAY)
    assert (moved[keen] == pytest.approx(0.225), moved[~keen] == pytest.approx(0.15)) == (True, True)


def test_the_tired_are_hardly_lifted():
    world = _world()
    who = np.flatnonzero(world.ground.people.lift[: world.ground.lives.arrived] > 0)
    world.ground.lives.tired[:] = 0
    fresh = world.ground.urge.lifted(who, world.ground.lives, day=DAY)
    world.ground.lives.tired[:] = 3
    assert world.ground.urge.lifted(who, world.ground.lives, day=DAY) == pytest.approx(0.3 * fresh)


def test_the_effect_of_a_contact_has_the_sign_of_the_customer():
    world = _world()
    effects, people = world.effects(), world.ground.people
    n = world.ground.lives.arrived
    here = world.ground.lives.left[:n] > DAY
    effect = effects.spoken - effects.without
    staying = here & (world.ground.lives.fading[:n] == NEVER)
    assert (effect[staying & (people.lift[:n] > 0)] > -1e-6).all()
    assert (effect[staying & (people.lift[:n] < 0)] < 1e-6).all()
    assert effect[world.ground.lives.left[:n] <= DAY].tolist() == [0] * int((world.ground.lives.left[:n] <= DAY).sum())
    assert (effects.gain[here & people.put_off[:n] & (people.lift[:n] < 0) & staying] < 0).all()
    assert (effects.without >= 0).all()
    assert (effects.spoken <= 1).all()


def test_constants_fit_together():
    assert (len(ANSWERS), BOOST_DAYS < AHEAD_DAYS, FADING_DAYS < AHEAD_DAYS) == (len(PERSONAS), True, True)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_effects_agree_with_worlds_that_contact_everybody_and_nobody():
    world, _ = lived(customers=20_000, days=43)  # the fourteenth of a month: the next campaign begins in 25 days
    n = world.ground.lives.arrived
    effects = world.effects()
    told = effects.spoken - effects.without
    seeds = range(100, 104)
    measured = np.zeros(n)
    base = np.zeros(n)
    for seed in seeds:
        bought = []
        for contacts in (np.arange(n), ()):
            twin = lucky(world, seed)
            days = [twin.step(contacts)] + [twin.step() for _ in range(AHEAD_DAYS - 1)]
            who = np.unique(np.concatenate([day.rows("orders")["person"] for day in days]))
            bought.append(np.isin(np.arange(n), who))
        measured += (bought[0].astype(float) - bought[1]) / len(seeds)
        base += bought[1] / len(seeds)
    assert base.mean() == pytest.approx(effects.without.mean(), rel=0.12)
    assert measured.mean() == pytest.approx(told.mean(), rel=0.12)
    ranked = np.argsort(told, kind="stable")
    for part in np.array_split(ranked, 10):
        error = measured[part].std() / len(part) ** 0.5
        assert abs(measured[part].mean() - told[part].mean()) < 3 * error + 0.1 * abs(told[part].mean()) + 0.001
