import numpy as np
import pytest

from sandbox.lived import column, lived
from zhiyin.sandbox.happened import kept
from zhiyin.sandbox.lives import CAUSES, NEVER
from zhiyin.sandbox.scenario import SYSTEMS
from zhiyin.sandbox.service import REFUND_DAYS, SERVED_DAYS, arrivals, own, refunds, served, shifts, turn_away


def _world(**sizes):
    return lived(**{"customers": 8000, "days": 30, **sizes})[0].copy()


def test_newcomers_come_in_the_order_of_the_places_and_more_when_customers_are_happy():
    world = _world()
    first = world.ground.lives.arrived
    world.ground.lives.waiting = 0.0
    quiet = arrivals(world.ground, day=30, happy=0)
    assert quiet.tolist() == list(range(first, first + int(2400 / 200)))
    assert len(arrivals(world.ground, day=31, happy=4000)) == 12 + 10
    assert (world.ground.lives.came[quiet] == 30).all()
    for day in range(32, 400):
        arrivals(world.ground, day=day, happy=0)
    assert world.ground.lives.arrived == world.ground.people.n


def test_a_third_of_what_is_faulty_is_felt_and_late_orders_come_in_bad_weeks():
    _, days = lived(customers=8000, days=30)
    world = _world()
    orders = {name: np.concatenate([day.rows("orders")[name] for day in days]) for name in days[0].rows("orders")}
    late, faulty = served(world.ground, orders, day=33)
    assert 0.01 < late.mean() < 0.15
    assert abs(faulty.mean() - 0.025) < 0.01
    assert not late[orders["system"] == SYSTEMS.index("pos")].any()
    assert set(world.ground.lives.hurt[orders["person"][late & ~faulty]].tolist()) <= {
        CAUSES.index("late_delivery"),
        CAUSES.index("quality"),
    }
    assert (world.ground.lives.mood >= 0).all()


def test_half_of_what_is_faulty_is_paid_back_and_little_else():
    _, days = lived(customers=8000, days=30)
    world = _world()
    orders = {name: np.concatenate([day.rows("orders")[name] for day in days]) for name in days[0].rows("orders")}
    faulty = np.arange(len(orders["person"])) % 2 == 0
    back = refunds(world.ground, orders, faulty=faulty, day=40)
    assert abs(len(back["person"]) - 0.255 * len(faulty)) < 0.03 * len(faulty)
    bought = set(zip(*(orders[name].tolist() for name in ("person", "product", "paid", "system")), strict=True))
    assert set(zip(*(back[name].tolist() for name in ("person", "product", "paid", "system")), strict=True)) <= bought
    assert not len(refunds(world.ground, kept(orders, faulty & False), faulty=faulty[:0], day=40)["person"])


def test_refunds_follow_orders_after_a_week():
    _, days = lived(customers=8000, days=30)
    first = next(at for at, day in enumerate(days) if day.count("refunds"))
    assert first == SERVED_DAYS + REFUND_DAYS
    sold = {
        (who, product)
        for day in days
        for who, product in zip(*(day.rows("orders")[name].tolist() for name in ("person", "product")), strict=True)
    }
    assert {
        (who, product)
        for day in days
        for who, product in zip(*(day.rows("refunds")[name].tolist() for name in ("person", "product")), strict=True)
    } <= sold
    assert len(column(days, "refunds", "paid")) < 0.05 * len(column(days, "orders", "paid"))


def test_who_bought_what_lasts_needs_something_else():
    world = _world()
    ground, lives = world.ground, world.ground.lives
    lasting = int(np.flatnonzero(ground.wares.every[ground.wares.takes[:, 0]] == 0)[0])
    who = np.arange(500)
    lives.need[who] = lasting
    rows = {"person": who, "line": np.zeros(500, np.int64), "product": np.full(500, ground.wares.takes[lasting, 0])}
    own(ground, rows, day=30)
    assert (lives.need[who] == lasting).mean() < 0.1
    assert (lives.has[who] >> lasting & 1).all()
    assert (lives.last_order[who] == 30).all()


def test_a_changed_life_changes_the_need():
    world = _world(customers=20_000)
    before = world.ground.lives.need.copy()
    rows = shifts(world.ground, day=30)
    assert 0 < len(rows["person"]) < 40
    assert (before[rows["person"]] == rows["before"]).all()
    assert (world.ground.lives.need[rows["person"]] == rows["after"]).all()
    life = world.ground.scenario.life
    assert [life[place].category for place in rows["life"]] == [world.ground.scenario.categories[place] for place in rows["after"]]


@pytest.mark.parametrize(("mood", "fewest", "most"), [(0.7, 0.0002, 0.0007), (0.45, 0.0012, 0.0028), (0.2, 0.006, 0.01)])
def test_the_worse_the_mood_the_more_leave(mood, fewest, most):
    world = _world(customers=8000)
    lives = world.ground.lives
    leaving = 0
    for day in range(30, 60):
        lives.mood[:], lives.tired[:], lives.fading[:], lives.left[:] = mood, 0, NEVER, NEVER
        turn_away(world.ground, day=day)
        leaving += int((lives.fading[: lives.arrived] == day).sum())
    assert fewest < leaving / 30 / lives.arrived < most


def test_who_was_hurt_leaves_because_of_it():
    world = _world()
    lives = world.ground.lives
    lives.mood[:], lives.hurt[:], lives.fading[:] = 0.2, CAUSES.index("quality"), NEVER
    turn_away(world.ground, day=30)
    gone = lives.fading[: lives.arrived] == 30
    assert gone.any()
    assert set(lives.cause[: lives.arrived][gone].tolist()) == {CAUSES.index("quality")}
